"""Rasa's tracker store: SQL as Rasa has it, written behind the turn, with the latest sessions in memory.

The service's store is the record; a tracker is a copy that the next turn corrects. So a turn need not wait
for the disk, and a session that this process has just served need not be read and replayed again. A
conversation always goes to the same process, so what is kept here is the latest there is.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import OrderedDict, deque
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

KEPT = 256  # sessions; a session is some 20 kB
UNSAVED = 20_000  # events that wait for a database to come back; beyond, the oldest are given up
logger = logging.getLogger(__name__)


class DeskTrackerStore(SQLTrackerStore):  # type: ignore[misc]
    """Trackers by sender id."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._kept: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self._stored: dict[str, int] = {}
        self._unsaved: deque[dict[str, Any]] = deque(maxlen=UNSAVED)
        self._lock = threading.Lock()
        self._writer = ThreadPoolExecutor(1, "trackers")
        if self.engine.url.get_backend_name() == "sqlite":
            sa.event.listen(self.engine, "connect", _prepare_sqlite)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The session as this process left it, or as it is stored."""
        kept = self._kept.get(sender_id)
        if kept is not None:
            return kept.copy()
        tracker = await super().retrieve(sender_id)
        if tracker is not None:
            self._stored[sender_id] = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the session, and have its new events written."""
        await self.stream_events(tracker)
        sender, events = tracker.sender_id, list(tracker.events)
        rows = [_row(sender, event) for event in events[self._stored.get(sender, 0) :]]
        self._stored[sender] = len(events)
        self._kept[sender] = tracker
        self._kept.move_to_end(sender)
        while len(self._kept) > KEPT:
            old, _ = self._kept.popitem(last=False)
            self._stored.pop(old, None)
        if rows:
            with self._lock:
                self._unsaved.extend(rows)
            self._writer.submit(self._write)

    def _write(self) -> None:
        """Write what waits, in its order; what cannot be written now goes with the next turn."""
        with self._lock:
            rows = list(self._unsaved)
        if not rows:
            return
        try:
            with self.engine.begin() as connection:
                connection.execute(self.SQLEvent.__table__.insert(), rows)
        except SQLAlchemyError as error:
            logger.error("the trackers could not be written: %s", type(error).__name__)
            return
        with self._lock:
            for _ in range(min(len(rows), len(self._unsaved))):
                self._unsaved.popleft()


def _row(sender: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    intent = data.get("parse_data", {}).get("intent", {}).get("name")
    return {"sender_id": sender, "type_name": event.type_name, "timestamp": data.get("timestamp"),
            "intent_name": intent, "action_name": data.get("name"), "data": json.dumps(data)}  # fmt: skip


def _prepare_sqlite(connection: Any, _: object) -> None:
    for setting in ("journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {setting}")
