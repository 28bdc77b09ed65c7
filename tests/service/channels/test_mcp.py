"""The MCP tools, called by the official client and over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from mcp.client.client import Client

from service.app import create_app
from service.channels.mcp import mcp_server
from service.parts import Parts
from service.settings import Settings

GIFT = {"item_type": "food_beverage", "item_value": 75}


@pytest.fixture
def parts(join: Callable[[Settings], Parts], settings: Callable[..., Settings]) -> Parts:
    return join(settings())


async def call(client: Client, name: str, **arguments: Any) -> Any:
    answer = await client.call_tool(name, arguments)
    assert not answer.is_error, answer.content
    return [json.loads(part.text) for part in answer.content]


async def test_an_assistant_lists_decides_and_reads(parts: Parts) -> None:
    async with Client(mcp_server(parts)) as client:
        tools = (await client.list_tools()).tools
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
        assert "ct-state" in json.dumps(await call(client, "list_packs"))
        [decided] = await call(client, "determine", pack="ct-state", topic="gift", facts=GIFT)
        assert decided["outcome"]
        assert await call(client, "list_facts", pack="ct-state")
        [read] = await call(client, "read_provision", pack="ct-state", provision="CGS 1-84b(a)")
        assert read["citation"]
        await call(client, "search_provisions", query="gift limit")
    assert parts.store.ledger.count().accepted == 0, "nothing is stored"
    parts.store.close()


async def test_a_wrong_name_is_an_error_in_words(parts: Parts) -> None:
    async with Client(mcp_server(parts)) as client:
        answer = await client.call_tool("determine", {"pack": "nope", "topic": "gift", "facts": {}})
        assert answer.is_error
        assert "ct-state" in str(answer.content)
    parts.store.close()


async def test_over_http_only_the_desks_own_name_is_answered(parts: Parts) -> None:
    app = create_app(parts)
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            reply = await client.post("/mcp", json=body, headers=headers)
            assert "determine" in reply.text, reply.text
            other = await client.post("/mcp", json=body, headers={**headers, "host": "evil.example"})
            assert other.status_code == 421
