"""Questions that were heard as none of the desk's business are looked up before they are turned away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from actions.desk import Desk
from actions.desk.library import RestatedLibrary
from actions.desk.turn import Found
from actions.engine import Engine
from knowledge.model import Knowledge
from tests.actions.desk.conversation import Conversation
from tests.stories.talk import kinds

Begin = Callable[..., Conversation]


class _Finds(RestatedLibrary):
    """A library that knows one answer."""

    def answer(self, query: str, pack: str | None) -> Found:
        return Found("return a gift" in query, "Within 30 days of receipt.")


@pytest.fixture
def talk(knowledge: Knowledge) -> Conversation:
    desk = Desk(knowledge, Engine(knowledge), None)
    desk.tools = replace(desk.tools, library=_Finds(knowledge))
    return Conversation(desk)


@pytest.mark.parametrize(
    ("text", "confidence", "kind"),
    [
        ("how long do I have to return a gift?", 0.57, "answer"),
        ("how long do I have to return a gift", 0.57, "answer"),
        ("how long do I have to return a gift?", 0.95, "text"),
        ("what's the weather?", 0.57, "text"),
        ("return a gift", 0.57, "text"),
    ],
)
def test_what_is_not_surely_out_of_scope_is_looked_up(
    talk: Conversation, text: str, confidence: float, kind: str
) -> None:
    assert kinds(talk.say(text, act="out_of_scope", confidence=confidence))[0] == kind


def test_in_the_middle_of_a_case_the_open_question_follows(talk: Conversation) -> None:
    talk.say("a basket", act="situation", topic="gift")
    found = talk.say("how long do I have to return a gift", act="out_of_scope", confidence=0.57)
    assert kinds(found) == ["answer", "question"]
    sure = talk.say("how long do I have to return a gift", act="out_of_scope", confidence=0.95)
    assert kinds(sure) == ["text", "question"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("how long do I have to return a gift?", True),
        ("By when must I return a gift?", True),
        ("how about I return a gift?", False),
        ("what if I return a gift?", False),
        ("may I return a gift?", False),  # a decision is asked for, so the facts are
        ("I want to return a gift", False),
    ],
)
def test_a_question_that_asks_for_the_rule_gets_it_before_the_facts_are_asked(
    talk: Conversation, text: str, shown: bool
) -> None:
    said = kinds(talk.say(text, act="situation", topic="gift"))
    assert ("answer" in said) is shown
    assert said[-1] == "question"


def test_what_was_told_before_the_question_is_taken_too(talk: Conversation) -> None:
    said = talk.say(
        "It cost $40. How do I return a gift?",
        act="situation",
        topic="gift",
        facts={"item_value": Decimal(40)},
    )
    assert kinds(said)[-2:] == ["answer", "question"]
    assert talk.desk.public_state(talk.state)["facts"]["item_value"] == 40
