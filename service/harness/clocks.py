"""F8: the machine's clock is set a day ahead or back, summer time begins or ends, it is 29 February."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from service.harness.clock import COMPILER, WrongClock
from service.harness.faults import MOST_TURNS, OPENING, PACK, answer, first_taken, talk
from service.harness.faults import Talk as Talked
from service.harness.figures import Figure
from service.harness.running import RunningDesk, running_desk
from service.harness.stores import pending

ZONE = "America/New_York"
DAY, SECONDS = 86_400, 60
TERM = 30  # days that the rule gives; CT-POL-06
RUNNING = {"classified_or_judicial": True, "political_activity": "candidacy_state_office"}
# Just before the local clock is put forward or back, or the day ends.
NIGHTS = (
    ("summer time begins", "2026-03-08T06:59:58+00:00"), ("summer time ends", "2026-11-01T05:59:58+00:00"),
    ("29 February begins", "2028-02-29T04:59:58+00:00"), ("29 February ends", "2028-03-01T04:59:58+00:00"),
)  # fmt: skip
TERMS = ("2026-02-08", "2026-10-15", "2027-01-30", "2028-01-30", "2028-02-29")  # each crosses such a night


async def moved_clock(folder: Path) -> list[Figure]:
    """Every drill of the clock, on one desk."""
    if COMPILER is None:
        return [Figure("F8", "the clock is moved", "not measured: there is no C compiler", "all right")]
    clock = await asyncio.to_thread(WrongClock, folder)
    async with running_desk(folder / "clocks", environment={"TZ": ZONE, **clock.environment}) as desk:
        return [await _jumps(desk, clock), await _restart(desk, clock), await _nights(desk, clock)]


async def _jumps(desk: RunningDesk, clock: WrongClock) -> Figure:
    """A person in a browser session talks on while the clock jumps before each of their messages."""
    expected = await talk(desk.url)
    refused, outcomes, body = 0, list[str](), _opening()
    async with httpx.AsyncClient(base_url=desk.url, timeout=15) as client:
        begun = (await client.post("/api/v1/session")).json()
        client.headers["x-csrf-token"] = begun["csrf"]
        for number in range(MOST_TURNS):
            clock.set(DAY * (0, 1, -1)[number % 3])
            reply = await client.post("/api/v1/chat", json=body)
            refused += reply.status_code != httpx.codes.OK
            if reply.status_code != httpx.codes.OK:
                break
            said = reply.json()
            outcomes += [one["outcome"] for one in said["messages"] if one["type"] == "determination"]
            following = answer(said["state"])
            if following is None:
                break
            body = {**body, "message": following, "conversation_id": said["conversation_id"]}
        mine = (await client.get("/api/v1/conversations")).json()
    clock.set(0)
    same = outcomes == expected.outcomes and len(mine) == 1
    return Figure(
        "F8", "the clock jumps a day ahead or two back before each message of a person in a session",
        f"{refused} messages refused, the session {'lives' if mine else 'has ended'}, "
        f"{'same' if same else 'another'} determination",
        "none refused, the session lives, same determination",
        not refused and same,
    )  # fmt: skip


async def _restart(desk: RunningDesk, clock: WrongClock) -> Figure:
    """A message is accepted and not answered; the desk dies, and starts again a day before."""
    await asyncio.to_thread(desk.kill)
    desk.spawn()
    await first_taken(desk.url, Talked())
    await asyncio.to_thread(desk.kill)
    before = pending(desk)
    clock.set(-DAY)
    desk.spawn()
    await desk.ready()
    for _ in range(SECONDS * 10):
        if not pending(desk):
            break
        await asyncio.sleep(0.1)
    clock.set(0)
    return Figure(
        "F8", "the desk starts with the clock a day before a message that it had accepted",
        f"{before} unanswered at the start, {pending(desk)} afterwards", "all answered",
        bool(before) and not pending(desk),
    )  # fmt: skip


async def _nights(desk: RunningDesk, clock: WrongClock) -> Figure:
    """On either side of each such moment today is the local day, terms end on theirs, people are answered."""
    right = wrong = 0
    async with httpx.AsyncClient(base_url=desk.url, timeout=15) as client:
        for _, moment in NIGHTS:
            before = dt.datetime.fromisoformat(moment)
            for instant in (before, before + dt.timedelta(hours=1)):
                clock.set(instant.timestamp() - time.time())
                today = instant.astimezone(ZoneInfo(ZONE)).date()
                for begins in (today - dt.timedelta(days=TERM), today - dt.timedelta(days=TERM + 1)):
                    overdue = begins + dt.timedelta(days=TERM) < today
                    found = await _term(client, begins)
                    right, wrong = _tally(found == (begins + dt.timedelta(days=TERM), overdue), right, wrong)
                reply = await client.post("/api/v1/chat", json=_opening())
                right, wrong = _tally(reply.status_code == httpx.codes.OK, right, wrong)
        for begins in map(dt.date.fromisoformat, TERMS):
            due, _ = await _term(client, begins)
            right, wrong = _tally(due == begins + dt.timedelta(days=TERM), right, wrong)
    clock.set(0)
    words = ", ".join(name for name, _ in NIGHTS)
    return Figure(
        "F8", f"just before and after {words}",
        f"{right} of {right + wrong} answers, days and deadlines right; {pending(desk)} left unanswered",
        "all right", not wrong and not pending(desk),
    )  # fmt: skip


async def _term(client: httpx.AsyncClient, begins: dt.date) -> tuple[dt.date, bool]:
    """The last day of a term that begins then, and whether it has passed today."""
    facts = {**RUNNING, "nomination_date": begins.isoformat()}
    body = {"pack": PACK, "topic": "political_activity", "facts": facts}
    decision = (await client.post("/api/v1/determinations", json=body)).json()
    duty: dict[str, Any] = next(one for one in decision["duties"] if one["due"])
    return dt.date.fromisoformat(duty["due"]), bool(duty["overdue"])


def _tally(is_right: bool, right: int, wrong: int) -> tuple[int, int]:
    return right + is_right, wrong + (not is_right)


def _opening() -> dict[str, Any]:
    return {"message": OPENING, "profile": {"pack": PACK}}
