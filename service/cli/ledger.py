"""`ethicsdesk ledger`: accepted = answered + referred + pending, or exit status 1."""

from __future__ import annotations

import typer

from service.cli.opened import opened


def ledger() -> None:
    """Count what was accepted and what became of it."""
    with opened() as store:
        count = store.ledger.count()
    typer.echo(f"accepted    {count.accepted}")
    typer.echo(f"answered    {count.answered}")
    typer.echo(f"referred    {count.referred}")
    typer.echo(f"pending     {count.pending}")
    typer.echo(f"undelivered {count.undelivered}")
    if count.accepted != count.answered + count.referred + count.pending:
        typer.echo("These do not add up: accepted must equal answered + referred + pending.", err=True)
        raise typer.Exit(1)
