"""What must go goes, byte for byte; what is held stays."""

from __future__ import annotations

import base64
import datetime as dt
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

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


def hand_on(store: Store, conversation: str, message: str = "m-1") -> None:
    state = replace(store.cases.load(conversation), opening=CANARY)
    with store.database.write() as db:
        store.handoffs.hand_on(db, state, "person:1", message)


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_a_deleted_conversation_leaves_no_byte(settings: Callable[..., Settings], tmp_path: Path) -> None:
    store = open_store(settings(), "law")
    conversation = talk(store)
    hand_on(store, conversation)
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
    six_years_after_it_was_given = dt.datetime.now(dt.UTC) + dt.timedelta(days=6 * 366)
    assert store.retention.sweep(six_years_after_it_was_given).records == 0, "its clock begins at the end"
    assert store.retention.sweep(later + dt.timedelta(days=6 * 366)).records == 1
    assert store.records.of(conversation) == []
    assert store.records.audit() == []


def test_correspondence_has_a_clock_of_its_own(settings: Callable[..., Settings]) -> None:
    store = open_store(settings(record_years=1, correspondence_years=3), "law")
    conversation = talk(store)
    hand_on(store, conversation)
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=31)
    store.retention.sweep(end)
    assert (store.retention.sweep(end + dt.timedelta(days=2 * 366)).records, len(store.handoffs.inbox())) == (
        1,
        1,
    )
    assert store.retention.sweep(end + dt.timedelta(days=3 * 366)).handoffs == 1
    assert store.handoffs.inbox() == []
    store.close()


def test_counts_name_nobody_and_stay(store: Store) -> None:
    for _ in range(5):
        store.retention.delete(talk(store))
    far = dt.datetime.now(dt.UTC) + dt.timedelta(days=50 * 366)
    store.retention.sweep(far)
    [row] = store.statistics.table()
    assert (row["pack"], row["topic"], row["outcome"], row["count"]) == ("p", "t", "o", 5)


def test_a_small_count_is_not_told(store: Store) -> None:
    talk(store)
    assert store.statistics.table()[0]["count"] is None


def test_what_a_visitor_said_goes_with_their_session(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    store = open_store(settings(), "law")
    _, session = store.sessions.open()
    talk(store, session.owner)
    kept = talk(store, "person:1")
    soon = dt.datetime.now(dt.UTC)
    assert store.retention.sweep(soon).visits == 0
    with store.database.write() as db:
        db.execute(text("UPDATE session SET used_at = '2020-01-01 00:00:00'"))
    store.sessions.sweep()
    assert store.retention.sweep(soon).visits == 1
    store.ledger.check(kept, "person:1")
    store.retention.delete(kept)
    assert CANARY.encode() not in bytes_of(tmp_path)
    store.close()


def test_a_legal_hold_stops_every_clock(store: Store) -> None:
    _, visitor = store.sessions.open()
    conversation = talk(store, visitor.owner)
    hand_on(store, conversation)
    with store.database.write() as db:
        db.execute(text("DELETE FROM session"))
    store.retention.hold(conversation, "liaison", on=True)
    far = dt.datetime.now(dt.UTC) + dt.timedelta(days=20 * 366)
    assert store.retention.sweep(far).all == 0
    assert len(store.records.of(conversation)) == len(store.handoffs.inbox()) == 1
    assert store.retention.delete_all(visitor.owner) == (0, 1)
    with pytest.raises(Forbidden):
        store.retention.delete(conversation)
    store.retention.hold(conversation, "liaison", on=False)
    assert store.retention.sweep(far).visits == 1
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
    hand_on(store, conversation)
    store.people.came("https://id.example", "ana", CANARY, CANARY)
    store.sign_ins.begin({"state": CANARY})
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
