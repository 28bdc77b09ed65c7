"""What the measurements count: good replies, faults by kind, and determinations unlike the engine's."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import httpx
import pytest
from aiohttp import web

from actions.engine import Engine
from knowledge.load import load as load_law
from service.harness import load, speed
from service.harness.faults import PACK
from service.harness.load import Decided, Person, Times

SAID = {"type": "text", "text": "hello"}
REPLIES = {
    "good": (200, {"messages": [SAID], "held": False}),
    "empty": (200, {"messages": [], "held": False}),
    "held": (200, {"messages": [SAID], "held": True}),
    "refused": (429, {}),
    "status 503": (503, {}),
}


@pytest.fixture
async def desk() -> AsyncIterator[str]:
    """A desk that answers each message by the kind of reply that it names."""

    async def answer(request: web.Request) -> web.Response:
        status, body = REPLIES[(await request.json())["message"]]
        state: dict[str, object] = {"facts": {}, "pending": None}
        headers = {"retry-after": "2"} if status == 429 else None
        return web.json_response(
            body | {"conversation_id": "c", "state": state}, status=status, headers=headers
        )

    app = web.Application()
    app.router.add_post("/api/v1/chat", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_every_reply_is_counted_for_what_it_was(desk: str) -> None:
    times = Times()
    async with httpx.AsyncClient(base_url=desk) as client:
        for kind in REPLIES:
            assert not await Person(message=kind).turn(client, times)
    assert len(times.taken) == 1
    assert dict(times.faults) == {"empty": 1, "held": 1, "refused": 1, "status 503": 1}
    assert len(times.refused) == 2


async def test_arrivals_do_not_wait_for_each_other(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "opening", lambda: "good")
    monkeypatch.setattr(Person, "turn", _slow)
    times = await load.arrivals(desk, 50, 0.4)
    assert len(times.taken) == 20


async def _slow(_: Person, __: httpx.AsyncClient, times: Times) -> bool:
    """A turn that ends only once all the others have begun."""
    times.faults["begun"] += 1
    while times.faults["begun"] < 20:  # noqa: ASYNC110 - waits for nothing but its neighbours
        await asyncio.sleep(0.01)
    times.taken.append(1.0)
    return False


def test_a_determination_that_the_engine_would_not_give_is_wrong() -> None:
    facts = {"person_role": "state_employee", "item_value": 75}
    engine = Engine(load_law())
    right = engine.determine(
        PACK, "gift", engine.parse_facts(PACK, facts), dt.date(2026, 11, 24), presume=True
    )
    same = Decided("gift", facts, frozenset(), "2026-11-24", right.outcome, right.decided_by)
    other = Decided("gift", facts, frozenset(), "2026-11-24", "allowed", "nothing")
    assert speed.differing([same, other, other]) == 2
