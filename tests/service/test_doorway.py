"""While the desk loads, its door says so and takes messages in; afterwards it is not there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse

from service.app import create_app
from service.doorway import Doorway
from service.parts import Parts
from service.reception import Reception
from service.settings import Settings
from service.store.database import open_database

GIFT = "A vendor sent me a $75 gift basket, can I keep it?"


@pytest.fixture
def doorway(settings: Callable[..., Settings]) -> Doorway:
    return Doorway(settings(), "seam-secret")


@pytest.fixture
async def client(doorway: Doorway) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(doorway), base_url="http://desk") as made:
        yield made


@pytest.fixture
def reception(doorway: Doorway, settings: Callable[..., Settings], tmp_path: Path) -> Reception:
    """What accepts, over the database that the desk opens later too."""
    given = settings()
    found = Reception(given, open_database(given.store_url), doorway.limiter)
    doorway.receive(found)
    return found


async def say(client: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await client.post("/api/v1/chat", json={"message": GIFT, "profile": {"pack": "ct-state"}, **body})


def accepted(reception: Reception) -> list[str]:
    return [one.text for one in reception._ledger.pending()]


async def test_it_asks_for_a_moment_and_then_steps_aside(doorway: Doorway, client: httpx.AsyncClient) -> None:
    assert (await client.get("/health")).status_code == 200
    ready = await client.get("/ready")
    assert (ready.status_code, ready.json()["store"]) == (503, "not opened")
    assert "loading" in ready.json()["reason"]
    assert 'http-equiv="refresh"' in (await client.get("/")).text
    early = await say(client)
    assert (early.status_code, early.headers["retry-after"]) == (503, "2")
    assert early.json()["error"]["code"] == "not_ready"
    doorway.open(PlainTextResponse("the desk"))
    assert (await client.get("/health")).text == "the desk"


async def test_a_message_is_accepted_before_the_desk_is_there(
    client: httpx.AsyncClient, reception: Reception
) -> None:
    assert (await client.get("/ready")).json()["store"] == "ok"
    reply = await say(client, message=f"{GIFT} My number is 078-05-1120.")
    content = reply.json()
    assert (reply.status_code, content["held"]) == (200, True)
    assert [message["about"] for message in content["messages"]] == ["masked", "held"]
    assert content["state"] == {"pack": "ct-state", "topic": None, "facts": {}, "pending": None}
    assert len(accepted(reception)) == 1


async def test_what_was_put_off_becomes_a_turn_before_anything_new_does(
    doorway: Doorway, client: httpx.AsyncClient, reception: Reception, talking: Callable[..., Parts]
) -> None:
    put_off = (await say(client)).json()
    parts = talking()
    app = create_app(parts)
    doorway.about_to_open()
    async with app.router.lifespan_context(app):
        doorway.open(app)
        following = await say(client, conversation_id=put_off["conversation_id"], message="no")
        turns = (await client.get(f"/api/v1/chat/{put_off['conversation_id']}")).json()["turns"]
    assert following.json()["held"] is False
    assert [turn["said"] for turn in turns] == [GIFT, "no"]
    assert [turn["held"] for turn in turns] == [False, False]
    assert parts.store.ledger.count().accepted == 2


async def test_who_waits_as_the_desk_opens_gets_the_reply_itself(
    doorway: Doorway, client: httpx.AsyncClient, reception: Reception, talking: Callable[..., Parts]
) -> None:
    waiting = asyncio.create_task(say(client))
    async with asyncio.timeout(5):
        while not accepted(reception):  # noqa: ASYNC110 - a thread writes it
            await asyncio.sleep(0.01)
    parts = talking()
    app = create_app(parts)
    doorway.about_to_open()
    async with app.router.lifespan_context(app):
        doorway.open(app)
        reply = (await waiting).json()
    assert reply["held"] is False
    assert any(message["type"] == "question" for message in reply["messages"])
    assert parts.store.ledger.count().accepted == 1


@pytest.mark.parametrize(
    "given",
    [
        {"message": " "}, {"message": "x" * 5000}, {"profile": {"pack": "../common"}},
        {"facts": {"item_value": 75}}, {"colour": "blue"},
    ],
)  # fmt: skip
async def test_what_only_the_loaded_desk_can_judge_is_not_accepted(
    client: httpx.AsyncClient, reception: Reception, given: dict[str, Any]
) -> None:
    reply = await say(client, **given)
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "2")
    assert accepted(reception) == []


async def test_a_stranger_and_a_forged_change_are_refused_as_the_desk_would(
    client: httpx.AsyncClient, reception: Reception
) -> None:
    token, session = reception._sessions.open()
    mine = reception._ledger.begin(session.owner, "web")
    assert (await say(client, conversation_id=mine)).status_code == 404
    client.cookies.set("ethicsdesk", token)
    assert (await say(client, conversation_id=mine)).status_code == 403
    client.headers["x-csrf-token"] = session.csrf
    assert (await say(client, conversation_id=mine)).status_code == 200


async def test_the_same_message_sent_again_is_accepted_once(
    client: httpx.AsyncClient, reception: Reception
) -> None:
    key = "5b0e6b1c-6a0e-4c61-9d6e-0d7b8a3c9f10"
    first, again = await asyncio.gather(say(client, message_id=key), say(client, message_id=key))
    assert first.json()["conversation_id"] == again.json()["conversation_id"]
    assert first.json()["message_id"] == again.json()["message_id"]
    assert len(accepted(reception)) == 1


async def test_a_stream_waits_for_the_desk(doorway: Doorway, client: httpx.AsyncClient) -> None:
    stream = asyncio.create_task(client.get("/api/v1/chat/any/events"))
    await asyncio.sleep(0.05)
    assert not stream.done()
    doorway.open(PlainTextResponse("the desk"))
    assert (await stream).text == "the desk"
