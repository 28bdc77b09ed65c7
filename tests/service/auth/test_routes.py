"""Every route × (anonymous, owner, stranger, liaison, administrator): what each gets is declared here, and a
route without a declaration fails. So do a route without limits and a change without the session's token."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from starlette.routing import BaseRoute, Mount, Route

from service.app import create_app
from service.errors import TooMany
from service.guard import SEAMS
from service.limiter import Limiter
from service.parts import Parts
from service.settings import Settings
from tests.service.auth.conftest import GROUPS, ask, begin, enter
from tests.service.auth.provider import CLIENT, SECRET, FakeProvider

CALLERS = ("anonymous", "owner", "stranger", "liaison", "administrator")
GIFT = "a vendor gave me a gift of $75"
ORIGIN = "http://desk"
FORBIDDEN, NOT_FOUND = 403, 404


@dataclass(frozen=True)
class Declared:
    """What a route answers: one status for all, or one for some and `others` for the rest. `body` is sent."""

    others: int
    some: dict[str, int] | None = None
    body: Any = None
    path: str | None = None

    def to(self, caller: str) -> int:
        """The status that a caller gets."""
        return (self.some or {}).get(caller, self.others)


def everybody(status: int = 200, body: Any = None, path: str | None = None) -> Declared:
    return Declared(status, None, body, path)


def owner(status: int = 200, body: Any = None) -> Declared:
    return Declared(NOT_FOUND, {"owner": status}, body)


def liaison(status: int = 200, body: Any = None) -> Declared:
    return Declared(NOT_FOUND, {"liaison": status}, body)


def administrator(status: int = 200, body: Any = None) -> Declared:
    return Declared(NOT_FOUND, {"administrator": status}, body)


DECIDE = {"pack": "ct-state", "topic": "gift", "facts": {}}
ROUTES: dict[str, Declared] = {
    "POST /api/v1/chat": owner(200, {"message": "1", "conversation_id": "{conversation_id}"}),
    "GET /api/v1/chat/{conversation_id}": owner(),
    "GET /api/v1/chat/{conversation_id}/events": owner(429),  # the test lets no stream begin
    "DELETE /api/v1/chat/{conversation_id}": owner(204),
    "GET /api/v1/conversations": everybody(),  # each their own: test_lists_hold_what_is_ones_own
    "GET /api/v1/conversations/export": everybody(),
    "POST /api/v1/determinations": everybody(200, DECIDE),
    "POST /api/v1/understand": everybody(200, {"text": "a gift"}),
    "GET /api/v1/search": everybody(200, path="/api/v1/search?q=gift"),
    "GET /api/v1/packs": everybody(),
    "GET /api/v1/packs/{pack}/topics": everybody(),
    "GET /api/v1/packs/{pack}/facts": everybody(),
    "GET /api/v1/packs/{pack}/provisions": everybody(),
    "GET /api/v1/packs/{pack}/provisions/{provision:path}": everybody(),
    "GET /api/v1/packs/{pack}/rules": everybody(),
    "POST /api/v1/session": everybody(),
    "GET /auth/callback": everybody(NOT_FOUND),
    "GET /auth/login": everybody(303),
    "GET /api/v1/handoffs": liaison(),
    "POST /api/v1/handoffs/{handoff_id}/reading": liaison(200, {"reason": "to_answer"}),
    "POST /api/v1/handoffs/{handoff_id}/taking": liaison(),
    "POST /api/v1/handoffs/{handoff_id}/closing": liaison(422, {"note": ""}),  # only whoever has taken it
    "GET /api/v1/admin/ledger": administrator(),
    "GET /api/v1/admin/statistics": administrator(),
    "GET /api/v1/admin/switches": administrator(),
    "PUT /api/v1/admin/switches": administrator(200, {"kind": "topic", "target": "gift"}),
    "PUT /api/v1/admin/holds/{conversation_id}": administrator(204, {"on": False}),
    "GET /api/v1/admin/audit": administrator(),
    "GET /metrics": administrator(),
    "GET /health": everybody(),
    "GET /ready": everybody(),
    "GET /openapi.json": everybody(),
    "GET /": everybody(),
    "GET /embed": everybody(),
    "GET /embed.js": everybody(),
    "GET /liaison": everybody(),  # holds nothing itself
    "GET /developers": everybody(),
    "GET /law": everybody(),
    "GET /law/search": everybody(),
    "GET /law/pack/{pack}": everybody(),
    "GET /law/pack/{pack}/{topic}": everybody(),
    "GET /law/provision/{provision:path}": everybody(),
    "GET /law/rule/{rule}": everybody(),
    "GET /law/{rest:path}": everybody(NOT_FOUND),
    "GET /static": everybody(200, path="/static/base.css"),
    # Seams and platforms ask for a secret, a signature or their own protocol; a browser's role means nothing.
    "POST /model/parse": everybody(FORBIDDEN, {}),
    "POST /webhook": everybody(FORBIDDEN, {}),
    "POST /slack/events": everybody(401, {}),
    "POST /teams/messages": everybody(401, {}),
    "POST /mcp": everybody(400, {}),
    "GET /mcp": everybody(405),
    "DELETE /mcp": everybody(405),
    # These end what the others need.
    "DELETE /api/v1/conversations": everybody(),
    "DELETE /api/v1/session": everybody(204),
}
OWN_PROTOCOL = ("/model/parse", "/webhook", "/slack/events", "/teams/messages", "/mcp")


def routes_of(parts: Parts) -> list[str]:
    """Every way into the application."""
    found = []
    for route in flat(create_app(parts).routes):
        if isinstance(route, Mount):
            found.append(f"GET {route.path}")
        else:
            assert isinstance(route, Route) or hasattr(route, "methods"), route
            methods = getattr(route, "methods", None) or PLATFORM.get(route.path, {"POST"})
            found.extend(f"{method} {route.path}" for method in sorted(set(methods) - {"HEAD"}))
    return found


PLATFORM: dict[str, set[str]] = {"/mcp": {"GET", "POST", "DELETE"}}


def flat(routes: list[BaseRoute]) -> list[Any]:
    """The routes, those of included routers too."""
    found: list[Any] = []
    for route in routes:
        inner = getattr(route, "original_router", None) or getattr(route, "router", None)
        found.extend(flat(inner.routes) if inner is not None and not hasattr(route, "path") else [route])
    return found


@pytest.fixture
async def parts(
    join: Callable[[Settings], Parts], settings: Callable[..., Settings], provider: FakeProvider
) -> AsyncIterator[Parts]:
    """A desk on which everything is on."""
    made = join(
        settings(
            sign_in="optional", oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET,
            oidc_liaisons="ethics", oidc_administrators="it", public_origin=ORIGIN,
            slack_signing_secret="signing", slack_bot_token="xoxb-token", teams_app_id="app",
            teams_app_secret="secret", teams_tenants="tenant",
        )
    )  # fmt: skip
    yield made
    await made.gateway.drain(5)
    made.store.close()


@pytest.fixture
async def callers(parts: Parts, provider: FakeProvider) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """One browser each."""
    app = create_app(parts)
    app.state.streams.close()
    async with contextlib.AsyncExitStack() as stack:
        found = {}
        for name in CALLERS:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            made = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url=ORIGIN))
            await begin(made)
            if name != "anonymous":
                await enter(made, provider, name, name if name in GROUPS else "employee")
            found[name] = made
        yield found


async def handed_on(callers: dict[str, httpx.AsyncClient], parts: Parts) -> dict[str, str]:
    """The ids of a conversation of the owner's, which they hand on."""
    begun = (await ask(callers["owner"], GIFT)).json()["conversation_id"]
    await ask(callers["owner"], "person", begun)
    newest = max(parts.store.handoffs.inbox(), key=lambda one: one.at)
    return {"conversation_id": begun, "handoff_id": newest.id}


def test_every_route_is_declared(parts: Parts) -> None:
    assert set(routes_of(parts)) == set(ROUTES)


async def test_every_route_answers_each_caller_as_declared(
    callers: dict[str, httpx.AsyncClient], parts: Parts
) -> None:
    law = parts.knowledge
    names = {"pack": "ct-state", "topic": "gift", "rest:path": "nothing", "rule": next(iter(law.rules)),
             "provision:path": next(one.id for one in law.provisions.values() if one.pack == "ct-state"),
             }  # fmt: skip
    wrong = []
    for route, declared in ROUTES.items():
        if route.endswith(" /mcp"):
            continue  # runs with the lifespan alone; stores nothing and knows no caller (test_mcp.py)
        ids = await handed_on(callers, parts) if "_id}" in route + str(declared.body) else {}
        # Whoever may not comes first, before anything is deleted.
        for name in sorted(CALLERS, key=lambda one: declared.to(one) != NOT_FOUND):
            reply = await send(callers[name], route, declared, names | ids)
            if reply.status_code != declared.to(name):
                wrong.append((route, name, reply.status_code, declared.to(name)))
            if reply.status_code == NOT_FOUND:
                assert GIFT not in reply.text
    assert wrong == []


async def send(
    client: httpx.AsyncClient, route: str, declared: Declared, names: Mapping[str, str]
) -> httpx.Response:
    """The request that the declaration describes."""
    method, path = route.split(" ")
    body = declared.body
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
        if isinstance(body, dict):
            body = {key: value if said == f"{{{name}}}" else said for key, said in body.items()}
    return await client.request(method, declared.path or path, json=body)


async def test_lists_hold_what_is_ones_own(callers: dict[str, httpx.AsyncClient], parts: Parts) -> None:
    ids = await handed_on(callers, parts)
    for name, client in callers.items():
        listed = (await client.get("/api/v1/conversations")).text
        exported = (await client.get("/api/v1/conversations/export")).text
        assert (ids["conversation_id"] in listed) == (name == "owner")
        assert (GIFT in exported) == (name == "owner")
        assert (await client.delete("/api/v1/conversations")).json()["deleted"] == (name == "owner")


async def test_an_administrator_sees_nothing_that_was_said(
    callers: dict[str, httpx.AsyncClient], parts: Parts
) -> None:
    await handed_on(callers, parts)
    for route, declared in ROUTES.items():
        if route.startswith("GET") and declared.some and "administrator" in declared.some:
            assert "gift of $75" not in (await callers["administrator"].get(route.split(" ")[1])).text


async def test_every_route_is_limited(
    callers: dict[str, httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise TooMany("That was a little fast.", retry_after=7)

    monkeypatch.setattr(Limiter, "request", refuse)
    for route, declared in ROUTES.items():
        if route.split(" ")[1] in SEAMS:
            continue  # Rasa alone knows their secret
        reply = await send(callers["anonymous"], route, declared, {})
        assert (reply.status_code, reply.headers["retry-after"]) == (429, "7"), route


async def test_no_route_reads_a_body_beyond_its_limit(callers: dict[str, httpx.AsyncClient]) -> None:
    for route in ROUTES:
        method, path = route.split(" ")
        if method not in ("POST", "PUT"):
            continue
        large = b"{" + b" " * (5 * 1024 * 1024)
        reply = await callers["anonymous"].request(
            method, path, content=large, headers={"content-type": "application/json"}
        )
        assert reply.status_code == 413, route


async def test_every_change_by_cookie_needs_the_token_of_the_page(
    callers: dict[str, httpx.AsyncClient], parts: Parts
) -> None:
    ids = await handed_on(callers, parts)
    for client in callers.values():
        client.headers["x-csrf-token"] = "forged"
    for route, declared in ROUTES.items():
        method, path = route.split(" ")
        if method == "GET" or path in OWN_PROTOCOL or route == "POST /api/v1/session":
            continue  # a session is begun from our own page alone: Sec-Fetch-Site says so
        for name, client in callers.items():
            assert (await send(client, route, declared, ids)).status_code == 403, (route, name)
    begun = await callers["owner"].post("/api/v1/session", headers={"sec-fetch-site": "cross-site"})
    assert begun.status_code == 403


async def test_another_host_name_is_not_answered(callers: dict[str, httpx.AsyncClient]) -> None:
    for name, status in (("evil.example", 422), ("desk:8000", 200), ("localhost:8000", 200)):
        assert (await callers["owner"].get("/health", headers={"host": name})).status_code == status


async def test_the_administrators_token_opens_what_is_the_administrators(
    join: Callable[[Settings], Parts], settings: Callable[..., Settings]
) -> None:
    parts = join(settings(admin_token="a token for programs"))
    transport = httpx.ASGITransport(create_app(parts))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        for token, status in (("a token for programs", 200), ("a token", 404), ("", 404)):
            shown = {"authorization": f"Bearer {token}"}
            assert (await client.get("/metrics", headers=shown)).status_code == status
            assert (await client.get("/api/v1/admin/ledger", headers=shown)).status_code == status
            assert (await client.get("/api/v1/handoffs", headers=shown)).status_code == 404
    parts.store.close()
