"""A conversation with the desk alone, its understanding written by the test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from actions.desk import Desk
from actions.desk.state import CaseState
from tests.stories.talk import TODAY, Heard


class Conversation:
    """Says things to a desk and keeps the state."""

    def __init__(self, desk: Desk, pack: str | None = "ct-state") -> None:
        self.desk = desk
        self.state = desk.profile(CaseState("talk"), pack)
        self.today: dt.date = TODAY

    @property
    def pending(self) -> Any:
        return self.desk.public_state(self.state)["pending"]

    def say(self, text: str, **heard: Any) -> list[dict[str, Any]]:
        """What the desk answers."""
        message_id = f"m{self.state.version + 1}"
        turn = self.desk.read(self.state, text, Heard(**heard), message_id, self.today)
        self.state = self.desk.turn(self.state, turn)
        return [dict(message) for message in self.state.said]


def determination(said: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The determination among the messages, if there is one."""
    return next((message for message in said if message["type"] == "determination"), None)


def permitted(begin: Callable[..., Conversation]) -> tuple[Conversation, list[dict[str, Any]]]:
    talk = begin("in-state")
    facts = {"in_item_type": "gift", "in_recipient": "self", "donor_business_relationship": False}
    said = talk.say("a basket", act="situation", topic="gift", facts=facts)
    while determination(said) is None:
        said = talk.say("none of these" if talk.pending.get("multiple") else "no")
    return talk, said
