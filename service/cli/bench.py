"""`ethicsdesk bench`: how fast this machine's desk answers beside Rasa's own starter bot, and its memory."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

from service.harness import load, starter
from service.harness.faults import OPENING, PACK
from service.harness.figures import Figure, table, write
from service.harness.running import RunningDesk
from service.settings import read_settings

SEARCH = "/api/v1/search?q=may+I+accept+tickets+from+a+vendor&pack=ct-state"
TEXT = {"text": OPENING, "pack": PACK}
ROUNDS = 12
MEDIAN_RATIO, P95, P99, MEMORY, DECISIONS = 1.0, 500.0, 1500.0, 1300.0, 500.0


def bench(
    rate: Annotated[float, typer.Option(help="Turns per second that arrive under load.")] = 20,
    seconds: Annotated[float, typer.Option(help="How long they arrive; 0 leaves load out.")] = 30,
    beside_starter: Annotated[
        bool, typer.Option(help="Measure Rasa's own starter bot in the same run, turn about.")
    ] = True,
    record: Annotated[
        bool, typer.Option("--write", help="Write the table into docs/reliability.md.")
    ] = False,
) -> None:
    """Measure a desk of its own on this machine."""
    console = Console(stderr=True, highlight=False)
    with (
        tempfile.TemporaryDirectory(prefix="ethicsdesk-bench-") as folder,
        console.status("Starting") as status,
    ):
        figures = asyncio.run(
            _measure(Path(folder), status, rate=rate, seconds=seconds, beside=beside_starter)
        )
    typer.echo(table(figures))
    if record:
        write("bench", figures)


async def _measure(
    folder: Path, status: Status, *, rate: float, seconds: float, beside: bool
) -> list[Figure]:
    desk = RunningDesk(folder)
    async with AsyncExitStack() as stack:
        peer = None
        if beside:
            status.update("Rasa's starter bot: making and training it")
            bot = folder / "starter"
            await asyncio.to_thread(bot.mkdir)
            peer = await stack.enter_async_context(starter.running(read_settings(), bot))
        status.update("Starting the desk")
        desk.spawn()
        stack.push_async_callback(asyncio.to_thread, desk.stop)
        started, whole = await desk.ready(), await desk.ready("ok")
        figures = [
            Figure("F2", "from start to the first answer", f"{started:.1f} s"),
            Figure("F2", "from there until Rasa takes turns", f"{whole:.1f} s"),
        ]
        status.update("One person's turns")
        figures += await _turns(desk.url, peer)
        status.update("The other contracts")
        figures += await _contracts(desk.url)
        if seconds:
            status.update(f"{rate:g} turns a second for {seconds:g} s")
            figures.append(_load(await load.arrivals(desk.url, rate, seconds), rate, seconds))
        pids = [*desk.rasa_pids(), *([desk.process.pid] if desk.process else [])]
        used = load.memory(pids)
        figures.append(
            Figure("L6", "memory of service and Rasa", f"{used:.0f} MB", f"{MEMORY:g} MB", used <= MEMORY)
        )
    return figures


async def _turns(url: str, peer: str | None) -> list[Figure]:
    """One person at a time, the desk and the starter bot turn about: what else runs slows both alike."""
    ours, theirs = load.Times(), load.Times()
    for number in range(ROUNDS + 1):
        if number == 1:  # the first round warms both
            ours, theirs = load.Times(), load.Times()
        await load.turns(url, 2, ours)
        if peer is not None:
            await starter.conversation(peer, f"s{number}", theirs)
    figures = [Figure("L2", "a turn, one person at a time", _times(ours))]
    if peer is not None:
        ratio = ours.share(0.5) / theirs.share(0.5)
        figures += [
            Figure("L2", "a turn of Rasa's starter bot, turn about with ours", _times(theirs)),
            Figure("L2", "our median turn to the starter bot's", f"{ratio:.2f}", f"{MEDIAN_RATIO:g}",
                   ratio <= MEDIAN_RATIO),
        ]  # fmt: skip
    return figures


async def _contracts(url: str) -> list[Figure]:
    figures = []
    for name, make in (
        ("determinations", lambda client: client.post("/api/v1/determinations", json=load.DECIDE)),
        ("understand", lambda client: client.post("/api/v1/understand", json=TEXT)),
        ("search", lambda client: client.get(SEARCH)),
    ):
        await load.calls(url, make, 0.5, 1)
        times, per_second = await load.calls(url, make, 4, 4)
        bar = f"{DECISIONS:g}/s" if name == "determinations" else ""
        kept = per_second >= DECISIONS if bar else None
        figures.append(
            Figure("L3", f"{name}, four callers", f"{per_second:.0f}/s, {_times(times)}", bar, kept)
        )
    return figures


def _load(times: load.Times, rate: float, seconds: float) -> Figure:
    kept = times.share(0.95) <= P95 and times.share(0.99) <= P99 and not times.wrong
    return Figure("L1", f"{rate:g} turns/s for {seconds:g} s", _times(times),
                  f"p95 {P95:g} ms, p99 {P99:g} ms, none wrong", kept)  # fmt: skip


def _times(times: load.Times) -> str:
    figures = ", ".join(
        f"{name} {times.share(part):.0f} ms" for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    )
    return f"{figures}, n={len(times.taken)}" + (f", wrong {times.wrong}" if times.wrong else "")
