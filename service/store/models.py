"""Tables of the record. Times are UTC; `bytes` columns hold JSON or text, encrypted when a key is set."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import DateTime, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[dt.datetime]):
    """A point in time that comes back aware and in UTC from every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Store UTC, whatever zone the value was in."""
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """SQLite keeps no zone: what it gives back is the UTC that was stored."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or dt.UTC).astimezone(dt.UTC)


class Base(DeclarativeBase):
    """What every table shares."""

    type_annotation_map = {dt.datetime: Moment(), bytes: LargeBinary(), str: String()}  # noqa: RUF012


class ConversationRow(Base):
    """One conversation: who may read it, when its transcript ended, and whether a legal hold stops its
    clocks."""

    __tablename__ = "conversation"
    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str | None] = mapped_column(index=True)
    channel: Mapped[str]
    created_at: Mapped[dt.datetime]
    active_at: Mapped[dt.datetime] = mapped_column(index=True)
    ended_at: Mapped[dt.datetime | None]
    hold: Mapped[bool] = mapped_column(default=False)


class InboxRow(Base):
    """An accepted message. `client_key` is the sender's own id for it, so that a repeat is recognised;
    `attempts` counts how often it was taken up again after it had been left without a reply."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_key"),
        UniqueConstraint("conversation_id", "number"),
    )
    message_id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    number: Mapped[int]
    client_key: Mapped[str | None]
    body: Mapped[bytes]
    accepted_at: Mapped[dt.datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    attempted_at: Mapped[dt.datetime | None]


class TurnRow(Base):
    """What became of a message: `answered` by the desk or `referred` to a person. At most one per message."""

    __tablename__ = "turn"
    message_id: Mapped[str] = mapped_column(ForeignKey("inbox.message_id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(index=True)
    result: Mapped[str]
    reply: Mapped[bytes]
    at: Mapped[dt.datetime]


class OutboxRow(Base):
    """A reply on its way to the person; `delivered_at` is set once it has left."""

    __tablename__ = "outbox"
    message_id: Mapped[str] = mapped_column(ForeignKey("turn.message_id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[dt.datetime]
    delivered_at: Mapped[dt.datetime | None]


class CaseRow(Base):
    """The facts of a conversation with where each came from, as the desk keeps them."""

    __tablename__ = "case"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    version: Mapped[int]
    applied: Mapped[str | None]
    state: Mapped[bytes]
    updated_at: Mapped[dt.datetime]


class DeterminationRow(Base):
    """A determination as given, chained by hash to the one before it. `body` and `salt` go when retention
    ends."""

    __tablename__ = "determination"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conversation_id: Mapped[str] = mapped_column(index=True)
    message_id: Mapped[str]
    pack: Mapped[str]
    topic: Mapped[str]
    outcome: Mapped[str]
    law: Mapped[str]
    at: Mapped[dt.datetime]
    body: Mapped[bytes | None]
    salt: Mapped[bytes | None]
    body_hash: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]


class SessionRow(Base):
    """A browser session: only the hash of its token is kept. `role` holds the roles, separated by spaces."""

    __tablename__ = "session"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    csrf: Mapped[str]
    person: Mapped[str | None]
    role: Mapped[str]
    created_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime]


class SwitchRow(Base):
    """A kill switch: everything of this pack, topic or rule is referred while the row is there; or the
    banner."""

    __tablename__ = "switch"
    kind: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)
    note: Mapped[str]
    set_at: Mapped[dt.datetime]


class AuditRow(Base):
    """Who did what to which record and why, without its content."""

    __tablename__ = "audit"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str | None]


class TombstoneRow(Base):
    """That something was deleted, when and under which schedule; `subject` is a hash, never an id."""

    __tablename__ = "tombstone"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    subject: Mapped[str]
    schedule: Mapped[str]
    at: Mapped[dt.datetime]


class PlatformEventRow(Base):
    """A delivery of a chat platform, known by the platform's own id; `body` goes once it is taken in.
    `attempts` counts how often that was tried again."""

    __tablename__ = "platform_event"
    key: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[bytes | None]
    received_at: Mapped[dt.datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    attempted_at: Mapped[dt.datetime | None]


class PlaceRow(Base):
    """Where a conversation lives on a chat platform: whose it is and how to post there."""

    __tablename__ = "place"
    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    conversation_id: Mapped[str] = mapped_column(index=True)
    address: Mapped[bytes]
    question: Mapped[bytes | None]


class PostRow(Base):
    """A part of a reply that a chat platform has taken."""

    __tablename__ = "post"
    message_id: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)


class PersonRow(Base):
    """Somebody who has signed in. The id is a hash of issuer and subject; `name` holds name and address."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[bytes]
    seen_at: Mapped[dt.datetime]


class SignInRow(Base):
    """A sign-in under way: what the provider's answer must match, for whoever holds the token."""

    __tablename__ = "sign_in"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[bytes]
    begun_at: Mapped[dt.datetime]


class HandoffRow(Base):
    """A case handed on to a person: its facts as they stood then, who took it, and what was noted."""

    __tablename__ = "handoff"
    message_id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(index=True)
    owner: Mapped[str]
    pack: Mapped[str | None]
    topic: Mapped[str | None]
    body: Mapped[bytes]
    at: Mapped[dt.datetime]
    taken_by: Mapped[str | None]
    taken_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    note: Mapped[bytes | None]


class StatisticRow(Base):
    """How often an outcome was given in a month: a count that names nobody, kept without end."""

    __tablename__ = "statistic"
    month: Mapped[str] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
