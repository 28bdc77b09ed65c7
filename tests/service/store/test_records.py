"""The chain of determinations shows every change, and survives the end of its bodies."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, text, update

from service.settings import Settings
from service.store import Store, open_store
from service.store.models import DeterminationRow

DETERMINATION = {
    "type": "determination",
    "pack": "ct-state",
    "topic": "gift",
    "outcome": "prohibited",
    "text": "no",
}


@pytest.fixture
def chain(store: Store) -> Store:
    """A store with three determinations of one conversation."""
    conversation = store.ledger.begin(None, "api")
    for number in range(3):
        message = store.ledger.accept(conversation, str(number)).message_id
        with store.database.write() as db:
            store.records.append(db, conversation, message, DETERMINATION)
    return store


def damage(store: Store, statement: str) -> None:
    with store.database.write() as db:
        db.execute(text(statement))


def test_an_untouched_chain_is_whole(chain: Store) -> None:
    assert chain.records.audit() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE determination SET outcome = 'permitted' WHERE number = 2",
        "UPDATE determination SET law = 'other' WHERE number = 1",
        "UPDATE determination SET at = '2020-01-01 00:00:00' WHERE number = 3",
        "UPDATE determination SET hash = 'ab' WHERE number = 2",
        "UPDATE determination SET previous = hash WHERE number = 3",
        "DELETE FROM determination WHERE number = 2",
        "UPDATE determination SET body_hash = previous WHERE number = 3",
    ],
)
def test_a_change_shows(chain: Store, statement: str) -> None:
    damage(chain, statement)
    assert chain.records.audit()


def test_any_flipped_byte_shows(chain: Store) -> None:
    columns = [column.name for column in DeterminationRow.__table__.columns if column.name != "number"]
    with chain.database.read() as db:
        row = db.scalars(select(DeterminationRow).where(DeterminationRow.number == 2)).one()
    missed = []
    for name in columns:
        value = getattr(row, name)
        for changed in flips(value):
            change(chain, name, changed)
            if [found.number for found in chain.records.audit()][:1] != [2]:
                missed.append((name, changed))
        change(chain, name, value)
    assert missed == []
    assert chain.records.audit() == []


def flips(value: Any) -> Iterator[Any]:
    """The value with each of its bytes changed in turn; a time changed by its smallest step."""
    if isinstance(value, dt.datetime):
        yield value + dt.timedelta(microseconds=1)
        return
    raw = value if isinstance(value, bytes) else value.encode()
    for place in range(len(raw)):
        flipped = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        yield flipped if isinstance(value, bytes) else flipped.decode()


def change(store: Store, column: str, value: Any) -> None:
    with store.database.write() as db:
        db.execute(update(DeterminationRow).where(DeterminationRow.number == 2).values({column: value}))


def test_a_changed_body_shows(chain: Store) -> None:
    with chain.database.write() as db:
        body = bytes(db.execute(text("SELECT body FROM determination WHERE number = 2")).scalar_one())
        changed = body.replace(b"prohibited", b"permitted!")
        assert changed != body
        db.execute(text("UPDATE determination SET body = :body WHERE number = 2"), {"body": changed})
    assert [found.number for found in chain.records.audit()] == [2]


def test_a_changed_sealed_body_shows(settings: Callable[..., Settings]) -> None:
    sealed = open_store(settings(encryption_key=base64.b64encode(bytes(32)).decode()), "law")
    with sealed.database.write() as db:
        sealed.records.append(db, "c", "m", DETERMINATION)
    assert sealed.records.audit() == []
    with sealed.database.write() as db:
        body = bytes(db.execute(text("SELECT body FROM determination")).scalar_one())
        db.execute(text("UPDATE determination SET body = :body"), {"body": body[:-1] + bytes([body[-1] ^ 1])})
    assert [found.problem for found in sealed.records.audit()] == ["its text was changed"]
    sealed.close()


def test_an_end_cut_off_shows_to_whoever_noted_it(chain: Store) -> None:
    number, noted = chain.records.last()
    assert number == 3
    assert chain.records.holds(noted)
    damage(chain, "DELETE FROM determination WHERE number = 3")
    assert chain.records.audit() == [], "the chain alone cannot tell"
    assert not chain.records.holds(noted)


def test_the_chain_holds_when_bodies_are_deleted(chain: Store) -> None:
    damage(chain, "UPDATE determination SET body = NULL, salt = NULL WHERE number = 2")
    assert chain.records.audit() == []
