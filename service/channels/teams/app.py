"""Teams' application: guarded activities in, cards out through the Microsoft 365 Agents connector."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from microsoft_agents.activity import Activity
from microsoft_agents.hosting.core.connector.teams import TeamsConnectorClient
from pydantic import ValidationError
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.channels import wording
from service.channels.bodies import BadBody, parse_object, read_body
from service.channels.courier import Courier, Post, Refused
from service.channels.talk import Talk
from service.channels.teams import cards
from service.channels.teams.tokens import BadToken, Cloud, Key, check, tenant_of
from service.logs import logger
from service.parts import Parts
from service.store.channels import Channels, Place, place_id
from service.store.cipher import Cipher

PATH = "/teams/messages"
PACE = 0.5
PASSING = frozenset({412, 429, 502, 503, 504})
FIXED = {"dont_know": wording.DONT_KNOW, "why": wording.WHY, "back": wording.BACK, "person": wording.PERSON}
MENTION = re.compile(r"<at[^>]*>.*?</at>", re.DOTALL)
ELSEWHERE = "Let us continue in private: open a chat with me by pressing my name. Nobody else sees it there."
Body = Mapping[str, Any]


class Teams:
    """The channel. `token` gives the bot's own access token for posting; `keys` the signers' public keys."""

    def __init__(
        self,
        parts: Parts,
        *,
        app_id: str,
        tenants: tuple[str, ...],
        cloud: Cloud,
        keys: Callable[[str], Awaitable[Key | None]],
        token: Callable[[], Awaitable[str]],
        pace: float = PACE,
    ) -> None:
        self.path = PATH
        self.endpoint: ASGIApp = self._answer
        self._parts = parts
        self._app_id, self._tenants, self._cloud = app_id, tenants, cloud
        self._keys, self._token = keys, token
        self._channels = Channels(parts.store.database, Cipher(parts.settings.key()))
        self.courier = Courier("teams", self._channels, parts.store.ledger, render=cards.posts,
                               send=self._send, pace=pace)  # fmt: skip
        self._talk = Talk("teams", parts, self._channels, self.courier)
        self._jobs: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Finish what was acknowledged before a restart, then carry what could not leave."""
        for key, stored in await asyncio.to_thread(self._channels.unfinished, "teams"):
            self._begin(json.loads(stored), key)
        await self.courier.sweep()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._receive(scope, receive)
        except BadBody as bad:
            response = Response("", bad.status)
        except BadToken:
            response = Response("", 401)
        await response(scope, receive, send)

    async def _receive(self, scope: Scope, receive: Receive) -> Response:
        headers = Headers(scope=scope)
        if scope["method"] != "POST":
            raise BadBody(405)
        body = await read_body(receive)
        if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise BadBody(400)
        try:
            activity = parse_object(body.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise BadBody(400) from error
        await check(headers.get("authorization", ""), activity, app_id=self._app_id, cloud=self._cloud,
                    tenants=self._tenants, keys=self._keys)  # fmt: skip
        try:
            read = Activity.model_validate(activity)
            whole = bool(read.id and read.conversation.id and read.from_property.id)
        except (ValidationError, AttributeError) as error:
            raise BadBody(400) from error
        if not whole:
            raise BadBody(400)
        key = f"teams:{place_id(read.conversation.id, str(read.id))}"
        place = await asyncio.to_thread(self._channels.place, self._place(activity).id)
        if await asyncio.to_thread(self._channels.receive, key, json.dumps(activity)):
            self._begin(activity, key)
        return _invoked(activity, place) if read.type == "invoke" else Response("", 202)

    def _begin(self, activity: Body, key: str) -> None:
        task = asyncio.create_task(self._work(activity, key))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def _work(self, activity: Body, key: str) -> None:
        place = self._place(activity)
        kind = activity.get("type")
        if kind == "message" or (kind == "invoke" and activity.get("name") == "adaptiveCard/action"):
            await self._message(activity, place, key)
        elif kind == "conversationUpdate" and _joined(activity):
            await self.courier.say(place, [cards.WELCOME])
        await asyncio.to_thread(self._channels.done, key)

    async def _message(self, activity: Body, place: Place, key: str) -> None:
        conversation = activity.get("conversation") or {}
        if conversation.get("conversationType", "personal") != "personal":
            await self.courier.say(place, [{"type": "notice", "text": ELSEWHERE}])
            return
        known = await asyncio.to_thread(self._channels.place, place.id)
        said, words = _said(activity, known)
        await self._typing(place)
        if known is not None and known.question is not None:
            await asyncio.to_thread(self._channels.ask, place.id, None)
            await self._update(known, cards.answered(known.question, words))
        await self._talk.say(place, said, key)

    def _place(self, activity: Body) -> Place:
        sender = activity.get("from") or {}
        person = str(sender.get("aadObjectId") or sender.get("id") or "")
        owner = f"teams:{tenant_of(activity)}:{person}"
        conversation = str((activity.get("conversation") or {}).get("id", ""))
        address = {"service": activity.get("serviceUrl"), "conversation": conversation}
        return Place(place_id(owner, conversation), owner, "", address)

    async def _send(self, place: Place, post: Post) -> str:
        return await self._call(place, post.body)

    async def _typing(self, place: Place) -> None:
        try:
            await self._call(place, {"type": "typing"})
        except Refused:
            logger().debug("fault", fault="teams_typing")

    async def _update(self, place: Place, content: dict[str, Any]) -> None:
        question = place.question or {}
        body = {**cards.activity(content, str(question.get("text", ""))), "id": question.get("reference")}
        try:
            await self._call(place, body)
        except Refused:
            logger().warning("fault", fault="teams_update")

    async def _call(self, place: Place, body: dict[str, Any]) -> str:
        """Post or, with an id, replace. Raises `Refused`."""
        conversation = str(place.address["conversation"])
        client = None
        try:
            client = TeamsConnectorClient(endpoint=str(place.address["service"]), token=await self._token())
            activity = Activity.model_validate(body)
            if activity.id:
                answer = await client.conversations.update_activity(conversation, activity.id, activity)
            else:
                answer = await client.conversations.send_to_conversation(conversation, activity)
        except aiohttp.ClientResponseError as error:
            after = str(error.headers.get("Retry-After", "1")) if error.headers else "1"
            waits = float(after) if after.isdigit() else 1.0
            raise Refused(waits if error.status in PASSING else None) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Refused(1.0) from error
        finally:
            if client is not None:
                await client.close()
        return str(answer.id or "")


def _said(activity: Body, place: Place | None) -> tuple[str, str]:
    """What a message or a card's control says to the desk, and the words for it."""
    value = activity.get("value")
    if not isinstance(value, dict):
        text = html.unescape(MENTION.sub(" ", str(activity.get("text") or "")))
        return " ".join(text.split()), "answered in words"
    action = value.get("action")
    data = action.get("data") if isinstance(action, dict) else value
    data = data if isinstance(data, dict) else {}
    verb = str(data.get("verb", ""))
    if verb in FIXED:
        return FIXED[verb], FIXED[verb]
    options = ((place.question if place else None) or {}).get("options") or ()
    labels = {str(one["token"]): str(one["label"]) for one in options}
    if verb == "several":
        chosen = [labels[token] for token in str(data.get("chosen", "")).split(",") if token in labels]
        words = " and ".join(chosen) or wording.NONE
        return words, words
    token = str(data.get("chosen") if verb == "choose" else data.get("token", ""))
    return token, labels.get(token, "answered")


def _invoked(activity: Body, place: Place | None) -> Response:
    """The answer to a card's control: the same card with the chosen answer and no controls."""
    _, words = _said(activity, place)
    question = (place.question if place else None) or {"text": ""}
    return JSONResponse({"statusCode": 200, "type": cards.CARD, "value": cards.answered(question, words)})


def _joined(activity: Body) -> bool:
    """Whether it is the desk that was just added."""
    added = activity.get("membersAdded")
    me = (activity.get("recipient") or {}).get("id")
    return isinstance(added, list) and any(isinstance(one, dict) and one.get("id") == me for one in added)
