"""Teams' application: guarded activities in, cards out. What is asked in a channel is answered in private."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from microsoft_agents.activity import Activity
from pydantic import ValidationError
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.channels import resuming, wording
from service.channels.bodies import BadBody, parse_object, read_body
from service.channels.correcting import Correction, corrected, known
from service.channels.courier import ATTEMPTS, LONGEST_WAIT, Courier, Post, Refused
from service.channels.talk import Talk
from service.channels.teams import cards, reading
from service.channels.teams.delivery import Connector
from service.channels.teams.reading import Said
from service.channels.teams.tokens import BadToken, Cloud, KeysAway, Signer, check, tenant_of
from service.logs import logger
from service.parts import Parts
from service.store.channels import Channels, Place, place_id
from service.store.cipher import Cipher

PATH = "/teams/messages"
PACE = 0.5
ELSEWHERE = "Let us continue in private: open a chat with me by pressing my name. Nobody else sees it there."
BELOW = "Your facts are in the form below."
TAKEN = "I have that; the answer is below."
UNCHANGED = "Nothing was changed."
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
        keys: Callable[[str], Awaitable[Signer | None]],
        token: Callable[[], Awaitable[str]],
        pace: float = PACE,
    ) -> None:
        self.path = PATH
        self.endpoint: ASGIApp = self._answer
        self._parts = parts
        self._app_id, self._tenants, self._cloud = app_id, tenants, cloud
        self._keys, self._connector = keys, Connector(token)
        self._channels = Channels(parts.store.database, Cipher(parts.settings.key()))
        self.courier = Courier("teams", self._channels, parts.store.ledger, render=cards.posts,
                               send=self._send, pace=pace)  # fmt: skip
        self._talk = Talk("teams", parts, self._channels, self.courier)
        self._jobs: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Finish what was acknowledged before a restart, then carry what could not leave."""
        await resuming.resume("teams", self._channels, self._again, self._give_up)
        await self.courier.sweep()

    async def _again(self, key: str, stored: str) -> None:
        self._begin(json.loads(stored), key)

    async def _give_up(self, key: str, stored: str) -> None:
        await self._refer(json.loads(stored), key, {})

    async def _refer(self, activity: Body, key: str, fault: dict[str, Any]) -> None:
        place = self._place(activity) if reading.personal(activity) else None
        await resuming.refer("teams", self._parts.metrics, self.courier, place, fault)
        await asyncio.to_thread(self._channels.done, key)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._receive(scope, receive)
        except BadBody as bad:
            response = Response("", bad.status)
        except BadToken:
            response = Response("", 401)
        except KeysAway:
            logger().warning("fault", fault="teams_keys")
            response = Response("", 503, {"retry-after": "5"})
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
        with self._talk.arrivals.coming(self._place(activity).owner):
            fresh = await asyncio.to_thread(self._channels.receive, key, json.dumps(activity))
        reply = await self._invoked(activity, place) if read.type == "invoke" else Response("", 202)
        if fresh:
            self._begin(activity, key)
        return reply

    def _begin(self, activity: Body, key: str) -> None:
        task = asyncio.create_task(self._work(activity, key))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def _work(self, activity: Body, key: str) -> None:
        try:
            await self._do(activity, key)
        except Exception as error:  # Teams has been told that we have it
            await self._refer(activity, key, {"error_type": type(error).__name__})

    async def _do(self, activity: Body, key: str) -> None:
        place = self._place(activity)
        kind = activity.get("type")
        if kind == "message" or (kind == "invoke" and activity.get("name") == cards.INVOKE):
            await (self._message if reading.personal(activity) else self._elsewhere)(activity, place, key)
        elif kind == "conversationUpdate" and reading.joined(activity):
            await self.courier.say(place, [cards.WELCOME])
        await asyncio.to_thread(self._channels.done, key)

    async def _message(self, activity: Body, place: Place, key: str) -> None:
        known_place = await asyncio.to_thread(self._channels.place, place.id)
        said = reading.said(activity, known_place)
        if said.verb == "facts":
            await self._form(known_place or place, {})
            return
        await self._typing(place)
        text, words, facts = said.text, said.words, None
        if said.verb == "correct":
            found = await asyncio.to_thread(self._corrected, known_place, said)
            if found.problems and activity.get("type") == "message":  # an invoke has had its answer
                await self._form(known_place or place, found.problems)
            if found.problems or not found.values:
                return
            text, words, facts = found.words, "corrected", found.values
        if known_place is not None and known_place.question is not None and (said.answers or facts):
            await asyncio.to_thread(self._channels.ask, place.id, None)
            await self._update(known_place, cards.answered(known_place.question, words))
        await self._talk.say(place, text, key, reading.stamp_of(activity), facts)

    async def _elsewhere(self, activity: Body, place: Place, key: str) -> None:
        """Somebody asked where others read along: answer in their personal chat, and repeat nothing here."""
        said = reading.said(activity, None)
        direct = await self._direct(activity) if said.text and not said.verb else None
        text = ELSEWHERE if direct is None else wording.MOVED
        await self.courier.say(place, [{"type": "notice", "text": text}])
        if direct is not None:
            await self._talk.say(direct, said.text, key, reading.stamp_of(activity))

    async def _direct(self, activity: Body) -> Place | None:
        """The personal chat with whoever sent an activity; None where Teams opens none."""
        service, tenant = str(activity.get("serviceUrl")), tenant_of(activity)
        bot, person = (str((activity.get(name) or {}).get("id", "")) for name in ("recipient", "from"))
        for _ in range(ATTEMPTS):
            try:
                conversation = await self._connector.direct(service, bot=bot, person=person, tenant=tenant)
            except Refused as refusal:
                if refusal.retry_after is None:
                    break
                await asyncio.sleep(min(refusal.retry_after, LONGEST_WAIT))
                continue
            return reading.place_of(reading.owner_of(activity, tenant), service, conversation)
        logger().warning("fault", fault="teams_direct")
        return None

    async def _invoked(self, activity: Body, place: Place | None) -> Response:
        """The answer to a card's control: the same card with the chosen answer, the form with what is
        wrong, or a word that leaves the card as it is."""
        if activity.get("name") != cards.INVOKE:
            return _answer(cards.ERROR, {"code": "NotSupported", "message": "This is not offered."}, 400)
        said = reading.said(activity, place)
        if not reading.personal(activity):
            return _answer(cards.MESSAGE, ELSEWHERE)
        if said.verb == "facts":
            return _answer(cards.MESSAGE, BELOW)
        if said.verb == "correct":
            found = await asyncio.to_thread(self._corrected, place, said)
            if found.problems:
                return _answer(cards.CARD, await asyncio.to_thread(self._form_card, place, found.problems))
            return _answer(cards.CARD, cards.answered({"text": cards.FORM}, found.words or UNCHANGED))
        if place is None or place.question is None or not said.answers:
            return _answer(cards.MESSAGE, TAKEN if said.verb in reading.FIXED else wording.OLD)
        return _answer(cards.CARD, cards.answered(place.question, said.words))

    def _corrected(self, place: Place | None, said: Said) -> Correction:
        if place is None:
            return Correction({}, "", {})
        state = self._parts.store.cases.load(place.conversation_id)
        return corrected(self._parts, state, said.entered)

    async def _form(self, place: Place, problems: Mapping[str, str]) -> None:
        card = await asyncio.to_thread(self._form_card, place, problems)
        await self.courier.say(place, [{"type": "card", "text": cards.FORM, "content": card}])

    def _form_card(self, place: Place | None, problems: Mapping[str, str]) -> cards.Element:
        conversation = place.conversation_id if place is not None else ""
        return cards.form(known(self._parts, self._parts.store.cases.load(conversation)), problems)

    def _place(self, activity: Body) -> Place:
        conversation = str((activity.get("conversation") or {}).get("id", ""))
        owner = reading.owner_of(activity, tenant_of(activity))
        return reading.place_of(owner, str(activity.get("serviceUrl")), conversation)

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
        address = place.address
        return await self._connector.post(str(address["service"]), str(address["conversation"]), body)


def _answer(kind: str, value: Any, status: int = 200) -> Response:
    """An answer to an invoke; the status that Teams reads is inside."""
    return JSONResponse({"statusCode": status, "type": kind, "value": value})
