"""While the desk loads, its door says so; afterwards it is not there."""

from __future__ import annotations

import httpx
from starlette.responses import PlainTextResponse

from service.doorway import Doorway


async def test_it_asks_for_a_moment_and_then_steps_aside() -> None:
    doorway = Doorway()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(doorway), base_url="http://desk") as client:
        assert (await client.get("/health")).status_code == 200
        assert (await client.get("/ready")).status_code == 503
        page = await client.get("/")
        assert 'http-equiv="refresh"' in page.text
        early = await client.post("/api/v1/chat", json={"message": "hello"})
        assert (early.status_code, early.headers["retry-after"]) == (503, "2")
        assert early.json()["error"]["code"] == "not_ready"
        doorway.open(PlainTextResponse("the desk"))
        assert (await client.get("/health")).text == "the desk"
