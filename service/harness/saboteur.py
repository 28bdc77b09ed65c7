"""Stands where a Rasa process should, and does to each turn what it is told to."""

from __future__ import annotations

import asyncio
from typing import Literal

from aiohttp import web

Fault = Literal["slow", "error", "garbage", "cut", "schema", "empty", "hang"]
HANG_SECONDS = 120.0


class Saboteur:
    """Listens on a loopback port as Rasa's REST channel does."""

    def __init__(self) -> None:
        self.fault: Fault = "empty"
        self.seconds = 0.0
        self.calls = 0
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Saboteur:
        """Start listening."""
        app = web.Application()
        app.router.add_post("/webhooks/rest/webhook", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        match self.fault:
            case "slow":
                await asyncio.sleep(self.seconds)
                return web.json_response([])
            case "hang":
                await asyncio.sleep(HANG_SECONDS)
                return web.json_response([])
            case "error":
                return web.Response(status=500, text="Internal Server Error")
            case "garbage":
                return web.Response(text="<html>\x00", content_type="application/json")
            case "cut":
                return await self._cut(request)
            case "schema":
                return web.json_response({"messages": "these are none"})
        return web.json_response([])

    async def _cut(self, request: web.Request) -> web.StreamResponse:
        """The beginning of an answer, and then no more of it."""
        reply = web.StreamResponse(headers={"content-length": "400", "content-type": "application/json"})
        await reply.prepare(request)
        await reply.write(b'[{"recipient_id": "')
        if request.transport is not None:
            request.transport.close()
        return reply
