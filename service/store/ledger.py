"""Inbox, turns and outbox: every accepted message, what became of it, and whether the reply has left.

A message is accepted when it is committed here, and acknowledged only then. Accepted messages are answered,
referred to a person, or pending; there is no fourth way out.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.errors import NotFound
from service.store.attempts import count_attempt
from service.store.cipher import Cipher
from service.store.database import Database
from service.store.masking import mask
from service.store.models import ConversationRow, InboxRow, OutboxRow, TurnRow

if TYPE_CHECKING:  # the desk's modules are imported after the door is open
    from actions.desk.state import CaseState

Result = Literal["answered", "referred"]
Tell = Callable[[str, Sequence[Mapping[str, Any]], "CaseState"], None]
ID_BYTES = 24
UUID_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message in the inbox. `new` is false when this delivery repeats an earlier one.

    `facts` are values set by form controls beside the text, as JSON; `pack` is what the caller says binds the
    person; `attempts` is how often the message was taken up again before.
    """

    message_id: str
    conversation_id: str
    number: int
    text: str
    accepted_at: dt.datetime
    new: bool = True
    masked: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    pack: str | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What was said to one message."""

    message_id: str
    number: int
    messages: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Count:
    """The ledger in figures. `accepted` equals `answered + referred + pending`, or something is broken."""

    accepted: int
    answered: int
    referred: int
    pending: int
    undelivered: int


class Ledger:
    """The inbox and what follows from it."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher
        self._waits: Callable[[str], bool] = lambda _: False
        self._tell: Tell = lambda *_: None

    def listen(self, waits: Callable[[str], bool], tell: Tell) -> None:
        """Join the ledger to whoever hands the replies on; both are called in whatever thread a turn runs in.

        `waits` says whether somebody stands waiting for a message's reply: it counts as delivered then, since
        a caller whose connection breaks asks again under the same id. `tell` hears of every reply committed.
        """
        self._waits, self._tell = waits, tell

    def answered(self, message_id: str, said: Sequence[Mapping[str, Any]], state: CaseState) -> None:
        """Tell that a reply is committed, and what it is, with the case as it was stored."""
        self._tell(message_id, said, state)

    def begin(self, owner: str | None, channel: str, first: str | None = None) -> str:
        """A new conversation with an id that nobody can guess (192 bits); `owner` is who alone may use it.

        `first` is the sender's own id of the first message. One as long as a random UUID makes a repeat of
        that message find the conversation that it began; a shorter one could be guessed and is not used.
        """
        conversation_id = _begun_by(owner, first) or _id(secrets.token_bytes(ID_BYTES))
        now = dt.datetime.now(dt.UTC)
        with contextlib.suppress(IntegrityError), self._database.write() as db:  # it was begun meanwhile
            if db.get(ConversationRow, conversation_id) is None:
                db.add(ConversationRow(id=conversation_id, owner=owner, channel=channel, created_at=now,
                                       active_at=now, ended_at=None, hold=False))  # fmt: skip
        return conversation_id

    def check(self, conversation_id: str, owner: str | None) -> None:
        """Raise `NotFound` unless the conversation exists and is this owner's."""
        with self._database.read() as db:
            row = db.get(ConversationRow, conversation_id)
        if row is None or row.ended_at is not None or (row.owner is not None and row.owner != owner):
            raise NotFound("There is no such conversation.", field="conversation_id",
                           expected="an id that an earlier reply gave, or none to begin anew")  # fmt: skip

    def accept(
        self,
        conversation_id: str,
        text: str,
        client_key: str | None = None,
        *,
        facts: Mapping[str, Any] | None = None,
        pack: str | None = None,
    ) -> Accepted:
        """Commit a message to the inbox, numbers that are nobody's business masked; a repeat gives the first
        back."""
        safe, masked = mask(text)
        body = json.dumps({"text": safe, "facts": dict(facts or {}), "pack": pack})
        now = dt.datetime.now(dt.UTC)
        message_id = secrets.token_urlsafe(ID_BYTES)
        with self._database.write() as db:
            # Locks the conversation's row, so that its messages are numbered one after another.
            db.execute(
                update(ConversationRow).where(ConversationRow.id == conversation_id).values(active_at=now)
            )
            if client_key is not None and (earlier := _by_key(db, conversation_id, client_key)) is not None:
                return self._accepted(earlier, new=False)
            top = select(func.max(InboxRow.number)).where(InboxRow.conversation_id == conversation_id)
            number = (db.scalar(top) or 0) + 1
            db.add(InboxRow(message_id=message_id, conversation_id=conversation_id, number=number,
                            client_key=client_key, body=self._cipher.seal(body, f"inbox:{message_id}"),
                            accepted_at=now, attempts=0))  # fmt: skip
        return Accepted(
            message_id, conversation_id, number, safe, now, masked=masked, facts=facts or {}, pack=pack
        )

    def message(self, message_id: str) -> Accepted | None:
        """An accepted message by its id."""
        with self._database.read() as db:
            row = db.get(InboxRow, message_id)
        return None if row is None else self._accepted(row, new=False)

    def pending(self, before: dt.datetime | None = None) -> list[Accepted]:
        """Accepted messages that nothing was said to yet, each conversation's in order; with `before` those
        that were accepted before that moment, or after now by a clock that has been set back since."""
        query = _unanswered()
        if before is not None:
            ahead = InboxRow.accepted_at > dt.datetime.now(dt.UTC)
            query = query.where(or_(InboxRow.accepted_at < before, ahead))
        with self._database.read() as db:
            rows = db.scalars(query.order_by(InboxRow.number, InboxRow.accepted_at)).all()
        return [self._accepted(row, new=False) for row in rows]

    def attempt(self, message_ids: Sequence[str]) -> None:
        """Note, before it is done, that these messages are taken up once more."""
        with self._database.write() as db:
            count_attempt(db, InboxRow, InboxRow.message_id, message_ids)

    def answer(self, db: Session, message_id: str, messages: Sequence[Any], result: Result) -> bool:
        """Record what was said to a message and put it into the outbox, inside the caller's transaction.

        False when the message was answered before or was never accepted here; nothing is changed then.
        """
        inbox = db.get(InboxRow, message_id)
        if inbox is None or db.get(TurnRow, message_id) is not None:
            return False
        now = dt.datetime.now(dt.UTC)
        reply = self._cipher.seal(json.dumps(list(messages)), f"turn:{message_id}")
        db.add(
            TurnRow(
                message_id=message_id,
                conversation_id=inbox.conversation_id,
                result=result,
                reply=reply,
                at=now,
            )
        )
        db.flush()
        db.add(OutboxRow(message_id=message_id, conversation_id=inbox.conversation_id, created_at=now,
                         delivered_at=now if self._waits(message_id) else None))  # fmt: skip
        return True

    def close(self, message_id: str, messages: Sequence[Any], result: Result) -> bool:
        """`answer` in a transaction of its own, for what the desk itself could not say."""
        with self._database.write() as db:
            return self.answer(db, message_id, messages, result)

    def undelivered(self, conversation_id: str) -> list[Reply]:
        """Replies that have not left yet, in the order of the messages."""
        return self._replies(conversation_id, waiting=True)

    def transcript(self, conversation_id: str) -> list[tuple[Accepted, Reply | None]]:
        """Every message of a conversation with its reply, in order."""
        replies = {reply.message_id: reply for reply in self._replies(conversation_id, waiting=False)}
        query = select(InboxRow).where(InboxRow.conversation_id == conversation_id).order_by(InboxRow.number)
        with self._database.read() as db:
            rows = db.scalars(query).all()
        return [(self._accepted(row, new=False), replies.get(row.message_id)) for row in rows]

    def reply(self, message_id: str) -> Reply | None:
        """What was said to a message, or None while it is pending."""
        with self._database.read() as db:
            turn, inbox = db.get(TurnRow, message_id), db.get(InboxRow, message_id)
        return None if turn is None or inbox is None else self._reply(turn, inbox.number)

    def delivered(self, message_ids: Sequence[str]) -> None:
        """Note that these replies have left."""
        now = dt.datetime.now(dt.UTC)
        with self._database.write() as db:
            waiting = OutboxRow.message_id.in_(message_ids) & OutboxRow.delivered_at.is_(None)
            db.execute(update(OutboxRow).where(waiting).values(delivered_at=now))

    def later(self, message_id: str) -> None:
        """Note that a reply has not left after all: whoever waited for it had to be put off."""
        with self._database.write() as db:
            db.execute(update(OutboxRow).where(OutboxRow.message_id == message_id).values(delivered_at=None))

    def count(self) -> Count:
        """The ledger in figures, from one consistent reading."""
        with self._database.read() as db:
            accepted = db.scalar(select(func.count()).select_from(InboxRow)) or 0
            results = dict(db.execute(select(TurnRow.result, func.count()).group_by(TurnRow.result)).all())
            waiting = db.scalar(select(func.count()).select_from(_unanswered().subquery()))
            late = db.scalar(
                select(func.count()).select_from(OutboxRow).where(OutboxRow.delivered_at.is_(None))
            )
        return Count(
            accepted, results.get("answered", 0), results.get("referred", 0), waiting or 0, late or 0
        )

    def _replies(self, conversation_id: str, *, waiting: bool) -> list[Reply]:
        query = (
            select(TurnRow, InboxRow.number)
            .join(InboxRow, InboxRow.message_id == TurnRow.message_id)
            .where(TurnRow.conversation_id == conversation_id)
            .order_by(InboxRow.number)
        )
        if waiting:
            query = query.join(OutboxRow, OutboxRow.message_id == TurnRow.message_id)
            query = query.where(OutboxRow.delivered_at.is_(None))
        with self._database.read() as db:
            rows = db.execute(query).all()
        return [self._reply(turn, number) for turn, number in rows]

    def _reply(self, turn: TurnRow, number: int) -> Reply:
        said = self._cipher.open(turn.reply, f"turn:{turn.message_id}")
        return Reply(turn.message_id, number, tuple(json.loads(said)))

    def _accepted(self, row: InboxRow, *, new: bool) -> Accepted:
        body = json.loads(self._cipher.open(row.body, f"inbox:{row.message_id}"))
        return Accepted(
            row.message_id, row.conversation_id, row.number, body["text"], row.accepted_at, new=new,
            facts=body["facts"], pack=body["pack"], attempts=row.attempts,
        )  # fmt: skip


def _begun_by(owner: str | None, first: str | None) -> str | None:
    """The id of the conversation that a message began, for as long as nobody else can name that message."""
    if first is None or len(first) < UUID_CHARACTERS:
        return None
    digest = hashlib.sha256(f"{owner or ''}\0{first}".encode()).digest()
    return _id(digest[:ID_BYTES])


def _id(unguessable: bytes) -> str:
    """Bytes as an id without a dash, which a command line would take for an option."""
    return base64.urlsafe_b64encode(unguessable).decode().rstrip("=").replace("-", "_")


def _unanswered() -> Select[InboxRow]:
    joined = select(InboxRow).outerjoin(TurnRow, TurnRow.message_id == InboxRow.message_id)
    return joined.where(TurnRow.message_id.is_(None))


def _by_key(db: Session, conversation_id: str, client_key: str) -> InboxRow | None:
    query = select(InboxRow).where(
        InboxRow.conversation_id == conversation_id, InboxRow.client_key == client_key
    )
    return db.scalars(query).first()
