"""Kills parts of a desk at random moments while people talk to it, then counts what became of every message.

Nothing accepted may be lost, nothing may be answered twice, and each conversation must end in the
determination that it ends in when nobody kills anything.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from service.harness.running import RunningDesk

Victim = Literal["service", "rasa", "both"]
VICTIMS: tuple[Victim, ...] = ("service", "rasa", "both")
PACK = "ct-state"
OPENING = "A vendor we buy software from sent me a $75 gift basket for Christmas, can I keep it?"
MOST_TURNS, TALKERS = 14, 4
REPLY_LIMIT = 4.5  # the promise is 4 s from acceptance; the rest is the client's own way


@dataclass
class Talk:
    """One conversation as its person saw it."""

    sent: int = 0
    outcomes: list[str] = field(default_factory=list)
    slowest: float = 0.0
    held: int = 0


@dataclass(frozen=True)
class Verdict:
    """What the faults did."""

    kills: int
    messages: int
    conversations: int
    lost: int
    twice: int
    differing: int
    late: int
    held: int
    slowest: float
    service_back: tuple[float, ...]
    put_off: tuple[float, ...]
    whole_again: tuple[float, ...]

    @property
    def kept(self) -> bool:
        """Whether every promise held."""
        return not (self.lost or self.twice or self.differing or self.late)


def answer(state: dict[str, Any]) -> str | None:
    """An honest, unexciting answer to whatever is asked; None when nothing is."""
    pending = state.get("pending")
    if pending is None:
        return None
    if pending.get("multiple"):
        return "none of these"
    values = [option["value"] for option in pending.get("options", [])]
    if values == [True, False]:
        return "no"
    return str(pending["options"][0]["label"]) if values else "I don't know"


async def talk(url: str) -> Talk:
    """Hold one conversation to its determination, sending each message again until it is acknowledged."""
    done, conversation, message = Talk(), None, OPENING
    async with httpx.AsyncClient(base_url=url, timeout=15) as client:
        for _ in range(MOST_TURNS):
            body: dict[str, Any] = {"message": message, "message_id": str(uuid.uuid4())}
            body["profile"] = {"pack": PACK}
            if conversation:
                body["conversation_id"] = conversation
            reply = await _send(client, body, done)
            conversation, done.sent = reply["conversation_id"], done.sent + 1
            if reply["held"]:
                done.held += 1
                reply = await _late(client, conversation, reply["message_id"])
            done.outcomes += [m["outcome"] for m in reply["messages"] if m["type"] == "determination"]
            following = answer(reply["state"])
            if following is None:
                break
            message = following
    return done


async def _send(client: httpx.AsyncClient, body: dict[str, Any], done: Talk) -> dict[str, Any]:
    """Send until acknowledged; only the attempt that is answered counts as waiting time."""
    while True:
        started = time.monotonic()
        try:
            reply = await client.post("/api/v1/chat", json=body)
        except httpx.TransportError:
            await asyncio.sleep(0.2)
            continue
        if reply.status_code == httpx.codes.OK:
            done.slowest = max(done.slowest, time.monotonic() - started)
            content: dict[str, Any] = reply.json()
            return content
        await asyncio.sleep(0.2)


async def _late(client: httpx.AsyncClient, conversation: str, message_id: str) -> dict[str, Any]:
    while True:
        try:
            found = (await client.get(f"/api/v1/chat/{conversation}")).json()
            turn = next(one for one in found["turns"] if one["message_id"] == message_id)
            if not turn["held"]:
                return {"messages": turn["messages"], "state": found["state"]}
        except (httpx.TransportError, KeyError):
            pass
        await asyncio.sleep(0.3)


async def first_taken(url: str, done: Talk) -> tuple[float, float]:
    """Say something to a desk that is starting: the seconds until it took the message, and those from then
    until it answered or put its person off."""
    body = {"message": OPENING, "message_id": str(uuid.uuid4()), "profile": {"pack": PACK}}
    started = time.monotonic()
    async with httpx.AsyncClient(base_url=url, timeout=15) as client:
        while True:
            asked = time.monotonic()
            try:
                taken = (await client.post("/api/v1/chat", json=body)).status_code == httpx.codes.OK
            except httpx.TransportError:
                taken = False
            if taken:
                done.sent += 1
                return asked - started, time.monotonic() - asked
            await asyncio.sleep(0.05)


async def run(
    desk: RunningDesk, kills: int, seed: int, report: Callable[[str], None], minutes: float = math.inf
) -> Verdict:
    """Kill `kills` times under talking people, or as often as fits into `minutes`, then drain and count."""
    until = time.monotonic() + minutes * 60
    desk.spawn()
    await desk.ready("ok")
    expected = await talk(desk.url)
    chance, killing = random.Random(seed), True
    talks: list[Talk] = [expected]
    back: list[tuple[float, float]] = []
    whole: list[float] = []
    first = Talk()  # what the harness itself says to each starting desk

    async def talker() -> None:
        while killing:
            talks.append(await talk(desk.url))

    talkers = [asyncio.create_task(talker()) for _ in range(TALKERS)]
    number = 0
    while number < kills and time.monotonic() < until:
        number += 1
        await asyncio.sleep(chance.uniform(0.05, 1.5))
        victim = chance.choice(VICTIMS)
        report(f"kill {number} of {kills}: {victim}")
        if victim == "rasa":
            desk.kill_rasa()
        else:
            desk.kill()
            started = time.monotonic()
            desk.spawn()
            back.append(await first_taken(desk.url, first))
        # A third of the kills meets a desk that still loads, a third one that asks by the engine alone.
        meets = chance.choice(("loading", "engine", "whole"))
        if meets != "loading":
            await desk.ready("ok" if meets == "whole" else None)
        if meets == "whole" and victim != "rasa":
            whole.append(time.monotonic() - started)
    await desk.ready("ok")
    killing = False
    await asyncio.gather(*talkers)
    return await _count(desk, talks, expected, kills=number, back=back, whole=whole, first=first.sent)


async def _count(
    desk: RunningDesk, talks: list[Talk], expected: Talk, *, kills: int, back: list[tuple[float, float]],
    whole: list[float], first: int,
) -> Verdict:  # fmt: skip
    ledger = await asyncio.to_thread(_ledger, desk)
    sent = first + sum(one.sent for one in talks)
    return Verdict(
        kills=kills, messages=sent, conversations=len(talks),
        lost=max(0, sent - ledger["accepted"]) + ledger["pending"],
        twice=ledger["decided_twice"] + max(0, ledger["accepted"] - sent),
        differing=sum(one.outcomes != expected.outcomes for one in talks),
        late=sum(one.slowest > REPLY_LIMIT for one in talks),
        held=sum(one.held for one in talks), slowest=max(one.slowest for one in talks),
        service_back=tuple(one for one, _ in back), put_off=tuple(one for _, one in back),
        whole_again=tuple(whole),
    )  # fmt: skip


def _ledger(desk: RunningDesk) -> dict[str, int]:
    """Read the store from outside: turns, pending messages, and messages decided more than once."""
    from sqlalchemy import create_engine, text

    engine = create_engine(desk.database_url)
    with engine.connect() as db:
        answered = db.execute(text("SELECT count(*) FROM turn")).scalar_one()
        accepted = db.execute(text("SELECT count(*) FROM inbox")).scalar_one()
        decided = db.execute(text("SELECT count(message_id), count(DISTINCT message_id) FROM determination"))
        determinations, messages = decided.one()
    engine.dispose()
    return {
        "accepted": accepted,
        "pending": accepted - answered,
        "decided_twice": determinations - messages,
    }
