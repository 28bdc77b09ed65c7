"""Where the rules are silent the desk says why a person has to look."""

from __future__ import annotations

from collections.abc import Callable

from tests.actions.desk.conversation import Conversation


def test_a_silent_rule_book_is_told_with_its_reason(begin: Callable[..., Conversation]) -> None:
    talk = begin("ct-state")
    facts = {"person_role": "lobbyist", "has_outside_work": True}
    messages = talk.say(
        "may a lobbyist take a second job", act="situation", topic="outside_employment", facts=facts
    )
    told = next(message for message in messages if message["type"] == "determination")
    why = talk.desk.tools.knowledge.topics["outside_employment"].referrals[0].why
    assert (told["outcome"], told["decided_by"], told["referral"]) == ("refer_to_counsel", None, why)
    assert told["why"] == why
