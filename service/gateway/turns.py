"""The turns in hand: how Rasa's two seams find the turn that a conversation is in, without its text
travelling."""

from __future__ import annotations

from actions.desk.state import CaseState, CaseStore
from actions.desk.turn import Turn


class Turns:
    """At most one turn per conversation, because the gateway runs one at a time."""

    def __init__(self) -> None:
        self._turns: dict[str, Turn] = {}
        self._states: dict[str, CaseState] = {}

    def put(self, conversation_id: str, turn: Turn, state: CaseState) -> None:
        """Take a turn in hand, with the case that it was read against."""
        self._states[conversation_id] = state
        self._turns[conversation_id] = turn

    def get(self, conversation_id: str) -> Turn | None:
        """The turn in hand, if there is one."""
        return self._turns.get(conversation_id)

    def drop(self, conversation_id: str) -> None:
        """The turn is over; an action of it that comes late finds nothing to do."""
        self._turns.pop(conversation_id, None)
        self._states.pop(conversation_id, None)

    def state(self, conversation_id: str) -> CaseState | None:
        """The case as this turn has last read it."""
        return self._states.get(conversation_id)

    def keep(self, state: CaseState | None, conversation_id: str) -> None:
        """Remember what was read, as long as the turn is in hand; None forgets it."""
        if state is None or conversation_id not in self._turns:
            self._states.pop(conversation_id, None)
        else:
            self._states[conversation_id] = state


class TurnCases:
    """The cases as the actions of a turn see them: read once, and again after a save.

    A turn calls two or three actions, and nothing but the turn changes its case; had something else, the
    save would be refused by the case's version.
    """

    def __init__(self, cases: CaseStore, turns: Turns) -> None:
        self._cases = cases
        self._turns = turns

    def load(self, conversation_id: str) -> CaseState:
        """The case as stored."""
        state = self._turns.state(conversation_id)
        if state is None:
            state = self._cases.load(conversation_id)
            self._turns.keep(state, conversation_id)
        return state

    def save(self, state: CaseState, expected: int) -> None:
        """Store it; raises `StaleState` when the case has moved on."""
        self._turns.keep(None, state.conversation_id)
        self._cases.save(state, expected)
