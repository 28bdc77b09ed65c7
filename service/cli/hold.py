"""`ethicsdesk hold`: under a legal hold no clock of a conversation runs, and nobody deletes it."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.opened import opened


def hold(
    conversation: Annotated[str, typer.Argument(help="The conversation's id.")],
    off: Annotated[bool, typer.Option("--off", help="Let the clocks run again.")] = False,
    actor: Annotated[str, typer.Option(help="Who orders it; written into the audit trail.")] = "command line",
) -> None:
    """Set or lift a legal hold."""
    with opened() as store:
        store.retention.hold(conversation, actor, on=not off)
    typer.echo("The clocks run again." if off else "Held: nothing of this conversation is deleted.")
