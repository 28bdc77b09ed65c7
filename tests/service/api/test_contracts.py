"""The other contracts: determinations, understanding, search, packs, health; and the guard before them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from service.parts import Parts
from tests.service.api.conftest import ADMIN

DECIDE = {"pack": "ct-state", "topic": "gift", "facts": {"person_role": "state_employee", "item_value": 75}}


async def test_a_determination_has_what_the_contract_names(client: httpx.AsyncClient) -> None:
    reply = await client.post("/api/v1/determinations", json=DECIDE)
    assert reply.status_code == 200
    assert {
        "outcome",
        "decided_by",
        "rules",
        "duties",
        "citations",
        "passages",
        "missing",
        "changes",
    } <= reply.json().keys()
    assert reply.json()["missing"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"facts": {"gift_size": 3}}, "facts.gift_size"),
        ({"facts": {"item_value": "much"}}, "facts.item_value"),
        ({"facts": {"item_value": True}}, "facts.item_value"),
        ({"facts": {"item_value": [1]}}, "facts.item_value"),
        ({"facts": {"person_role": "king"}}, "facts.person_role"),
        ({"facts": {"jurisdiction": "in"}}, "facts.jurisdiction"),
        ({"facts": []}, "facts"),
        ({"pack": "ny"}, "pack"),
        ({"topic": "gifts"}, "topic"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"as_of": "2026-02-30"}, "as_of"),
        ({"dont_know": ["nope"]}, "dont_know.nope"),
        ({"more": 1}, "more"),
        ({"facts": {"item_value": -1}}, "facts.item_value"),
        ({"facts": {"item_value": 1e400}}, "facts.item_value"),
    ],
)
async def test_a_wrong_determination_request_is_named(
    client: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    import json

    content = json.dumps({**DECIDE, **change})
    reply = await client.post(
        "/api/v1/determinations", content=content, headers={"content-type": "application/json"}
    )
    assert reply.status_code == 422, reply.text
    assert reply.json()["error"]["field"] == field
    assert reply.json()["error"]["expected"] or field == "more"


async def test_null_is_a_fact_that_is_not_known(client: httpx.AsyncClient) -> None:
    with_null = {**DECIDE, "facts": {**DECIDE["facts"], "donor_relationship": None}}  # type: ignore[dict-item]
    one = await client.post("/api/v1/determinations", json=with_null)
    two = await client.post("/api/v1/determinations", json=DECIDE)
    assert one.json() == two.json()


async def test_a_switched_rule_is_not_decided(client: httpx.AsyncClient, parts: Parts) -> None:
    parts.store.switches.set("topic", "gift", "Being checked.")
    reply = (await client.post("/api/v1/determinations", json=DECIDE)).json()
    assert (reply["outcome"], reply["rules"], reply["note"]) == ("refer_to_counsel", [], "Being checked.")


async def test_understanding(client: httpx.AsyncClient) -> None:
    body = {"text": "a gift of $75", "pack": "ct-state", "pending": {"fact": "item_value"}}
    reply = await client.post("/api/v1/understand", json=body)
    assert reply.status_code == 200
    content = reply.json()
    assert (content["act"], content["topic"], content["facts"]) == ("situation", "gift", {"item_value": 75.0})
    for pending in ("item_value", {"facts": ["item_value"]}, None):
        assert (await client.post("/api/v1/understand", json={**body, "pending": pending})).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": "a", "pack": "x"}, "pack"),
        ({"text": "a", "pending": "x"}, "pending.x"),
        ({}, "text"),
    ],
)
async def test_a_wrong_text_is_named(client: httpx.AsyncClient, body: dict[str, Any], field: str) -> None:
    reply = await client.post("/api/v1/understand", json=body)
    assert (reply.status_code, reply.json()["error"]["field"]) == (422, field)


async def test_search(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/search", params={"q": "gift", "pack": "ct-state", "k": 3})).json() == []
    wrongs: list[tuple[dict[str, str | int], str]] = [
        ({}, "q"),
        ({"q": "a", "k": 0}, "k"),
        ({"q": "a", "pack": "zz"}, "pack"),
    ]
    for wrong, field in wrongs:
        reply = await client.get("/api/v1/search", params=wrong)
        assert (reply.status_code, reply.json()["error"]["field"]) == (422, field)


async def test_the_law_as_data(client: httpx.AsyncClient) -> None:
    packs = (await client.get("/api/v1/packs")).json()
    assert {pack["pack"] for pack in packs} == {
        "ct-state", "ct-dss", "ct-opm", "ct-dds-contractor", "ct-lobbyist", "in-state",
    }  # fmt: skip
    topics = {topic["topic"] for topic in (await client.get("/api/v1/packs/in-state/topics")).json()}
    assert "gift" in topics
    facts = {fact["fact"]: fact for fact in (await client.get("/api/v1/packs/ct-dss/facts")).json()}
    assert facts["item_value"]["type"] == "money"
    assert facts["person_role"]["options"]
    rules = (await client.get("/api/v1/packs/ct-state/rules")).json()
    assert rules
    cited = rules[0]["cites"][0]
    found = await client.get(f"/api/v1/packs/ct-state/provisions/{cited}")
    assert found.status_code == 200
    assert rules[0]["rule"] in found.json()["rules"]


@pytest.mark.parametrize("path", ["topics", "facts", "provisions", "rules", "provisions/RCSA 1-92-53"])
async def test_an_unknown_pack_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    for name in ("zz", "..", "%2e%2e%2fetc", "ct-state%00"):
        reply = await client.get(f"/api/v1/packs/{name}/{path}")
        assert reply.status_code == 404, name


async def test_health_ready_and_metrics(client: httpx.AsyncClient, parts: Parts) -> None:
    assert (await client.get("/health")).json() == {"status": "ok"}
    ready = await client.get("/ready")
    assert (ready.status_code, ready.json()["dialogue"]) == (200, "engine alone")
    assert (await client.get("/metrics")).status_code == 404
    await client.post("/api/v1/chat", json={"message": "hello"})
    await parts.gateway.drain(5)
    metrics = await client.get("/metrics", headers={"authorization": f"Bearer {ADMIN}"})
    assert 'ethicsdesk_turns_total{via="engine"} 1.0' in metrics.text


async def test_the_seams_ask_for_the_secret(client: httpx.AsyncClient) -> None:
    assert (await client.post("/webhook", json={"next_action": "action_greeting"})).status_code == 403
    wrong = {"x-ethicsdesk-secret": "wrong"}
    assert (await client.post("/webhook", content=b"{broken", headers=wrong)).status_code == 403
    assert (await client.post("/model/parse", json={"text": "hi", "token": "wrong"})).status_code == 403
    assert (await client.post("/model/parse", json={"text": "hi"})).status_code == 403
    right = await client.post(
        "/model/parse", json={"text": "hi", "token": "seam-secret", "message_id": "nobody"}
    )
    assert right.status_code == 404


async def test_bodies_are_bounded_and_typed(client: httpx.AsyncClient) -> None:
    large = b'{"message": "' + b"x" * 70_000 + b'"}'
    json = {"content-type": "application/json"}
    assert (await client.post("/api/v1/chat", content=large, headers=json)).status_code == 413

    async def pieces() -> Any:
        for _ in range(100):
            yield b"x" * 1000

    assert (await client.post("/api/v1/chat", content=pieces(), headers=json)).status_code == 413
    for wrong in ("text/plain", "application/x-www-form-urlencoded", ""):
        reply = await client.post(
            "/api/v1/chat", content=b'{"message": "a"}', headers={"content-type": wrong}
        )
        assert reply.status_code == 422
        assert reply.json()["error"]["field"] == "content-type"
    for broken in (b"{", b"\xff\xfe", b"[" * 20_000, b""):
        reply = await client.post("/api/v1/chat", content=broken, headers=json)
        assert reply.status_code == 422


async def test_unknown_addresses_and_methods_have_the_same_shape(client: httpx.AsyncClient) -> None:
    for method, path, status in (
        ("GET", "/nothing", 404),
        ("DELETE", "/api/v1/chat", 405),
        ("GET", "/static/../app.py", 404),
    ):
        reply = await client.request(method, path)
        assert reply.status_code == status
        assert set(reply.json()["error"]) == {"code", "field", "message", "expected"}


async def test_the_page_is_served_with_a_strict_policy(client: httpx.AsyncClient) -> None:
    page = await client.get("/")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in page.text
    assert " style=" not in page.text
    assert " on" not in page.text.replace(" one", "").replace(" or", "").lower() or "onclick" not in page.text
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-request-id"]


async def test_every_contract_is_described_with_its_errors(client: httpx.AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()
    assert "/model/parse" not in described["paths"]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary"), (path, method)
            assert operation.get("description"), (path, method)
            if path.startswith("/api/"):
                assert "422" in operation["responses"]
    for body in ("ChatRequest", "DeterminationRequest", "UnderstandRequest"):
        assert described["components"]["schemas"][body]["examples"]
