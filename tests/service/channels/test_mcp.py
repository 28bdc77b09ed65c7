"""The MCP tools, called by the official client and over HTTP."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters

from service.app import create_app
from service.channels.mcp import mcp_server
from service.parts import Parts
from service.ports import free_port
from service.settings import ROOT, Settings
from tests.browser.serve import serving

# `ethicsdesk mcp` as it stands, with words in place of the language models. Some package installs a folder
# named tests: ours is named outright.
COMMAND = f"""
import sys, types
tests = sys.modules["tests"] = types.ModuleType("tests")
tests.__path__ = [{str(ROOT / "tests")!r}]
from service import parts
from tests.browser.standins import build
parts.assemble = lambda settings, secret: build(settings)
from service.cli import app
app(["mcp"])
"""
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


async def asked(client: Client) -> None:
    """What an office's assistant would do, and that nothing on offer changes anything."""
    tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} >= {"determine", "search_provisions", "read_provision", "list_facts"}
    for tool in tools:
        hints = tool.annotations
        assert hints is not None
        assert (hints.read_only_hint, hints.idempotent_hint, hints.open_world_hint) == (True, True, False)
        assert tool.description
    [decided] = await call(client, "determine", pack="ct-state", topic="gift", facts=GIFT)
    assert decided["outcome"]
    [read] = await call(client, "read_provision", pack="ct-state", provision="CGS 1-84b(a)")
    assert read["citation"]


async def test_the_official_client_over_http(talking: Callable[..., Parts]) -> None:
    parts = talking()
    with serving(parts, free_port()) as address:
        async with Client(f"{address}/mcp") as client:
            await asked(client)
            assert await call(client, "search_provisions", query="gift limit", pack="ct-state")


async def test_the_official_client_over_standard_input_and_output(tmp_path: Path) -> None:
    command = StdioServerParameters(
        command=sys.executable, args=["-c", COMMAND], cwd=ROOT,
        env={**os.environ, "ETHICSDESK_VAR_DIR": str(tmp_path)},
    )  # fmt: skip
    async with Client(command) as client:
        await asked(client)


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
