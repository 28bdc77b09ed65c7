"""What a liaison gets: cases that somebody handed on, in order, with every reading noted; nothing else."""

from __future__ import annotations

from typing import Any

import httpx
from sqlalchemy import text

from service.parts import Parts
from tests.service.auth.conftest import Browser, ask, begin, enter
from tests.service.auth.provider import FakeProvider

GIFT = "a vendor gave me a gift of $75"


async def hand_on(client: httpx.AsyncClient, provider: FakeProvider, name: str = "ana") -> dict[str, Any]:
    """Somebody signs in, asks, and asks for a person; gives the last reply."""
    await enter(client, provider, name, email=f"{name}@example.gov")
    begun = (await ask(client, GIFT)).json()["conversation_id"]
    reply: dict[str, Any] = (await ask(client, "person", begun)).json()
    return reply


async def test_a_case_handed_on_is_listed_read_taken_and_closed(
    browser: Browser, provider: FakeProvider, parts: Parts
) -> None:
    async with browser() as asker, browser() as client, browser() as other:
        reply = await hand_on(asker, provider)
        assert reply["messages"][-1]["about"] == "handed_on", "whoever hands a case on is told who sees it"
        await enter(client, provider, "lee", "liaison")
        [case] = (await client.get("/api/v1/handoffs")).json()
        assert (case["stage"], case["topic"]) == ("waiting", "Gifts")
        path = f"/api/v1/handoffs/{case['handoff_id']}"
        assert (await client.post(f"{path}/reading", json={})).status_code == 422, "no reading without reason"
        opened = (await client.post(f"{path}/reading", json={"reason": "to_answer"})).json()
        assert (opened["person"], opened["email"]) == ("Ana", "ana@example.gov")
        assert opened["opening"] == GIFT
        assert [(fact["fact"], fact["value"]) for fact in opened["facts"]] == [("item_value", "$75")]
        assert (await client.post(f"{path}/taking")).json()["taken_by"] == "Lee"
        await enter(other, provider, "max", "liaison")
        assert (await other.post(f"{path}/taking")).status_code == 422
        assert (await other.post(f"{path}/closing", json={"note": "mine"})).status_code == 422
        closed = (await client.post(f"{path}/closing", json={"note": "You may not."})).json()
        assert closed["stage"] == "closed"
        exported = (await asker.get("/api/v1/conversations/export")).json()["conversations"][0]
        assert exported["handed_on"][0]["note"] == "You may not.", "the answer is the asker's to have"
    trail = [
        (row.action, row.reason) for row in parts.store.audit.trail() if row.subject == case["handoff_id"]
    ]
    assert trail == [("close", None), ("take", None), ("read", "to_answer")]


async def test_whoever_did_not_ask_for_a_person_is_not_listed(
    browser: Browser, provider: FakeProvider, parts: Parts
) -> None:
    async with browser() as asker, browser() as visitor, browser() as client:
        await enter(asker, provider, "ana")
        await ask(asker, GIFT)
        await begin(visitor)
        begun = (await ask(visitor, GIFT)).json()["conversation_id"]
        await ask(visitor, "person", begun)
        await enter(client, provider, "lee", "liaison")
        assert (await client.get("/api/v1/handoffs")).json() == []


async def test_a_liaison_reads_no_conversation(browser: Browser, provider: FakeProvider) -> None:
    async with browser() as asker, browser() as client:
        reply = await hand_on(asker, provider)
        await enter(client, provider, "lee", "liaison")
        assert (await client.get(f"/api/v1/chat/{reply['conversation_id']}")).status_code == 404


async def test_deleting_the_conversation_takes_the_case_back(
    browser: Browser, provider: FakeProvider, parts: Parts
) -> None:
    async with browser() as asker, browser() as client:
        reply = await hand_on(asker, provider)
        await asker.delete(f"/api/v1/chat/{reply['conversation_id']}")
        await enter(client, provider, "lee", "liaison")
        assert (await client.get("/api/v1/handoffs")).json() == []


async def test_a_person_with_nothing_kept_is_forgotten(
    browser: Browser, provider: FakeProvider, parts: Parts
) -> None:
    async with browser() as asker:
        await hand_on(asker, provider)
        parts.store.people.sweep()
        assert count(parts, "person") == 1
        await asker.delete("/api/v1/conversations")
        await asker.delete("/api/v1/session")
    parts.store.people.sweep()
    assert count(parts, "person") == 0


def count(parts: Parts, table: str) -> int:
    with parts.store.database.read() as db:
        return int(db.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


async def test_an_administrator_sets_switches_and_holds_and_all_of_it_is_noted(
    browser: Browser, provider: FakeProvider, parts: Parts
) -> None:
    async with browser() as asker, browser() as client:
        begun = (await hand_on(asker, provider))["conversation_id"]
        await enter(client, provider, "root", "administrator")
        order = {"kind": "topic", "target": "gift", "note": "Ask counsel."}
        assert (await client.put("/api/v1/admin/switches", json=order)).json()[0]["note"] == "Ask counsel."
        stopped = (await ask(asker, GIFT)).json()
        assert stopped["messages"][-1]["text"] == "Ask counsel."
        assert (await client.put("/api/v1/admin/switches", json={**order, "on": False})).json() == []
        wrong = await client.put("/api/v1/admin/switches", json={"kind": "rule", "target": "nope"})
        assert wrong.json()["error"]["field"] == "target"
        assert (await client.put(f"/api/v1/admin/holds/{begun}", json={"on": True})).status_code == 204
        assert (await asker.delete(f"/api/v1/chat/{begun}")).status_code == 403
        ledger = (await client.get("/api/v1/admin/ledger")).json()
        assert ledger["whole"]
        assert ledger["accepted"] == 3
        audited = (await client.get("/api/v1/admin/audit")).json()
        assert audited["whole"]
        done = [entry["action"] for entry in audited["trail"]]
        assert done[:4] == ["hold", "switch off", "switch on", "sign in"]
