"""Carries replies from the outbox to a platform: in order, paced, each part once, again after a fault."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from service.errors import StoreUnavailable
from service.gateway.order import Order
from service.logs import logger
from service.store.channels import Channels, Place
from service.store.ledger import Ledger

ATTEMPTS = 5
SWEEP_SECONDS = 2.0
LONGEST_WAIT = 30.0


class Refused(Exception):
    """The platform did not take a post. `retry_after` seconds from now it may; None when it never will."""

    def __init__(self, retry_after: float | None) -> None:
        super().__init__("the platform refused a post")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Post:
    """One post: the platform's body, and the question that it asks when it asks one."""

    body: dict[str, Any]
    question: dict[str, Any] | None = None


class Courier:
    """One per channel. `pace` is the pause between two posts to one place, in seconds."""

    def __init__(
        self,
        channel: str,
        channels: Channels,
        ledger: Ledger,
        *,
        render: Callable[[Sequence[dict[str, Any]]], list[Post]],
        send: Callable[[Place, Post], Awaitable[str]],
        pace: float,
    ) -> None:
        self._channel = channel
        self._channels = channels
        self._ledger = ledger
        self._render = render
        self._send = send
        self._pace = pace
        self._order = Order()
        self._last: dict[str, float] = {}

    async def deliver(self, place: Place) -> bool:
        """Post what waits for a place; false when something had to be left for later."""
        async with self._order.turn(place.id):
            for reply in await asyncio.to_thread(self._ledger.undelivered, place.conversation_id):
                posts = self._render(reply.messages)
                sent = await asyncio.to_thread(self._channels.posted, reply.message_id)
                for part, post in enumerate(posts):
                    if part in sent:
                        continue
                    if not await self._post(place, post):
                        return False
                    await asyncio.to_thread(self._channels.note_posted, reply.message_id, part)
                await asyncio.to_thread(self._ledger.delivered, (reply.message_id,))
        return True

    async def say(self, place: Place, messages: Sequence[dict[str, Any]]) -> None:
        """Post what is in no outbox: a holding notice."""
        async with self._order.turn(place.id):
            for post in self._render(messages):
                await self._post(place, post)

    async def sweep(self) -> None:
        """Take up again and again what could not leave."""
        while True:
            try:
                for place in await asyncio.to_thread(self._channels.waiting, self._channel):
                    await self.deliver(place)
                await asyncio.to_thread(self._channels.forget_old)
            except StoreUnavailable:
                logger().warning("fault", fault="store")
            await asyncio.sleep(SWEEP_SECONDS)

    async def _post(self, place: Place, post: Post) -> bool:
        for attempt in range(ATTEMPTS):
            await self._wait_turn(place)
            try:
                reference = await self._send(place, post)
            except Refused as refusal:
                if refusal.retry_after is None:
                    logger().warning("fault", fault=f"{self._channel}_post")
                    return True  # it will never be taken: the reply stays readable on the web page
                backoff = random.uniform(0, min(LONGEST_WAIT, 0.2 * 2**attempt))
                await asyncio.sleep(min(LONGEST_WAIT, refusal.retry_after) + backoff * bool(attempt))
                continue
            if post.question is not None:
                asked = {**post.question, "reference": reference}
                await asyncio.to_thread(self._channels.ask, place.id, asked)
            return True
        return False

    async def _wait_turn(self, place: Place) -> None:
        now = time.monotonic()
        due = max(now, self._last.get(place.id, float("-inf")) + self._pace)
        self._last[place.id] = due
        if due > now:
            await asyncio.sleep(due - now)
