"""Everything kept of a conversation as plain data: for the person it belongs to, or for a records request."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from service.store import Store
from service.store.masking import mask
from service.store.models import ConversationRow, DeterminationRow

REMOVED = "[removed]"
# What people type and what a liaison notes; the rest are the desk's own words and the values of facts.
TYPED = frozenset({"said", "opening", "note", "owner"})
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\d)\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)")


def conversation(store: Store, conversation_id: str) -> dict[str, Any]:
    """A conversation with its turns, determinations and what was handed on."""
    turns = [
        {"at": accepted.accepted_at.isoformat(), "said": accepted.text,
         "reply": list(reply.messages) if reply else None}
        for accepted, reply in store.ledger.transcript(conversation_id)
    ]  # fmt: skip
    return {
        "conversation_id": conversation_id, "turns": turns,
        "determinations": store.records.of(conversation_id),
        "handed_on": store.handoffs.of(conversation_id),
    }  # fmt: skip


def matching(
    store: Store,
    *,
    owner: str | None = None,
    topic: str | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> list[str]:
    """The conversations that a records request asks for: of a person, with a topic, active between days."""
    query = select(ConversationRow.id).order_by(ConversationRow.created_at)
    if owner is not None:
        query = query.where(ConversationRow.owner == owner)
    if topic is not None:
        decided = select(DeterminationRow.conversation_id).where(DeterminationRow.topic == topic)
        query = query.where(ConversationRow.id.in_(decided))
    if since is not None:
        query = query.where(ConversationRow.active_at >= _midnight(since))
    if until is not None:
        query = query.where(ConversationRow.created_at < _midnight(until) + dt.timedelta(days=1))
    with store.database.read() as db:
        return list(db.scalars(query).all())


def stamped(conversations: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The file around the conversations."""
    return {"exported_at": dt.datetime.now(dt.UTC).isoformat(), "conversations": list(conversations)}


def redacted(content: Any) -> Any:
    """The same without what anybody typed, and without numbers and addresses that name somebody."""
    if isinstance(content, dict):
        return {key: REMOVED if key in TYPED and value else redacted(value) for key, value in content.items()}
    if isinstance(content, list):
        return [redacted(value) for value in content]
    return _ADDRESS.sub(REMOVED, mask(content)[0]) if isinstance(content, str) else content


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
