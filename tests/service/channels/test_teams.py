"""Teams: who is let in, and a whole exchange against a stand-in of the connector."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from scripts.teams_package import package
from service.channels.running import configured
from service.channels.teams.app import Teams
from service.channels.teams.tokens import CLOUDS
from service.parts import Parts
from service.settings import ROOT, Settings
from service.store.channels import Place

BOT, TENANT, SERVICE = "bot-id", "tenant-1", "https://smba.trafficmanager.net/amer/"
GIFT = "a vendor gave me a gift of $75"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NUMBERS = itertools.count(1)


def token(key: Any = KEY, algorithm: str = "RS256", **claims: Any) -> str:
    given = {"iss": "https://api.botframework.com", "aud": BOT, "exp": time.time() + 600,
             "serviceurl": SERVICE, **claims}  # fmt: skip
    kept = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(kept, key, algorithm, headers={"kid": "k1"})


def activity(**more: Any) -> dict[str, Any]:
    return {"type": "message", "id": f"a{next(NUMBERS)}", "channelId": "msteams", "serviceUrl": SERVICE,
            "from": {"id": "29:u", "aadObjectId": "u"}, "recipient": {"id": "28:bot"},
            "conversation": {"id": "c1", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}}, "text": GIFT, **more}  # fmt: skip


class Person:
    def __init__(self, client: httpx.AsyncClient, parts: Parts) -> None:
        self.client, self.parts = client, parts
        self.sent: list[dict[str, Any]] = []

    async def send(self, body: Any, bearer: str | None = None, **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        shown = {
            "authorization": f"Bearer {bearer or token()}",
            "content-type": "application/json",
            **headers,
        }
        reply = await self.client.post("/", content=content, headers=shown)
        before = -1
        while before != len(self.sent) or self.parts.store.ledger.count().undelivered:
            before = len(self.sent)
            await asyncio.sleep(0.3)
        return reply

    def cards(self) -> list[dict[str, Any]]:
        return [one["attachments"][0]["content"] for one in self.sent if one["type"] == "message"]


@pytest.fixture
async def person(
    join: Callable[[Settings], Parts], settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Person]:
    parts = join(settings())

    async def keys(name: str) -> Any:
        return KEY.public_key() if name == "k1" else None

    async def own() -> str:
        return "own-token"

    teams = Teams(parts, app_id=BOT, tenants=(TENANT,), cloud=CLOUDS["public"], keys=keys, token=own, pace=0)
    transport = httpx.ASGITransport(teams.endpoint)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        someone = Person(client, parts)

        async def call(_: Any, body: dict[str, Any]) -> str:
            someone.sent.append(body)
            return f"r{len(someone.sent)}"

        monkeypatch.setattr(teams, "_call", call)
        yield someone
    await parts.gateway.drain(5)
    parts.store.close()


async def test_an_exchange_with_buttons_and_repeats(person: Person) -> None:
    first = activity()
    for _ in range(3):
        assert (await person.send(first)).status_code == 202
    assert person.parts.store.ledger.count().accepted == 1
    assert person.sent[0] == {"type": "typing"}
    asked = person.cards()[-1]
    [field] = [one for one in asked["body"] if one["type"] == "Input.ChoiceSet"]
    assert field["label"]
    assert field["errorMessage"]
    execute = asked["actions"][0]
    assert (execute["type"], execute["fallback"]["type"]) == ("Action.Execute", "Action.Submit")
    data = {**execute["data"], "chosen": field["choices"][0]["value"]}
    value = {"action": {"type": "Action.Execute", "verb": execute["verb"], "data": data}}
    reply = await person.send(activity(type="invoke", name="adaptiveCard/action", value=value, text=None))
    assert field["choices"][0]["title"] in reply.text, "the card shows the chosen answer"
    assert reply.json()["value"]["actions"] == []
    assert person.parts.store.ledger.count().accepted == 2
    assert all(card["version"] == "1.5" and card["fallbackText"] for card in person.cards())


async def test_a_channel_is_only_pointed_to_the_personal_chat(person: Person) -> None:
    team = {"id": "c9", "conversationType": "channel", "tenantId": TENANT}
    await person.send(activity(conversation=team, text=f"<at>Ethics Desk</at> {GIFT}"))
    assert "vendor" not in json.dumps(person.sent)
    assert person.parts.store.ledger.count().accepted == 0


@pytest.mark.parametrize(
    ("bearer", "more"),
    [
        (token(OTHER), {}),
        (token("a-secret-that-is-long-enough-for-hmac", "HS256"), {}),
        (token(iss="https://evil.example"), {}),
        (token(iss=None), {}),
        (token(aud="another"), {}),
        (token(exp=time.time() - 900), {}),
        (token(exp=None), {}),
        (token(serviceurl="https://smba.trafficmanager.net/emea/"), {}),
        (token(serviceurl=None), {}),
        (token(serviceurl="https://evil.example/"), {"serviceUrl": "https://evil.example/"}),
        (token(), {"channelData": {"tenant": {"id": "other"}}}),
        ("nonsense", {}),
    ],
)
async def test_who_is_not_teams_is_refused(person: Person, bearer: str, more: dict[str, Any]) -> None:
    assert (await person.send(activity(**more), bearer)).status_code == 401


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"\xff", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[" * 50000, "application/json", 400),
        (b"{}", "text/plain", 400),
        (b"{}", "application/json", 401),
        (b"x" * 1_100_000, "application/json", 413),
        (json.dumps(activity(conversation={"tenantId": TENANT})).encode(), "application/json", 400),
    ],
)
async def test_a_body_that_does_not_fit_is_no_fault(
    person: Person, body: bytes, kind: str, status: int
) -> None:
    assert (await person.send(body, **{"content-type": kind})).status_code == status


def test_the_package_holds_the_manifest_and_the_icons(tmp_path: Path) -> None:
    package(BOT, "ethics.example.gov", tmp_path / "teams.zip")
    with zipfile.ZipFile(tmp_path / "teams.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {manifest["icons"]["color"], manifest["icons"]["outline"]} < set(archive.namelist())
    guide = (ROOT / "docs" / "teams.md").read_text()
    assert manifest["bots"][0]["botId"] == BOT
    for name in (*manifest["bots"][0]["scopes"], *manifest["permissions"]):
        assert f"`{name}`" in guide
    for name in Settings.model_fields:
        if name.startswith("teams_"):
            assert f"`ETHICSDESK_{name.upper()}`" in guide


async def test_a_refusal_of_the_connector_is_waited_for_and_a_reply_posted_once(
    join: Callable[[Settings], Parts], settings: Callable[..., Settings]
) -> None:
    parts, taken, faults = join(settings()), [], [429, 502]

    async def answer(request: web.Request) -> web.Response:
        if faults:
            return web.Response(status=faults.pop(0), headers={"Retry-After": "0"})
        taken.append((request.headers["authorization"], await request.json()))
        return web.json_response({"id": f"r{len(taken)}"})

    server = web.Application()
    server.router.add_post("/v3/conversations/{conversation}/activities", answer)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()

    async def own() -> str:
        return "own-token"

    async def keys(_: str) -> Any:
        return None

    teams = Teams(parts, app_id=BOT, tenants=(TENANT,), cloud=CLOUDS["public"], keys=keys, token=own, pace=0)
    address = {"service": f"http://127.0.0.1:{runner.addresses[0][1]}/", "conversation": "c1"}
    await teams.courier.say(Place("p", "teams:t:u", "", address), [{"type": "text", "text": "hello"}])
    [(bearer, body)] = taken
    assert bearer == "Bearer own-token"
    assert "hello" in json.dumps(body)
    await runner.cleanup()
    parts.store.close()


def test_teams_is_on_when_its_settings_are_there(
    join: Callable[[Settings], Parts], settings: Callable[..., Settings]
) -> None:
    on = {"teams_app_id": BOT, "teams_app_secret": "s" * 24, "teams_tenants": TENANT}
    parts = join(settings(**on))
    assert [channel.path for channel in configured(parts)] == ["/teams/messages"]
    parts.store.close()
