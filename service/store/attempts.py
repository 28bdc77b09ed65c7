"""Counts how often something that was accepted is taken up again, so that what fails always is not tried
for ever: a message that brings the process down would otherwise do so after every restart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.store.models import InboxRow, PlatformEventRow

MOST_ATTEMPTS = 5
# Several processes may start at once on one database: together they make one attempt.
APART = dt.timedelta(seconds=5)


def count_attempt(
    db: Session,
    table: type[InboxRow] | type[PlatformEventRow],
    key: InstrumentedAttribute[str],
    keys: Sequence[Any],
) -> None:
    """Note an attempt at each of `keys`, inside the caller's transaction."""
    now = dt.datetime.now(dt.UTC)
    due = or_(table.attempted_at.is_(None), table.attempted_at < now - APART)
    db.execute(update(table).where(key.in_(keys), due).values(attempts=table.attempts + 1, attempted_at=now))
