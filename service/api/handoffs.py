"""/api/v1/handoffs: the cases handed on to a person, for ethics liaisons alone."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from actions.desk.state import FactEntry
from actions.desk.words import label, value_words
from service.api.dependencies import LiaisonDep, PartsDep
from service.api.problems import RESPONSES
from service.api.shapes import Body
from service.parts import Parts
from service.store.handoffs import Handoff, Reason

router = APIRouter(prefix="/api/v1/handoffs", tags=["liaison"], responses=RESPONSES)


class Case(BaseModel):
    """One case in the inbox, without anything that was said."""

    handoff_id: str
    at: str
    stage: str
    pack: str | None
    topic: str | None
    taken_by: str | None
    mine: bool


class KnownFact(BaseModel):
    """A fact of the case in words; `how` says whether it was said, understood, confirmed or assumed."""

    fact: str
    label: str
    value: str
    how: str


class OpenCase(Case):
    """A case as its reader sees it."""

    person: str
    email: str
    opening: str
    facts: list[KnownFact]
    unknown: list[str]
    outcome: str | None
    note: str | None


class ReadingReason(Body):
    """Why a case is opened; it goes into the audit trail."""

    reason: Reason = Field(description="To answer it, for a records request, or to review an answer.")


class ClosingNote(Body):
    """What was answered, for the record."""

    note: str = Field("", max_length=4000)


@router.get("", response_model=list[Case], summary="The cases handed on")
def inbox(liaison: LiaisonDep, parts: PartsDep) -> list[dict[str, Any]]:
    """The latest 200: those that wait first, the oldest of them on top."""
    return [_case(parts, one, liaison) for one in parts.store.handoffs.inbox()]


@router.post("/{handoff_id}/reading", response_model=OpenCase, summary="Open a case")
def read(handoff_id: str, body: ReadingReason, liaison: LiaisonDep, parts: PartsDep) -> dict[str, Any]:
    """The facts in order and the sentence that opened the case. Who read it and why is noted first."""
    found = parts.store.handoffs.read(handoff_id, liaison, body.reason)
    law, case = parts.knowledge, found.case
    person = parts.store.people.find(found.handoff.owner)
    outcome = case["outcome"]
    return {
        **_case(parts, found.handoff, liaison), "note": found.note, "opening": case["opening"],
        "person": person.name if person else found.handoff.owner, "email": person.email if person else "",
        "facts": [_fact(parts, fact) for fact in case["facts"]],
        "unknown": [label(law, name) for name in case["dont_know"]],
        "outcome": law.outcomes[outcome].label if outcome in law.outcomes else None,
    }  # fmt: skip


@router.post("/{handoff_id}/taking", response_model=Case, summary="Take a case")
def take(handoff_id: str, liaison: LiaisonDep, parts: PartsDep) -> dict[str, Any]:
    """Say that you answer it, so that nobody else does."""
    return _case(parts, parts.store.handoffs.take(handoff_id, liaison), liaison)


@router.post("/{handoff_id}/closing", response_model=Case, summary="Close a case")
def close(handoff_id: str, body: ClosingNote, liaison: LiaisonDep, parts: PartsDep) -> dict[str, Any]:
    """Say that it is answered; the note is kept with the case and shown to the person in their export."""
    return _case(parts, parts.store.handoffs.close(handoff_id, liaison, body.note.strip()), liaison)


def _case(parts: Parts, handoff: Handoff, liaison: str) -> dict[str, Any]:
    law = parts.knowledge
    taker = parts.store.people.find(handoff.taken_by) if handoff.taken_by else None
    topic = law.topics.get(handoff.topic or "")
    return {
        "handoff_id": handoff.id, "at": handoff.at.isoformat(), "stage": handoff.stage, "pack": handoff.pack,
        "topic": topic.title if topic else None, "mine": handoff.taken_by == liaison,
        "taken_by": taker.name if taker else handoff.taken_by,
    }  # fmt: skip


def _fact(parts: Parts, fact: dict[str, Any]) -> dict[str, str]:
    law, name = parts.knowledge, fact["fact"]
    entry = FactEntry.from_json(fact)
    return {"fact": name, "label": label(law, name), "how": entry.how,
            "value": value_words(law.facts.get(name), entry.value)}  # fmt: skip
