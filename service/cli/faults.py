"""`ethicsdesk faults`: kill and break parts of a desk while people talk to it, and count."""

from __future__ import annotations

import asyncio
import math
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

from service.harness import clocks, drills, platforms, stores
from service.harness.faults import REPLY_LIMIT, Verdict, run
from service.harness.figures import Figure, table, write
from service.harness.running import RunningDesk
from service.settings import read_settings

AFTER_RESTART, PUT_OFF, WHOLE = 3.0, 2.0, 15.0


def faults(
    kills: Annotated[int, typer.Option(help="How often something is killed; 0 kills nothing.", min=0)] = 20,
    minutes: Annotated[
        float, typer.Option(help="Stop killing after so long, however many are left.")
    ] = math.inf,
    seed: Annotated[int, typer.Option(help="The same seed kills the same parts.")] = 1,
    breaking: Annotated[
        bool, typer.Option("--break/--no-break", help="Break the dialogue, the database, the disk and files.")
    ] = True,
    lock_seconds: Annotated[float, typer.Option(help="How long the database is locked.")] = 30,
    record: Annotated[
        bool, typer.Option("--write", help="Write the table into docs/reliability.md.")
    ] = False,
) -> None:
    """Kill the service, Rasa or both at random moments, then break what else can break.

    Exit status 1 when a promise broke.
    """
    console = Console(stderr=True, highlight=False)
    with (
        tempfile.TemporaryDirectory(prefix="ethicsdesk-faults-") as folder,
        console.status("Starting a desk of its own") as status,
    ):
        figures = _killed(Path(folder), kills, minutes, seed, status) if kills else []
        if breaking:
            figures += asyncio.run(_broken(Path(folder), lock_seconds, status))
    typer.echo(table(figures))
    if record:
        write("faults", figures)
    if any(figure.kept is False for figure in figures):
        raise typer.Exit(1)


def _killed(folder: Path, kills: int, minutes: float, seed: int, status: Status) -> list[Figure]:
    desk = RunningDesk(folder)
    try:
        verdict = asyncio.run(run(desk, kills, seed, status.update, minutes))
    finally:
        desk.stop()
    return _figures(verdict)


async def _broken(folder: Path, lock_seconds: float, status: Status) -> list[Figure]:
    built = read_settings().var_dir
    steps: list[tuple[str, Callable[[], Awaitable[Figure | list[Figure]]]]] = [
        ("Rasa slow, failing, hanging", lambda: drills.bad_dialogue(folder)),
        (f"The database locked for {lock_seconds:g} s", lambda: stores.locked_store(folder, lock_seconds)),
        ("A read-only database", lambda: stores.read_only_file(folder)),
        ("A read-only PostgreSQL", lambda: stores.read_only_server(folder)),
        ("PostgreSQL restarted", lambda: stores.restarted_server(folder)),
        ("A damaged database", lambda: stores.damaged_store(folder)),
        ("A full disk", lambda: stores.full_disk(folder)),
        ("The clock moved", lambda: clocks.moved_clock(folder)),
        ("Slack out of order", lambda: platforms.bad_platform(folder)),
        ("Deliveries shuffled", lambda: platforms.shuffled(folder)),
        ("Damaged index and understanding", lambda: drills.damaged_files(folder, built)),
        ("The law edited badly", lambda: drills.bad_edits(folder, built)),
    ]
    figures: list[Figure] = []
    for words, drill in steps:
        status.update(words)
        made = await drill()
        figures += made if isinstance(made, list) else [made]
    return figures


def _figures(verdict: Verdict) -> list[Figure]:
    what = f"{verdict.kills} kills of the service, Rasa or both in {verdict.conversations} conversations"
    back, put_off = _median(verdict.service_back), _median(verdict.put_off)
    whole = _median(verdict.whole_again)
    return [
        Figure("F1", what, f"{verdict.lost} of {verdict.messages} acknowledged messages lost", "0",
               verdict.lost == 0),
        Figure("F1", "answered or decided twice", str(verdict.twice), "0", verdict.twice == 0),
        Figure("F1", "ended otherwise than undisturbed", str(verdict.differing), "0", verdict.differing == 0),
        Figure("F1", "slowest reply, or holding reply, to a message that was taken",
               f"{verdict.slowest:.2f} s", f"{REPLY_LIMIT:g} s", verdict.late == 0),
        Figure("F2", "the service takes messages again after a kill (median)", _seconds(back),
               f"{AFTER_RESTART:g} s", None if back is None else back <= AFTER_RESTART),
        Figure("F2", "whoever wrote one then is answered or put off within (median)", _seconds(put_off),
               f"{PUT_OFF:g} s", None if put_off is None else put_off <= PUT_OFF),
        Figure("F2", "everything loaded and Rasa taking turns after a kill (median)", _seconds(whole),
               f"{WHOLE:g} s", None if whole is None else whole <= WHOLE),
    ]  # fmt: skip


def _median(times: tuple[float, ...]) -> float | None:
    return statistics.median(times) if times else None


def _seconds(time: float | None) -> str:
    return "not measured" if time is None else f"{time:.1f} s"
