""" "Not yet" and "I don't know" about a date are two answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions.desk.state import CaseState
from tests.actions.desk.conversation import Conversation

NOTICE = "committee_notice_date"
SAID: dict[str, Any] = {
    "dds_topic": "staff_expenses", "paid_by_individual_or_family": True, "staff_expense_total": 2500,
    "event_date": "2026-12-20", "expenses_requested_by_individual_side": True, "other_funding_explored": True,
    "only_necessary_expenses": True, "management_outside_team_approved": True, "meal_policy_in_place": True,
}  # fmt: skip


def _asked_for_the_notice(begin: Callable[..., Conversation]) -> Conversation:
    """A trip that costs $2,500, decided but for the day on which the committee was told."""
    talk = begin("ct-dds-contractor")
    facts = talk.desk.tools.engine.parse_facts("ct-dds-contractor", SAID)  # type: ignore[attr-defined]
    talk.say("a client's family pays a trip", act="situation", topic="contractor_staff_expenses", facts=facts)
    for _ in range(6):
        if talk.pending and talk.pending.get("fact") == NOTICE:
            return talk
        talk.say("none of these" if talk.pending and talk.pending.get("facts") else "no", act="answer")
    raise AssertionError(talk.pending)


def _outcome(talk: Conversation, text: str, act: str) -> dict[str, Any]:
    """The determination after this answer, a no to every box, and no more."""
    messages = talk.say(text, act=act)
    if talk.pending:
        messages = talk.say("none of these", act="answer")
    return next(message for message in messages if message["type"] == "determination")


def test_a_notice_that_was_not_given_counts_from_today(begin: Callable[..., Conversation]) -> None:
    talk = _asked_for_the_notice(begin)
    told = _outcome(talk, "not yet", "answer")
    assert (told["outcome"], told["depends_on"]) == ("prohibited", [])
    assert talk.state.not_yet == (NOTICE,)
    assert CaseState.from_json(talk.state.to_json()) == talk.state
    talk.say("back", act="back")
    talk.say("back", act="back")
    assert talk.pending["fact"] == NOTICE


def test_a_notice_that_nobody_remembers_bars_nothing(begin: Callable[..., Conversation]) -> None:
    talk = _asked_for_the_notice(begin)
    told = _outcome(talk, "I don't know", "dont_know")
    assert (told["outcome"], told["depends_on"]) == ("refer_to_counsel", [NOTICE])
    assert talk.state.unknown == (NOTICE,)
    talk.say("back", act="back")
    talk.say("back", act="back")
    assert _outcome(talk, "not yet", "answer")["outcome"] == "prohibited"
