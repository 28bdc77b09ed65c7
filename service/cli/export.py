"""`ethicsdesk export`: what is kept, as JSON, for the person it belongs to or for a records request."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated

import typer

from service.cli.opened import opened
from service.errors import InvalidInput

DAY = ["%Y-%m-%d"]


def export(
    conversation: Annotated[
        str, typer.Argument(help="A conversation's id; nothing for all that match.")
    ] = "",
    person: Annotated[str | None, typer.Option(help="Only of this owner, as person:… or slack:….")] = None,
    topic: Annotated[str | None, typer.Option(help="Only with a determination on this topic.")] = None,
    since: Annotated[dt.datetime | None, typer.Option(formats=DAY, help="Only active since then.")] = None,
    until: Annotated[dt.datetime | None, typer.Option(formats=DAY, help="Only begun until then.")] = None,
    redact: Annotated[bool, typer.Option("--redact", help="Leave out what people typed.")] = False,
    actor: Annotated[str, typer.Option(help="Who asks; written into the audit trail.")] = "command line",
    reason: Annotated[str, typer.Option(help="Why; written into the audit trail.")] = "records_request",
) -> None:
    """Print conversations with their determinations and what was handed on."""
    if not (conversation or person or topic or since or until):
        raise InvalidInput("Name a conversation, or say which with --person, --topic, --since or --until.")
    with opened() as store:
        from service.store import exports  # with the database's libraries, which `opened` has imported

        days = [moment.date() if moment else None for moment in (since, until)]
        ids = [conversation] if conversation else exports.matching(
            store, owner=person, topic=topic, since=days[0], until=days[1]
        )  # fmt: skip
        content = exports.stamped([exports.conversation(store, one) for one in ids])
        for one in ids:
            store.audit.note(actor, "export redacted" if redact else "export", one, reason)
    shown = exports.redacted(content) if redact else content
    typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))
