"""The gateway keeps its promise whatever Rasa does: one reply per message, in time, never applied twice."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.model import Knowledge
from service.errors import StoreUnavailable, TooMany
from service.gateway.gateway import Taken
from service.parts import Parts
from service.settings import Settings
from service.store import attempts
from tests.service.rasa import FakeRasa, Mood

GIFT = "a vendor gave me a gift of $75"
Build = Callable[..., Parts]


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    """A Rasa that listens."""
    fake = FakeRasa()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def build(
    rasa: FakeRasa, join: Callable[[Settings], Parts], settings: Callable[..., Settings]
) -> AsyncIterator[Build]:
    """Builds the service's parts beside that Rasa."""
    made: list[Parts] = []

    def make(**given: Any) -> Parts:
        limits = {"turn_budget": 1.0, "relay_budget": 0.4, "seam_secret": "s" * 30, **given}
        parts = join(settings(rasa_urls=rasa.url, **limits))
        rasa.joins(parts)
        made.append(parts)
        return parts

    yield make
    for parts in made:
        await parts.gateway.drain(5)
        await parts.relay.close()
        parts.store.close()


async def say(parts: Parts, conversation: str, text: str, **given: Any) -> Taken:
    """Take a message and, as the API does, note that its reply has left."""
    taken = await parts.gateway.take(conversation, text, **given)
    parts.store.ledger.delivered(taken.late_ids)
    return taken


async def answered(parts: Parts, message_id: str) -> None:
    """Have what is pending taken up, and wait until this message has its reply."""
    await parts.gateway.take_up()
    async with asyncio.timeout(10):
        while parts.store.ledger.reply(message_id) is None:  # noqa: ASYNC110 - another thread writes it
            await asyncio.sleep(0.02)


def never(*_: object) -> None:
    raise AssertionError("the case is not read")


def questions(messages: tuple[dict[str, Any], ...]) -> int:
    return sum(message["type"] == "question" for message in messages)


async def test_rasa_gets_an_id_and_never_the_text(build: Build, rasa: FakeRasa) -> None:
    parts = build()
    conversation = parts.store.ledger.begin(None, "api")
    taken = await say(parts, conversation, GIFT, pack="ct-state")
    assert questions(taken.messages) == 1
    assert rasa.bodies == [
        {
            "sender": f"{conversation}~1",
            "message": taken.message_id,
            "metadata": {"message_id": taken.message_id},
        }
    ]


@pytest.mark.parametrize(
    "mood", ["well", "empty", "error", "hang", "garbage", "dies after acting", "acts late"]
)
async def test_every_mood_of_rasa_gives_the_same_conversation(
    build: Build, rasa: FakeRasa, mood: Mood
) -> None:
    parts = build()
    conversation = parts.store.ledger.begin(None, "api")
    rasa.mood = mood
    first = await say(parts, conversation, GIFT, pack="ct-state")
    assert not first.held
    assert questions(first.messages) == 1
    second = await say(parts, conversation, "1")
    assert questions(second.messages) == 1
    await asyncio.sleep(0.4)
    state = parts.store.cases.load(conversation)
    assert state.applied == second.message_id
    assert set(state.facts) == {"item_value", "person_role"}
    count = parts.store.ledger.count()
    assert (count.accepted, count.answered, count.pending) == (2, 2, 0)


async def test_a_failing_rasa_is_left_alone_for_a_while(build: Build, rasa: FakeRasa) -> None:
    parts = build(breaker_failures=2, breaker_rest=60)
    conversation = parts.store.ledger.begin(None, "api")
    rasa.mood = "error"
    for _ in range(5):
        taken = await say(parts, conversation, "hello", pack="ct-state")
        assert taken.messages
    assert len(rasa.bodies) == 2


async def test_a_repeated_message_gets_the_same_reply_and_changes_nothing(
    build: Build, rasa: FakeRasa
) -> None:
    parts = build()
    conversation = parts.store.ledger.begin(None, "api")
    one = await say(parts, conversation, GIFT, pack="ct-state", client_key="k")
    version = parts.store.cases.load(conversation).version
    two = await say(parts, conversation, GIFT, pack="ct-state", client_key="k")
    assert (two.message_id, two.messages) == (one.message_id, one.messages)
    assert parts.store.cases.load(conversation).version == version
    assert len(rasa.bodies) == 1


async def test_the_same_message_twice_at_once_is_one_turn(build: Build, rasa: FakeRasa) -> None:
    parts = build()
    conversation = parts.store.ledger.begin(None, "api")
    takes = [parts.gateway.take(conversation, GIFT, pack="ct-state", client_key="k") for _ in range(4)]
    replies = await asyncio.gather(*takes)
    assert len({reply.message_id for reply in replies}) == 1
    assert len(rasa.bodies) == 1


async def test_messages_sent_at_once_are_all_answered_in_order(build: Build) -> None:
    parts = build()
    conversation = parts.store.ledger.begin(None, "api")
    await asyncio.gather(*(parts.gateway.take(conversation, f"hello {n}", pack="ct-state") for n in range(6)))
    turns = parts.store.ledger.transcript(conversation)
    assert [accepted.number for accepted, _ in turns] == [1, 2, 3, 4, 5, 6]
    assert all(reply is not None and reply.messages for _, reply in turns)


async def test_what_breaks_the_desk_is_referred_with_a_reference(
    build: Build, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = build()
    conversation = parts.store.ledger.begin(None, "api")
    await say(parts, conversation, GIFT, pack="ct-state")
    taken = await say(parts, conversation, "please crash on canary-51b2")
    assert taken.messages[0]["outcome"] == "refer_to_counsel"
    assert questions(taken.messages) == 1, "the pending question is asked again"
    assert parts.store.ledger.count().referred == 1
    assert "canary-51b2" not in "".join(capsys.readouterr())


async def test_a_slow_turn_is_held_and_its_reply_comes_with_the_next_message(
    build: Build, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = build(turn_budget=0.5, relay_budget=0.1)
    conversation = parts.store.ledger.begin(None, "api")
    rasa.mood = "error"
    turn, slow = parts.desk.turn, True

    def sluggish(*given: Any) -> Any:
        if slow:
            __import__("time").sleep(0.8)
        return turn(*given)

    monkeypatch.setattr(type(parts.desk), "turn", lambda _, *given: sluggish(*given))
    held = await say(parts, conversation, GIFT, pack="ct-state")
    assert held.held
    assert held.messages[0]["about"] == "held"
    slow = False
    taken = await say(parts, conversation, "hello")
    assert not taken.held
    assert taken.late_ids == (held.message_id,), "the late reply comes first"
    assert questions(taken.messages) >= 1


async def test_a_reply_that_somebody_waited_for_does_not_come_again(build: Build) -> None:
    parts = build()
    conversation = parts.store.ledger.begin(None, "api")
    first = await parts.gateway.take(conversation, GIFT, pack="ct-state")
    second = await parts.gateway.take(conversation, "hello")
    assert (first.late_ids, second.late_ids) == ((), ())
    assert second.messages != first.messages


async def test_a_locked_store_refuses_what_it_cannot_keep_and_keeps_what_it_accepted(
    build: Build, tmp_path: Path
) -> None:
    parts = build(turn_budget=4, relay_budget=0.3)
    conversation = parts.store.ledger.begin(None, "api")
    holder = sqlite3.connect(tmp_path / "ethicsdesk.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        await say(parts, conversation, GIFT)
    holder.execute("ROLLBACK")
    accepted = parts.store.ledger.accept(conversation, GIFT, pack="ct-state")
    await answered(parts, accepted.message_id)
    holder.close()
    assert parts.store.ledger.count().pending == 0


async def test_what_was_pending_at_a_restart_is_answered_after_it(
    build: Build, join: Callable[[Settings], Parts]
) -> None:
    before = build()
    conversation = before.store.ledger.begin(None, "api")
    accepted = before.store.ledger.accept(conversation, GIFT, pack="ct-state")
    after = build()
    await answered(after, accepted.message_id)
    assert after.store.cases.load(conversation).pack == "ct-state"


async def test_what_brings_the_desk_down_again_and_again_is_referred_unread(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "APART", dt.timedelta())
    store = build().store
    conversation = store.ledger.begin(None, "api")
    poison = store.ledger.accept(conversation, GIFT, pack="ct-state")
    for _ in range(attempts.MOST_ATTEMPTS):  # as if each restart had ended in the middle of its turn
        store.ledger.attempt([poison.message_id])
    after = build()
    monkeypatch.setattr(type(after.store.cases), "load", never)
    await answered(after, poison.message_id)
    reply = after.store.ledger.reply(poison.message_id)
    assert reply is not None
    assert [message["outcome"] for message in reply.messages] == ["refer_to_counsel"]
    assert after.store.ledger.count().referred == 1
    assert 'ethicsdesk_faults_total{kind="given_up"} 1.0' in after.metrics.text().decode()


async def test_processes_that_start_at_once_make_one_attempt(build: Build) -> None:
    store = build().store
    message = store.ledger.accept(store.ledger.begin(None, "api"), "hello").message_id
    for _ in range(8):
        store.ledger.attempt([message])
    assert [one.attempts for one in store.ledger.pending()] == [1]


async def test_a_full_desk_says_so(build: Build, rasa: FakeRasa) -> None:
    parts = build(max_waiting=1)
    conversations = [parts.store.ledger.begin(None, "api") for _ in range(3)]
    rasa.mood = "hang"
    replies = await asyncio.gather(
        *(parts.gateway.take(conversation, GIFT) for conversation in conversations), return_exceptions=True
    )
    assert any(isinstance(reply, TooMany) for reply in replies)


async def test_facts_set_by_a_control_are_taken_as_they_are(build: Build, knowledge: Knowledge) -> None:
    parts = build()
    conversation = parts.store.ledger.begin(None, "api")
    await say(parts, conversation, GIFT, pack="ct-state")
    await say(parts, conversation, "The value: $120", facts={"item_value": 120})
    state = parts.store.cases.load(conversation)
    assert (str(state.values["item_value"]), state.facts["item_value"].how) == ("120", "said")


async def test_a_kill_switch_stops_the_next_message(build: Build) -> None:
    parts = build()
    conversation = parts.store.ledger.begin(None, "api")
    parts.store.switches.set("topic", "gift", "Gifts are being checked.")
    taken = await say(parts, conversation, GIFT, pack="ct-state")
    assert taken.messages[-1]["text"] == "Gifts are being checked."
    assert questions(taken.messages) == 0
    assert parts.store.ledger.count().referred == 1
