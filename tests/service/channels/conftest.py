"""A stand-in of Slack's Web API on loopback, and what Slack would send."""

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
from service.parts import Parts
from service.settings import Settings

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
        self.calls.append((method, {**body}))
        channel = body.get("channel") or "D1"
        found = {"id": "D1"} if method == "conversations.open" else channel
        return web.json_response({"ok": True, "channel": found, "ts": f"17.{next(self._stamps)}"})

    def of(self, method: str) -> list[dict[str, Any]]:
        """What was sent to a method."""
        return [body for name, body in self.calls if name == method]


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
async def workspace(
    join: Callable[[Settings], Parts], settings: Callable[..., Settings]
) -> AsyncIterator[Workspace]:
    """A workspace with the desk in it."""
    slack = FakeSlack()
    server = web.Application()
    server.router.add_post("/api/{method}", slack.answer)
    runner = web.AppRunner(server)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    parts = join(settings(slack_signing_secret=SECRET, slack_bot_token="xoxb-test",
                          slack_api_url=f"http://127.0.0.1:{port}/api/"))  # fmt: skip
    app: FastAPI = create_app(parts)
    [route] = [route for route in app.routes if getattr(route, "path", "") == "/slack/events"]
    channel = route.app._handle.__self__  # type: ignore[attr-defined]
    channel.courier._pace = 0.0
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://desk"
    ) as client:
        yield Workspace(client, slack, channel)
    await parts.gateway.drain(5)
    parts.store.close()
    await runner.cleanup()
