"""Accepted messages: numbered, masked, never twice, never lost."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace

import pytest
from sqlalchemy import update

from actions.desk.state import CaseState, StaleState
from service.errors import NotFound
from service.store import Store
from service.store.models import InboxRow


def say(store: Store, conversation: str, text: str, key: str | None = None) -> str:
    return store.ledger.accept(conversation, text, key).message_id


def conclude(store: Store, conversation: str, message_id: str, *said: dict[str, object]) -> None:
    state = store.cases.load(conversation)
    after = replace(
        state, version=state.version + 1, applied=message_id, said=said or ({"type": "text", "text": "ok"},)
    )
    store.cases.save(after, state.version)


def test_a_conversation_id_cannot_be_guessed(store: Store) -> None:
    ids = {store.ledger.begin(None, "api") for _ in range(50)}
    assert len(ids) == 50
    assert all(len(one) >= 32 for one in ids)


def test_a_conversation_of_a_session_answers_only_that_session(store: Store) -> None:
    mine = store.ledger.begin("session:a", "web")
    store.ledger.check(mine, "session:a")
    for stranger in (None, "session:b"):
        with pytest.raises(NotFound):
            store.ledger.check(mine, stranger)
    with pytest.raises(NotFound):
        store.ledger.check("no-such", None)


def test_a_repeated_delivery_is_one_message(store: Store) -> None:
    conversation = store.ledger.begin(None, "api")
    first = store.ledger.accept(conversation, "hello", "key-1")
    again = store.ledger.accept(conversation, "hello", "key-1")
    assert (first.new, again.new) == (True, False)
    assert first.message_id == again.message_id
    assert store.ledger.count().accepted == 1


def test_messages_are_numbered_in_order_even_when_they_come_at_once(store: Store) -> None:
    conversation = store.ledger.begin(None, "api")
    threads = [threading.Thread(target=say, args=(store, conversation, str(n))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [accepted.number for accepted, _ in store.ledger.transcript(conversation)] == list(range(1, 9))


def test_every_accepted_message_is_answered_referred_or_pending(store: Store) -> None:
    conversation = store.ledger.begin(None, "api")
    answered, referred, _ = (say(store, conversation, text) for text in "abc")
    conclude(store, conversation, answered)
    conclude(
        store, conversation, referred, {"type": "determination", "outcome": "refer_to_counsel", "text": ""}
    )
    count = store.ledger.count()
    assert (count.accepted, count.answered, count.referred, count.pending) == (3, 1, 1, 1)
    assert [one.text for one in store.ledger.pending()] == ["c"]


def test_a_message_is_applied_once(store: Store) -> None:
    conversation = store.ledger.begin(None, "api")
    message = say(store, conversation, "a")
    before = store.cases.load(conversation)
    conclude(store, conversation, message, {"type": "text", "text": "first"})
    late = replace(before, version=1, applied=message, said=({"type": "text", "text": "second"},))
    with pytest.raises(StaleState):
        store.cases.save(late, 0)
    other = store.ledger.accept(conversation, "b").message_id
    conclude(store, conversation, other)
    state = store.cases.load(conversation)
    with pytest.raises(StaleState):
        store.cases.save(replace(state, version=3, applied=message), 2)
    reply = store.ledger.reply(message)
    assert reply is not None
    assert reply.messages == ({"type": "text", "text": "first"},)


def test_a_failed_save_leaves_nothing_behind(store: Store) -> None:
    conversation = store.ledger.begin(None, "api")
    message = say(store, conversation, "a")
    broken = CaseState(
        conversation, version=1, applied=message, said=({"type": "determination", "outcome": object()},)
    )
    with pytest.raises(TypeError):
        store.cases.save(broken, 0)
    assert store.ledger.reply(message) is None
    assert store.cases.load(conversation).version == 0


def test_a_reply_leaves_the_outbox_once_it_is_delivered(store: Store) -> None:
    conversation = store.ledger.begin(None, "api")
    message = say(store, conversation, "a")
    conclude(store, conversation, message)
    assert [reply.message_id for reply in store.ledger.undelivered(conversation)] == [message]
    store.ledger.delivered([message])
    assert store.ledger.undelivered(conversation) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("my ssn is 219-09-9999", "my ssn is [number removed]"),
        ("SSN: 219099999", "SSN: [number removed]"),
        ("card 4111 1111 1111 1111 ok", "card [number removed] ok"),
        ("it is 4111.1111.1111.1111.", "it is [number removed]."),
        ("amex 3782 822463 10005", "amex [number removed]"),
        ("4111111111111111", "[number removed]"),
        ("219–09–9999", "[number removed]"),
        ("from 2026-11-18 2026-12-14", "from 2026-11-18 2026-12-14"),
        ("it cost 1234567890123 dollars", "it cost 1234567890123 dollars"),
        ("call 860-555-0100", "call 860-555-0100"),
        ("on 2026-11-02 it was $219,099.99", "on 2026-11-02 it was $219,099.99"),
        ("000-12-3456", "000-12-3456"),
    ],
)
def test_numbers_that_are_nobodys_business_are_masked_before_storing(
    store: Store, text: str, kept: str
) -> None:
    conversation = store.ledger.begin(None, "api")
    accepted = store.ledger.accept(conversation, text)
    assert (accepted.text, accepted.masked) == (kept, text != kept)
    stored = store.ledger.message(accepted.message_id)
    assert stored is not None
    assert stored.text == kept


def test_what_was_accepted_by_a_clock_that_went_before_is_pending_too(store: Store) -> None:
    conversation = store.ledger.begin(None, "api")
    say(store, conversation, "a")
    now = dt.datetime.now(dt.UTC)
    with store.database.write() as db:
        db.execute(update(InboxRow).values(accepted_at=now + dt.timedelta(days=1)))
    assert [one.text for one in store.ledger.pending(now - dt.timedelta(seconds=10))] == ["a"]
    with store.database.write() as db:
        db.execute(update(InboxRow).values(accepted_at=now - dt.timedelta(seconds=5)))
    assert store.ledger.pending(now - dt.timedelta(seconds=10)) == []
