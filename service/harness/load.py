"""Measures a desk's speed: one person's turns, many at a set rate, the other contracts, and memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from service.harness.faults import OPENING, PACK, answer

THINK_SECONDS = 15.0
PAUSE = 0.15  # nobody answers in the instant in which the question appears
FACTS = {"person_role": "state_employee", "item_value": 75, "donor_does_business_with_agency": True}
DECIDE = {"pack": PACK, "topic": "gift", "facts": FACTS}


@dataclass
class Times:
    """Durations in milliseconds, and what did not come back as it should."""

    taken: list[float] = field(default_factory=list)
    wrong: int = 0

    def share(self, part: float) -> float:
        """The duration below which this part of all lie."""
        ordered = sorted(self.taken)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else float("nan")


async def turns(url: str, conversations: int, times: Times | None = None) -> Times:
    """One person after another, each answering after a short pause; adds to `times` where given."""
    times = Times() if times is None else times
    async with httpx.AsyncClient(base_url=url, timeout=15) as client:
        for _ in range(conversations):
            body: dict[str, Any] = {"profile": {"pack": PACK}, "message": OPENING}
            while (
                reply := await _timed(times, partial(client.post, "/api/v1/chat", json=dict(body)))
            ) is not None:
                following = answer(reply["state"])
                if following is None:
                    break
                body |= {"conversation_id": reply["conversation_id"], "message": following}
                await asyncio.sleep(PAUSE)
    return times


async def arrivals(url: str, rate: float, seconds: float) -> Times:
    """Turns at a set rate, whether or not the earlier ones have come back, as people send them."""
    times, idle = Times(), asyncio.LifoQueue[dict[str, Any]]()
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as client:

        async def turn() -> None:
            seat = idle.get_nowait() if idle.qsize() > rate * THINK_SECONDS else {"message": OPENING}
            message = seat.pop("message")
            reply = await _timed(
                times,
                lambda: client.post(
                    "/api/v1/chat", json={"profile": {"pack": PACK}, **seat, "message": message}
                ),
            )
            if reply is not None:
                following = answer(reply["state"])
                seat = (
                    {"conversation_id": reply["conversation_id"], "message": following}
                    if following
                    else {"message": OPENING}
                )
                idle.put_nowait(seat)

        started, running = time.perf_counter(), set[asyncio.Task[None]]()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
            task = asyncio.create_task(turn())
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)
    return times


async def calls(
    url: str, make: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]], seconds: float, at_once: int
) -> tuple[Times, float]:
    """One contract over and over by `at_once` callers; gives the times and the calls per second."""
    times, end = Times(), time.perf_counter() + seconds
    async with httpx.AsyncClient(base_url=url, timeout=15) as client:

        async def caller() -> None:
            while time.perf_counter() < end:
                await _timed(times, lambda: make(client))

        started = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(at_once)))
    return times, len(times.taken) / (time.perf_counter() - started)


def memory(pids: list[int]) -> float:
    """Resident memory of these processes together, in megabytes."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total / 1024


async def _timed(times: Times, call: Callable[[], Awaitable[httpx.Response]]) -> dict[str, Any] | None:
    started = time.perf_counter()
    try:
        reply = await call()
    except httpx.TransportError:
        times.wrong += 1
        return None
    times.taken.append(1000 * (time.perf_counter() - started))
    if reply.status_code != httpx.codes.OK:
        times.wrong += 1
        return None
    content = reply.json()
    if isinstance(content, dict) and (content.get("held") or content.get("messages") == []):
        times.wrong += 1
    return content if isinstance(content, dict) else {}
