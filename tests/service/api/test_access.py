"""A route that names a conversation answers its owner and is not there for anybody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from service.app import create_app
from service.parts import Parts
from tests.service.api.conftest import ADMIN

BODIES: dict[str, dict[str, Any]] = {"post": {"message": "hello"}, "put": {}, "patch": {}}


@pytest.fixture
async def strangers(parts: Parts) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Everybody who does not own the conversation."""
    transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=False)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://desk") as nobody,
        httpx.AsyncClient(transport=transport, base_url="http://desk") as session,
        httpx.AsyncClient(transport=transport, base_url="http://desk") as forged,
    ):
        session.headers["x-csrf-token"] = (await session.post("/api/v1/session")).json()["csrf"]
        forged.cookies.set("ethicsdesk", "x" * 43)
        admin = {"authorization": f"Bearer {ADMIN}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://desk", headers=admin
        ) as administrator:
            yield {"nobody": nobody, "another": session, "forged": forged, "administrator": administrator}


async def test_a_conversation_is_its_owners_alone(
    browser: httpx.AsyncClient, strangers: dict[str, httpx.AsyncClient]
) -> None:
    begun = await browser.post("/api/v1/chat", json={"message": "a gift", "profile": {"pack": "ct-state"}})
    mine = begun.json()["conversation_id"]
    described = (await browser.get("/openapi.json")).json()["paths"]
    routes = [
        (method, path) for path, ways in described.items() if "{conversation_id}" in path for method in ways
    ]
    assert len(routes) >= 2
    for name, stranger in strangers.items():
        for method, path in routes:
            reply = await stranger.request(
                method, path.replace("{conversation_id}", mine), json=BODIES.get(method)
            )
            assert reply.status_code == 404, (name, method, path)
            assert "a gift" not in reply.text
        spoken = await stranger.post("/api/v1/chat", json={"message": "hello", "conversation_id": mine})
        assert spoken.status_code == 404, name
    assert (await browser.get(f"/api/v1/chat/{mine}")).json()["turns"][0]["said"] == "a gift"


async def test_what_is_the_administrators_is_not_there_for_others(
    strangers: dict[str, httpx.AsyncClient],
) -> None:
    for name, stranger in strangers.items():
        expected = 200 if name == "administrator" else 404
        assert (await stranger.get("/metrics")).status_code == expected, name
