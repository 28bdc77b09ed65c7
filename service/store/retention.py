"""How long things are kept, and deletion that leaves no byte behind.

Four classes have a clock each. Transcripts (messages, replies, the open case) go after `transcript_days`
without activity; determinations with their facts `record_years` after the conversation has ended; what was
handed on to a liaison `correspondence_years` after that; counts name nobody and stay. What a visitor without
an account said goes with their session. A legal hold stops every clock. What was deleted leaves a tombstone:
the hash of its id and the schedule, nothing else.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from service.errors import Forbidden, NotFound
from service.store.audit import entry
from service.store.database import Database
from service.store.models import (
    CaseRow,
    ConversationRow,
    DeterminationRow,
    HandoffRow,
    InboxRow,
    OutboxRow,
    PostRow,
    SessionRow,
    TombstoneRow,
    TurnRow,
)
from service.store.sessions import VISITOR
from service.store.trackers import Trackers

TRANSCRIPT, REQUEST, VISIT = "transcript", "request", "visit"


@dataclass(frozen=True, slots=True)
class Swept:
    """How many conversations lost their transcript, how many determinations their body, how many cases
    handed on are gone, and how many conversations went with a visitor's session."""

    transcripts: int
    records: int
    handoffs: int
    visits: int

    @property
    def all(self) -> int:
        """Everything that went."""
        return self.transcripts + self.records + self.handoffs + self.visits


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long each class is kept."""

    transcript_days: int
    record_years: int
    correspondence_years: int


class Retention:
    """Ends what the schedule ends, and deletes what its owner asks to delete."""

    def __init__(self, database: Database, trackers: Trackers, schedule: Schedule) -> None:
        self._database = database
        self._trackers = trackers
        self._schedule = schedule
        self._transcript = dt.timedelta(days=schedule.transcript_days)

    def sweep(self, now: dt.datetime) -> Swept:
        """Delete everything whose time has come by `now`."""
        with self._database.write() as db:
            visits = _visits_over(db)
            for conversation_id in visits:
                _erase(db, conversation_id, VISIT, now)
            swept = Swept(
                self._end_transcripts(db, now), self._end_records(db, now),
                self._end_handoffs(db, now), len(visits),
            )  # fmt: skip
        if swept.all:
            self._database.scrub()
        for conversation_id in visits:
            self._trackers.delete(conversation_id)
        self._trackers.sweep(now - self._transcript)
        return swept

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation whole, at its owner's request; refused while a legal hold stands."""
        with self._database.write() as db:
            row = db.get(ConversationRow, conversation_id)
            if row is None:
                raise NotFound("There is no such conversation.", field="conversation_id")
            if row.hold:
                raise Forbidden("This conversation is under a legal hold and cannot be deleted.")
            _erase(db, conversation_id, REQUEST, dt.datetime.now(dt.UTC))
        self._database.scrub()
        self._trackers.delete(conversation_id)

    def delete_all(self, owner: str, schedule: str = REQUEST) -> tuple[int, int]:
        """Delete every conversation of an owner; gives how many went and how many a legal hold keeps."""
        now = dt.datetime.now(dt.UTC)
        with self._database.write() as db:
            rows = db.scalars(select(ConversationRow).where(ConversationRow.owner == owner)).all()
            going = [row.id for row in rows if not row.hold]
            for conversation_id in going:
                _erase(db, conversation_id, schedule, now)
        if going:
            self._database.scrub()
        for conversation_id in going:
            self._trackers.delete(conversation_id)
        return len(going), len(rows) - len(going)

    def adopt(self, visitor: str, person: str) -> None:
        """What a visitor asked before signing in is theirs afterwards."""
        with self._database.write() as db:
            mine = update(ConversationRow).where(ConversationRow.owner == visitor)
            db.execute(mine.values(owner=person))

    def hold(self, conversation_id: str, actor: str, *, on: bool) -> None:
        """Stop every clock of a conversation, or let them run again."""
        with self._database.write() as db:
            row = db.get(ConversationRow, conversation_id)
            if row is None:
                raise NotFound("There is no such conversation.", field="conversation_id")
            row.hold = on
            db.add(entry(actor, "hold" if on else "release", conversation_id))

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
        limit = _years_before(now, self._schedule.record_years)
        due = (DeterminationRow.at < limit) & DeterminationRow.conversation_id.not_in(_kept(limit))
        erased = _erase_bodies(db, due)
        longest = max(self._schedule.record_years, self._schedule.correspondence_years)
        over = ConversationRow.ended_at < _years_before(now, longest)
        db.execute(delete(ConversationRow).where(over, ConversationRow.hold.is_(False)))
        return erased

    def _end_handoffs(self, db: Session, now: dt.datetime) -> int:
        limit = _years_before(now, self._schedule.correspondence_years)
        last = func.coalesce(HandoffRow.closed_at, HandoffRow.at)
        due = (last < limit) & HandoffRow.conversation_id.not_in(_kept(limit))
        return len(db.execute(delete(HandoffRow).where(due).returning(HandoffRow.message_id)).all())


def _kept(limit: dt.datetime) -> Any:
    """The conversations whose records may not go yet: held, still open, or ended after `limit`."""
    ended = ConversationRow.ended_at
    return select(ConversationRow.id).where(
        ConversationRow.hold.is_(True) | ended.is_(None) | (ended >= limit)
    )


def _visits_over(db: Session) -> Collection[str]:
    """The conversations of visitors whose session is over."""
    session_of = func.substr(ConversationRow.owner, len(VISITOR) + 1)
    return db.scalars(
        select(ConversationRow.id).where(
            ConversationRow.owner.startswith(VISITOR), ConversationRow.hold.is_(False),
            session_of.not_in(select(SessionRow.token_hash)),
        )
    ).all()  # fmt: skip


def _erase(db: Session, conversation_id: str, schedule: str, now: dt.datetime) -> None:
    """Delete a conversation with everything that hangs on it, but for the hashes of its determinations."""
    _erase_transcript(db, conversation_id)
    _erase_bodies(db, DeterminationRow.conversation_id == conversation_id)
    db.execute(delete(HandoffRow).where(HandoffRow.conversation_id == conversation_id))
    db.execute(delete(ConversationRow).where(ConversationRow.id == conversation_id))
    _bury(db, conversation_id, schedule, now)


def _erase_transcript(db: Session, conversation_id: str) -> None:
    said = select(InboxRow.message_id).where(InboxRow.conversation_id == conversation_id)
    db.execute(delete(PostRow).where(PostRow.message_id.in_(said)))
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
