"""Cases handed on to a person: what a liaison lists, reads with a reason, takes and closes.

Handing on keeps the facts as they stood, in order, and the sentence that opened the case; never the
conversation. It happens only where somebody asked for a person and their identity is known, so that the
liaison can answer.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.desk.state import CaseState
from service.errors import InvalidInput, NotFound
from service.store.audit import entry
from service.store.cipher import Cipher
from service.store.database import Database
from service.store.models import ConversationRow, HandoffRow

Reason = Literal["to_answer", "records_request", "review"]
IDENTIFIED = ("person:", "slack:", "teams:")
SHOWN = 200
NOTICE = {
    "type": "notice",
    "about": "handed_on",
    "text": "Your ethics liaison can now see the facts of this case with your name. They do not see this "
    "conversation.",
}


@dataclass(frozen=True, slots=True)
class Handoff:
    """One case as the inbox lists it. `taken_by` is the id of a person."""

    id: str
    at: dt.datetime
    owner: str
    pack: str | None
    topic: str | None
    taken_by: str | None
    taken_at: dt.datetime | None
    closed_at: dt.datetime | None

    @property
    def stage(self) -> Literal["waiting", "taken", "closed"]:
        """Where it stands."""
        return "closed" if self.closed_at else "taken" if self.taken_by else "waiting"


@dataclass(frozen=True, slots=True)
class Read:
    """A case as its reader sees it: `case` as `hand_on` kept it, `note` as it was closed with."""

    handoff: Handoff
    case: Mapping[str, Any]
    note: str | None


class Handoffs:
    """The inbox of the liaisons; `on` says whether there are any."""

    def __init__(self, database: Database, cipher: Cipher, *, on: bool) -> None:
        self._database = database
        self._cipher = cipher
        self._on = on

    def wanted(self, state: CaseState, owner: str) -> bool:
        """Whether somebody who can be answered asks for a person with this."""
        asked = any(message.get("about") == "handed_over" for message in state.said)
        return self._on and asked and owner.startswith(IDENTIFIED)

    def hand_on(self, db: Session, state: CaseState, owner: str, message_id: str) -> None:
        """Keep the case for the liaisons, inside the caller's transaction."""
        facts = [
            {"fact": name, **shown.to_json()}
            for name, shown in state.facts.items()
        ]  # fmt: skip
        case = {"opening": state.opening, "facts": facts, "dont_know": list(state.dont_know),
                "outcome": state.outcome}  # fmt: skip
        db.add(
            HandoffRow(
                message_id=message_id, conversation_id=state.conversation_id, owner=owner, pack=state.pack,
                topic=state.topic, body=self._cipher.seal(json.dumps(case), f"handoff:{message_id}"),
                at=dt.datetime.now(dt.UTC),
            )
        )  # fmt: skip

    def inbox(self) -> list[Handoff]:
        """The latest cases handed on: those that wait first, the oldest of them on top."""
        query = select(HandoffRow).order_by(HandoffRow.at.desc()).limit(SHOWN)
        with self._database.read() as db:
            found = [_handoff(row) for row in db.scalars(query).all()]
        order = {"waiting": 0, "taken": 1, "closed": 2}
        return sorted(found, key=lambda one: (order[one.stage], one.at))

    def read(self, handoff_id: str, reader: str, reason: Reason) -> Read:
        """Open a case. Who read it, and why, is in the audit trail before anything is shown."""
        with self._database.write() as db:
            row = _row(db, handoff_id)
            db.add(entry(reader, "read", handoff_id, reason))
        case = json.loads(self._cipher.open(row.body, f"handoff:{row.message_id}"))
        note = self._cipher.open(row.note, f"note:{row.message_id}") if row.note else None
        return Read(_handoff(row), case, note)

    def take(self, handoff_id: str, liaison: str) -> Handoff:
        """Note that a liaison answers this case."""
        with self._database.write() as db:
            row = _row(db, handoff_id)
            if row.taken_by is not None:
                raise InvalidInput("Somebody has this case already.", field="handoff_id",
                                   expected="a case that waits")  # fmt: skip
            row.taken_by, row.taken_at = liaison, dt.datetime.now(dt.UTC)
            db.add(entry(liaison, "take", handoff_id))
        return _handoff(row)

    def close(self, handoff_id: str, liaison: str, note: str) -> Handoff:
        """Note that the case is answered, and what was answered."""
        with self._database.write() as db:
            row = _row(db, handoff_id)
            if row.taken_by != liaison or row.closed_at is not None:
                raise InvalidInput("Only an open case of your own can be closed.", field="handoff_id",
                                   expected="a case that you took")  # fmt: skip
            row.closed_at = dt.datetime.now(dt.UTC)
            row.note = self._cipher.seal(note, f"note:{handoff_id}") if note else None
            db.add(entry(liaison, "close", handoff_id))
        return _handoff(row)

    def of(self, conversation_id: str) -> list[dict[str, Any]]:
        """What was handed on of a conversation, for the person it belongs to."""
        query = select(HandoffRow).where(HandoffRow.conversation_id == conversation_id)
        with self._database.read() as db:
            rows = db.scalars(query.order_by(HandoffRow.at)).all()
        return [
            {"at": row.at.isoformat(), "stage": _handoff(row).stage,
             "case": json.loads(self._cipher.open(row.body, f"handoff:{row.message_id}")),
             "note": self._cipher.open(row.note, f"note:{row.message_id}") if row.note else None}
            for row in rows
        ]  # fmt: skip

    def owner(self, db: Session, conversation_id: str) -> str | None:
        """Whose conversation it is."""
        row = db.get(ConversationRow, conversation_id)
        return None if row is None else row.owner


def _row(db: Session, handoff_id: str) -> HandoffRow:
    row = db.get(HandoffRow, handoff_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such case.", field="handoff_id")
    return row


def _handoff(row: HandoffRow) -> Handoff:
    return Handoff(row.message_id, row.at, row.owner, row.pack, row.topic, row.taken_by, row.taken_at,
                   row.closed_at)  # fmt: skip
