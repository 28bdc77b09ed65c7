"""One thing at a time per conversation, in order; different conversations never wait for each other."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Made = TypeVar("Made")
LOOK, LONGEST = 0.05, 2.0  # seconds between two looks at what is coming, and until it is not waited for


class Order:
    """A queue per conversation that exists only while somebody stands in it: first come, first served."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._standing: dict[str, int] = {}

    @contextlib.asynccontextmanager
    async def turn(self, conversation_id: str) -> AsyncIterator[None]:
        """Wait for the turns that stand before this one."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._standing[conversation_id] = self._standing.get(conversation_id, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._standing[conversation_id] -= 1
            if not self._standing[conversation_id]:
                del self._standing[conversation_id], self._locks[conversation_id]


@dataclass(order=True, slots=True)
class _Arrival(Generic[Made]):
    at: float
    number: int
    work: Callable[[], Awaitable[Made]] = field(compare=False)
    done: asyncio.Future[Made] = field(compare=False)


class Arrivals(Generic[Made]):
    """Runs what a platform delivers in the order in which it was said there, as far as that has arrived.

    Each waits `settle` seconds for what was said just before it and came a little later, and for what of the
    same person is being stored.
    """

    def __init__(self, settle: float) -> None:
        self._settle = settle
        self._order = Order()
        self._numbers = itertools.count()
        self._waiting: dict[str, list[_Arrival[Made]]] = {}
        self._coming: Counter[str] = Counter()

    @contextlib.contextmanager
    def coming(self, person: str) -> Iterator[None]:
        """Something of this person has come and is being stored."""
        self._coming[person] += 1
        try:
            yield
        finally:  # whoever takes it from here still has to get to `run`
            asyncio.get_running_loop().call_later(self._settle, self._came, person)

    def _came(self, person: str) -> None:
        self._coming[person] -= 1
        if not self._coming[person]:
            del self._coming[person]

    async def run(self, place: str, person: str, at: float, work: Callable[[], Awaitable[Made]]) -> Made:
        """Do `work` once it is the earliest at a place; `at` is the platform's time of it, in seconds."""
        future: asyncio.Future[Made] = asyncio.get_running_loop().create_future()
        arrival = _Arrival(at, next(self._numbers), work, future)
        waiting = self._waiting.setdefault(place, [])
        heapq.heappush(waiting, arrival)
        await asyncio.sleep(self._settle)
        for _ in range(round(LONGEST / LOOK)):
            if person not in self._coming:
                break
            await asyncio.sleep(LOOK)
        async with self._order.turn(place):
            # Everybody who waits runs one: the earliest, which need not be their own.
            earliest = heapq.heappop(waiting)
            if not waiting and self._waiting.get(place) is waiting:
                del self._waiting[place]
            await _finish(earliest)
        return await arrival.done


async def _finish(arrival: _Arrival[Made]) -> None:
    try:
        arrival.done.set_result(await arrival.work())
    except asyncio.CancelledError:
        arrival.done.cancel()
        raise
    except Exception as error:  # whoever waits for it gets to see it
        arrival.done.set_exception(error)
