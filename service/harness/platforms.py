"""F9 and F10: a chat platform that takes no posts for a while, or delivers twice, late and out of order."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import httpx
from sqlalchemy import select

from service.harness.faults import OPENING
from service.harness.figures import Figure
from service.harness.running import RunningDesk, running_desk
from service.harness.workspace import Trouble, Workspace, deliver, message
from service.store.cipher import Cipher
from service.store.database import Database
from service.store.ledger import Ledger
from service.store.models import ConversationRow

SCRIPT = (OPENING, "I work for the State of Connecticut", "no")
TROUBLES: tuple[tuple[Trouble, str], ...] = (
    ("429", "answers 429"), ("500", "answers 500"), ("hang", "does not answer"), ("reset", "hangs up"),
)  # fmt: skip
DRAIN, LONGEST, QUIET = 60.0, 300.0, 3.0
BURST, BURST_SECONDS, RATE = 5, 0.1, 8.0  # Slack sends an app 30,000 an hour at the most
TIMES, ATTEMPTS = 3, 20
FIRST = 1_700_000_000.0  # Slack's time of the first event


async def bad_platform(folder: Path, seconds: float = 12.0, people: int = 3) -> list[Figure]:
    """F9: Slack refuses every call for `seconds` while `people` talk; then it takes them again."""
    async with (
        Workspace() as slack,
        running_desk(folder / "slack", environment=slack.environment) as desk,
        httpx.AsyncClient(base_url=desk.url, timeout=30) as client,
    ):
        await _say_all(client, "U0")
        expected = await _quiet(slack, "U0")
        figures = []
        for trouble, words in TROUBLES:
            users = [f"U{trouble}{number}" for number in range(people)]
            slack.trouble, slack.refused = trouble, 0
            await asyncio.gather(*(_say_all(client, user) for user in users))
            await asyncio.sleep(seconds)
            slack.trouble, refused = "none", slack.refused
            started = time.monotonic()
            drained = await _drained(slack, users, len(expected), started)
            right = sum(slack.seen_by(user) == expected for user in users)
            figures.append(Figure(
                "F9", f"Slack {words} for {seconds:g} s while {people} people talk",
                f"{refused} calls failed; {right} of {people} got all {len(expected)} posts once and in "
                f"order, {drained:.0f} s after it was well again", f"each once, in order, within {DRAIN:g} s",
                right == people and drained <= DRAIN and refused > 0,
            ))  # fmt: skip
    return figures


async def _say_all(client: httpx.AsyncClient, user: str) -> None:
    for number, text in enumerate(SCRIPT):
        await deliver(client, message(user, text, number, time.time()))


async def _quiet(slack: Workspace, user: str) -> list[str]:
    """Everything that a person got, once nothing has come for a while."""
    seen, since = -1, time.monotonic()
    while len(slack.seen_by(user)) < len(SCRIPT) or time.monotonic() - since < QUIET:
        if len(slack.seen_by(user)) != seen:
            seen, since = len(slack.seen_by(user)), time.monotonic()
        await asyncio.sleep(0.1)
    return slack.seen_by(user)


async def _drained(slack: Workspace, users: list[str], posts: int, started: float) -> float:
    """The seconds until everybody has their posts; a little longer is waited, for what comes twice."""
    while time.monotonic() - started < 2 * DRAIN:
        if all(len(slack.seen_by(user)) >= posts for user in users):
            break
        await asyncio.sleep(0.1)
    took = time.monotonic() - started
    await asyncio.sleep(QUIET)
    return took


async def shuffled(folder: Path, events: int = 1000, people: int = 40) -> Figure:
    """F10: every event comes three times. What was said within moments comes in any order; the repeats come
    in any order at all."""
    chance = random.Random(1)
    async with (
        Workspace() as slack,
        running_desk(folder / "shuffled", environment=slack.environment) as desk,
        httpx.AsyncClient(base_url=desk.url, timeout=60) as client,
    ):
        each = events // people
        bursts = (_in_bursts(client, f"U{who}", each, people, chance) for who in range(people))
        await asyncio.gather(*bursts)
        for repeat in range(1, TIMES):
            again = [(f"U{who}", number) for who in range(people) for number in range(each)]
            chance.shuffle(again)
            for at in range(0, len(again), people):
                sent = (_deliver(client, user, number, repeat) for user, number in again[at : at + people])
                await asyncio.gather(*sent)
        expected = [_text(number) for number in range(each)]
        heard = await _heard(desk, each * people)
    once = sum(sorted(texts) == sorted(expected) for texts in heard)
    ordered = sum(texts == expected for texts in heard)
    return Figure(
        "F10", f"{each * people:,} events of {people} people, each delivered {TIMES} times, shuffled",
        f"{sum(map(len, heard)):,} turns; {once} of {people} conversations hold each event once, {ordered} "
        "in the platform's order", "one turn an event, in the platform's order",
        len(heard) == people == once == ordered,
    )  # fmt: skip


async def _in_bursts(
    client: httpx.AsyncClient, user: str, each: int, people: int, chance: random.Random
) -> None:
    pause = people * BURST / RATE
    await asyncio.sleep(chance.uniform(0, pause))
    for first in range(0, each, BURST):
        burst = list(range(first, min(first + BURST, each)))
        chance.shuffle(burst)
        sent = [_later(client, user, number, chance.uniform(0, BURST_SECONDS)) for number in burst]
        await asyncio.gather(*sent, asyncio.sleep(pause))


async def _later(client: httpx.AsyncClient, user: str, number: int, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await _deliver(client, user, number)


async def _deliver(client: httpx.AsyncClient, user: str, number: int, repeat: int = 0) -> None:
    event = message(user, _text(number), number, FIRST + number)
    for _ in range(ATTEMPTS):
        if await deliver(client, event, repeat):
            return
        await asyncio.sleep(0.5)


def _text(number: int) -> str:
    return f"hello, this is number {number}"


async def _heard(desk: RunningDesk, events: int) -> list[list[str]]:
    """What each conversation holds, once every event has its turn or the time is over."""
    database = Database(desk.database_url)
    ledger = Ledger(database, Cipher(None))
    started = time.monotonic()
    while time.monotonic() - started < LONGEST:
        count = await asyncio.to_thread(ledger.count)
        if count.accepted >= events and not count.pending:
            break
        await asyncio.sleep(0.5)
    with database.read() as db:
        conversations = db.scalars(select(ConversationRow.id)).all()
    heard = [[accepted.text for accepted, reply in ledger.transcript(one) if reply] for one in conversations]
    database.close()
    return heard
