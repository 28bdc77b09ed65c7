"""A stand-in of Teams: the connector on loopback, keys of the tests' own, and what people there send."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from service.channels.teams.app import Teams
from service.parts import Parts
from tests.service.answers import chosen

BOT, TENANT, SERVICE = "bot-id", "tenant-1", "https://smba.trafficmanager.net/amer/"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NUMBERS = itertools.count(1)
HANGS_UP = 0
PERSONAL = {"id": "c1", "conversationType": "personal", "tenantId": TENANT}
Json = dict[str, Any]


def token(key: Any = KEY, algorithm: str = "RS256", **claims: Any) -> str:
    """A bearer token; a claim that is None is left out."""
    given = {"iss": "https://api.botframework.com", "aud": BOT, "exp": time.time() + 600,
             "serviceurl": SERVICE, **claims}  # fmt: skip
    kept = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(kept, key, algorithm, headers={"kid": "k1"})


def activity(text: str | None, **more: Any) -> Json:
    """What Teams sends for a message in the personal chat."""
    return {
        "type": "message", "id": f"a{next(NUMBERS)}", "channelId": "msteams", "serviceUrl": SERVICE,
        "from": {"id": "29:u", "aadObjectId": "u"}, "recipient": {"id": "28:bot"}, "text": text,
        "conversation": PERSONAL, "channelData": {"tenant": {"id": TENANT}}, **more,
    }  # fmt: skip


class FakeConnector:
    """Keeps every call; answers `faults` first, in turn: a status and headers."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Json]] = []
        self.updated: list[Json] = []
        self.begun: list[Json] = []
        self.bearers: set[str] = set()
        self.faults: list[tuple[int, dict[str, str]]] = []
        self.refused = 0
        self.address = ""

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """The connector's three calls, on a port of its own."""
        server = web.Application()
        server.router.add_post("/v3/conversations", self._begin)
        server.router.add_post("/v3/conversations/{conversation}/activities", self._send)
        server.router.add_put("/v3/conversations/{conversation}/activities/{activity}", self._update)
        runner = web.AppRunner(server)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        yield
        await runner.cleanup()

    async def _begin(self, request: web.Request) -> web.Response:
        if self.faults and self.faults[0][0] == 403:
            return web.Response(status=self.faults.pop(0)[0])
        self.begun.append(await request.json())
        return web.json_response({"id": PERSONAL["id"]}, status=201)

    async def _send(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.faults and body["type"] == "message":
            self.refused += 1
            status, headers = self.faults.pop(0)
            if status == HANGS_UP and request.transport is not None:
                request.transport.abort()
            return web.Response(status=status or 500, headers=headers)
        self.bearers.add(request.headers["authorization"])
        self.sent.append((request.match_info["conversation"], body))
        return web.json_response({"id": f"r{len(self.sent)}"})

    async def _update(self, request: web.Request) -> web.Response:
        self.updated.append(await request.json())
        return web.json_response({"id": request.match_info["activity"]})

    def cards(self, conversation: str = "c1") -> list[Json]:
        """The cards posted in a conversation."""
        return [body["attachments"][0]["content"] for where, body in self.sent
                if where == conversation and body["type"] == "message"]  # fmt: skip


class Person:
    """Somebody who talks to the desk in Teams."""

    def __init__(
        self, client: httpx.AsyncClient, connector: FakeConnector, parts: Parts, teams: Teams
    ) -> None:
        self.client, self.connector, self.parts, self.teams = client, connector, parts, teams

    async def send(self, body: Any, bearer: str | None = None, **headers: str) -> httpx.Response:
        """One request, and quiet afterwards."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        reply = await self.client.post("/teams/messages", content=content, headers={
            "authorization": f"Bearer {bearer or token()}", "content-type": "application/json", **headers,
        })  # fmt: skip
        await self.quiet()
        return reply

    async def say(self, text: str, **more: Any) -> httpx.Response:
        """Typed words."""
        return await self.send(activity(text, **more))

    async def press(self, action: Json, *, submit: bool = False, **entered: Any) -> httpx.Response:
        """A card's control: executed, or submitted as an older client does."""
        if submit:
            older = action["fallback"]
            assert older["type"] == "Action.Submit"
            return await self.send(activity(None, value={**older["data"], **entered}))
        data = {**action["data"], **entered}
        value = {"action": {"type": "Action.Execute", "verb": action["verb"], "data": data}}
        return await self.send(activity(None, type="invoke", name="adaptiveCard/action", value=value))

    async def answer(self, *, submit: bool = False) -> httpx.Response:
        """Answer what is asked as the person of the scenarios would."""
        question, card = self.pending(), self.cards()[-1]
        tokens = [str(one["token"]) for one in chosen(question)]
        field = next((one for one in card["body"] if one["type"] == "Input.ChoiceSet"), None)
        if field is not None:
            return await self.press(card["actions"][0], submit=submit, chosen=",".join(tokens))
        if not tokens:
            return await self.say("I don't know")
        offered = next(one["actions"] for one in card["body"] if one["type"] == "ActionSet")
        pressed = next(one for one in offered if one["data"]["token"] == tokens[0])
        return await self.press(pressed, submit=submit)

    def pending(self) -> Json:
        """The question that waits."""
        [place] = self.teams._channels.owned(f"teams:{TENANT}:u")
        question = self.parts.desk.question(self.parts.store.cases.load(place.conversation_id))
        return question.to_json() if question is not None else {}

    def cards(self) -> list[Json]:
        """The cards of the personal chat."""
        return self.connector.cards()

    async def quiet(self) -> None:
        """Wait until nothing more happens."""
        before, connector = -1, self.connector
        while before != (now := len(connector.sent) + connector.refused + len(connector.updated)) or (
            self.teams._jobs or self.parts.store.ledger.count().pending
        ):
            before = now
            await asyncio.sleep(0.15)
