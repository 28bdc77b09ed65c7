"""Replies as server-sent events, over a real connection."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import fastapi.routing
import httpx
import pytest
import uvicorn

from service.api import stream
from service.app import create_app
from service.parts import Parts
from service.ports import free_port
from tests.service.fakes import FakeUnderstander

CT = {"pack": "ct-state"}
Event = dict[str, Any]


@pytest.fixture
async def served(parts: Parts) -> AsyncIterator[tuple[str, stream.Streams]]:
    """The application behind a port: an in-process transport would hold a stream back until its end."""
    port = free_port()
    app = create_app(parts)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    running = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}", app.state.streams
    app.state.streams.close()
    server.should_exit = True
    await running


@pytest.fixture
async def client(served: tuple[str, stream.Streams]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served[0], timeout=20) as made:
        yield made


@pytest.fixture
async def slow(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message takes longer than its caller waits."""
    understand = FakeUnderstander.understand

    def slowly(*given: Any, **named: Any) -> Any:
        time.sleep(1.0)
        return understand(*given, **named)

    monkeypatch.setattr(FakeUnderstander, "understand", slowly)
    monkeypatch.setattr(parts.gateway, "_settings", parts.settings.model_copy(update={"turn_budget": 0.1}))


async def say(client: httpx.AsyncClient, message: str, conversation: str | None = None) -> dict[str, Any]:
    body = {"message": message, **({"conversation_id": conversation} if conversation else {"profile": CT})}
    reply = await client.post("/api/v1/chat", json=body)
    assert reply.status_code == 200, reply.text
    content: dict[str, Any] = reply.json()
    return content


async def listen(
    client: httpx.AsyncClient,
    conversation: str,
    until: str,
    headers: dict[str, str] | None = None,
    **query: str,
) -> list[Event]:
    """The events up to the first of a kind; "" reads until the stream ends."""
    events: list[Event] = []
    path = f"/api/v1/chat/{conversation}/events"
    async with client.stream("GET", path, params=query, headers=headers) as reply:
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/event-stream")
        current: Event = {}
        async for line in reply.aiter_lines():
            name, _, value = line.partition(": ")
            if line:
                current[name or "comment"] = value
                continue
            events.append(current)
            if until and current.get("event") == until:
                return events
            current = {}
    return events


def kinds(events: list[Event]) -> list[str]:
    return [one["event"] for one in events if "event" in one]


async def test_a_late_reply_comes_as_an_event_after_a_sign_of_typing(
    client: httpx.AsyncClient, parts: Parts, slow: None
) -> None:
    begun = await say(client, "a gift of $75")
    assert begun["held"]
    events = await listen(client, begun["conversation_id"], "reply", message_id=begun["message_id"])
    assert kinds(events) == ["typing", "reply"]
    content = json.loads(events[-1]["data"])
    assert content["message_id"] == begun["message_id"]
    assert content["messages"][-1]["type"] == "question"
    assert content["state"]["topic"] == "gift"
    await asyncio.sleep(0.2)
    again = await say(client, "who are you", begun["conversation_id"])
    assert "gift" not in json.dumps(again["messages"]), "what the stream brought is not said a second time"


async def test_a_reader_that_was_cut_off_goes_on_after_its_last_event(client: httpx.AsyncClient) -> None:
    conversation = (await say(client, "a gift of $75"))["conversation_id"]
    for words in ("hello", "who are you"):
        await say(client, words, conversation)
    first = await say(client, "hello", conversation)
    seen = await listen(client, conversation, "reply", {"last-event-id": "2"})
    assert [one["id"] for one in seen if "id" in one] == ["3"], "number 3 follows number 2"
    async with asyncio.timeout(10):
        whole = await listen(client, conversation, "reply", message_id=first["message_id"])
    assert json.loads(whole[-1]["data"])["message_id"] == first["message_id"]


async def test_without_a_place_only_what_is_new_is_told(client: httpx.AsyncClient) -> None:
    conversation = (await say(client, "a gift of $75"))["conversation_id"]
    reading = asyncio.create_task(listen(client, conversation, "reply"))
    await asyncio.sleep(0.5)
    said = await say(client, "hello", conversation)
    async with asyncio.timeout(10):
        events = await reading
    assert [json.loads(one["data"])["message_id"] for one in events if one.get("event") == "reply"] == [
        said["message_id"]
    ]


async def test_a_stranger_finds_nothing_and_a_deletion_ends_the_stream(client: httpx.AsyncClient) -> None:
    client.headers["x-csrf-token"] = (await client.post("/api/v1/session")).json()["csrf"]
    mine = (await say(client, "a gift of $75"))["conversation_id"]
    async with httpx.AsyncClient(base_url=client.base_url) as stranger:
        for path in (mine, "none"):
            assert (await stranger.get(f"/api/v1/chat/{path}/events")).status_code == 404
    reading = asyncio.create_task(listen(client, mine, ""))
    await asyncio.sleep(0.5)
    assert (await client.delete("/api/v1/conversations")).status_code == 200
    async with asyncio.timeout(10):
        assert kinds(await reading) == ["end"]


@pytest.mark.parametrize(
    ("headers", "query"),
    [({"last-event-id": "soon"}, {}), ({"last-event-id": "-1"}, {}), ({}, {"message_id": "another"})],
)
async def test_a_place_that_does_not_exist_is_named(
    client: httpx.AsyncClient, headers: dict[str, str], query: dict[str, str]
) -> None:
    conversation = (await say(client, "a gift of $75"))["conversation_id"]
    path = f"/api/v1/chat/{conversation}/events"
    reply = await client.get(path, headers=headers, params=query)
    assert reply.status_code == 422
    assert reply.json()["error"]["field"]


async def test_a_quiet_stream_is_kept_open_by_comments(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fastapi.routing, "_PING_INTERVAL", 0.2)
    monkeypatch.setattr(stream, "LIFE", 1.5)
    conversation = (await say(client, "a gift of $75"))["conversation_id"]
    events = await listen(client, conversation, "")
    assert "2000" in {one.get("retry") for one in events}
    assert sum(one == {"comment": "ping"} for one in events) >= 2


async def test_streams_end_with_the_service_and_are_bounded(
    client: httpx.AsyncClient, served: tuple[str, stream.Streams], monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = (await say(client, "a gift of $75"))["conversation_id"]
    streams = served[1]
    reading = asyncio.create_task(listen(client, conversation, ""))
    await asyncio.sleep(0.4)
    monkeypatch.setattr(stream, "MOST", 1)
    refused = await client.get(f"/api/v1/chat/{conversation}/events")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
    assert streams.open == 1
    streams.close()
    async with asyncio.timeout(5):
        assert kinds(await reading) == []
    await asyncio.sleep(0.2)
    assert streams.open == 0
