"""How the person of the scenarios answers whatever is asked: a state employee, a vendor's gift of a thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST = 24  # questions; a conversation that asks more has lost its way
TRUE = frozenset({"given_because_of_position", "donor_does_business_with_agency"})
CHOSEN = {"pack": "ct-state", "topic": "gift", "person_role": "state_employee", "item_type": "goods"}
Option = Mapping[str, Any]


def chosen(question: Mapping[str, Any]) -> list[Option]:
    """The options that fit, none of a checklist perhaps; `question` is a message or the state's `pending`."""
    options: list[Option] = list(question.get("options") or ())
    if question.get("multiple"):
        return [one for one in options if one["value"] in TRUE]
    fact = question.get("fact") or (question.get("facts") or [""])[0]
    if [one["value"] for one in options] == [True, False]:
        return [one for one in options if one["value"] is (fact in TRUE)]
    return ([one for one in options if one["value"] == CHOSEN.get(fact)] or options)[:1]


def in_words(question: Mapping[str, Any]) -> str:
    """The same as a person would type it."""
    if question.get("multiple"):
        return "; ".join(one["label"] for one in chosen(question)) or "none of these"
    return next((str(one["label"]) for one in chosen(question)), "I don't know")
