"""Slack's application: bolt's listeners over the desk. Every delivery is stored before it is acknowledged."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import aiohttp
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from service.channels import resuming, wording
from service.channels.bodies import replay
from service.channels.correcting import corrected
from service.channels.courier import ATTEMPTS, LONGEST_WAIT, Courier, Post, Refused
from service.channels.slack import delivery, modal, views
from service.channels.slack.events import key_of, owner, place_of, sender_of, stamp_of, team_of, user_of
from service.channels.slack.guard import SlackGuard
from service.channels.slack.home import home
from service.channels.talk import Talk
from service.errors import ServiceError
from service.logs import logger
from service.parts import Parts
from service.store.channels import Channels, Place
from service.store.cipher import Cipher

PATH = "/slack/events"
PACE = 1.0
FAULT = 500
FIXED = {"dont_know": wording.DONT_KNOW, "why": wording.WHY, "back": wording.BACK, "person": wording.PERSON}
Body = Mapping[str, Any]


class Slack:
    """The channel; `endpoint` is its ASGI endpoint and `run` what it does beside requests."""

    def __init__(self, parts: Parts, *, secret: str, token: str, api_url: str, pace: float = PACE) -> None:
        self._parts = parts
        self.client = AsyncWebClient(token=token, base_url=api_url, timeout=10)
        self._channels = Channels(parts.store.database, Cipher(parts.settings.key()))
        self.courier = Courier("slack", self._channels, parts.store.ledger, render=views.posts,
                               send=self._send, pace=pace)  # fmt: skip
        self._talk = Talk("slack", parts, self._channels, self.courier)

        # One workspace, one token: asking Slack who we are before each answer would delay it.
        # The guard verifies the raw body; bolt's own check would come after its parser.
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

        self._app = AsyncApp(client=self.client, authorize=authorize, signing_secret=secret,
                             request_verification_enabled=False)  # fmt: skip
        self._handler = AsyncSlackRequestHandler(self._app)
        self.path = PATH
        self.endpoint: ASGIApp = SlackGuard(secret, self._receive)
        self._listen()

    async def run(self) -> None:
        """Finish what was acknowledged before a restart, then carry what could not leave."""
        await resuming.resume("slack", self._channels, self._again, self._give_up)
        await self.courier.sweep()

    async def _again(self, key: str, stored: str) -> None:
        held = json.loads(stored)
        response = await self._dispatch(held["body"].encode(), held["type"])
        if response.status_code >= FAULT:
            await asyncio.to_thread(self._channels.done, key)

    async def _give_up(self, key: str, stored: str) -> None:
        await self._refer(_parse(json.loads(stored)), {})
        await asyncio.to_thread(self._channels.done, key)

    async def _failed(self, error: Exception, body: Body) -> None:
        """A listener of ours broke on a delivery that Slack has been told we have."""
        await self._refer(body, {"error_type": type(error).__name__})
        self._done(body)

    async def _refer(self, body: Body, fault: dict[str, Any]) -> None:
        """In the direct message with that person, whichever channel they wrote in."""
        user = sender_of(body)
        place = place_of(team_of(body), user, user) if user else None
        await resuming.refer("slack", self._parts.metrics, self.courier, place, fault)

    async def _receive(self, body: bytes, parsed: dict[str, Any]) -> Response:
        key = key_of(parsed)
        kind = "application/json" if body[:1].isspace() or body[:1] == b"{" else "form"
        if key is not None:
            stored = json.dumps({"type": kind, "body": body.decode()})
            with self._talk.arrivals.coming(owner(team_of(parsed), sender_of(parsed))):
                fresh = await asyncio.to_thread(self._channels.receive, key, stored)
            if not fresh:
                return Response("", 200)
        response = await self._dispatch(body, kind)
        if response.status_code >= FAULT:  # signed, and of no shape that Slack sends
            if key is not None:
                await asyncio.to_thread(self._channels.done, key)
            return Response("", 400)
        # What no listener of ours wants is acknowledged too: a refusal would only bring it again.
        return Response("", 200) if response.status_code == 404 else response

    async def _dispatch(self, body: bytes, kind: str) -> Response:
        content = kind if "/" in kind else "application/x-www-form-urlencoded"
        scope = {"type": "http", "method": "POST", "path": PATH, "query_string": b"",
                 "headers": [(b"content-type", content.encode())]}  # fmt: skip
        try:
            answer: Response = await self._handler.handle(Request(scope, replay(body)))
        except (
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
        ):  # bolt trusts that what is signed is well made
            return Response("", FAULT)
        return answer

    async def _send(self, place: Place, post: Post) -> str:
        return await delivery.send(self.client, place, post)

    def _listen(self) -> None:
        app = self._app
        app.error(self._failed)
        app.event("message")(self._message)
        app.event("app_mention")(self._mention)
        app.event("app_home_opened")(self._home)
        app.event("app_uninstalled")(self._gone)
        app.event("tokens_revoked")(self._revoked)
        app.command("/ethics")(self._command)
        app.shortcut("ask_ethics_desk")(self._shortcut)
        app.action("delete_mine")(self._delete)
        app.action("facts")(self._open_facts)
        app.action("pack")(self._choose_pack)
        app.action("go_on")(self._go_on)
        app.view("facts")(self._facts)
        app.action({"type": "block_actions", "action_id": "choose"})(self._pressed)
        for name in ("checked", "check", *FIXED, *(f"option_{number}" for number in range(views.BUTTONS))):
            app.action(name)(self._pressed)

    async def _message(self, body: Body, event: Body) -> None:
        mine = event.get("bot_id") or event.get("subtype") or event.get("channel_type") != "im"
        if not mine and event.get("text"):
            place = place_of(team_of(body), str(event["user"]), str(event["channel"]), event.get("thread_ts"))
            await self._think(place)
            await self._say(place, str(event["text"]), body, "answered in words")
        self._done(body)

    async def _mention(self, body: Body, event: Body) -> None:
        user, channel = str(event.get("user", "")), str(event.get("channel", ""))
        if user and not event.get("bot_id"):
            await self._quietly(channel, user, event.get("thread_ts"))
            text = " ".join(word for word in str(event.get("text", "")).split() if not word.startswith("<@"))
            await self._private(team_of(body), user, text, body)
        self._done(body)

    async def _command(self, ack: Any, body: Body) -> None:
        text = str(body.get("text", "")).strip()
        await ack(text=wording.MOVED if text else wording.NOTHING_YET, response_type="ephemeral")
        if text:
            await self._private(team_of(body), user_of(body), text, body)
        self._done(body)

    async def _shortcut(self, ack: Any, body: Body) -> None:
        await ack()
        text = str((body.get("message") or {}).get("text", ""))
        if text:
            await self._private(team_of(body), user_of(body), text, body)
        self._done(body)

    async def _pressed(self, ack: Any, body: Body, action: Body) -> None:
        await ack()
        name = str(action.get("action_id", ""))
        if name != "check":
            place = await asyncio.to_thread(self._talk.settled, self._pressed_at(body))
            if name not in FIXED and _is_old(body, place):
                await self.courier.say(place, [{"type": "notice", "text": wording.OLD}])
            else:
                text, words = _answer(name, action, body, place)
                await self._say(place, text, body, words)
        self._done(body)

    async def _open_facts(self, ack: Any, body: Body) -> None:
        await ack()
        place = await asyncio.to_thread(self._talk.settled, self._pressed_at(body))
        state = await asyncio.to_thread(self._parts.store.cases.load, place.conversation_id)
        try:
            await self.client.views_open(
                trigger_id=str(body.get("trigger_id")), view=modal.modal(self._parts, state, place.id)
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            logger().warning("fault", fault="slack_modal")
        self._done(body)

    async def _facts(self, ack: Any, body: Body, view: Body) -> None:
        place = await asyncio.to_thread(self._channels.place, str(view.get("private_metadata", "")))
        if place is None or place.owner != owner(team_of(body), user_of(body)):
            await ack()
            return
        state = await asyncio.to_thread(self._parts.store.cases.load, place.conversation_id)
        found = corrected(self._parts, state, modal.entered(view))
        if found.problems:
            await ack(response_action="errors", errors=dict(found.problems))
            return
        await ack()
        if found.values:
            await self._retire(place, "corrected")
            key = f"slack:view:{view.get('id')}:{view.get('hash')}"
            await self._talk.say(place, found.words, key, stamp_of(body), found.values)

    async def _home(self, body: Body, event: Body) -> None:
        user = str(event.get("user", ""))
        await self._show_home(team_of(body), user)
        self._done(body)

    async def _choose_pack(self, ack: Any, body: Body, action: Body) -> None:
        await ack()
        pack = str((action.get("selected_option") or {}).get("value", ""))
        place = await self._direct(team_of(body), user_of(body))
        if place is not None and pack in self._parts.knowledge.packs:
            await asyncio.to_thread(self._talk.choose, place, pack)
            await self._show_home(team_of(body), user_of(body))
        self._done(body)

    async def _go_on(self, ack: Any, body: Body, action: Body) -> None:
        """Ask the question that waits once more, where it was asked."""
        await ack()
        place = await asyncio.to_thread(self._channels.place, str(action.get("value", "")))
        if place is not None and place.owner == owner(team_of(body), user_of(body)):
            await self._retire(place, "asked again below")
            await self.courier.say(place, await asyncio.to_thread(self._talk.question, place))
        self._done(body)

    async def _delete(self, ack: Any, body: Body) -> None:
        await ack()
        places = await asyncio.to_thread(self._channels.owned, owner(team_of(body), user_of(body)))
        await asyncio.to_thread(self._erase, places)
        await self._show_home(team_of(body), user_of(body))
        self._done(body)

    async def _gone(self, body: Body) -> None:
        """The app was removed: what was said there is deleted, and so is every way back to it."""
        places = await asyncio.to_thread(self._channels.under, f"slack:{team_of(body)}:")
        await asyncio.to_thread(self._erase, places)
        self._done(body)

    async def _revoked(self, body: Body, event: Body) -> None:
        if (event.get("tokens") or {}).get("bot"):
            await self._gone(body)
        else:
            self._done(body)

    def _erase(self, places: list[Place]) -> None:
        for place in places:
            try:
                self._parts.store.retention.delete(place.conversation_id)
            except ServiceError:  # under a legal hold, or gone already
                logger().warning("fault", fault="slack_delete")
        self._channels.leave(places)

    async def _show_home(self, team: str, user: str) -> None:
        mine = owner(team, user)
        places = await asyncio.to_thread(self._channels.owned, mine)
        pack = await asyncio.to_thread(self._talk.profile, mine)
        view = await asyncio.to_thread(home, self._parts, places, pack)
        try:
            await self.client.views_publish(user_id=user, view=view)
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            logger().warning("fault", fault="slack_home")

    async def _private(self, team: str, user: str, text: str, body: Body) -> None:
        """Take a question asked elsewhere into the direct message with that person."""
        place = await self._direct(team, user)
        if place is not None:
            await self._say(place, text, body, "answered in words")

    async def _direct(self, team: str, user: str) -> Place | None:
        """The direct message with a person; None when Slack does not open it."""
        for _ in range(ATTEMPTS):
            try:
                return place_of(team, user, await delivery.direct(self.client, user))
            except Refused as refusal:
                if refusal.retry_after is None:
                    break
                await asyncio.sleep(min(refusal.retry_after, LONGEST_WAIT))
        logger().warning("fault", fault="slack_open")
        return None

    async def _say(self, place: Place, text: str, body: Body, words: str) -> None:
        known = await asyncio.to_thread(self._channels.place, place.id)
        if known is not None:
            await self._retire(known, words)
        await self._talk.say(place, text, str(key_of(body)), stamp_of(body))

    async def _retire(self, place: Place, words: str) -> None:
        """Show the answer in the question that waited, and take its controls away."""
        if place.question is not None:
            await asyncio.to_thread(self._channels.ask, place.id, None)
            body = views.answered(place.question, words)
            await delivery.update(self.client, str(place.question.get("reference", "")), body)

    async def _think(self, place: Place) -> None:
        """Say that the desk is thinking, where Slack shows it: in threads."""
        if "thread_ts" not in place.address:
            return
        try:
            await self.client.assistant_threads_setStatus(
                channel_id=place.address["channel"], thread_ts=place.address["thread_ts"],
                status="is reading the rules …",
            )  # fmt: skip
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            logger().debug("fault", fault="slack_status")

    async def _quietly(self, channel: str, user: str, thread: str | None) -> None:
        """Tell the person alone, in the channel, that the answer is elsewhere; never what was asked."""
        try:
            await self.client.chat_postEphemeral(
                channel=channel, user=user, text=wording.MOVED, thread_ts=thread
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            logger().warning("fault", fault="slack_ephemeral")

    def _pressed_at(self, body: Body) -> Place:
        container = body.get("container") or {}
        channel = str(container.get("channel_id") or (body.get("channel") or {}).get("id", ""))
        return place_of(team_of(body), user_of(body), channel, container.get("thread_ts"))

    def _done(self, body: Body) -> None:
        key = key_of(body)
        if key is not None:
            self._channels.done(key)


def _parse(stored: Mapping[str, str]) -> Body:
    """The content of a delivery as it was stored."""
    if stored["type"] != "form":
        found: Body = json.loads(stored["body"])
        return found
    form = {name: values[0] for name, values in parse_qs(stored["body"]).items()}
    return json.loads(form["payload"]) if "payload" in form else form


def _is_old(body: Body, place: Place) -> bool:
    """Whether a control belongs to a question that does not wait any more: its answer would go to another."""
    stamp = str((body.get("container") or {}).get("message_ts") or "")
    waits = str((place.question or {}).get("reference", "")).rpartition(":")[2]
    return bool(stamp) and stamp != waits


def _answer(name: str, action: Body, body: Body, place: Place) -> tuple[str, str]:
    """What a control says to the desk, and the words for it."""
    if name in FIXED:
        return FIXED[name], FIXED[name]
    options = (place.question or {}).get("options") or ()
    labels = {str(one["token"]): str(one["label"]) for one in options}
    if name == "checked":
        chosen = [labels[token] for token in _ticked(body) if token in labels]
        words = " and ".join(chosen) or wording.NONE
        return words, words
    token = str((action.get("selected_option") or {}).get("value") or action.get("value") or "")
    return token, labels.get(token, "answered")


def _ticked(body: Body) -> list[str]:
    values: Mapping[str, Any] = (body.get("state") or {}).get("values") or {}
    ticked = [
        one for actions in values.values() for one in actions.get("check", {}).get("selected_options") or ()
    ]
    return [str(one.get("value")) for one in ticked]
