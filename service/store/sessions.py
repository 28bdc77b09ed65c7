"""Browser sessions: an opaque token in a cookie, everything else here; only the token's hash is stored."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, update

from service.store.database import Database
from service.store.models import SessionRow

TOKEN_BYTES = 32
TOUCH = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """Who holds the session. `owner` is what conversations are bound to."""

    owner: str
    csrf: str
    person: str | None
    role: str


class Sessions:
    """Opens, finds and ends sessions. A session unused for `days` is over."""

    def __init__(self, database: Database, days: int) -> None:
        self._database = database
        self._life = dt.timedelta(days=days)

    def open(self, person: str | None = None, role: str = "employee") -> tuple[str, BrowserSession]:
        """A new session and its token, which is shown once and kept nowhere."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), dt.datetime.now(dt.UTC)
        row = SessionRow(token_hash=_hash(token), csrf=secrets.token_urlsafe(TOKEN_BYTES), person=person,
                         role=role, created_at=now, used_at=now)  # fmt: skip
        with self._database.write() as db:
            db.add(row)
        return token, _session(row)

    def find(self, token: str) -> BrowserSession | None:
        """The session of a token, unless it is unknown or over."""
        now = dt.datetime.now(dt.UTC)
        with self._database.read() as db:
            row = db.get(SessionRow, _hash(token))
        if row is None or now - row.used_at > self._life:
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

    def sweep(self) -> None:
        """Forget the sessions that are over."""
        with self._database.write() as db:
            db.execute(delete(SessionRow).where(SessionRow.used_at < dt.datetime.now(dt.UTC) - self._life))


def _session(row: SessionRow) -> BrowserSession:
    return BrowserSession(f"session:{row.token_hash}", row.csrf, row.person, row.role)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
