"""No message text and no fact value leaves by a log line, a metric or an error body, faults included."""

from __future__ import annotations

import random
from collections.abc import Callable

import httpx
import pytest

from service import logs
from service.app import create_app
from service.parts import Parts
from service.settings import Settings
from tests.service.rasa import FakeRasa, Mood

CANARY = "canary-4471-basket"
MOODS: tuple[Mood, ...] = ("well", "well", "well", "empty", "error", "garbage", "dies after acting")
TURNS = 1000
TEXTS = (
    f"a vendor gave me a gift of $918273645 {CANARY}", f"{CANARY} crash", f"no {CANARY}", "1",
    "none of these", CANARY * 400, f"/{CANARY}", f"<b>{CANARY}</b>", f"SSN 219-09-9999 {CANARY}",
    f"\0{CANARY}",
)  # fmt: skip


async def test_no_text_and_no_value_is_logged(
    join: Callable[[Settings], Parts],
    settings: Callable[..., Settings],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rasa = FakeRasa()
    await rasa.start()
    parts = join(
        settings(
            rasa_urls=rasa.url,
            seam_secret="s" * 30,
            admin_token="a" * 30,
            relay_budget=0.5,
            rate_messages="9999/minute",
        )
    )
    rasa.joins(parts)
    logs.configure("debug")
    chance = random.Random(7)
    seen: list[str] = []
    transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        conversation = None
        for number in range(TURNS):
            rasa.mood = chance.choice(MOODS)
            body = {"message": chance.choice(TEXTS), "profile": {"pack": "ct-state"}}
            reply = await client.post(
                "/api/v1/chat", json={**body, **({"conversation_id": conversation} if conversation else {})}
            )
            if reply.status_code != 200:
                seen.append(reply.json()["error"]["message"])
            elif number % 10 == 0:
                conversation = reply.json()["conversation_id"]
        for path in ("chat", "understand", "determinations"):
            wrong = await client.post(
                f"/api/v1/{path}", json={"message": [CANARY], "text": {"a": CANARY}, CANARY: 918273645}
            )
            seen.append(wrong.json()["error"]["message"])
        seen.append((await client.get("/metrics", headers={"authorization": f"Bearer {'a' * 30}"})).text)
        seen.append((await client.get(f"/{CANARY}")).text)
    await parts.gateway.drain(5)
    await parts.relay.close()
    parts.store.close()
    await rasa.stop()
    printed = capfd.readouterr()
    everything = printed.out + printed.err + "".join(seen)
    assert '"event": "request"' in printed.err, "the logs were captured"
    assert '"event": "turn_failed"' in printed.err
    assert "canary" not in everything
    assert "918273645" not in everything
    assert "219-09" not in everything
