"""A message sent again because its acknowledgement was lost: one conversation, one turn, one delivery."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable

import pytest

from service.parts import Parts
from service.settings import Settings
from service.store import Store

GIFT = "a vendor gave me a gift of $75"


@pytest.fixture
def parts(join: Callable[[Settings], Parts], settings: Callable[..., Settings]) -> Parts:
    """A desk without Rasa."""
    return join(settings())


def test_a_first_message_sent_again_finds_the_conversation_that_it_began(store: Store) -> None:
    first = str(uuid.uuid4())
    begun = [store.ledger.begin("session:a", "web", first) for _ in range(2)]
    assert begun[0] == begun[1]
    kept = [store.ledger.accept(conversation, GIFT, first) for conversation in begun]
    assert kept[0].message_id == kept[1].message_id
    assert store.ledger.count().accepted == 1


def test_nobody_elses_message_leads_to_it(store: Store) -> None:
    first = str(uuid.uuid4())
    ids = {store.ledger.begin(owner, "web", first) for owner in ("session:a", "session:b", None)}
    assert len(ids) == 3


def test_an_id_that_could_be_guessed_begins_a_new_conversation(store: Store) -> None:
    assert store.ledger.begin(None, "api", "message-1") != store.ledger.begin(None, "api", "message-1")


async def test_a_reply_that_a_repeat_took_does_not_come_again_with_the_next_message(parts: Parts) -> None:
    conversation = parts.store.ledger.begin(None, "api")
    accepted = parts.store.ledger.accept(conversation, GIFT, "key-1", pack="ct-state")
    await parts.gateway.take_up()  # as after a restart: nobody waits for the reply
    async with asyncio.timeout(10):
        while parts.store.ledger.reply(accepted.message_id) is None:  # noqa: ASYNC110 - a thread writes it
            await asyncio.sleep(0.02)
    again = await parts.gateway.take(conversation, GIFT, client_key="key-1")
    parts.store.ledger.delivered(again.late_ids)
    following = await parts.gateway.take(conversation, "1")
    assert [message["type"] for message in again.messages].count("question") == 1
    assert [message["type"] for message in following.messages].count("question") == 1
    await parts.gateway.drain(5)
