"""The people who have signed in: an id that tells nothing, and the name that a liaison needs."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import delete, select

from service.store.cipher import Cipher
from service.store.database import Database
from service.store.models import ConversationRow, HandoffRow, PersonRow, SessionRow


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, as the identity provider says it."""

    id: str
    name: str
    email: str


class People:
    """Remembers who has signed in."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    def came(self, issuer: str, subject: str, name: str, email: str) -> Person:
        """Note that somebody signed in; the same issuer and subject are the same person (OIDC Core 5.7)."""
        person = Person(_person_id(issuer, subject), name, email)
        sealed = self._cipher.seal(json.dumps({"name": name, "email": email}), f"person:{person.id}")
        with self._database.write() as db:
            db.merge(PersonRow(id=person.id, name=sealed, seen_at=dt.datetime.now(dt.UTC)))
        return person

    def find(self, person_id: str) -> Person | None:
        """Who has this id, as far as it is known."""
        with self._database.read() as db:
            row = db.get(PersonRow, person_id)
        if row is None:
            return None
        told = json.loads(self._cipher.open(row.name, f"person:{row.id}"))
        return Person(row.id, told["name"], told["email"])

    def sweep(self) -> None:
        """Forget whoever has neither a session nor anything kept."""
        kept = (
            select(SessionRow.person).where(SessionRow.person.is_not(None)),
            select(ConversationRow.owner).where(ConversationRow.owner.is_not(None)),
            select(HandoffRow.owner),
            select(HandoffRow.taken_by).where(HandoffRow.taken_by.is_not(None)),
        )
        with self._database.write() as db:
            db.execute(delete(PersonRow).where(*(PersonRow.id.not_in(ids) for ids in kept)))


def _person_id(issuer: str, subject: str) -> str:
    who = "\0".join((issuer, subject)).encode()
    return f"person:{hashlib.blake2b(who, digest_size=16).hexdigest()}"
