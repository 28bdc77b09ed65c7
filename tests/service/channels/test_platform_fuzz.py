"""What Slack and Teams never send: unsigned, stale, oversized, no text, too deep, or of no known shape. It is
refused or ignored and never a fault of ours."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.service.channels.conftest import Workspace
from tests.service.channels.office import PERSONAL, TENANT, Person, activity, token

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
FAULT = 500
DEEP = b'{"type":' * 20000 + b"1" + b"}" * 20000
ROUNDS = 150
LEAVES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e308,
    "",
    "x",
    "\0",
    "\ud800",
    "💥" * 40,
    "../../etc/passwd",
    "{{7*7}}",
)
SLACK_WORDS = (
    "type", "event", "event_id", "team_id", "team", "user", "channel", "actions", "action_id", "view",
    "state", "values", "container", "message", "text", "trigger_id", "callback_id", "private_metadata",
    "tokens", "id", "event_callback", "block_actions", "view_submission", "message_action",
    "app_mention", "tokens_revoked", "app_home_opened", "facts", "go_on", "pack", "checked", "choose",
    "selected_option", "value", "command",
)  # fmt: skip
TEAMS_WORDS = (
    "type", "message", "invoke", "conversationUpdate", "name", "adaptiveCard/action", "value", "action",
    "data", "verb", "facts", "correct", "several", "choose", "token", "chosen", "membersAdded", "id",
    "from", "text", "conversation", "conversationType", "recipient", "attachments", "entities",
    "item_value", "channelData",
)  # fmt: skip


@pytest.mark.parametrize(
    ("body", "kind", "more", "status"),
    [
        (b"{}", JSON, {"signature": "v0=00"}, 401),
        (b"{}", JSON, {"signature": "v0=" + "g" * 64}, 401),
        (b"{}", JSON, {"signature": ""}, 401),
        (b"{}", JSON, {"stamp": "1"}, 401),
        (b"{}", JSON, {"stamp": "soon"}, 401),
        (b"{}", JSON, {"stamp": "9" * 40}, 401),
        (b"{}", JSON, {"stamp": ""}, 401),
        (b"x" * 1_100_000, JSON, {}, 413),
        (b"\xff\xfe{", JSON, {}, 400),
        (b"payload=%FF%FE", FORM, {}, 400),
        (b"[]", JSON, {}, 400),
        (b"{", JSON, {}, 400),
        (DEEP, JSON, {}, 400),
        (b"payload=" + quote(DEEP[:200_000]).encode(), FORM, {}, 400),
        (b"payload=%7B", FORM, {}, 400),
        (b"&".join(b"a=%d" % number for number in range(500)), FORM, {}, 400),
        (b"{}", "text/plain", {}, 400),
        (b"{}", "", {}, 400),
        (b"", JSON, {}, 400),
        (b"{}", JSON, {}, 200),
        (b'{"type":"event_callback","event_id":"E","event":7}', JSON, {}, 400),
        (b'{"type":"block_actions","actions":7}', JSON, {}, 400),
    ],
)
async def test_slack_what_does_not_fit_is_refused(
    workspace: Workspace, body: bytes, kind: str, more: dict[str, str], status: int
) -> None:
    assert (await workspace.post(body, kind, **more)).status_code == status


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"\xff", JSON, 400),
        (b"[]", JSON, 400),
        (b"[" * 50000, JSON, 400),
        (DEEP, JSON, 400),
        (b"", JSON, 400),
        (b"{}", "text/plain", 400),
        (b"{}", "", 400),
        (b"{}", JSON, 401),
        (b"x" * 1_100_000, JSON, 413),
        (json.dumps(activity("hello", conversation={"tenantId": TENANT})).encode(), JSON, 400),
        (json.dumps(activity("hello", conversation=7)).encode(), JSON, 400),
        (json.dumps(activity("hello", **{"from": []})).encode(), JSON, 400),
        (json.dumps(activity("hello", recipient="me")).encode(), JSON, 400),
    ],
)
async def test_teams_what_does_not_fit_is_refused(
    person: Person, body: bytes, kind: str, status: int
) -> None:
    assert (await person.send(body, **{"content-type": kind})).status_code == status


async def test_teams_nobody_is_let_in_without_a_token(person: Person) -> None:
    for shown in ("", "Bearer", "Basic x", "Bearer ..", "Bearer \udc80".encode("utf-8", "replace").decode()):
        reply = await person.client.post(
            "/teams/messages", json=activity("x"), headers={"authorization": shown}
        )
        assert reply.status_code == 401


@pytest.mark.parametrize("path", ["/slack/events", "/teams/messages"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_only_a_post_is_taken(workspace: Workspace, person: Person, path: str, method: str) -> None:
    client = workspace.client if "slack" in path else person.client
    assert (await client.request(method, path)).status_code == 405


@pytest.mark.parametrize("length", ["-1", "abc", "9" * 30, "1e3"])
async def test_a_length_that_is_no_number_is_refused(
    workspace: Workspace, person: Person, length: str
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"{}"

    for client, path in ((workspace.client, "/slack/events"), (person.client, "/teams/messages")):
        headers = {"content-length": length, "content-type": JSON}
        reply = await client.post(path, content=pieces(), headers=headers)
        assert 400 <= reply.status_code < FAULT


async def test_slack_signed_nonsense_is_never_a_fault(workspace: Workspace) -> None:
    chance = random.Random(7)
    await workspace.say("a vendor gave me a gift of $75")
    for _ in range(ROUNDS):
        body = nonsense(chance, SLACK_WORDS)
        body |= {"type": chance.choice(SLACK_WORDS)} if chance.random() < 0.8 else {}
        text = json.dumps(body)
        form = chance.random() < 0.5
        content = urlencode({"payload": text}).encode() if form else text.encode()
        reply = await workspace.post(content, FORM if form else JSON)
        assert reply.status_code < FAULT, text
    await asyncio.sleep(0.5)


async def test_teams_signed_nonsense_is_never_a_fault(person: Person) -> None:
    chance = random.Random(8)
    await person.say("a vendor gave me a gift of $75")
    for _ in range(ROUNDS):
        body = activity("gift") | nonsense(chance, TEAMS_WORDS)
        body["channelData"] = {"tenant": {"id": TENANT}}
        if chance.random() < 0.7:
            body["conversation"] = PERSONAL
        if chance.random() < 0.5:
            kept = {"type": "invoke", "name": "adaptiveCard/action", "from": {"id": "29:u"}}
            body |= kept | {"value": {"action": {"data": nonsense(chance, TEAMS_WORDS)}}}
        reply = await person.client.post("/teams/messages", content=json.dumps(body).encode(), headers={
            "authorization": f"Bearer {token()}", "content-type": JSON,
        })  # fmt: skip
        assert reply.status_code < FAULT, json.dumps(body)
    await person.quiet()


def nonsense(chance: random.Random, words: tuple[str, ...], depth: int = 4) -> dict[str, Any]:
    """An object whose names are the platform's and whose values are anything."""
    return {chance.choice(words): _anything(chance, words, depth) for _ in range(chance.randint(1, 6))}


def _anything(chance: random.Random, words: tuple[str, ...], depth: int) -> Any:
    kind = chance.random()
    if depth and kind < 0.4:
        return nonsense(chance, words, depth - 1)
    if depth and kind < 0.55:
        return [_anything(chance, words, depth - 1) for _ in range(chance.randint(0, 3))]
    return chance.choice(words) if kind < 0.75 else chance.choice(LEAVES)
