"""How long things are kept, and deletion that leaves no byte behind.

Transcripts (messages, replies, the open case) go after `transcript_days` without activity; determinations
with their facts after `record_years`; a legal hold stops both clocks. What was deleted leaves a tombstone:
the hash of its id and the schedule, nothing else.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from service.errors import Forbidden, NotFound
from service.store.database import Database
from service.store.models import (
    AuditRow,
    CaseRow,
    ConversationRow,
    DeterminationRow,
    InboxRow,
    OutboxRow,
    TombstoneRow,
    TurnRow,
)
from service.store.trackers import Trackers

TRANSCRIPT, REQUEST = "transcript", "request"


@dataclass(frozen=True, slots=True)
class Swept:
    """How many conversations lost their transcript and how many determinations their body."""

    transcripts: int
    records: int


class Retention:
    """Ends what the schedule ends, and deletes what its owner asks to delete."""

    def __init__(
        self, database: Database, trackers: Trackers, transcript_days: int, record_years: int
    ) -> None:
        self._database = database
        self._trackers = trackers
        self._transcript = dt.timedelta(days=transcript_days)
        self._years = record_years

    def sweep(self, now: dt.datetime) -> Swept:
        """Delete everything whose time has come by `now`."""
        with self._database.write() as db:
            transcripts = self._end_transcripts(db, now)
            records = self._end_records(db, now)
        if transcripts or records:
            self._database.scrub()
        self._trackers.sweep(now - self._transcript)
        return Swept(transcripts, records)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation whole, at its owner's request; refused while a legal hold stands."""
        now = dt.datetime.now(dt.UTC)
        with self._database.write() as db:
            row = db.get(ConversationRow, conversation_id)
            if row is None:
                raise NotFound("There is no such conversation.", field="conversation_id")
            if row.hold:
                raise Forbidden("This conversation is under a legal hold and cannot be deleted.")
            _erase_transcript(db, conversation_id)
            _erase_bodies(db, DeterminationRow.conversation_id == conversation_id)
            db.delete(row)
            _bury(db, conversation_id, REQUEST, now)
        self._database.scrub()
        self._trackers.delete(conversation_id)

    def hold(self, conversation_id: str, actor: str, *, on: bool) -> None:
        """Stop every clock of a conversation, or let them run again."""
        with self._database.write() as db:
            row = db.get(ConversationRow, conversation_id)
            if row is None:
                raise NotFound("There is no such conversation.", field="conversation_id")
            row.hold = on
            action = "hold" if on else "release"
            db.add(AuditRow(at=dt.datetime.now(dt.UTC), actor=actor, action=action, subject=conversation_id))

    def _end_transcripts(self, db: Session, now: dt.datetime) -> int:
        due = select(ConversationRow).where(
            ConversationRow.active_at < now - self._transcript,
            ConversationRow.ended_at.is_(None),
            ConversationRow.hold.is_(False),
        )
        rows = db.scalars(due).all()
        for row in rows:
            _erase_transcript(db, row.id)
            row.ended_at = now  # the row stays while determinations do, so that a hold can still reach them
            _bury(db, row.id, TRANSCRIPT, now)
        return len(rows)

    def _end_records(self, db: Session, now: dt.datetime) -> int:
        held = select(ConversationRow.id).where(ConversationRow.hold.is_(True))
        limit = _years_before(now, self._years)
        due = (DeterminationRow.at < limit) & DeterminationRow.conversation_id.not_in(held)
        erased = _erase_bodies(db, due)
        over = (ConversationRow.ended_at < limit) & ConversationRow.hold.is_(False)
        db.execute(delete(ConversationRow).where(over))
        return erased


def _erase_transcript(db: Session, conversation_id: str) -> None:
    for table in (OutboxRow, TurnRow, InboxRow, CaseRow):
        db.execute(delete(table).where(table.conversation_id == conversation_id))


def _erase_bodies(db: Session, which: Any) -> int:
    erased = (
        update(DeterminationRow).where(which, DeterminationRow.body.is_not(None)).values(body=None, salt=None)
    )
    return len(db.execute(erased.returning(DeterminationRow.number)).all())


def _bury(db: Session, conversation_id: str, schedule: str, now: dt.datetime) -> None:
    subject = hashlib.sha256(conversation_id.encode()).hexdigest()
    db.add(TombstoneRow(subject=subject, schedule=schedule, at=now))


def _years_before(now: dt.datetime, years: int) -> dt.datetime:
    """The same day `years` ago; 29 February falls back on the 28th."""
    try:
        return now.replace(year=now.year - years)
    except ValueError:
        return now.replace(year=now.year - years, day=28)
