"""Messages that say who the person is, and no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.actions.desk.conversation import Conversation
from tests.stories.talk import words

Begin = Callable[..., Conversation]


@pytest.mark.parametrize(
    ("text", "pack", "heard"),
    [
        ("I work for DSS", "ct-dss", {"pack": "ct-dss", "topic": "outside_employment"}),
        ("connecticut", "ct-state", {"act": "out_of_scope"}),
        (
            "hi there, state employee here",
            None,
            {"act": "greeting", "facts": {"person_role": "state_employee"}},
        ),
        ("hi, Indiana", "in-state", {"act": "out_of_scope"}),
        ("I'm a nurse at a state prison", None, {"topics": (("state_contracts", 0.49), ("gift", 0.4))}),
        ("state employee", None, {"act": "out_of_scope", "facts": {"person_role": "state_employee"}}),
    ],
)
def test_who_says_only_who_they_are_is_asked_what_happened(
    begin: Begin, text: str, pack: str | None, heard: dict[str, object]
) -> None:
    talk = begin(None)
    said = talk.say(text, **{"act": "situation", **heard})
    assert "Tell me in your own words" in words(said)
    assert (talk.state.pack, talk.state.topic, talk.pending) == (pack, None, None)
    talk.say("a client gave me cookies", act="situation", topic="gift")
    assert talk.state.topic == "gift"


def test_a_role_is_no_answer_to_whose_rules_and_no_matter_for_a_refusal(begin: Begin) -> None:
    talk = begin(None)
    talk.say("a vendor bought me lunch", act="situation", topic="gift")
    assert "Pick one of the options" in words(talk.say("state employee", act="out_of_scope"))


def test_a_post_with_a_topic_of_its_own_is_a_matter(begin: Begin) -> None:
    talk = begin("ct-state")
    talk.say("I'm a part-time realtor", act="situation", topic="outside_employment")
    assert talk.state.topic == "outside_employment"


def test_facts_beside_the_question_whose_rules_are_kept(begin: Begin) -> None:
    talk = begin(None)
    talk.say("a vendor bought me lunch", act="situation", topic="gift")
    talk.say("the rep sat with us", act="answer", facts={"donor_present": True})
    assert talk.pending["fact"] == "pack"
    talk.say("Connecticut state officials and employees")
    assert talk.state.values["donor_present"] is True
