"""`ethicsdesk faults`: kill parts of a desk while people talk to it, and count the messages afterwards."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from service.harness.faults import Verdict, run
from service.harness.running import RunningDesk


def faults(
    kills: Annotated[int, typer.Option(help="How often something is killed.", min=1)] = 20,
    seed: Annotated[int, typer.Option(help="The same seed kills the same parts.")] = 1,
) -> None:
    """Kill the service, Rasa or both at random moments; exit status 1 when a promise broke."""
    console = Console(stderr=True, highlight=False)
    with tempfile.TemporaryDirectory(prefix="ethicsdesk-faults-") as folder:
        desk = RunningDesk(Path(folder))
        try:
            with console.status("Starting a desk of its own") as status:
                verdict = asyncio.run(run(desk, kills, seed, status.update))
        finally:
            desk.stop()
    typer.echo(_table(verdict))
    if not verdict.kept:
        raise typer.Exit(1)


def _table(verdict: Verdict) -> str:
    rows = [
        ("parts killed", str(verdict.kills)),
        ("conversations held meanwhile", str(verdict.conversations)),
        ("messages acknowledged", str(verdict.messages)),
        ("acknowledged and lost", str(verdict.lost)),
        ("decided twice", str(verdict.twice)),
        ("conversations that ended otherwise than undisturbed", str(verdict.differing)),
        ("replies later than promised", str(verdict.late)),
        ("replies held and given later", str(verdict.held)),
        ("slowest reply", f"{verdict.slowest:.2f} s"),
        ("service answers again after (median)", _seconds(verdict.service_back)),
        ("dialogue whole again after (median)", _seconds(verdict.whole_again)),
    ]
    return "\n".join(
        ["| measure | value |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)]
    )


def _seconds(times: tuple[float, ...]) -> str:
    return f"{statistics.median(times):.1f} s" if times else "not measured"
