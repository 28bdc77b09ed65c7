"""From a platform's delivery to the desk and back: finds the conversation, takes the turn, sends replies."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.desk.state import StaleState
from service.channels.courier import Courier
from service.errors import NotFound, ServiceError, TooMany
from service.gateway.gateway import ask_again
from service.gateway.order import Arrivals
from service.gateway.typed import clean
from service.parts import Parts
from service.store.channels import Channels, Place

ATTEMPTS = 3
SETTLE = 0.3
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 0.0)  # seconds between two tries
FAULTS = "I could not take that just now; nothing was stored. Please send it again in a moment."


class Talk:
    """One per channel."""

    def __init__(self, channel: str, parts: Parts, channels: Channels, courier: Courier) -> None:
        self._channel = channel
        self._parts = parts
        self._channels = channels
        self._courier = courier
        self.arrivals: Arrivals[tuple[Place, list[dict[str, Any]]]] = Arrivals(SETTLE)

    async def say(
        self, place: Place, text: str, key: str, at: float, facts: Mapping[str, Any] | None = None
    ) -> Place:
        """Take one message at a place and send the reply there. `key` is the platform's own id of it and `at`
        the platform's time, in seconds: what was said first is answered first, whatever came first."""
        said = clean(text)[: self._parts.settings.max_message]
        if not said:
            return place
        place, beside = await self.arrivals.run(
            place.id, place.owner, at, lambda: self._take(place, said, key, facts)
        )
        if beside:
            await self._courier.say(place, beside)
        await self._courier.deliver(place)
        return place

    async def _take(
        self, place: Place, said: str, key: str, facts: Mapping[str, Any] | None
    ) -> tuple[Place, list[dict[str, Any]]]:
        """Take a message; gives its place as it stands then, and what is said beside the outbox.

        The platform has been told that we have it: where the record or the desk is busy it is tried again.
        """
        for pause in PAUSES:
            try:
                place = await asyncio.to_thread(self.settled, place)
                self._parts.limiter.message(place.conversation_id)
                return place, await self._taken(place, said, key, facts)
            except TooMany as error:
                notice = error.message
            except ServiceError:
                notice = FAULTS
            await asyncio.sleep(pause)
        return place, [{"type": "notice", "text": notice}]

    async def _taken(
        self, place: Place, said: str, key: str, facts: Mapping[str, Any] | None
    ) -> list[dict[str, Any]]:
        pack = await asyncio.to_thread(self._inherited, place)
        taken = await self._parts.gateway.take(
            place.conversation_id, said, facts=facts, pack=pack, client_key=key
        )
        if not taken.held:
            # To the gateway a reply that was waited for has left. Here it has only come to the outbox: after
            # a crash between the two the platform's delivery, not finished yet, brings it here again.
            await asyncio.to_thread(self._parts.store.ledger.later, taken.message_id)
        return [one for one in taken.messages if one.get("about") in ("held", "masked")]

    def profile(self, owner: str) -> str | None:
        """The pack that a person belongs to, as they said it anywhere on this platform."""
        states = (self._parts.store.cases.load(one.conversation_id) for one in self._channels.owned(owner))
        return next((state.profile for state in states if state.profile is not None), None)

    def choose(self, place: Place, pack: str) -> None:
        """Note the pack that a person belongs to, for every conversation of theirs."""
        self.settled(place)
        for one in self._channels.owned(place.owner):
            for _ in range(ATTEMPTS):
                state = self._parts.store.cases.load(one.conversation_id)
                changed = self._parts.desk.profile(state, pack)
                try:
                    self._parts.store.cases.save(changed, state.version)
                except StaleState:  # a turn came between
                    continue
                break

    def question(self, place: Place) -> list[dict[str, Any]]:
        """The question that waits at a place, once more."""
        return ask_again(self._parts.desk, self._parts.store.cases.load(place.conversation_id))

    def _inherited(self, place: Place) -> str | None:
        """The person's pack where this conversation does not know one yet."""
        own = self._parts.store.cases.load(place.conversation_id).profile
        return self.profile(place.owner) if own is None else None

    def settled(self, place: Place) -> Place:
        """The place with a conversation that is its owner's own: the one it had, or a new one."""
        known = self._channels.place(place.id)
        if known is not None and known.owner == place.owner and self._lives(known):
            current = replace(known, address=place.address)
            if known.address != place.address:
                self._channels.settle(current)
            return current
        begun = replace(
            place, question=None, conversation_id=self._parts.store.ledger.begin(place.owner, self._channel)
        )
        self._channels.settle(begun)
        return begun

    def _lives(self, place: Place) -> bool:
        try:
            self._parts.store.ledger.check(place.conversation_id, place.owner)
        except NotFound:
            return False
        return True
