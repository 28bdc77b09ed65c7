"""Browser sessions: an opaque token in a cookie, everything else here; only the token's hash is stored."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, or_, update

from service.clock import SteadyClock
from service.store.database import Database
from service.store.models import SessionRow

Role = Literal["employee", "liaison", "administrator"]
EMPLOYEE: frozenset[Role] = frozenset({"employee"})
TOKEN_BYTES = 32
TOUCH = dt.timedelta(minutes=5)
VISITOR = "session:"


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """Who holds the session. `person` is None for a visitor who has not signed in; `token_hash` names it."""

    token_hash: str
    csrf: str
    person: str | None
    roles: frozenset[str]

    @property
    def owner(self) -> str:
        """What conversations are bound to: the person, or this one session of a visitor."""
        return self.person or f"{VISITOR}{self.token_hash}"


@dataclass(frozen=True, slots=True)
class Lives:
    """How long sessions last: unused, and at the most, without and with a person."""

    idle: dt.timedelta
    visitor: dt.timedelta
    person: dt.timedelta


class Sessions:
    """Opens, finds and ends sessions."""

    def __init__(self, database: Database, lives: Lives) -> None:
        self._database = database
        self._lives = lives
        self._clock = SteadyClock()

    def open(
        self, person: str | None = None, roles: Collection[Role] = EMPLOYEE
    ) -> tuple[str, BrowserSession]:
        """A new session and its token, which is shown once and kept nowhere."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock.now()
        row = SessionRow(token_hash=_hash(token), csrf=secrets.token_urlsafe(TOKEN_BYTES), person=person,
                         role=" ".join(sorted(roles)), created_at=now, used_at=now)  # fmt: skip
        with self._database.write() as db:
            db.add(row)
        return token, _session(row)

    def find(self, token: str) -> BrowserSession | None:
        """The session of a token, unless it is unknown or over."""
        now = self._clock.now()
        with self._database.read() as db:
            row = db.get(SessionRow, _hash(token))
        if row is None or self._is_over(row, now):
            return None
        if now - row.used_at > TOUCH:
            with self._database.write() as db:
                db.execute(
                    update(SessionRow).where(SessionRow.token_hash == row.token_hash).values(used_at=now)
                )
        return _session(row)

    def end(self, token: str) -> None:
        """Log out."""
        with self._database.write() as db:
            db.execute(delete(SessionRow).where(SessionRow.token_hash == _hash(token)))

    def end_visit(self, visitor: str) -> None:
        """End a visitor's session, by what their conversations were bound to."""
        with self._database.write() as db:
            mine = SessionRow.token_hash == visitor.removeprefix(VISITOR)
            db.execute(delete(SessionRow).where(mine, SessionRow.person.is_(None)))

    def end_all(self, person: str) -> int:
        """End every session of a person, wherever they signed in; gives their number."""
        ended = delete(SessionRow).where(SessionRow.person == person).returning(SessionRow.token_hash)
        with self._database.write() as db:
            return len(db.execute(ended).all())

    def sweep(self) -> None:
        """Forget the sessions that are over."""
        now, lives = self._clock.now(), self._lives
        visitors = and_(SessionRow.person.is_(None), SessionRow.created_at < now - lives.visitor)
        people = and_(SessionRow.person.is_not(None), SessionRow.created_at < now - lives.person)
        over: ColumnElement[bool] = or_(SessionRow.used_at < now - lives.idle, visitors, people)
        with self._database.write() as db:
            db.execute(delete(SessionRow).where(over))

    def _is_over(self, row: SessionRow, now: dt.datetime) -> bool:
        longest = self._lives.visitor if row.person is None else self._lives.person
        return now - row.used_at > self._lives.idle or now - row.created_at > longest


def _session(row: SessionRow) -> BrowserSession:
    return BrowserSession(row.token_hash, row.csrf, row.person, frozenset(row.role.split()))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
