"""What puts a desk under load: people one after another, people at a set rate, and callers of a contract."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import httpx

from service.harness.faults import MOST_TURNS, PACK, answer

THINK_SECONDS = 15.0
PAUSE = 0.15  # nobody answers in the instant in which the question appears
# What people tell is never twice the same, so that no turn is quick only because another was like it.
OPENINGS = (
    "A vendor we buy software from sent me a ${} gift basket for Christmas, can I keep it?",
    "A lobbyist took me to dinner last week and paid, about ${}. She was there all evening.",
    "May I accept a ticket worth ${} from a company that we regulate?",
    "My staff want to buy me a watch for ${} because I retire, is that all right?",
)
# A connection is given up before the desk would close it (after 5 s), perhaps just as it is used again.
LIMITS = httpx.Limits(max_connections=400, max_keepalive_connections=400, keepalive_expiry=2)
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Decided:
    """A determination as the desk gave it, with the facts that it had been told."""

    topic: str
    facts: dict[str, Any]
    dont_know: frozenset[str]
    as_of: str
    outcome: str
    decided_by: str | None


@dataclass
class Times:
    """Durations in milliseconds of what came back well, what did not (`faults`, by kind), how long refusals
    took, and the determinations that were given."""

    taken: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    decided: list[Decided] = field(default_factory=list)

    def share(self, part: float) -> float:
        """The duration below which this part of all lie."""
        return share(self.taken, part)


def share(durations: list[float], part: float) -> float:
    """The duration below which this part of `durations` lie."""
    ordered = sorted(durations)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else float("nan")


def opening() -> str:
    """What somebody asks first."""
    number = next(_numbers)
    return OPENINGS[number % len(OPENINGS)].format(15 + number % 187)


@dataclass
class Person:
    """One person's conversation: what they say next, and what they could not say."""

    message: str = field(default_factory=opening)
    conversation: str | None = None
    dont_know: set[str] = field(default_factory=set)
    said: int = 0

    async def turn(self, client: httpx.AsyncClient, times: Times) -> bool:
        """Say the next thing; false once the conversation is over, or nothing good came back."""
        body: dict[str, Any] = {"profile": {"pack": PACK}, "message": self.message}
        if self.conversation:
            body["conversation_id"] = self.conversation
        reply = await _timed(times, client, body)
        if reply is None:
            return False
        self.conversation, self.said = reply["conversation_id"], self.said + 1
        state, following = reply["state"], answer(reply["state"])
        for message in reply["messages"]:
            if message["type"] == "determination":
                times.decided.append(_decided(message, state["facts"], self.dont_know))
        if following is None or self.said >= MOST_TURNS:
            return False
        if following == "I don't know":
            self.dont_know.add(state["pending"].get("fact") or "")
        self.message = following
        return True


async def turns(url: str, conversations: int, times: Times) -> None:
    """One person after another, each answering after a short pause."""
    async with httpx.AsyncClient(base_url=url, timeout=15) as client:
        for _ in range(conversations):
            person = Person()
            while await person.turn(client, times):  # noqa: ASYNC110 - a pause, not a poll
                await asyncio.sleep(PAUSE)


async def crowd(url: str, people: int, seconds: float, times: Times) -> float:
    """`people` at once, each answering at once; gives the turns per second."""
    started, before = time.perf_counter(), len(times.taken)
    end = started + seconds

    async def one(client: httpx.AsyncClient) -> None:
        person = Person()
        while time.perf_counter() < end:
            if not await person.turn(client, times):
                person = Person()

    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        await asyncio.gather(*(one(client) for _ in range(people)))
    return (len(times.taken) - before) / (time.perf_counter() - started)


async def arrivals(url: str, rate: float, seconds: float) -> Times:
    """Turns at a set rate, whether or not the earlier ones have come back, as people send them."""
    times, idle = Times(), asyncio.Queue[Person]()

    async def turn(client: httpx.AsyncClient) -> None:
        person = idle.get_nowait() if idle.qsize() > rate * THINK_SECONDS else Person()
        if await person.turn(client, times):
            idle.put_nowait(person)

    async with httpx.AsyncClient(base_url=url, timeout=30, limits=LIMITS) as client:
        started, running = time.perf_counter(), set[asyncio.Task[None]]()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
            task = asyncio.create_task(turn(client))
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)
    return times


async def calls(url: str, path: str, body: Any, seconds: float, at_once: int) -> tuple[Times, float]:
    """One contract over and over by `at_once` callers; gives the times and the calls per second."""
    times, end = Times(), time.perf_counter() + seconds
    method = "GET" if body is None else "POST"
    async with aiohttp.ClientSession(url) as client:

        async def caller() -> None:
            while (started := time.perf_counter()) < end:
                async with client.request(method, path, json=body) as reply:
                    await reply.read()
                times.taken.append(1000 * (time.perf_counter() - started))
                if reply.status != httpx.codes.OK:
                    times.faults[f"status {reply.status}"] += 1

        started = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(at_once)))
    return times, len(times.taken) / (time.perf_counter() - started)


def memory(pid: int) -> float:
    """Resident memory of a process, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def processor(*pids: int) -> float:
    """Processor time that these processes have used, in milliseconds."""
    used = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return 1000 * used / os.sysconf("SC_CLK_TCK")


def _decided(message: dict[str, Any], facts: dict[str, Any], dont_know: set[str]) -> Decided:
    return Decided(message["topic"], dict(facts), frozenset(dont_know), message["as_of"], message["outcome"],
                   message["decided_by"])  # fmt: skip


async def _timed(times: Times, client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any] | None:
    """The reply if it was a good one; counts the others by what was wrong."""
    started = time.perf_counter()
    try:
        reply = await client.post("/api/v1/chat", json=body)
    except httpx.TransportError as error:
        times.faults[type(error).__name__] += 1
        return None
    took = 1000 * (time.perf_counter() - started)
    if reply.status_code != httpx.codes.OK:
        polite = reply.status_code == httpx.codes.TOO_MANY_REQUESTS and "retry-after" in reply.headers
        times.faults["refused" if polite else f"status {reply.status_code}"] += 1
        times.refused.append(took)
        return None
    content: dict[str, Any] = reply.json()
    if content["held"] or not content["messages"]:
        times.faults["held" if content["held"] else "empty"] += 1
        return None
    times.taken.append(took)
    return content
