"""`ethicsdesk audit`: is every stored determination as it was given?"""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.opened import opened


def audit(
    trail: Annotated[int, typer.Option(help="Show so many entries of the audit trail too.")] = 0,
) -> None:
    """Check the chain of determinations; exit status 1 when something was changed."""
    with opened() as store:
        damages = store.records.audit()
        entries = store.audit.trail(trail) if trail else []
    for damage in damages:
        typer.echo(f"determination {damage.number}: {damage.problem}")
    for entry in entries:
        noted = f"{entry.at:%Y-%m-%d %H:%M} {entry.actor} {entry.action} {entry.subject} {entry.reason or ''}"
        typer.echo(noted.rstrip())
    if damages:
        raise typer.Exit(1)
    typer.echo("Every stored determination is as it was given.")
