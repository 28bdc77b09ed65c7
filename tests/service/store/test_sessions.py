"""Sessions: the token is never stored, an unused session ends."""

from __future__ import annotations

from sqlalchemy import text

from service.store import Store


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
