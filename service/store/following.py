"""How far a conversation has come: which of its messages are answered, without opening any of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from service.store.database import Database
from service.store.models import InboxRow, TurnRow


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a conversation by its place in it."""

    number: int
    message_id: str
    answered: bool


def steps(database: Database, conversation_id: str, after: int) -> list[Step]:
    """The messages that come after number `after`, in order."""
    query = (
        select(InboxRow.number, InboxRow.message_id, TurnRow.message_id.is_not(None))
        .outerjoin(TurnRow, TurnRow.message_id == InboxRow.message_id)
        .where(InboxRow.conversation_id == conversation_id, InboxRow.number > after)
        .order_by(InboxRow.number)
    )
    with database.read() as db:
        return [
            Step(number, message_id, bool(answered)) for number, message_id, answered in db.execute(query)
        ]
