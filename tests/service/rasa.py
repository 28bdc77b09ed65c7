"""A Rasa that can be told to misbehave: the REST channel on a loopback port, calling the seams or not."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from aiohttp import web

from service.parts import Parts

Mood = Literal["well", "empty", "error", "hang", "garbage", "dies after acting", "acts late"]


class FakeRasa:
    """Runs the turn through the same seam that the real one uses, according to its `mood`."""

    def __init__(self) -> None:
        self.mood: Mood = "well"
        self.bodies: list[dict[str, Any]] = []
        self.url = ""
        self._parts: Parts | None = None
        self._runner: web.AppRunner | None = None
        self._late: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_post("/webhooks/rest/webhook", self._webhook)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def joins(self, parts: Parts) -> None:
        """Act for this service."""
        self._parts = parts

    async def stop(self) -> None:
        """Stop listening, and let what comes late come."""
        await asyncio.gather(*self._late)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _webhook(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        match self.mood:
            case "empty":
                return web.json_response([])
            case "error":
                return web.Response(status=500, text="Internal Server Error")
            case "garbage":
                return web.Response(text="<html>", content_type="application/json")
            case "hang":
                await asyncio.sleep(30)
            case "acts late":
                late = asyncio.create_task(self._act_later(body["sender"]))
                self._late.add(late)
                return web.json_response([])
            case "dies after acting":
                await asyncio.to_thread(self._act, body["sender"])
                if request.transport is not None:
                    request.transport.close()
                return web.json_response([])
        await asyncio.to_thread(self._act, body["sender"])
        return web.json_response([{"recipient_id": body["sender"], "custom": {}}])

    async def _act_later(self, sender: str) -> None:
        await asyncio.sleep(0.3)
        await asyncio.to_thread(self._act, sender)

    def _act(self, sender: str) -> None:
        assert self._parts is not None
        conversation = sender.rpartition("~")[0]
        turn = self._parts.turns.get(conversation)
        if turn is None:
            return
        state = self._parts.store.cases.load(conversation)
        self._parts.store.cases.save(self._parts.desk.turn(state, turn), state.version)
