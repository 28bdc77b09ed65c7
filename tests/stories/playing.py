"""Cases to tell stories about, from every pack, and how to play one to its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from knowledge.model import Value
from tests.stories.talk import Talk, kinds

ORDINARY = {"gift_recipient": "self", "donor_relationship": "none", "disposition": "not_yet_decided"}
MOST_QUESTIONS = 25


@dataclass(frozen=True)
class Case:
    """A first message, what is heard in it, and what its teller answers when asked (no, where not listed)."""

    pack: str
    topic: str
    opening: str
    facts: Mapping[str, Value]
    answers: Mapping[str, Value] = field(default_factory=dict)

    def begin(self, talk: Talk) -> list[dict[str, Any]]:
        """What is answered to the first message."""
        return talk.say(self.opening, act="situation", topic=self.topic, facts=self.facts)

    def play(self, talk: Talk) -> list[dict[str, Any]]:
        """The last reply, with the determination."""
        said = self.begin(talk)
        return said if "determination" in kinds(said) else finish(talk, dict(self.answers))


GIFT = Case(
    "ct-state",
    "gift",
    "A vendor sent me a $75 basket",
    {
        "donor_does_business_with_agency": True,
        "item_value": Decimal(75),
        "item_type": "tangible_item",
        "life_event_type": "holiday",
        "person_role": "state_employee",
    },
)
SECOND_JOB = Case(
    "ct-opm",
    "outside_employment",
    "I want to work at a hardware store on Saturdays",
    {"has_outside_work": True, "state_role_toward_employer": "no_part"},
)
CONFLICT = Case(
    "ct-state",
    "conflict_of_interest",
    "My wife would gain from a grant that I decide",
    {"person_role": "state_employee", "affected_party": "spouse", "official_action_required": True},
    {"impact_financial": True, "impact_direct": True, "impact_expected": True},
)
AFTER_STATE = Case(
    "ct-state",
    "post_employment",
    "I left in August and a firm wants me",
    {"person_role": "former_state_employee", "left_state_service_date": dt.date(2026, 8, 1)},
)
LOBBYIST = Case(
    "ct-lobbyist",
    "lobbyist_registration",
    "We pay someone $4,000 to talk to lawmakers",
    {"lobbying_amount_this_year": Decimal(4000), "lobbies_for_pay_or_spends": True},
    {"lobby_activity": "legislative", "lobbyist_conduct": "none"},
)
DDS_HIRING = Case(
    "ct-dds-contractor",
    "contractor_hiring_relative",
    "Our director wants to hire her son as an officer",
    {
        "hire_relationship": "child",
        "hired_position": "executive_or_officer",
        "related_to": "executive_director_ceo_president_officer",
    },
    {"pay_comparable": True},
)
INDIANA_GIFT = Case(
    "in-state",
    "gift",
    "A neighbor gave me a plant",
    {"in_item_type": "gift", "in_recipient": "self"},
)


def finish(talk: Talk, known: Mapping[str, Value] | None = None) -> list[dict[str, Any]]:
    """Answer whatever is asked, "no" where nothing is known, until a determination comes."""
    facts = {**ORDINARY, **(known or {})}
    for _ in range(MOST_QUESTIONS):
        pending = talk.pending
        assert pending is not None
        if pending.get("multiple"):
            fits = [option["label"] for option in pending["options"] if facts.get(option["value"]) is True]
            said = talk.say(" and ".join(fits) or "none of these")
        else:
            said = talk.say(spoken(talk, pending["fact"], pending["options"], facts))
        if "determination" in kinds(said):
            return said
    raise AssertionError("it never ended")


def spoken(talk: Talk, name: str, options: list[dict[str, Any]], facts: Mapping[str, Value]) -> str:
    """The words of an answer to one question."""
    if name in facts:
        return next((o["label"] for o in options if o["value"] == facts[name]), str(facts[name]))
    kind = talk.desk.tools.knowledge.facts[name].type
    return {"bool": "no", "money": "$0", "integer": "1", "date": "I don't know", "choice": "1"}[kind]


def another(talk: Talk, name: str, value: Value) -> Value:
    """Some other value of the fact."""
    fact = talk.desk.tools.knowledge.facts[name]
    if isinstance(value, bool):
        return not value
    if isinstance(value, Decimal):
        return value + 5
    if isinstance(value, dt.date):
        return value - dt.timedelta(days=30)
    return next(option.value for option in fact.options if option.value not in (value, "none"))
