"""A state survives its store, and a turn is applied once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from actions.desk import Desk
from actions.desk.state import HISTORY, Asked, CaseState, FactEntry, Hint, Matter, Step, remember
from actions.desk.values import from_json, pack_value, to_json, unpack_value
from knowledge.model import Value
from tests.actions.desk.conversation import Conversation
from tests.stories.talk import TODAY, Heard

VALUES = st.one_of(
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.text(max_size=20),
    st.dates(),
    st.decimals(min_value=0, max_value=10**6, places=2, allow_nan=False),
)
ENTRIES = st.dictionaries(
    st.text(max_size=8), st.builds(FactEntry, VALUES, st.just("said"), st.text(max_size=5)), max_size=4
)


@given(VALUES)
def test_a_value_keeps_its_type(value: Value) -> None:
    back = unpack_value(json.loads(json.dumps(pack_value(value))))
    assert (back, type(back)) == (value, type(value))


def test_json_values_are_read_by_the_fact_type() -> None:
    assert from_json("money", to_json(Decimal("40.25"))) == Decimal("40.25")
    assert from_json("date", to_json(dt.date(2026, 2, 28))) == dt.date(2026, 2, 28)


@given(ENTRIES, ENTRIES)
def test_a_state_survives_json(facts: Mapping[str, FactEntry], others: Mapping[str, FactEntry]) -> None:
    asked = Asked("checklist", ("a", "b"), "risks", 3)
    matter = Matter("gift", "text", others, ("c",), {"d": Hint(True, "maybe")})
    state = CaseState(
        "id",
        case=2,
        version=7,
        profile="ct-state",
        topic="gift",
        alternatives=("procedure",),
        opening="opening",
        facts=facts,
        dont_know=("x", "y"),
        absent=("y",),
        hints={"h": Hint(Decimal(3), "three")},
        pending=asked,
        phase="asking",
        history=(Step(others, (), asked),),
        parked=(matter,),
        waiting=matter,
        noticed=True,
        day="2026-11-24",
        outcome="permitted",
        applied="m1",
        said=({"type": "text"},),
        confirmed=True,
    )
    assert CaseState.from_json(json.loads(json.dumps(state.to_json()))) == state


def test_history_is_bounded() -> None:
    state = CaseState("id")
    for _ in range(HISTORY * 2):
        state = remember(state)
    assert len(state.history) == HISTORY


def test_a_turn_is_applied_once(desk: Desk, begin: Callable[..., Conversation]) -> None:
    talk = begin()
    talk.say("a question", act="situation", topic="gift")
    turn = desk.read(talk.state, "1", Heard(), "m9", TODAY)
    once = desk.turn(talk.state, turn)
    assert once.version == talk.state.version + 1
    assert desk.turn(once, turn) is once


def test_the_state_of_every_turn_survives_its_store(begin: Callable[..., Conversation]) -> None:
    talk = begin()
    talk.say("a basket", act="situation", topic="gift", facts={"item_value": Decimal(75)})
    for text in ("1", "no", "I don't know", "back", "summary", "1", "talk to a person", "start over"):
        talk.say(text)
        assert CaseState.from_json(json.loads(json.dumps(talk.state.to_json()))) == talk.state
