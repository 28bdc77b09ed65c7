"""The audit trail: who looked at, exported or changed which record."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from service.store.database import Database
from service.store.models import AuditRow


class Audit:
    """Appends to the trail and reads it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, actor: str, action: str, subject: str, reason: str | None = None) -> None:
        """Write down that `actor` did `action` to `subject`; none of them may hold what anybody typed."""
        with self._database.write() as db:
            db.add(entry(actor, action, subject, reason))

    def trail(self, limit: int = 100) -> list[AuditRow]:
        """The newest entries, newest first."""
        with self._database.read() as db:
            return list(db.scalars(select(AuditRow).order_by(AuditRow.number.desc()).limit(limit)).all())


def entry(actor: str, action: str, subject: str, reason: str | None = None) -> AuditRow:
    """An entry of this moment, for a transaction that does more than note it."""
    return AuditRow(at=dt.datetime.now(dt.UTC), actor=actor, action=action, subject=subject, reason=reason)
