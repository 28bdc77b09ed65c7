"""How often each outcome was given, by month: counts that name nobody, and small ones that are not told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from service.store.database import Database
from service.store.models import StatisticRow

FEWEST = 5


class Statistics:
    """Counts determinations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, db: Session, determination: Mapping[str, Any]) -> None:
        """Count a determination inside the caller's transaction."""
        values = {name: str(determination.get(name, "")) for name in ("pack", "topic", "outcome")}
        month = dt.datetime.now(dt.UTC).strftime("%Y-%m")
        insert = insert_sqlite if self._database.sqlite else insert_postgresql
        first = insert(StatisticRow).values(month=month, count=1, **values)
        keys = ("month", "pack", "topic", "outcome")
        db.execute(first.on_conflict_do_update(index_elements=keys, set_={"count": StatisticRow.count + 1}))

    def table(self) -> list[dict[str, Any]]:
        """Every count from `FEWEST` on; a smaller one could tell of somebody and is None."""
        query = select(StatisticRow).order_by(
            StatisticRow.month, StatisticRow.pack, StatisticRow.topic, StatisticRow.outcome
        )
        with self._database.read() as db:
            rows = db.scalars(query).all()
        return [
            {"month": row.month, "pack": row.pack, "topic": row.topic, "outcome": row.outcome,
             "count": row.count if row.count >= FEWEST else None}
            for row in rows
        ]  # fmt: skip
