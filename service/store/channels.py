"""What chat platforms need remembered: deliveries seen, where conversations live, what has been posted."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from service.store.attempts import count_attempt
from service.store.cipher import Cipher
from service.store.database import Database
from service.store.models import OutboxRow, PlaceRow, PlatformEventRow, PostRow

KEPT = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Place:
    """One conversation's home on a platform. `address` is what the platform needs to post there; `question`
    is the posted question that still waits, if any."""

    id: str
    owner: str
    conversation_id: str
    address: Mapping[str, Any]
    question: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery that was acknowledged; `attempts` is how often it was taken up again before."""

    key: str
    body: str
    attempts: int


class Channels:
    """Reads and writes the channels' tables. Addresses and event bodies are encrypted like the rest."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    def receive(self, key: str, body: str) -> bool:
        """Note a delivery before it is acknowledged; false when the platform sent it before."""
        with self._database.write() as db:
            if db.get(PlatformEventRow, key) is not None:
                return False
            sealed = self._cipher.seal(body, f"event:{key}")
            db.add(PlatformEventRow(key=key, body=sealed, received_at=dt.datetime.now(dt.UTC), attempts=0))
        return True

    def done(self, key: str) -> None:
        """The delivery has been taken in; its content is forgotten, its key stays to know repeats by."""
        with self._database.write() as db:
            db.execute(update(PlatformEventRow).where(PlatformEventRow.key == key).values(body=None))

    def unfinished(self, channel: str, before: dt.datetime | None = None) -> list[Delivery]:
        """Deliveries that were acknowledged and never taken in, oldest first."""
        query = select(PlatformEventRow).where(
            PlatformEventRow.body.is_not(None), PlatformEventRow.key.startswith(f"{channel}:")
        )
        if before is not None:
            query = query.where(PlatformEventRow.received_at < before)
        with self._database.read() as db:
            rows = db.scalars(query.order_by(PlatformEventRow.received_at)).all()
        return [
            Delivery(row.key, self._cipher.open(row.body, f"event:{row.key}"), row.attempts)
            for row in rows if row.body
        ]  # fmt: skip

    def take_up(self, channel: str, before: dt.datetime) -> list[Delivery]:
        """The deliveries that came before a time and are unfinished, an attempt at each noted before it is
        made."""
        left = self.unfinished(channel, before)
        with self._database.write() as db:
            count_attempt(db, PlatformEventRow, PlatformEventRow.key, [one.key for one in left])
        return left

    def forget_old(self) -> None:
        """Forget the keys of deliveries too old to be repeated."""
        old = PlatformEventRow.received_at < dt.datetime.now(dt.UTC) - KEPT
        with self._database.write() as db:
            db.execute(delete(PlatformEventRow).where(old, PlatformEventRow.body.is_(None)))

    def place(self, place_id: str) -> Place | None:
        """The place with this id."""
        with self._database.read() as db:
            row = db.get(PlaceRow, place_id)
        return None if row is None else self._place(row)

    def settle(self, place: Place) -> None:
        """Remember a place, or its new conversation and address."""
        address = self._cipher.seal(json.dumps(dict(place.address)), f"place:{place.id}")
        question = self._sealed_question(place.id, place.question)
        with self._database.write() as db:
            db.merge(PlaceRow(id=place.id, owner=place.owner, conversation_id=place.conversation_id,
                              address=address, question=question))  # fmt: skip

    def ask(self, place_id: str, question: Mapping[str, Any] | None) -> None:
        """Remember the posted question that waits at a place, or that none does."""
        with self._database.write() as db:
            sealed = self._sealed_question(place_id, question)
            db.execute(update(PlaceRow).where(PlaceRow.id == place_id).values(question=sealed))

    def owned(self, owner: str) -> list[Place]:
        """The places of one person."""
        return self._places(PlaceRow.owner == owner)

    def under(self, prefix: str) -> list[Place]:
        """The places of everybody whose owner begins so: a whole workspace or tenant."""
        return self._places(PlaceRow.owner.startswith(prefix, autoescape=True))

    def waiting(self, channel: str) -> list[Place]:
        """Places of a channel to which a reply has not left yet."""
        late = select(OutboxRow.conversation_id).where(OutboxRow.delivered_at.is_(None))
        return self._places(PlaceRow.owner.startswith(f"{channel}:") & PlaceRow.conversation_id.in_(late))

    def leave(self, places: list[Place]) -> None:
        """Forget places and every delivery not taken in yet."""
        with self._database.write() as db:
            for place in places:
                db.execute(delete(PlaceRow).where(PlaceRow.id == place.id))
        self._database.scrub()

    def posted(self, message_id: str) -> set[int]:
        """Which parts of a reply have been posted."""
        with self._database.read() as db:
            return set(db.scalars(select(PostRow.part).where(PostRow.message_id == message_id)).all())

    def note_posted(self, message_id: str, part: int) -> None:
        """A part of a reply has been posted; it is never posted again."""
        with self._database.write() as db:
            db.merge(PostRow(message_id=message_id, part=part))

    def _places(self, which: Any) -> list[Place]:
        with self._database.read() as db:
            return [self._place(row) for row in db.scalars(select(PlaceRow).where(which)).all()]

    def _place(self, row: PlaceRow) -> Place:
        place = f"place:{row.id}"
        question = json.loads(self._cipher.open(row.question, place)) if row.question else None
        address = json.loads(self._cipher.open(row.address, place))
        return Place(row.id, row.owner, row.conversation_id, address, question)

    def _sealed_question(self, place_id: str, question: Mapping[str, Any] | None) -> bytes | None:
        return (
            None if question is None else self._cipher.seal(json.dumps(dict(question)), f"place:{place_id}")
        )


def place_id(*parts: str) -> str:
    """An opaque id for a place: nothing of the platform's ids can be read from it."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
