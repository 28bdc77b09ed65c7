"""What must go goes, byte for byte; what is held stays."""

from __future__ import annotations

import base64
import datetime as dt
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from service.errors import Forbidden, NotFound, StoreUnavailable
from service.settings import Settings
from service.store import Store, open_store

CANARY = "canary-7f3a-basket"
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
KEY = base64.b64encode(bytes(range(32))).decode()


def talk(store: Store, owner: str | None = None) -> str:
    conversation = store.ledger.begin(owner, "api")
    message = store.ledger.accept(conversation, f"a {CANARY}").message_id
    state = store.cases.load(conversation)
    said = ({"type": "determination", "pack": "p", "topic": "t", "outcome": "o", "text": CANARY},)
    store.cases.save(replace(state, version=1, applied=message, said=said, opening=CANARY), 0)
    return conversation


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_a_deleted_conversation_leaves_no_byte(settings: Callable[..., Settings], tmp_path: Path) -> None:
    store = open_store(settings(), "law")
    conversation = talk(store)
    other = talk(store)
    assert CANARY.encode() in bytes_of(tmp_path)
    for one in (conversation, other):
        store.retention.delete(one)
    assert CANARY.encode() not in bytes_of(tmp_path)
    assert store.records.audit() == []
    with pytest.raises(NotFound):
        store.ledger.check(conversation, None)
    store.close()


def test_transcripts_end_before_records(store: Store) -> None:
    conversation = talk(store)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=31)
    assert store.retention.sweep(later).transcripts == 1
    assert store.ledger.transcript(conversation) == []
    assert len(store.records.of(conversation)) == 1
    assert store.retention.sweep(later).transcripts == 0
    assert store.retention.sweep(later + dt.timedelta(days=6 * 366)).records == 1
    assert store.records.of(conversation) == []
    assert store.records.audit() == []


def test_a_legal_hold_stops_every_clock(store: Store) -> None:
    conversation = talk(store)
    store.retention.hold(conversation, "liaison", on=True)
    far = dt.datetime.now(dt.UTC) + dt.timedelta(days=20 * 366)
    assert store.retention.sweep(far).transcripts == 0
    assert len(store.records.of(conversation)) == 1
    with pytest.raises(Forbidden):
        store.retention.delete(conversation)
    store.retention.hold(conversation, "liaison", on=False)
    assert store.retention.sweep(far).transcripts == 1
    assert [row.action for row in store.audit.trail()] == ["release", "hold"]


def test_a_deleted_conversation_leaves_rasas_store_too(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    made = settings()
    rasa = sqlite3.connect(tmp_path / "rasa.db")
    rasa.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp FLOAT, data TEXT)")
    store = open_store(made, "law")
    conversation, other = talk(store), talk(store)
    rows = [
        (f"{conversation}~1", 1.0, CANARY),
        (f"{conversation}~2", 2e10, CANARY),
        (f"{other}~1", 2e10, "kept"),
    ]
    rasa.executemany("INSERT INTO events (sender_id, timestamp, data) VALUES (?, ?, ?)", rows)
    rasa.commit()
    store.retention.delete(conversation)
    assert rasa.execute("SELECT data FROM events").fetchall() == [("kept",)]
    store.retention.delete(other)
    rasa.close()
    store.close()
    assert CANARY.encode() not in bytes_of(tmp_path)


def test_with_a_key_nothing_readable_is_stored(settings: Callable[..., Settings], tmp_path: Path) -> None:
    store = open_store(settings(encryption_key=KEY), "law")
    conversation = talk(store)
    assert CANARY.encode() not in bytes_of(tmp_path)
    assert store.cases.load(conversation).opening == CANARY
    assert store.records.audit() == []
    store.close()
    other = open_store(settings(encryption_key=base64.b64encode(bytes(32)).decode()), "law")
    with pytest.raises(StoreUnavailable):
        other.cases.load(conversation)
    other.close()


def test_a_key_set_later_still_reads_what_was_stored_before(settings: Callable[..., Settings]) -> None:
    store = open_store(settings(), "law")
    conversation = talk(store)
    store.close()
    sealed = open_store(settings(encryption_key=KEY), "law")
    assert sealed.cases.load(conversation).opening == CANARY
    sealed.close()
