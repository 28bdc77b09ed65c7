"""A stand-in of Slack: its Web API on loopback, well or not, and the signed events that it would send."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from typing import Any, Literal

import httpx
from aiohttp import web

Trouble = Literal["none", "429", "500", "hang", "reset"]
SECRET = "signing-secret-of-the-drills"
HANG_SECONDS = 30.0


class Workspace:
    """Keeps what was posted, in order. `trouble` is what happens to every call."""

    def __init__(self) -> None:
        self.trouble: Trouble = "none"
        self.posts: list[tuple[str, str]] = []
        self.refused = 0
        self._address = ""
        self._stamps = itertools.count(1)
        self._runner: web.AppRunner | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a desk that is installed here."""
        return {
            "ETHICSDESK_SLACK_SIGNING_SECRET": SECRET, "ETHICSDESK_SLACK_BOT_TOKEN": "xoxb-drill",
            "ETHICSDESK_SLACK_API_URL": f"{self._address}/api/",
        }  # fmt: skip

    async def __aenter__(self) -> Workspace:
        """Start listening."""
        app = web.Application()
        app.router.add_post("/api/{method}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    def seen_by(self, user: str) -> list[str]:
        """What was posted to a person, in order."""
        return [text for channel, text in self.posts if channel == _direct(user)]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        raw = await request.text()
        body = json.loads(raw) if request.content_type == "application/json" else dict(await request.post())
        if self.trouble != "none":
            self.refused += 1
            return await self._fail(request)
        if request.match_info["method"] == "chat.postMessage":
            self.posts.append((str(body["channel"]), str(body["text"])))
        return web.json_response(
            {"ok": True, "channel": body.get("channel"), "ts": f"17.{next(self._stamps)}"}
        )

    async def _fail(self, request: web.Request) -> web.StreamResponse:
        if self.trouble == "429":
            headers = {"retry-after": "1"}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if self.trouble == "reset" and request.transport is not None:
            request.transport.abort()
        if self.trouble == "hang":
            await asyncio.sleep(HANG_SECONDS)
        return web.Response(status=500)


async def deliver(client: httpx.AsyncClient, event: dict[str, Any], repeat: int = 0) -> bool:
    """Send a signed event as Slack does; whether it was acknowledged in time."""
    body = json.dumps(event).encode()
    stamp = str(int(time.time()))
    made = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json", "x-slack-request-timestamp": stamp,
               "x-slack-signature": f"v0={made}"}  # fmt: skip
    if repeat:
        headers |= {"x-slack-retry-num": str(repeat), "x-slack-retry-reason": "http_timeout"}
    try:
        reply = await client.post("/slack/events", content=body, headers=headers)
    except httpx.TransportError:
        return False
    return reply.status_code == httpx.codes.OK


def message(user: str, text: str, number: int, at: float) -> dict[str, Any]:
    """The event of a direct message; `number` names it and `at` is Slack's time of it."""
    said = {"type": "message", "channel_type": "im", "channel": _direct(user), "user": user, "text": text,
            "ts": f"{at:.6f}"}  # fmt: skip
    return {"type": "event_callback", "team_id": "T1", "event_id": f"Ev-{user}-{number}", "event": said}


def _direct(user: str) -> str:
    return f"D{user}"
