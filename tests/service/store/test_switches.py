"""Kill switches refer what they name, for every process that shares the store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.desk.state import CaseState
from service.store import Store
from service.store.switches import REFER, Kind

SAID = (
    {"type": "notice", "about": "guidance", "text": "guidance"},
    {"type": "determination", "text": "fine", "outcome": "permitted", "rules": ["CT-G-01"]},
)
STATE = CaseState("c", version=1, profile="ct-state", topic="gift", said=SAID, phase="determined")


@pytest.mark.parametrize(("kind", "target"), [("pack", "ct-state"), ("topic", "gift"), ("rule", "CT-G-01")])
def test_what_a_switch_names_is_referred(store: Store, kind: Kind, target: str) -> None:
    store.switches.set(kind, target, "Being checked.")
    state = store.switches.apply(STATE)
    assert [message["type"] for message in state.said] == ["notice", "notice"]
    assert state.said[-1]["outcome"] == REFER
    assert state.said[-1]["text"] == "Being checked."
    assert (state.pending, state.phase) == (None, "handed_over")
    assert store.switches.lift(kind, target)
    assert store.switches.apply(STATE) is STATE


def test_other_things_go_on(store: Store) -> None:
    store.switches.set("topic", "political_activity", "")
    assert store.switches.apply(STATE) is STATE
    assert not store.switches.lift("topic", "gift")


def test_a_question_of_a_stopped_topic_is_not_asked(store: Store) -> None:
    store.switches.set("topic", "gift", "")
    asking = replace(STATE, said=({"type": "question", "text": "Who?"},), phase="asking")
    assert store.switches.apply(asking).said[0]["outcome"] == REFER


def test_the_banner_is_a_switch_too(store: Store) -> None:
    assert store.switches.banner() == ""
    store.switches.set("banner", "", "Closed on Friday.")
    assert store.switches.banner() == "Closed on Friday."
