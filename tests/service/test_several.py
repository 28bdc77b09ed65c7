"""Two service processes over one PostgreSQL: whichever a message reaches, it is answered once, and the record
stays one."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.children import die_with_parent
from service.settings import ROOT
from tests.service.conftest import _free_port, _sql

pytestmark = pytest.mark.postgres
CONVERSATIONS = 6
START_SECONDS = 60
SCRIPT = Path(__file__).parent / "process.py"
ADMIN = {"authorization": "Bearer admin"}
Pair = tuple[httpx.AsyncClient, httpx.AsyncClient]


@pytest.fixture
async def pair(postgres: str, tmp_path: Path) -> AsyncIterator[Pair]:
    """A client of each of two processes."""
    _sql(postgres, "DROP DATABASE IF EXISTS several WITH (FORCE)")
    _sql(postgres, "CREATE DATABASE several")
    url, ports = postgres.removesuffix("postgres") + "several", (_free_port(), _free_port())
    processes = [await spawn(port, url, tmp_path) for port in ports]
    one, two = (httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) for port in ports)
    try:
        await asyncio.gather(started(one), started(two))
        yield one, two
    finally:
        await asyncio.gather(one.aclose(), two.aclose())
        for process in processes:
            process.kill()
            await process.wait()


async def spawn(port: int, url: str, folder: Path) -> asyncio.subprocess.Process:
    """A process that ends with the test at the latest."""
    return await asyncio.create_subprocess_exec(
        sys.executable, SCRIPT, str(port), url, folder, cwd=ROOT, preexec_fn=die_with_parent()
    )


async def started(client: httpx.AsyncClient) -> None:
    """Wait for a process; both migrate the same empty database at once."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            assert (await client.get("/ready")).status_code == 200
            return
        except httpx.TransportError:
            assert time.monotonic() < until, "the process did not start"
            await asyncio.sleep(0.2)


async def say(client: httpx.AsyncClient, message: str, **more: Any) -> dict[str, Any]:
    body = {"message": message, "profile": {"pack": "ct-state"}, **more}
    reply = await client.post("/api/v1/chat", json=body)
    assert reply.status_code == 200, reply.text
    content: dict[str, Any] = reply.json()
    return content


async def converse(pair: Pair, number: int) -> None:
    """Every message goes to both processes at once, under one id: both must give the one reply."""
    opened = await say(pair[number % 2], "a vendor gave me a gift of $75")
    conversation = opened["conversation_id"]
    for turn in range(4):
        more = {"conversation_id": conversation, "message_id": f"m-{turn}"}
        first, second = await asyncio.gather(say(pair[0], "1", **more), say(pair[1], "1", **more))
        assert first["message_id"] == second["message_id"]
        told = [reply["messages"] for reply in (first, second) if not reply["held"]]
        assert told[1:] == told[:-1]


async def test_both_answer_every_message_once(pair: Pair) -> None:
    await asyncio.gather(*(converse(pair, number) for number in range(CONVERSATIONS)))
    ledger = (await pair[0].get("/api/v1/admin/ledger", headers=ADMIN)).json()
    assert ledger["accepted"] == ledger["answered"] + ledger["referred"] == 5 * CONVERSATIONS
    assert (await pair[1].get("/api/v1/admin/audit", headers=ADMIN)).json()["whole"]
    order = {"kind": "topic", "target": "gift", "note": "Ask counsel."}
    assert (await pair[0].put("/api/v1/admin/switches", json=order, headers=ADMIN)).status_code == 200
    await asyncio.sleep(5.5)
    assert (await say(pair[1], "a gift of $75"))["messages"][-1]["text"] == "Ask counsel."
    began = await pair[0].post("/api/v1/session")
    cookie = {"cookie": f"ethicsdesk={began.cookies['ethicsdesk']}"}
    again = await pair[1].post("/api/v1/session", headers=cookie)
    assert again.json()["csrf"] == began.json()["csrf"], "a session is known to both"
