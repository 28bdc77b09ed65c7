"""`ethicsdesk bench`: how fast this machine's desk answers, and how much memory it takes."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

from service.harness import load, starter
from service.harness.faults import OPENING, PACK
from service.harness.running import RunningDesk
from service.settings import read_settings

SEARCH = "/api/v1/search?q=may+I+accept+tickets+from+a+vendor&pack=ct-state"
TEXT = {"text": OPENING, "pack": PACK}


def bench(
    rate: Annotated[float, typer.Option(help="Turns per second that arrive under load.")] = 20,
    seconds: Annotated[float, typer.Option(help="How long they arrive; 0 leaves load out.")] = 30,
    beside_starter: Annotated[
        bool, typer.Option(help="Measure Rasa's own starter bot in the same run.")
    ] = False,
) -> None:
    """Measure a desk of its own on this machine."""
    console = Console(stderr=True, highlight=False)
    with (
        tempfile.TemporaryDirectory(prefix="ethicsdesk-bench-") as folder,
        console.status("Starting") as status,
    ):
        rows = asyncio.run(_measure(Path(folder), status, rate=rate, seconds=seconds, beside=beside_starter))
    typer.echo(
        "\n".join(
            ["| measure | value |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)]
        )
    )


async def _measure(
    folder: Path, status: Status, *, rate: float, seconds: float, beside: bool
) -> list[tuple[str, str]]:
    desk, rows = RunningDesk(folder), []
    desk.spawn()
    try:
        rows.append(("from start to first answer", f"{await desk.ready():.1f} s"))
        rows.append(("from start to dialogue whole", f"{await desk.ready('ok'):.1f} s later"))
        await load.turns(desk.url, 1)
        status.update("One person's turns")
        rows.append(("a turn, one person at a time", _figures(await load.turns(desk.url, 10))))
        rows += await _contracts(desk.url, status)
        if seconds:
            status.update(f"{rate:g} turns a second for {seconds:g} s")
            rows.append(
                (f"a turn at {rate:g} turns/s", _figures(await load.arrivals(desk.url, rate, seconds)))
            )
        pids = [*desk.rasa_pids(), *([desk.process.pid] if desk.process else [])]
        rows.append(("memory of service and Rasa", f"{load.memory(pids):.0f} MB"))
    finally:
        desk.stop()
    if beside:
        status.update("Rasa's starter bot: making and training it")
        bot = folder / "starter"
        bot.mkdir()
        rows.append(
            ("a turn of Rasa's starter bot", _figures(await starter.measure(read_settings(), bot, 20)))
        )
    return rows


async def _contracts(url: str, status: Status) -> list[tuple[str, str]]:
    rows = []
    for name, make in (
        ("determinations", lambda client: client.post("/api/v1/determinations", json=load.DECIDE)),
        ("understand", lambda client: client.post("/api/v1/understand", json=TEXT)),
        ("search", lambda client: client.get(SEARCH)),
    ):
        status.update(name)
        await load.calls(url, make, 0.5, 1)
        times, per_second = await load.calls(url, make, 4, 4)
        rows.append((f"{name}, four callers", f"{per_second:.0f}/s, {_figures(times)}"))
    return rows


def _figures(times: load.Times) -> str:
    figures = ", ".join(
        f"{name} {times.share(part):.0f} ms" for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    )
    return f"{figures}, n={len(times.taken)}" + (f", wrong {times.wrong}" if times.wrong else "")
