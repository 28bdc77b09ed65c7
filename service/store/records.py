"""Determinations as given, chained by hash so that a changed or missing one shows.

The hash of a record covers everything but the body itself, which is covered through a salted hash of its own:
when retention ends, body and salt go and the chain still holds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service.errors import StoreUnavailable
from service.store.cipher import Cipher
from service.store.database import Database
from service.store.models import DeterminationRow

FIRST = "0" * 64
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Damage:
    """A record that is not as it was written."""

    number: int
    problem: str


class Records:
    """The chain of determinations."""

    def __init__(self, database: Database, cipher: Cipher, law: str) -> None:
        self._database = database
        self._cipher = cipher
        self._law = law

    def append(
        self, db: Session, conversation_id: str, message_id: str, determination: Mapping[str, Any]
    ) -> int:
        """Add a determination inside the caller's transaction; gives its number in the chain."""
        if not self._database.sqlite:
            # One writer at a time keeps the chain a chain; SQLite's write lock does so already.
            db.execute(text("SELECT pg_advisory_xact_lock(478202)"))
        last = db.scalars(select(DeterminationRow).order_by(DeterminationRow.number.desc()).limit(1)).first()
        number = 1 if last is None else last.number + 1
        body = json.dumps(determination, sort_keys=True)
        salt = secrets.token_bytes(SALT_BYTES)
        row = DeterminationRow(
            number=number, conversation_id=conversation_id, message_id=message_id,
            pack=str(determination.get("pack", "")), topic=str(determination.get("topic", "")),
            outcome=str(determination.get("outcome", "")), law=self._law, at=dt.datetime.now(dt.UTC),
            body=self._cipher.seal(body, f"determination:{number}"),
            salt=salt, body_hash=_body_hash(salt, body),
            previous=FIRST if last is None else last.hash, hash="",
        )  # fmt: skip
        row.hash = _hash(row)
        db.add(row)
        return number

    def audit(self) -> list[Damage]:
        """Every record that was changed, and every gap; empty when the chain is whole."""
        damages: list[Damage] = []
        previous, expected = FIRST, 1
        with self._database.read() as db:
            for row in db.scalars(select(DeterminationRow).order_by(DeterminationRow.number)).yield_per(500):
                damages.extend(
                    Damage(row.number, problem) for problem in self._problems(row, previous, expected)
                )
                previous, expected = row.hash, row.number + 1
        return damages

    def last(self) -> tuple[int, str]:
        """Number and hash of the newest record: noted elsewhere, they show an end that was cut off."""
        with self._database.read() as db:
            newest = select(DeterminationRow).order_by(DeterminationRow.number.desc()).limit(1)
            row = db.scalars(newest).first()
        return (0, FIRST) if row is None else (row.number, row.hash)

    def holds(self, noted: str) -> bool:
        """Whether a hash that was noted earlier is still in the chain."""
        with self._database.read() as db:
            return (
                db.scalars(select(DeterminationRow).where(DeterminationRow.hash == noted)).first() is not None
            )

    def _problems(self, row: DeterminationRow, previous: str, expected: int) -> list[str]:
        found = []
        if row.number != expected:
            found.append(f"records {expected} to {row.number - 1} are missing")
        elif row.previous != previous:
            found.append("does not follow from the record before it")
        if row.hash != _hash(row):
            found.append("its entry was changed")
        if row.body is not None and not self._body_holds(row):
            found.append("its text was changed")
        return found

    def _body_holds(self, row: DeterminationRow) -> bool:
        try:
            body = self._cipher.open(row.body or b"", f"determination:{row.number}")
        except (ValueError, StoreUnavailable):
            return False
        return row.body_hash == _body_hash(row.salt or b"", body)

    def of(self, conversation_id: str) -> list[dict[str, Any]]:
        """The determinations given in a conversation, oldest first."""
        query = select(DeterminationRow).where(DeterminationRow.conversation_id == conversation_id)
        with self._database.read() as db:
            rows = db.scalars(query.order_by(DeterminationRow.number)).all()
        return [
            {"number": row.number, "at": row.at.isoformat(), "law": row.law, "hash": row.hash,
             "determination": json.loads(self._cipher.open(row.body, f"determination:{row.number}"))}
            for row in rows if row.body is not None
        ]  # fmt: skip


def _body_hash(salt: bytes, body: str) -> str:
    return hashlib.sha256(salt + body.encode("utf-8", "surrogatepass")).hexdigest()


def _hash(row: DeterminationRow) -> str:
    covered = (
        row.number, row.conversation_id, row.message_id, row.pack, row.topic, row.outcome, row.law,
        row.at.astimezone(dt.UTC).isoformat(), row.body_hash, row.previous,
    )  # fmt: skip
    return hashlib.sha256(json.dumps(covered).encode()).hexdigest()
