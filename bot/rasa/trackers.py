"""Trackers that are cheap to make: a slot is copied when somebody asks for it, not for every tracker.

Rasa 3.6.21 makes eight or so trackers a turn, copies every slot of the domain for each, and replays every
event to copy one. With a slot for every fact of the law that was most of a turn's time.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import ItemsView, Iterable, Iterator, MutableMapping, ValuesView
from typing import Any

from rasa.core.actions.action import ActionExtractSlots
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses


class Slots(MutableMapping[str, Slot]):
    """A tracker's slots. What nobody has asked for stays the shared one, which holds its initial value."""

    def __init__(self, shared: dict[str, Slot], own: dict[str, Slot] | None = None) -> None:
        self.shared = shared
        self.own = own if own is not None else {}

    def __getitem__(self, name: str) -> Slot:
        slot = self.own.get(name)
        if slot is None:
            slot = self.own[name] = copy.copy(self.shared[name])
        return slot

    def __contains__(self, name: object) -> bool:
        return name in self.shared or name in self.own

    def __setitem__(self, name: str, slot: Slot) -> None:
        self.own[name] = slot

    def __delitem__(self, name: str) -> None:
        raise TypeError("a domain's slots do not come and go")

    def __iter__(self) -> Iterator[str]:
        return iter(self.shared)

    def __len__(self) -> int:
        return len(self.shared)

    def values(self) -> ValuesView[Slot]:
        """The slots as they are, for reading."""
        return SlotsView(self)

    def items(self) -> ItemsView[str, Slot]:
        """The slots as they are, by name, for reading."""
        return NamedView(self)

    def twin(self) -> Slots:
        """A copy whose slots change apart from these."""
        return Slots(self.shared, {name: copy.copy(slot) for name, slot in self.own.items()})


class SlotsView(ValuesView[Slot]):
    """Reading all slots copies none; a tracker made from this shares what is shared."""

    _mapping: Slots

    def __iter__(self) -> Iterator[Slot]:
        own = self._mapping.own
        return (own.get(name, slot) for name, slot in self._mapping.shared.items())


class NamedView(ItemsView[str, Slot]):
    """The same with the names."""

    _mapping: Slots

    def __iter__(self) -> Iterator[tuple[str, Slot]]:
        own = self._mapping.own
        return ((name, own.get(name, slot)) for name, slot in self._mapping.shared.items())


_SHARED: dict[int, tuple[list[Slot], dict[str, Slot]]] = {}


def _shared(slots: Iterable[Slot]) -> dict[str, Slot]:
    """Every slot at its initial value; made once per domain, which keeps its list of slots."""
    if isinstance(slots, SlotsView):
        return slots._mapping.shared
    known = _SHARED.get(id(slots))
    if known is None or known[0] is not slots:
        made = {slot.name: copy.copy(slot) for slot in slots}
        for slot in made.values():
            slot.reset()
        known = (slots if isinstance(slots, list) else [], made)
        if isinstance(slots, list):
            _SHARED[id(slots)] = known
    return known[1]


_make = DialogueStateTracker.__init__


def _init(
    self: DialogueStateTracker, sender_id: str, slots: Iterable[Slot] | None, *rest: Any, **named: Any
) -> None:
    _make(self, sender_id, None, *rest, **named)
    if slots is not None:
        self.slots = Slots(_shared(slots))


_reset_every_slot = DialogueStateTracker._reset_slots


def _reset_slots(self: DialogueStateTracker) -> None:
    if isinstance(self.slots, Slots):
        self.slots.own.clear()
    else:
        _reset_every_slot(self)


_travel = DialogueStateTracker.travel_back_in_time


def _copy(self: DialogueStateTracker) -> DialogueStateTracker:
    """A copy as replaying every event would make it, without replaying them."""
    if not isinstance(self.slots, Slots):
        return _travel(self, float("inf"))
    twin = self.init_copy()
    twin.__dict__.update(self.__dict__)
    twin.events = deque(self.events, self.events.maxlen)
    twin.slots = self.slots.twin()
    twin.active_loop = copy.copy(self.active_loop)
    return twin


_features_of_every_slot = Domain._get_slots_sub_state


def _get_slots_sub_state(tracker: DialogueStateTracker, omit_unset_slots: bool = False) -> Any:
    """As Rasa does it, over the slots that were touched: an untouched slot of ours has no feature."""
    if not isinstance(tracker.slots, Slots):
        return _features_of_every_slot(tracker, omit_unset_slots)
    touched = _Touched(
        {name: slot for name, slot in tracker.slots.own.items() if slot.influence_conversation}
    )
    return _features_of_every_slot(touched, omit_unset_slots)


class _Touched:
    def __init__(self, slots: dict[str, Slot]) -> None:
        self.slots = slots


async def _extract(
    self: ActionExtractSlots, output_channel: Any, nlg: Any, tracker: DialogueStateTracker, domain: Domain
) -> list[Event]:
    """The facts that the message states: a fact's slot is mapped from the entity of the same name, and the
    other slots are set by actions alone.
    """
    message = tracker.latest_message
    said = {entity["entity"]: entity["value"] for entity in (message.entities if message else ())}
    if not said:
        return []
    return [SlotSet(slot.name, said[slot.name]) for slot in domain.slots if slot.name in said]


_KINDS: dict[str, type[Event]] = {}


def _resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """The class of an event, looked up instead of searched for among all classes every time."""
    if not _KINDS:
        _KINDS.update({kind.type_name: kind for kind in reversed(all_subclasses(Event))})
    return _KINDS.get(type_name) or _resolve(type_name, default)


_resolve = Event.resolve_by_type


def _log_nothing(_: DialogueStateTracker) -> None:
    """Slots hold facts: they are never logged, so no line of them is put together either."""


def install() -> None:
    """Repair Rasa's classes in place."""
    DialogueStateTracker.__init__ = _init
    DialogueStateTracker._reset_slots = _reset_slots
    DialogueStateTracker.copy = _copy
    Domain._get_slots_sub_state = staticmethod(_get_slots_sub_state)
    ActionExtractSlots.run = _extract
    Event.resolve_by_type = staticmethod(_resolve_by_type)
    MessageProcessor._log_slots = staticmethod(_log_nothing)
