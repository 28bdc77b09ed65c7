"""POST /api/v1/determinations: facts in, the outcome out. Stores nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import APIRouter

from actions.desk.decision import decision_json
from service.api.dependencies import CallerDep, PartsDep, known_pack
from service.api.facts import parse_facts
from service.api.problems import RESPONSES
from service.api.shapes import Determination, DeterminationRequest
from service.errors import InvalidInput
from service.parts import Parts
from service.store.switches import REFER

STOPPED = ("rules", "fired", "duties", "citations", "passages", "changes", "near")
router = APIRouter(prefix="/api/v1", tags=["deciding"], responses=RESPONSES)


@router.post("/determinations", response_model=Determination, summary="Decide on given facts")
def determinations(body: DeterminationRequest, _: CallerDep, parts: PartsDep) -> dict[str, Any]:
    """The outcome, the rules and duties behind it, the passages, what is missing and what would change it."""
    known_pack(parts, body.pack)
    if body.topic not in parts.knowledge.topics:
        raise InvalidInput(
            "There is no such topic.", field="topic", expected=", ".join(parts.knowledge.topics)
        )
    for name in body.dont_know:
        if name not in parts.knowledge.facts:
            raise InvalidInput(
                "There is no such fact.", field=f"dont_know.{name}", expected=_facts_at(body.pack)
            )
    facts = parse_facts(parts, body.pack, body.facts)
    as_of = body.as_of or dt.date.today()  # noqa: DTZ011 - the law binds by the local calendar day
    found = parts.engine.determine(
        body.pack, body.topic, facts, as_of, dont_know=body.dont_know, presume=body.presume
    )
    passages = parts.desk.tools.library.passages(found.citations)
    return _switched(parts, decision_json(parts.knowledge, found, passages))


def _switched(parts: Parts, decision: dict[str, Any]) -> dict[str, Any]:
    """The decision, or a referral where a kill switch stops it."""
    switch = parts.store.switches.stops(decision["pack"], decision["topic"], tuple(decision["rules"]))
    if switch is None:
        return decision
    empty: dict[str, Any] = {name: [] for name in STOPPED}
    return {**decision, **empty, "outcome": REFER, "decided_by": None, "floor": None, "note": switch.note}


def _facts_at(pack: str) -> str:
    return f"a name from GET /api/v1/packs/{pack}/facts"
