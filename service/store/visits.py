"""What one visitor has asked so far: the conversations bound to their session."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from service.store import Store
from service.store.models import ConversationRow

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Visit:
    """One conversation as its list names it; `outcome` is None while nothing is determined."""

    conversation_id: str
    active_at: dt.datetime
    topic: str
    outcome: str | None


def conversations(store: Store, owner: str) -> list[str]:
    """The ids of everything that this owner may read, the latest first."""
    with store.database.read() as db:
        query = select(ConversationRow.id).where(ConversationRow.owner == owner)
        query = query.where(ConversationRow.ended_at.is_(None)).order_by(ConversationRow.active_at.desc())
        return list(db.scalars(query).all())


def visits(store: Store, owner: str) -> list[Visit]:
    """The latest conversations of this owner in which a topic was found, the newest first."""
    with store.database.read() as db:
        query = select(ConversationRow.id, ConversationRow.active_at).where(ConversationRow.owner == owner)
        query = query.where(ConversationRow.ended_at.is_(None)).order_by(ConversationRow.active_at.desc())
        rows = db.execute(query.limit(SHOWN)).all()
    found = []
    for conversation_id, active_at in rows:
        state = store.cases.load(conversation_id)
        if state.topic is not None:
            found.append(Visit(conversation_id, active_at, state.topic, state.outcome))
    return found
