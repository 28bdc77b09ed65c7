"""`ethicsdesk export`: everything kept of one conversation, as JSON, for the person it belongs to."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from service.cli.opened import opened


def export(
    conversation: Annotated[str, typer.Argument(help="The conversation's id.")],
    actor: Annotated[str, typer.Option(help="Who asks; written into the audit trail.")] = "command line",
) -> None:
    """Print a conversation with its determinations."""
    with opened() as store:
        turns = store.ledger.transcript(conversation)
        content = {
            "conversation_id": conversation,
            "turns": [
                {"at": accepted.accepted_at.isoformat(), "said": accepted.text,
                 "reply": list(reply.messages) if reply else None}
                for accepted, reply in turns
            ],
            "determinations": store.records.of(conversation),
        }  # fmt: skip
        store.audit.note(actor, "export", conversation)
    typer.echo(json.dumps(content, indent=2, ensure_ascii=False))
