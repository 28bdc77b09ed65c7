"""A stand-in of Slack's Web API on loopback, what Slack would send, and the desk on either platform."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from aiohttp import web
from fastapi import FastAPI

from service.app import create_app
from service.channels.slack.app import Slack
from service.channels.teams import delivery
from service.channels.teams.app import Teams
from service.channels.teams.tokens import Signer
from service.parts import Parts
from tests.service.answers import chosen
from tests.service.channels import office

SECRET = "signing-secret-of-the-tests"


class FakeSlack:
    """Keeps every call; answers `faults` first, in turn: a status and headers."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: list[tuple[int, dict[str, str]]] = []
        self.refused = 0
        self._stamps = itertools.count(1)

    async def answer(self, request: web.Request) -> web.Response:
        """One Web API call."""
        method = request.match_info["method"]
        raw = await request.text()
        body = json.loads(raw) if request.content_type == "application/json" else dict(await request.post())
        if self.faults and method == "chat.postMessage":
            status, headers = self.faults.pop(0)
            self.refused += 1
            return web.json_response({"ok": False, "error": "ratelimited"}, status=status, headers=headers)
        stamp = f"17.{next(self._stamps)}"
        self.calls.append((method, {"ts": stamp, **body}))
        channel = body.get("channel") or "D1"
        found = {"id": "D1"} if method == "conversations.open" else channel
        return web.json_response({"ok": True, "channel": found, "ts": stamp})

    def of(self, method: str) -> list[dict[str, Any]]:
        """What was sent to a method."""
        return [body for name, body in self.calls if name == method]


def blocks(post: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks of a post or a view."""
    found = post["blocks"]
    made: list[dict[str, Any]] = json.loads(found) if isinstance(found, str) else found
    return made


def controls(post: dict[str, Any]) -> list[dict[str, Any]]:
    """Its buttons and selects."""
    return [one for block in blocks(post) if block["type"] == "actions" for one in block["elements"]]


class Workspace:
    """A person in a Slack workspace with the desk installed."""

    def __init__(self, client: httpx.AsyncClient, slack: FakeSlack, channel: Slack) -> None:
        self.client = client
        self.slack = slack
        self.channel = channel
        self._ids = itertools.count(1)

    async def post(self, body: bytes, kind: str, **headers: str) -> httpx.Response:
        """A signed request."""
        stamp = headers.get("stamp", str(int(time.time())))
        made = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return await self.client.post("/slack/events", content=body, headers={
            "content-type": kind, "x-slack-request-timestamp": stamp,
            "x-slack-signature": headers.get("signature", f"v0={made}"),
        })  # fmt: skip

    async def event(self, event: dict[str, Any], event_id: str | None = None) -> httpx.Response:
        """An event."""
        name = event_id or f"Ev{next(self._ids)}"
        body = {"type": "event_callback", "team_id": "T1", "event_id": name, "event": event}
        return await self.post(json.dumps(body).encode(), "application/json")

    async def say(self, text: str, event_id: str | None = None, **more: Any) -> httpx.Response:
        """A direct message."""
        event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": text}
        reply = await self.event({**event, **more}, event_id)
        await self.quiet()
        return reply

    async def interact(self, payload: dict[str, Any]) -> httpx.Response:
        """A button, a modal, a shortcut."""
        full = {"team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": f"t{next(self._ids)}", **payload}
        body = urlencode({"payload": json.dumps(full)}).encode()
        reply = await self.post(body, "application/x-www-form-urlencoded")
        await self.quiet()
        return reply

    async def press(self, action: dict[str, Any], **more: Any) -> httpx.Response:
        """A control of a posted message."""
        pressed = {"type": "block_actions", "container": {"type": "message", "channel_id": "D1"},
                   "actions": [{"block_id": "b", "action_ts": f"{next(self._ids)}.0", **action}]}  # fmt: skip
        return await self.interact({**pressed, **more})

    async def answer(self) -> None:
        """Answer what is asked as the person of the scenarios would."""
        tokens = [str(one["token"]) for one in chosen(self.pending())]
        post = self.posts()[-1]
        made, at = controls(post), {"type": "message", "channel_id": "D1", "message_ts": post["ts"]}
        if made[0]["type"] == "static_select":
            option = next(one for one in made[0]["options"] if one["value"] == tokens[0])
            await self.press({"type": "static_select", "action_id": "choose", "selected_option": option},
                             container=at)  # fmt: skip
        elif made[0]["type"] == "checkboxes":
            ticked = {"checklist_0": {"check": {"selected_options": [{"value": one} for one in tokens]}}}
            await self.press(
                {"type": "button", "action_id": "checked", "value": "checked"},
                state={"values": ticked},
                container=at,
            )
        elif tokens:
            button = next(one for one in made if one.get("value") == tokens[0])
            await self.press({"type": "button", "action_id": button["action_id"], "value": button["value"]},
                             container=at)  # fmt: skip
        else:
            await self.say("I don't know")

    def pending(self) -> dict[str, Any]:
        """The question that waits in the direct message."""
        parts = self.channel._parts
        place = next(one for one in self.channel._channels.owned("slack:T1:U1") if len(one.address) == 1)
        question = parts.desk.question(parts.store.cases.load(place.conversation_id))
        return question.to_json() if question is not None else {}

    async def command(self, text: str, channel: str = "C9") -> httpx.Response:
        """The slash command, typed in a channel."""
        form = {"command": "/ethics", "text": text, "team_id": "T1", "user_id": "U1", "channel_id": channel,
                "trigger_id": f"t{next(self._ids)}"}  # fmt: skip
        reply = await self.post(urlencode(form).encode(), "application/x-www-form-urlencoded")
        await self.quiet()
        return reply

    async def quiet(self) -> None:
        """Wait until nothing more happens."""
        before, calls = -1, self.slack
        while before != len(calls.calls) + calls.refused or self.channel._channels.unfinished("slack"):
            before = len(calls.calls) + calls.refused
            await asyncio.sleep(0.25)

    def posts(self) -> list[dict[str, Any]]:
        """What the desk posted."""
        return self.slack.of("chat.postMessage")


@pytest.fixture
async def workspace(talking: Callable[..., Parts]) -> AsyncIterator[Workspace]:
    """A workspace with the desk in it."""
    slack = FakeSlack()
    server = web.Application()
    server.router.add_post("/api/{method}", slack.answer)
    runner = web.AppRunner(server)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    parts = talking(slack_signing_secret=SECRET, slack_bot_token="xoxb-test",
                    slack_api_url=f"http://127.0.0.1:{port}/api/")  # fmt: skip
    app = create_app(parts)
    channel = route_of(app, "/slack/events")._handle.__self__
    channel.courier._pace = channel._talk.arrivals._settle = 0.0
    async with client_of(app) as client:
        yield Workspace(client, slack, channel)
    await parts.gateway.drain(5)
    parts.store.close()
    await runner.cleanup()


@pytest.fixture
async def person(
    talking: Callable[..., Parts], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[office.Person]:
    """Somebody in Teams. The whole application answers, its channel mounted as it is in service; only the
    published keys, the bot's own token and the connector's address are the tests' own."""
    parts = talking(teams_app_id=office.BOT, teams_app_secret="s" * 24, teams_tenants=office.TENANT)
    app = create_app(parts)
    channel: Teams = route_of(app, "/teams/messages").__self__

    async def keys(name: str) -> Signer | None:
        return Signer(office.KEY.public_key(), frozenset({"msteams"})) if name == "k1" else None

    async def own() -> str:
        return "own-token"

    connector = office.FakeConnector()
    monkeypatch.setattr(channel, "_keys", keys)
    monkeypatch.setattr(channel, "_connector", delivery.Connector(own))
    monkeypatch.setattr(channel.courier, "_pace", 0.0)
    monkeypatch.setattr(channel._talk.arrivals, "_settle", 0.0)
    real = delivery.TeamsConnectorClient
    monkeypatch.setattr(
        delivery,
        "TeamsConnectorClient",
        lambda endpoint, token: real(endpoint=connector.address, token=token),
    )
    async with connector.serving(), client_of(app) as client:
        yield office.Person(client, connector, parts, channel)
        await parts.gateway.drain(5)
    parts.store.close()


def route_of(app: FastAPI, path: str) -> Any:
    """What answers at an address."""
    [route] = [route for route in app.routes if getattr(route, "path", "") == path]
    return route.app


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """A client of the application, which never sees our exceptions."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
