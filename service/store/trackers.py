"""Rasa's own database, which holds facts as slots: what is deleted from the record is deleted there too."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import inspect, text

from service.store.database import Database

CASE_SEPARATOR = "~"


class Trackers:
    """Deletes from Rasa's tracker store; creates nothing in it."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)

    def delete(self, conversation: str) -> None:
        """Delete every event of a conversation, whatever case it belongs to."""
        if not self._exists():
            return
        statement = text("DELETE FROM events WHERE sender_id = :id OR sender_id LIKE :cases ESCAPE '!'")
        with self._database.write() as db:
            escaped = conversation.replace("_", "!_")
            db.execute(statement, {"id": conversation, "cases": f"{escaped}{CASE_SEPARATOR}%"})
        self._database.scrub()

    def sweep(self, before: dt.datetime) -> None:
        """Delete every event older than `before`."""
        if not self._exists():
            return
        with self._database.write() as db:
            old = db.execute(text("DELETE FROM events WHERE timestamp < :at"), {"at": before.timestamp()})
        if old.rowcount:  # type: ignore[attr-defined]
            self._database.scrub()

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def _exists(self) -> bool:
        with self._database.read() as db:
            return inspect(db.connection()).has_table("events")
