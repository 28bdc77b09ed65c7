"""One turn at a time per conversation, in the order of acceptance; different conversations never wait for
each other."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Order:
    """A queue per conversation that exists only while somebody stands in it."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._standing: dict[str, int] = {}

    @contextlib.asynccontextmanager
    async def turn(self, conversation_id: str) -> AsyncIterator[None]:
        """Wait for the turns that stand before this one (asyncio locks are first come, first served)."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._standing[conversation_id] = self._standing.get(conversation_id, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._standing[conversation_id] -= 1
            if not self._standing[conversation_id]:
                del self._standing[conversation_id], self._locks[conversation_id]
