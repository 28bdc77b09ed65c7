"""Rasa's side of the desk: thin adapters between its actions and one turn of the desk.

Whichever action Rasa's rules call first applies the turn, in one save; a later action of the same turn
only brings Rasa's slots in line. Rasa never carries a text: the turn is found by the conversation it
belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT, FormValidationAction

from actions.desk import Desk
from actions.desk.state import Asked, CaseState, CaseStore
from actions.desk.turn import ACTS, Turn
from actions.desk.values import facts_to_json, to_json
from knowledge.model import Value

Event = dict[str, Any]
FORM = "case_form"
ASKING = "asking"
# What the form takes in itself; any other act is a side step that a rule answers before the form asks on.
FORM_ACTS = frozenset({"answer", "dont_know", "situation", "correct", "back", "restart"})
FACT_ACTS = frozenset({"answer", "situation", "correct"})
_CASE = "~"


class Turns(Protocol):
    """The turns in hand, by conversation."""

    def get(self, conversation_id: str) -> Turn | None:
        """The turn that the conversation is in, if it is in one."""
        ...


class NoTurn(LookupError):
    """Rasa called an action for a conversation in which nobody said anything."""


def rasa_sender(state: CaseState) -> str:
    """Rasa's sender id: a session per case, since Rasa's turns grow slower with a session's length."""
    return f"{state.conversation_id}{_CASE}{state.case}"


def conversation_of(sender: str) -> str:
    """The conversation that a sender id belongs to."""
    return sender.rpartition(_CASE)[0] or sender


def slot_of(asked: Asked) -> str:
    """The slot that Rasa's form requests for a pending question."""
    return f"checklist_{asked.checklist}" if asked.kind == "checklist" else asked.facts[0]


def parse_json(turn: Turn) -> dict[str, Any]:
    """The turn as Rasa's parse result. Its text is the message's id; facts said are entities."""
    return {
        "text": turn.message_id,
        "intent": {"name": turn.act, "confidence": 1.0},
        "entities": [_entity(name, value) for name, value in _said(turn).items()],
        "intent_ranking": [],
    }


def _said(turn: Turn) -> Mapping[str, Value]:
    if turn.act not in FACT_ACTS:
        return {}
    return {**turn.understanding.facts, **(turn.reply.facts if turn.reply is not None else {})}


def _entity(name: str, value: Value) -> dict[str, Any]:
    return {"entity": name, "value": to_json(value), "start": 0, "end": 0, "extractor": "desk"}


class Seam:
    """Applies the turn in hand for Rasa and says how Rasa's slots must change."""

    def __init__(self, desk: Desk, store: CaseStore, turns: Turns) -> None:
        self._desk = desk
        self._store = store
        self._turns = turns

    def turn(self, sender: str) -> Turn:
        """The turn in hand; raises `NoTurn` when there is none."""
        turn = self._turns.get(conversation_of(sender))
        if turn is None:
            raise NoTurn("no turn of this conversation is in hand")
        return turn

    def state(self, sender: str) -> CaseState:
        """The case as it is stored."""
        return self._store.load(conversation_of(sender))

    def apply(self, tracker: Tracker, dispatcher: CollectingDispatcher, act: str) -> CaseState:
        """The state after the turn, applied now as `act` unless it was applied before.

        Raises `StaleState` when the case moved on meanwhile.
        """
        turn, before = self.turn(tracker.sender_id), self.state(tracker.sender_id)
        if before.applied == turn.message_id:
            return before
        after = self._desk.turn(before, replace(turn, act=act))
        self._store.save(after, before.version)
        dispatcher.utter_message(json_message={"message_id": turn.message_id, "said": len(after.said)})
        return after

    def slots(self, tracker: Tracker, state: CaseState) -> list[Event]:
        """Rasa's slots are a copy: an event for every one that differs from the stored case."""
        facts: Mapping[str, Any] = facts_to_json(state.values)
        wanted = {name: facts.get(name) for name in (*self._desk.tools.knowledge.facts,)}
        wanted |= {"pack": state.pack, "topic": state.topic, ASKING: state.pending is not None}
        return [SlotSet(name, value) for name, value in wanted.items() if tracker.slots.get(name) != value]


class ActAction(Action):  # type: ignore[misc]
    """One act of the conversation as a Rasa action."""

    def __init__(self, seam: Seam, act: str) -> None:
        self._seam = seam
        self._act = act

    def name(self) -> str:
        """The name that Rasa's rules use."""
        return f"action_{self._act}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[Event]:
        """Apply the turn as this act."""
        state = self._seam.apply(tracker, dispatcher, self._act)
        return self._seam.slots(tracker, state)


class ValidateCaseForm(FormValidationAction):  # type: ignore[misc]
    """The form's next slot is whatever the engine needs to know next."""

    def __init__(self, seam: Seam) -> None:
        self._seam = seam

    def name(self) -> str:
        """The name that Rasa gives a form's validation."""
        return f"validate_{FORM}"

    async def required_slots(
        self,
        _listed: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> list[str]:
        """The slot of the pending question, or none when the case is decided."""
        asked = self._seam.state(tracker.sender_id).pending
        return [] if asked is None else [slot_of(asked)]

    async def next_requested_slot(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Event:
        """Request it; None ends the form."""
        required = await self.required_slots([], dispatcher, tracker, domain)
        requested: Event = SlotSet(REQUESTED_SLOT, next(iter(required), None))
        return requested

    async def get_extraction_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[Event]:
        """Nothing: facts come as entities and are taken from the turn, never from slots."""
        return []

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[Event]:
        """Apply the turn and correct the slots; a side step is left to the rule for its act."""
        turn, state = self._seam.turn(tracker.sender_id), self._seam.state(tracker.sender_id)
        if state.applied != turn.message_id:
            if turn.act not in FORM_ACTS:
                return [ActionExecutionRejected(FORM)]
            state = self._seam.apply(tracker, dispatcher, turn.act)
        return [*self._seam.slots(tracker, state), *_validated(tracker, state)]


def _validated(tracker: Tracker, state: CaseState) -> Iterator[Event]:
    """Says of the slot just asked what the store holds: without a word on it, Rasa takes the form for
    refused.
    """
    asked = tracker.slots.get(REQUESTED_SLOT)
    if asked is not None:
        yield SlotSet(asked, facts_to_json(state.values).get(asked))


def build_executor(desk: Desk, store: CaseStore, turns: Turns) -> ActionExecutor:
    """rasa-sdk's executor with every action of the dialogue."""
    seam = Seam(desk, store, turns)
    executor = ActionExecutor()
    for act in ACTS:
        executor.register_action(ActAction(seam, act))
    executor.register_action(ValidateCaseForm(seam))
    return executor
