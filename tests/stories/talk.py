"""One conversation held twice: through a real Rasa process, and by the desk alone. Both must say the same."""

from __future__ import annotations

import datetime as dt
import json
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actions.desk import Desk
from actions.desk.state import CaseState, StaleState
from actions.desk.turn import Turn
from actions.rasa_actions import rasa_sender
from knowledge.model import Value

TODAY = dt.date(2026, 11, 24)


@dataclass(frozen=True)
class Mentioned:
    """A mention as the understanding would give it."""

    name: str
    value: Value
    text: str


@dataclass(frozen=True)
class Heard:
    """An understanding written by the test, so that a story tests the dialogue and nothing else."""

    act: str = "answer"
    topic: str | None = None
    topics: tuple[tuple[str, float], ...] = ()
    confidence: float = 1.0
    facts: Mapping[str, Value] = field(default_factory=dict)
    mentions: tuple[Mentioned, ...] = ()
    unsure: tuple[Mentioned, ...] = ()
    pack: str | None = None


class Memory:
    """A store and the turns in hand, in a dictionary."""

    def __init__(self) -> None:
        self.states: dict[str, CaseState] = {}
        self.turns: dict[str, Turn] = {}

    def load(self, conversation_id: str) -> CaseState:
        return self.states.get(conversation_id) or CaseState(conversation_id)

    def save(self, state: CaseState, expected: int) -> None:
        if self.load(state.conversation_id).version != expected:
            raise StaleState
        self.states[state.conversation_id] = state

    def get(self, conversation_id: str) -> Turn | None:
        return self.turns.get(conversation_id)


class Talk:
    """A conversation through Rasa with its twin beside it."""

    def __init__(self, desk: Desk, memory: Memory, rasa: str, name: str, pack: str | None) -> None:
        self.desk = desk
        self.memory = memory
        self.rasa = rasa
        self.name = name
        memory.states[name] = desk.profile(CaseState(name), pack)
        self.alone = memory.states[name]
        self.today = TODAY
        self.count = 0

    @property
    def state(self) -> CaseState:
        return self.memory.load(self.name)

    @property
    def pending(self) -> dict[str, Any] | None:
        pending: dict[str, Any] | None = self.desk.public_state(self.state)["pending"]
        return pending

    def say(self, text: str, parts: Sequence[tuple[str, Heard]] = (), **heard: Any) -> list[dict[str, Any]]:
        """What is answered; fails unless Rasa applied the turn and the desk alone says the same."""
        self.count += 1
        message_id = f"{self.name}-{self.count}"
        turn = self.desk.read(self.state, text, Heard(**heard), message_id, self.today, parts=parts)
        self.memory.turns[self.name] = turn
        replies = self._post(rasa_sender(self.state), turn.message_id)
        self.memory.turns.pop(self.name)
        assert replies, f"Rasa said nothing to {text!r}"
        assert self.state.applied == turn.message_id, f"Rasa did not apply {text!r} as {turn.act}"
        self.alone = self.desk.turn(self.alone, turn)
        assert self.alone == self.state
        return [dict(message) for message in self.state.said]

    def _post(self, sender: str, message: str) -> list[dict[str, Any]]:
        body = json.dumps({"sender": sender, "message": message}).encode()
        request = urllib.request.Request(
            f"{self.rasa}/webhooks/rest/webhook", body, {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            said: list[dict[str, Any]] = json.load(reply)
        return said


def kinds(messages: list[dict[str, Any]]) -> list[str]:
    return [message["type"] for message in messages]


def words(messages: list[dict[str, Any]]) -> str:
    return "\n".join(str(message["text"]) for message in messages)


def decision(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """The determination among the messages; fails when there is none."""
    found = [message for message in messages if message["type"] == "determination"]
    assert found, f"no determination in {kinds(messages)}"
    return found[0]


def outcome(messages: list[dict[str, Any]]) -> str:
    return str(decision(messages)["outcome"])
