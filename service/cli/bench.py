"""`ethicsdesk bench`: how fast this machine's desk answers beside Rasa's own starter bot, and its memory."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from service.errors import NotReady
from service.harness import speed, starter
from service.harness.figures import Figure, table, write
from service.harness.running import RunningDesk
from service.harness.workspace import Workspace
from service.settings import read_settings

ACK_SECONDS = 120.0
LIMIT_MINUTES = 14.0  # of everything but the load


def bench(
    rate: Annotated[float, typer.Option(help="Turns per second that arrive under load.")] = 20,
    minutes: Annotated[float, typer.Option(help="How long they arrive; 0 leaves load out.")] = 1,
    beside_starter: Annotated[
        bool, typer.Option(help="Measure Rasa's own starter bot in the same run, turn about.")
    ] = True,
    record: Annotated[
        bool, typer.Option("--write", help="Write the table into docs/reliability.md.")
    ] = False,
) -> None:
    """Measure a desk of its own on this machine: some 4 minutes and the load; each figure as it comes.

    Stopped before its end (Ctrl-C) it writes what it has.
    """
    console = Console(stderr=True, highlight=False)
    figures: list[Figure] = []
    try:
        asyncio.run(_run(console, figures, rate=rate, seconds=60 * minutes, beside=beside_starter))
    except (KeyboardInterrupt, asyncio.CancelledError):
        console.print("Stopped: the rest was not measured.")
    except TimeoutError:
        console.print("Out of time: the rest was not measured.")
    finally:
        typer.echo(table(figures))
        if record and figures:
            write("bench", figures)


async def _run(console: Console, figures: list[Figure], *, rate: float, seconds: float, beside: bool) -> None:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with tempfile.TemporaryDirectory(prefix="ethicsdesk-bench-") as folder:
        async with asyncio.timeout(60 * LIMIT_MINUTES + seconds):
            async for figure in _measured(console, Path(folder), rate=rate, seconds=seconds, beside=beside):
                figures.append(figure)
                console.print(f"{figure.item}  {figure.what}: {figure.measured}  {figure.verdict}")


async def _measured(
    console: Console, folder: Path, *, rate: float, seconds: float, beside: bool
) -> AsyncIterator[Figure]:
    async with AsyncExitStack() as stack:
        peer_stack = await stack.enter_async_context(AsyncExitStack())
        peer = await _starter(console, peer_stack) if beside else None
        slack = await stack.enter_async_context(Workspace())
        desk = RunningDesk(folder, environment=slack.environment)
        console.print("Starting the desk")
        desk.spawn()
        stack.push_async_callback(asyncio.to_thread, desk.stop)
        await desk.ready("ok")
        yield Figure("", "load of the machine as it begins", f"{os.getloadavg()[0]:.1f}")
        for figure in await speed.one_by_one(desk, peer):
            yield figure
        capacity, found = await speed.many_at_once(desk, peer)
        for figure in (*found, *speed.memory(desk, peer)):
            yield figure
        await peer_stack.aclose()
        for figure in await speed.contracts(desk):
            yield figure
        if seconds:
            console.print(f"{rate:g} turns a second for {seconds:g} s")
            for figure in await speed.sustained(desk, rate, seconds):
                yield figure
            for figure in await speed.overload(desk, capacity):
                yield figure
            for figure in await speed.acknowledged(desk, min(seconds, ACK_SECONDS)):
                yield figure


async def _starter(console: Console, stack: AsyncExitStack) -> starter.Starter | None:
    """Rasa's starter bot; without it the desk is measured alone."""
    settings = read_settings()
    console.print("Rasa's starter bot: training it (once), starting it")
    try:
        await starter.made(settings)
        return await stack.enter_async_context(starter.running(settings))
    except NotReady as error:
        console.print(error.message)
        return None
