"""A determination as the public JSON of POST /api/v1/determinations, the same wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.desk.values import facts_to_json
from actions.engine.result import Determination, DutyOwed, Fired
from knowledge.model import Knowledge


def decision_json(
    knowledge: Knowledge, determination: Determination, passages: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The outcome, the rule ids that fired with their detail, duties, citations, passages, and what would
    change it.

    `rules` are ids; `fired` says what each is. Dates are ISO text, money is dollars.
    """
    return {
        "pack": determination.pack,
        "topic": determination.topic,
        "as_of": determination.as_of.isoformat(),
        "outcome": determination.outcome,
        "decided_by": determination.decided_by,
        "layer": determination.layer,
        "rules": [fired.rule for fired in determination.rules],
        "fired": [_fired(knowledge, determination, fired) for fired in determination.rules],
        "duties": [_duty(duty) for duty in determination.duties],
        "citations": [_citation(knowledge, provision) for provision in determination.citations],
        "passages": [dict(passage) for passage in passages],
        "missing": list(determination.missing),
        "depends_on": list(determination.depends_on),
        "presumed": facts_to_json(determination.presumed),
        "changes": [
            {"facts": facts_to_json(change.facts), "outcome": change.outcome}
            for change in determination.changes
        ],
        "near": [
            {
                "rule": near.rule,
                "title": near.title,
                "outcome": near.outcome,
                "failed_on": list(near.failed_on),
            }
            for near in determination.near
        ],
        "floor": determination.floor
        and {"outcome": determination.floor.outcome, "decided_by": determination.floor.decided_by},
        "unverified": determination.unverified,
        "referral": determination.referral,
        "facts_used": facts_to_json(determination.facts_used),
    }


def _citation(knowledge: Knowledge, provision: str) -> dict[str, str]:
    known = knowledge.provisions.get(provision)
    if known is None:
        return {"provision": provision, "citation": provision, "heading": ""}
    return {"provision": provision, "citation": known.citation, "heading": known.heading}


def _fired(knowledge: Knowledge, determination: Determination, fired: Fired) -> dict[str, Any]:
    return {
        "id": fired.rule,
        "title": fired.title,
        "outcome": fired.outcome,
        "layer": fired.layer,
        "layer_title": knowledge.layers[fired.layer].title,
        "citations": list(fired.cites),
        "basis": fired.basis,
        "unverified": fired.unverified,
        "because": list(determination.because.get(fired.rule, ())),
    }


def _duty(duty: DutyOwed) -> dict[str, Any]:
    return {
        "do": duty.text,
        "who": duty.who,
        "rule": duty.rule,
        "due": duty.due.isoformat() if duty.due else None,
        "due_after": duty.due_after,
        "days": duty.days,
        "business_days": duty.business_days,
        "form": duty.form,
        "overdue": duty.overdue,
    }
