"""L1 to L6: what a desk bears, and what a turn costs beside Rasa's own starter bot."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import signal
import time
from collections import Counter
from typing import Any

import httpx

from actions.engine import Engine
from knowledge.load import load as load_law
from service.harness import load, starter
from service.harness.faults import PACK
from service.harness.figures import Figure
from service.harness.load import Decided, Times, share
from service.harness.running import RunningDesk
from service.harness.workspace import deliver, message

RATIO, THROUGHPUT, P95, P99, MEMORY = 1.0, 0.6, 500.0, 1500.0, 1300.0
DECISIONS, DECISION_P99, GROWTH = 500.0, 20.0, {"service": 5.0, "Rasa": 10.0}
SHED, GOODPUT, ACK, NORMAL_AFTER = 300.0, 0.9, 300.0, 5.0
ROUNDS, SLICES, SLICE_SECONDS, CROWD = 10, 2, 6.0, 8
OVERLOAD, OVERLOAD_SECONDS, EVENTS = 3, 20.0, 50
FACTS = {"person_role": "state_employee", "item_value": 75, "donor_does_business_with_agency": True}
DECIDE = {"pack": PACK, "topic": "gift", "facts": FACTS}
SEARCH = "/api/v1/search?q=may+I+accept+tickets+from+a+vendor&pack=ct-state"
CONTRACTS: tuple[tuple[str, str, Any], ...] = (
    ("determinations", "/api/v1/determinations", DECIDE),
    ("understand", "/api/v1/understand", {"text": load.OPENINGS[0].format(75), "pack": PACK}),
    ("search", SEARCH, None),
)


def pids(desk: RunningDesk) -> dict[str, int]:
    """The service's process and its Rasa's."""
    found = desk.rasa_pids()
    assert desk.process is not None
    return {"service": desk.process.pid, **({"Rasa": found[0]} if found else {})}


async def one_by_one(desk: RunningDesk, peer: starter.Starter | None) -> list[Figure]:
    """L2: one person at a time, the desk and the starter bot turn about: what else runs slows both alike."""
    ours, theirs, parts = Times(), Times(), pids(desk)
    used, theirs_used = Counter[str](), 0.0
    for number in range(ROUNDS + 1):
        if number == 1:  # the first round warms both
            ours, theirs, used, theirs_used = Times(), Times(), Counter(), 0.0
        before = {name: load.processor(pid) for name, pid in parts.items()}
        await load.turns(desk.url, 2, ours)
        used.update({name: load.processor(pid) - before[name] for name, pid in parts.items()})
        if peer is not None:
            start = load.processor(peer.pid)
            await starter.conversation(peer.url, f"s{number}", theirs)
            theirs_used += load.processor(peer.pid) - start
    each = {name: spent / max(1, len(ours.taken)) for name, spent in used.items()}
    cost = " + ".join(f"{name} {spent:.0f} ms" for name, spent in each.items())
    figures = [Figure("L2", "a turn, one person at a time", words(ours)),
               Figure("L2", "processor time of a turn", cost)]  # fmt: skip
    if peer is not None:
        ratio, theirs_each = ours.share(0.5) / theirs.share(0.5), theirs_used / max(1, len(theirs.taken))
        figures += [
            Figure("L2", "a turn of Rasa's starter bot, turn about with ours", words(theirs)),
            Figure("L2", "processor time of a turn of the starter bot", f"{theirs_each:.0f} ms; ours is "
                   f"{sum(each.values()) / theirs_each:.2f} of it"),
            Figure("L2", "our median turn to the starter bot's", f"{ratio:.2f}", f"{RATIO:g}",
                   ratio <= RATIO),
        ]  # fmt: skip
    return figures


async def many_at_once(desk: RunningDesk, peer: starter.Starter | None) -> tuple[float, list[Figure]]:
    """L2: as many turns as go through, turn about; gives the desk's turns per second too."""
    ours, theirs = list[float](), list[float]()
    for _ in range(SLICES):
        ours.append(await load.crowd(desk.url, CROWD, SLICE_SECONDS, Times()))
        if peer is not None:
            theirs.append(await starter.crowd(peer.url, CROWD, SLICE_SECONDS, Times()))
    capacity = sum(ours) / len(ours)
    if not theirs:
        return capacity, [Figure("L2", f"{CROWD} people who answer at once", f"{capacity:.0f} turns/s")]
    bare = sum(theirs) / len(theirs)
    return capacity, [
        Figure("L2", f"{CROWD} people who answer at once", f"{capacity:.0f} turns/s; the starter bot "
               f"{bare:.0f}", f"{THROUGHPUT:g} of the starter bot", capacity >= THROUGHPUT * bare)
    ]  # fmt: skip


async def contracts(desk: RunningDesk) -> list[Figure]:
    """L3: the contracts that need no conversation, four callers each."""
    figures = []
    for name, path, body in CONTRACTS:
        await load.calls(desk.url, path, body, 0.5, 1)
        times, rate = await load.calls(desk.url, path, body, 4, 4)
        bar = f"{DECISIONS:g}/s, p99 {DECISION_P99:g} ms" if name == "determinations" else ""
        kept = rate >= DECISIONS and times.share(0.99) <= DECISION_P99 if bar else None
        figures.append(Figure("L3", f"{name}, four callers", f"{rate:.0f}/s, {words(times)}", bar, kept))
    return figures


async def sustained(desk: RunningDesk, rate: float, seconds: float) -> list[Figure]:
    """L1 and L6: turns that arrive at a rate, each determination compared with the engine run by itself, and
    what memory grew by from the first tenth on."""
    parts, before = pids(desk), dict[str, float]()

    async def after_warming() -> None:
        await asyncio.sleep(seconds / 10)
        before.update({name: load.memory(pid) for name, pid in parts.items()})

    times, _ = await asyncio.gather(load.arrivals(desk.url, rate, seconds), after_warming())
    after = {name: load.memory(pid) for name, pid in parts.items()}
    wrong = await asyncio.to_thread(differing, times.decided)
    good = not times.faults and not wrong
    figures = [Figure(
        "L1", f"{rate:g} turns/s for {seconds:g} s", f"{words(times)}; {len(times.decided)} determinations, "
        f"{wrong} other than the engine's alone", f"p95 {P95:g} ms, p99 {P99:g} ms, none empty or wrong",
        good and times.share(0.95) <= P95 and times.share(0.99) <= P99,
    )]  # fmt: skip
    for name, bar in GROWTH.items():
        if name in before:
            grown = 100 * (after[name] / before[name] - 1)
            figures.append(Figure("L6", f"memory of {name} over that load", f"{before[name]:.0f} to "
                                  f"{after[name]:.0f} MB", f"{bar:g} % more", grown <= bar))  # fmt: skip
    return figures


def differing(decided: list[Decided]) -> int:
    """How many determinations the engine alone decides otherwise from the same facts."""
    engine, found = Engine(load_law()), dict[str, bool]()
    wrong = 0
    for one in decided:
        if repr(one) not in found:
            found[repr(one)] = _same(engine, one)
        wrong += not found[repr(one)]
    return wrong


def _same(engine: Engine, one: Decided) -> bool:
    facts = engine.parse_facts(PACK, one.facts)
    alone = engine.determine(PACK, one.topic, facts, dt.date.fromisoformat(one.as_of),
                             dont_know=one.dont_know, presume=True)  # fmt: skip
    return (alone.outcome, alone.decided_by) == (one.outcome, one.decided_by)


def memory(desk: RunningDesk, peer: starter.Starter | None) -> list[Figure]:
    """L6: what the processes hold now."""
    used = {name: load.memory(pid) for name, pid in pids(desk).items()}
    total = sum(used.values())
    beside = f"; the starter bot {load.memory(peer.pid):.0f} MB" if peer is not None else ""
    each = " + ".join(f"{name} {size:.0f}" for name, size in used.items())
    return [Figure("L6", "memory of service and Rasa", f"{each} = {total:.0f} MB{beside}", f"{MEMORY:g} MB",
                   total <= MEMORY)]  # fmt: skip


async def overload(desk: RunningDesk, capacity: float) -> list[Figure]:
    """L4: three times as many turns as go through; then normal again."""
    times = await load.arrivals(desk.url, OVERLOAD * capacity, OVERLOAD_SECONDS)
    await asyncio.sleep(NORMAL_AFTER)
    later = Times()
    await load.turns(desk.url, 3, later)
    goodput = len(times.taken) / OVERLOAD_SECONDS
    shed = share(times.refused, 0.95)
    polite = set(times.faults) <= {"refused", "held"}
    return [
        Figure("L4", f"{OVERLOAD * capacity:.0f} turns/s, {OVERLOAD} times what goes through, for "
               f"{OVERLOAD_SECONDS:g} s", f"{goodput:.0f} turns/s answered ({_kinds(times)}); refusals p95 "
               f"{shed:.0f} ms", f"{GOODPUT:.0%} of {capacity:.0f}, the rest refused politely in {SHED:g} ms",
               polite and goodput >= GOODPUT * capacity and not shed > SHED),
        Figure("L4", f"a turn {NORMAL_AFTER:g} s later", words(later), f"p95 {P95:g} ms",
               later.share(0.95) <= P95 and not later.faults),
    ]  # fmt: skip


async def acknowledged(desk: RunningDesk, seconds: float) -> list[Figure]:
    """L5: Slack's events while Rasa is stopped. The desk must be installed in a `Workspace`."""
    took, lost = list[float](), 0
    began = time.time()

    async def event(client: httpx.AsyncClient, number: int) -> None:
        nonlocal lost
        started = time.perf_counter()
        said = message(f"U{number % 500}", load.opening(), number, began + number / EVENTS)
        lost += not await deliver(client, said)
        took.append(1000 * (time.perf_counter() - started))

    stopping = asyncio.create_task(_keep_stopped(desk))
    try:
        async with httpx.AsyncClient(base_url=desk.url, timeout=30, limits=load.LIMITS) as client:
            started, running = time.perf_counter(), list[asyncio.Task[None]]()
            for number in range(int(EVENTS * seconds)):
                await asyncio.sleep(max(0.0, started + number / EVENTS - time.perf_counter()))
                running.append(asyncio.create_task(event(client, number)))
            await asyncio.gather(*running)
    finally:
        stopping.cancel()
        _signal(desk, signal.SIGCONT)
    return [
        Figure("L5", f"{EVENTS} Slack events/s for {seconds:g} s while Rasa is stopped: acknowledged in",
               f"p50 {share(took, 0.5):.0f} ms, p99 {share(took, 0.99):.0f} ms, p99.9 "
               f"{share(took, 0.999):.0f} ms, {lost} not acknowledged", f"p99.9 {ACK:g} ms, none lost",
               share(took, 0.999) <= ACK and not lost)
    ]  # fmt: skip


async def _keep_stopped(desk: RunningDesk) -> None:
    """Stop Rasa, and every Rasa that the desk starts in its place."""
    while True:
        _signal(desk, signal.SIGSTOP)
        await asyncio.sleep(0.2)


def _signal(desk: RunningDesk, number: signal.Signals) -> None:
    for pid in desk.rasa_pids():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def words(times: Times) -> str:
    """Durations in words, with what did not come back well."""
    shares = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    told = ", ".join(f"{name} {times.share(part):.0f} ms" for name, part in shares)
    return f"{told}, n={len(times.taken)}" + (f", {_kinds(times)}" if times.faults else "")


def _kinds(times: Times) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in times.faults.most_common()) or "none refused"
