"""Sessions: the token is never stored, an unused session ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import text

from service.settings import Settings
from service.store import Store, open_store


def test_a_session_is_found_by_its_token_alone(store: Store) -> None:
    token, session = store.sessions.open()
    assert store.sessions.find(token) == session
    assert store.sessions.find(token + "x") is None
    assert token not in session.owner


def test_logging_out_ends_it(store: Store) -> None:
    token, _ = store.sessions.open()
    store.sessions.end(token)
    assert store.sessions.find(token) is None


def test_an_unused_session_ends(store: Store) -> None:
    token, _ = store.sessions.open()
    with store.database.write() as db:
        db.execute(text("UPDATE session SET used_at = '2020-01-01 00:00:00+00'"))
    assert store.sessions.find(token) is None
    store.sessions.sweep()
    with store.database.read() as db:
        assert db.execute(text("SELECT count(*) FROM session")).scalar() == 0


@pytest.mark.parametrize(("person", "hours"), [(None, 7 * 24), ("person:1", 12)])
def test_a_session_ends_however_much_it_is_used(
    settings: Callable[..., Settings], person: str | None, hours: int
) -> None:
    store = open_store(settings(), "law")
    now = dt.datetime.now(dt.UTC)
    for age, alive in ((hours - 1, True), (hours + 1, False)):
        token, _ = store.sessions.open(person)
        begun = (now - dt.timedelta(hours=age)).strftime("%Y-%m-%d %H:%M:%S")
        with store.database.write() as db:
            db.execute(text("UPDATE session SET created_at = :begun"), {"begun": begun})
        assert (store.sessions.find(token) is not None) == alive
        store.sessions.sweep()
        with store.database.read() as db:
            assert bool(db.execute(text("SELECT count(*) FROM session")).scalar()) == alive
        store.sessions.end(token)
    store.close()


def test_a_token_cannot_be_guessed(store: Store) -> None:
    tokens = {store.sessions.open()[0] for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) >= 43 for token in tokens), "256 bits"


def test_a_machine_whose_clock_is_set_ends_no_session(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    token, session = store.sessions.open()

    class Ahead(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return dt.datetime(2099, 1, 1, tzinfo=tz)

    monkeypatch.setattr("service.clock.dt.datetime", Ahead)
    assert store.sessions.find(token) == session
