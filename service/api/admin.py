"""/api/v1/admin: figures, switches, legal holds and the audit, without anything that anybody said."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from service.api.dependencies import AdministratorDep, PartsDep
from service.api.problems import RESPONSES
from service.api.shapes import Body, Name
from service.errors import InvalidInput
from service.parts import Parts

TRAIL = 200
router = APIRouter(prefix="/api/v1/admin", tags=["administration"], responses=RESPONSES)


class LedgerCount(BaseModel):
    """Accepted messages are answered, referred or pending, or something is broken."""

    accepted: int
    answered: int
    referred: int
    pending: int
    undelivered: int
    whole: bool


class SwitchOrder(Body):
    """What to refer to a person from now on, or no longer; or the banner."""

    kind: Literal["pack", "topic", "rule", "banner"]
    target: Name = Field("", description="Its id; empty for the banner.")
    note: str = Field("", max_length=500, description="What to tell people; the banner's text.")
    on: bool = True


class SwitchSet(BaseModel):
    """A switch in force."""

    kind: str
    target: str
    note: str
    set_at: str


class Hold(Body):
    """Whether a legal hold stops every clock of a conversation."""

    on: bool


class Audited(BaseModel):
    """What is wrong with the chain of determinations, and the newest entries of the audit trail."""

    whole: bool
    damages: list[dict[str, Any]]
    trail: list[dict[str, Any]]


@router.get("/ledger", response_model=LedgerCount, summary="The ledger in figures")
def ledger(_: AdministratorDep, parts: PartsDep) -> dict[str, Any]:
    """How many messages were accepted and what became of them."""
    count = parts.store.ledger.count()
    return {**asdict(count), "whole": count.accepted == count.answered + count.referred + count.pending}


@router.get("/statistics", response_model=list[dict[str, Any]], summary="Outcomes by month and topic")
def statistics(_: AdministratorDep, parts: PartsDep) -> list[dict[str, Any]]:
    """Counts that name nobody; those below 5 are null."""
    return parts.store.statistics.table()


@router.get("/switches", response_model=list[SwitchSet], summary="The switches in force")
def switches(_: AdministratorDep, parts: PartsDep) -> list[dict[str, Any]]:
    """What is referred to a person at the moment, and the banner."""
    return [{**asdict(one), "set_at": one.set_at.isoformat()} for one in parts.store.switches.all()]


@router.put("/switches", response_model=list[SwitchSet], summary="Set or lift a switch")
def switch(body: SwitchOrder, who: AdministratorDep, parts: PartsDep) -> list[dict[str, Any]]:
    """Works in every process within seconds."""
    _check(parts, body)
    if body.on:
        parts.store.switches.set(body.kind, body.target, body.note)
    elif not parts.store.switches.lift(body.kind, body.target):
        raise InvalidInput("There is no such switch.", field="target", expected="a switch in force")
    parts.store.audit.note(who, f"switch {'on' if body.on else 'off'}", f"{body.kind} {body.target}".strip())
    return switches(who, parts)


@router.put("/holds/{conversation_id}", status_code=204, summary="Set or lift a legal hold")
def hold(
    conversation_id: Annotated[str, Path(max_length=100)],
    body: Hold,
    who: AdministratorDep,
    parts: PartsDep,
) -> None:
    """A conversation under a hold is deleted by nobody, and no clock runs for it."""
    parts.store.retention.hold(conversation_id, who, on=body.on)


@router.get("/audit", response_model=Audited, summary="Is every stored determination as it was given?")
def audit(_: AdministratorDep, parts: PartsDep) -> dict[str, Any]:
    """The chain checked from its beginning, and who did what to which record."""
    damages = [asdict(one) for one in parts.store.records.audit()]
    trail = [
        {"at": row.at.isoformat(), "actor": row.actor, "action": row.action, "subject": row.subject,
         "reason": row.reason}
        for row in parts.store.audit.trail(TRAIL)
    ]  # fmt: skip
    return {"whole": not damages, "damages": damages, "trail": trail}


def _check(parts: Parts, body: SwitchOrder) -> None:
    """A switch that names nothing would stop nothing, and nobody would notice."""
    law = parts.knowledge
    known = {"pack": law.packs, "topic": law.topics, "rule": law.rules, "banner": {"": None}}[body.kind]
    if body.target not in known:
        raise InvalidInput(
            f"There is no such {body.kind}.", field="target", expected=f"the id of a {body.kind}"
        )
