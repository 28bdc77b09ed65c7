"""Rasa's call of an action: the seam applies a turn once and corrects slots."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions import webhook
from actions.desk import Desk
from actions.desk.state import CaseState
from actions.engine import Engine
from actions.rasa_actions import NoTurn, build_executor, conversation_of, parse_json, rasa_sender
from knowledge.load import load
from tests.stories.talk import TODAY, Heard, Memory


@pytest.fixture(scope="module")
def desk() -> Desk:
    knowledge = load()
    return Desk(knowledge, Engine(knowledge), None)


@pytest.fixture
def memory(desk: Desk) -> Memory:
    """A conversation in which a message has just been read."""
    kept = Memory()
    kept.states["c1"] = desk.profile(CaseState("c1"), "ct-state")
    heard = Heard("situation", "gift", facts={"item_value": Decimal(75)})
    kept.turns["c1"] = desk.read(kept.states["c1"], "a $75 basket", heard, "m1", TODAY)
    return kept


@pytest.fixture
def executor(desk: Desk, memory: Memory) -> ActionExecutor:
    return build_executor(desk, memory, memory)


def call(action: str, slots: dict[str, Any] | None = None, sender: str = "c1~1") -> dict[str, Any]:
    tracker = {
        "sender_id": sender,
        "slots": slots or {},
        "latest_message": {},
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    return {"next_action": action, "sender_id": sender, "tracker": tracker}


def slots_of(body: dict[str, Any]) -> dict[str, Any]:
    return {event["name"]: event["value"] for event in body["events"] if event["event"] == "slot"}


async def test_an_action_applies_the_turn_and_sets_the_slots(
    executor: ActionExecutor, memory: Memory
) -> None:
    status, body = await webhook.answer(executor, call("action_situation"))
    assert status == 200
    assert slots_of(body) == {"item_value": 75.0, "topic": "gift", "pack": "ct-state", "asking": True}
    assert body["responses"][0]["custom"] == {"message_id": "m1", "said": len(memory.states["c1"].said)}
    assert memory.states["c1"].applied == "m1"


async def test_a_second_action_of_the_turn_changes_nothing(executor: ActionExecutor, memory: Memory) -> None:
    await webhook.answer(executor, call("action_situation"))
    stored = memory.states["c1"]
    status, body = await webhook.answer(executor, call("validate_case_form"))
    assert status == 200
    assert memory.states["c1"] is stored
    assert body["responses"] == []
    assert slots_of(body)["requested_slot"] == (stored.pending and stored.pending.facts[0])


async def test_slots_that_differ_from_the_store_are_rewritten(executor: ActionExecutor) -> None:
    wrong = {"item_value": 9.0, "donor_present": True, "topic": "gift", "pack": "ct-state", "asking": True}
    _, body = await webhook.answer(executor, call("action_situation", wrong))
    assert slots_of(body) == {"item_value": 75.0, "donor_present": None}


async def test_a_side_step_is_left_to_its_rule(executor: ActionExecutor, desk: Desk, memory: Memory) -> None:
    await webhook.answer(executor, call("action_situation"))
    memory.turns["c1"] = desk.read(memory.states["c1"], "why", Heard("ask_why"), "m2", TODAY)
    _, body = await webhook.answer(executor, call("validate_case_form"))
    assert {"event": "action_execution_rejected", "name": "case_form"}.items() <= body["events"][0].items()
    assert memory.states["c1"].applied == "m1"


async def test_an_unknown_action_is_a_404(executor: ActionExecutor) -> None:
    status, body = await webhook.answer(executor, call("action_of_nobody"))
    assert (status, body["action_name"]) == (404, "action_of_nobody")


async def test_without_a_turn_nothing_is_done(executor: ActionExecutor) -> None:
    with pytest.raises(NoTurn):
        await webhook.answer(executor, call("action_situation", sender="stranger~1"))


def test_the_parse_result_holds_no_text(memory: Memory) -> None:
    parsed = parse_json(memory.turns["c1"])
    assert parsed["text"] == "m1"
    assert parsed["intent"] == {"name": "situation", "confidence": 1.0}
    assert [(entity["entity"], entity["value"]) for entity in parsed["entities"]] == [("item_value", 75.0)]


def test_a_case_is_a_session_of_its_own() -> None:
    assert rasa_sender(CaseState("c~1", case=3)) == "c~1~3"
    assert conversation_of("c~1~3") == "c~1"
