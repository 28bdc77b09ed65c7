"""The turns in hand: how Rasa's two seams find the turn that a conversation is in, without its text
travelling."""

from __future__ import annotations

from actions.desk.turn import Turn


class Turns:
    """At most one turn per conversation, because the gateway runs one at a time."""

    def __init__(self) -> None:
        self._turns: dict[str, Turn] = {}

    def put(self, conversation_id: str, turn: Turn) -> None:
        """Take a turn in hand."""
        self._turns[conversation_id] = turn

    def get(self, conversation_id: str) -> Turn | None:
        """The turn in hand, if there is one."""
        return self._turns.get(conversation_id)

    def drop(self, conversation_id: str) -> None:
        """The turn is over; an action of it that comes late finds nothing to do."""
        self._turns.pop(conversation_id, None)
