"""Whatever is said in whatever order: never an error, never silence, never a state that its store loses."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.desk import Desk
from actions.desk.state import CaseState
from actions.desk.turn import ACTS
from knowledge.model import Knowledge, Value
from tests.actions.desk.conversation import Conversation
from tests.stories.talk import TODAY, Mentioned

TEXTS = st.one_of(
    st.sampled_from(
        [
            "1",
            "2",
            "yes",
            "no",
            "none of these",
            "I don't know",
            "back",
            "why",
            "summary",
            "start over",
            "$40",
            "2026-03-04",
            "switch",
            "finish this one first",
            "not now",
            "hello",
            "talk to a person",
            "/restart",
            "opt-0",
        ]
    ),
    st.text(max_size=30),
)


def values(knowledge: Knowledge, name: str) -> st.SearchStrategy[Value]:
    fact = knowledge.facts[name]
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "bool": st.booleans(),
        "money": st.decimals(0, 10_000, places=2, allow_nan=False).map(Decimal),
        "integer": st.integers(0, 400),
        "date": st.dates(TODAY.replace(year=2020), TODAY.replace(year=2030)),
        "choice": st.sampled_from([option.value for option in fact.options] or ["none"]),
    }
    return by_type[fact.type]


@st.composite
def remarks(draw: st.DrawFn, knowledge: Knowledge) -> tuple[str, dict[str, Any]]:
    names = draw(st.lists(st.sampled_from(sorted(knowledge.facts)), max_size=3, unique=True))
    facts = {name: draw(values(knowledge, name)) for name in names}
    topics = sorted(knowledge.topics)
    ranking = draw(st.lists(st.tuples(st.sampled_from(topics), st.floats(0, 1)), max_size=3))
    unsure = tuple(Mentioned(name, value, "perhaps") for name, value in facts.items() if draw(st.booleans()))
    heard = {
        "act": draw(st.sampled_from(ACTS)),
        "topic": ranking[0][0] if ranking else None,
        "topics": tuple(ranking),
        "facts": facts,
        "unsure": unsure,
        "pack": draw(st.sampled_from([None, None, None, *knowledge.packs])),
    }
    return draw(TEXTS), heard


@pytest.mark.parametrize("pack", [None, "ct-state", "in-state"])
def test_any_conversation_goes_on(desk: Desk, knowledge: Knowledge, pack: str | None) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(remarks(knowledge), min_size=1, max_size=10))
    def hold(said: list[tuple[str, dict[str, Any]]]) -> None:
        talk = Conversation(desk, pack)
        for text, heard in said:
            before = talk.state.version
            replies = talk.say(text, **heard)
            assert replies
            assert all(reply["text"] for reply in replies)
            assert talk.state.version == before + 1
            assert CaseState.from_json(json.loads(json.dumps(talk.state.to_json()))) == talk.state
            assert json.loads(json.dumps(desk.public_state(talk.state)))["pack"] == talk.state.pack

    hold()
