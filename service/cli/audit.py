"""`ethicsdesk audit`: is every stored determination as it was given?"""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.opened import opened


def audit(
    trail: Annotated[int, typer.Option(help="Show so many entries of the audit trail too.")] = 0,
    noted: Annotated[str, typer.Option(help='A hash that the log\'s "chain" lines gave earlier.')] = "",
) -> None:
    """Check the chain of determinations; exit status 1 when something was changed."""
    with opened() as store:
        damages = store.records.audit()
        cut = bool(noted) and not store.records.holds(noted)
        entries = store.audit.trail(trail) if trail else []
    for damage in damages:
        typer.echo(f"determination {damage.number}: {damage.problem}")
    for entry in entries:
        noted = f"{entry.at:%Y-%m-%d %H:%M} {entry.actor} {entry.action} {entry.subject} {entry.reason or ''}"
        typer.echo(noted.rstrip())
    if cut:
        typer.echo("The record with that hash is gone: the end of the chain was cut off.")
    if damages or cut:
        raise typer.Exit(1)
    typer.echo("Every stored determination is as it was given.")
