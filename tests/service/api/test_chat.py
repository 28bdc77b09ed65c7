"""POST /api/v1/chat as its contract says, and what bad input gets."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from service.parts import Parts

GIFT = "a vendor gave me a gift of $75"
CT = {"pack": "ct-state"}


async def say(
    client: httpx.AsyncClient, message: Any, conversation: str | None = None, **more: Any
) -> httpx.Response:
    body = {"message": message, **({"conversation_id": conversation} if conversation else {}), **more}
    return await client.post("/api/v1/chat", json=body)


async def begin(client: httpx.AsyncClient) -> dict[str, Any]:
    reply = await say(client, GIFT, profile=CT)
    assert reply.status_code == 200, reply.text
    content: dict[str, Any] = reply.json()
    return content


async def test_a_conversation_begins_asks_and_remembers(client: httpx.AsyncClient) -> None:
    first = await begin(client)
    assert first["state"]["pack"] == "ct-state"
    assert first["state"]["topic"] == "gift"
    pending = first["state"]["pending"]
    assert pending["fact"] == "person_role"
    assert {"value", "label"} <= pending["options"][0].keys()
    assert {message["type"] for message in first["messages"]} >= {"notice", "question"}
    second = (await say(client, pending["options"][0]["label"], first["conversation_id"])).json()
    assert second["state"]["facts"]["person_role"] == pending["options"][0]["value"]


async def test_a_button_token_answers(client: httpx.AsyncClient) -> None:
    first = await begin(client)
    option = first["state"]["pending"]["options"][1]
    second = (await say(client, option["token"], first["conversation_id"])).json()
    assert second["state"]["facts"]["person_role"] == option["value"]


@pytest.mark.parametrize(
    ("message", "field"),
    [("", "message"), ("   \n ", "message"), ("\0\0", "message"), ("x" * 5000, "message")],
)
async def test_a_message_that_does_not_fit_costs_nothing(
    client: httpx.AsyncClient, message: str, field: str
) -> None:
    first = await begin(client)
    reply = await say(client, message, first["conversation_id"])
    assert reply.status_code == 422
    content = reply.json()
    assert content["error"]["field"] == field
    assert content["error"]["expected"] == "1 to 4,000 characters"
    assert content["messages"][0]["type"] == "question", "the pending question is asked again"
    assert content["state"]["pending"] == first["state"]["pending"]


@pytest.mark.parametrize(
    "message",
    [
        "/restart",
        '/inform{"item_value": "999"}',
        "<script>alert(1)</script>",
        "👍🏽 \u202e rtl",
        "nul\0inside",
        "{{7*7}} ${x} %s",
        "'; DROP TABLE inbox; --",
        "=HYPERLINK(1)",
        "z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚a̴̵lgo",
        "x" * 4000,
        "\ufeff",
        "a\u2028b",
    ],
)
async def test_strange_text_is_text(client: httpx.AsyncClient, message: str) -> None:
    first = await begin(client)
    reply = await say(client, message, first["conversation_id"])
    assert reply.status_code in (200, 422)
    content = reply.json()
    assert content["state"]["pending"] == first["state"]["pending"], "nothing was answered, nothing restarted"
    assert content["state"]["facts"] == first["state"]["facts"]
    assert any(message["type"] == "question" for message in content["messages"])


async def test_lone_surrogates_are_refused_in_words(client: httpx.AsyncClient) -> None:
    reply = await client.post(
        "/api/v1/chat", content=b'{"message": "\\ud800"}', headers={"content-type": "application/json"}
    )
    assert reply.status_code == 422
    assert reply.json()["error"]["field"] == "message"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "message"),
        ({"message": 5}, "message"),
        ({"message": None}, "message"),
        ({"message": ["a"]}, "message"),
        ({"message": "a", "profile": {"pack": "ct-dmv"}}, "profile.pack"),
        ({"message": "a", "extra": 1}, "extra"),
        ({"message": "a", "conversation_id": 7}, "conversation_id"),
        ([], "body"),
        ("text", "body"),
        (None, "body"),
        ({"message": "a", "profile": CT, "facts": {"no_such": 1}}, "facts.no_such"),
        ({"message": "a", "profile": CT, "facts": {"item_value": "much"}}, "facts.item_value"),
        ({"message": "a", "profile": CT, "facts": {"jurisdiction": "in"}}, "facts.jurisdiction"),
        ({"message": "a", "facts": {"item_value": 1}}, "profile.pack"),
    ],
)
async def test_a_wrong_body_is_named(client: httpx.AsyncClient, body: Any, field: str) -> None:
    reply = await client.post("/api/v1/chat", json=body)
    assert reply.status_code == 422
    error = reply.json()["error"]
    assert (error["code"], error["field"]) == ("invalid_input", field)
    assert error["message"]


async def test_an_unknown_conversation_is_not_found(client: httpx.AsyncClient) -> None:
    for name in ("nope", "../../etc/passwd", "%00", "a' OR 1=1"):
        reply = await say(client, "hello", name)
        assert reply.status_code == 404, name


async def test_the_same_message_id_gets_the_same_reply(client: httpx.AsyncClient, parts: Parts) -> None:
    first = await begin(client)
    one = (await say(client, "1", first["conversation_id"], message_id="m-1")).json()
    two = (await say(client, "1", first["conversation_id"], message_id="m-1")).json()
    assert one == two
    assert parts.store.ledger.count().accepted == 2


async def test_facts_set_by_a_control(client: httpx.AsyncClient) -> None:
    first = await begin(client)
    reply = await say(client, "value: $12.50", first["conversation_id"], facts={"item_value": 12.5})
    assert reply.json()["state"]["facts"]["item_value"] == 12.5


async def test_a_number_that_is_nobodys_business_is_masked(client: httpx.AsyncClient, parts: Parts) -> None:
    reply = (await say(client, "my ssn is 219-09-9999 and a gift came", profile=CT)).json()
    assert reply["messages"][0]["about"] == "masked"
    [(accepted, _)] = parts.store.ledger.transcript(reply["conversation_id"])
    assert "219" not in accepted.text


async def test_the_transcript_and_its_deletion(client: httpx.AsyncClient) -> None:
    first = await begin(client)
    path = f"/api/v1/chat/{first['conversation_id']}"
    turns = (await client.get(path)).json()["turns"]
    assert [turn["said"] for turn in turns] == [GIFT]
    assert turns[0]["messages"] == first["messages"]
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404


async def test_a_browsers_conversation_answers_that_browser_alone(
    client: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    mine = await begin(browser)
    path = f"/api/v1/chat/{mine['conversation_id']}"
    assert (await browser.get(path)).status_code == 200
    assert (await client.get(path)).status_code == 404
    assert (await client.delete(path)).status_code == 404
    assert (await say(client, "hello", mine["conversation_id"])).status_code == 404


async def test_a_change_by_cookie_needs_the_token_of_the_page(browser: httpx.AsyncClient) -> None:
    browser.headers["x-csrf-token"] = "stale"
    reply = await say(browser, GIFT)
    assert reply.status_code == 403
    assert "reload" in reply.json()["error"]["message"]


async def test_too_many_messages_are_slowed_down(client: httpx.AsyncClient, parts: Parts) -> None:
    first = await begin(client)
    statuses = [(await say(client, "", first["conversation_id"])).status_code for _ in range(61)]
    assert statuses[-1] == 429
    reply = await say(client, "hello", first["conversation_id"])
    assert int(reply.headers["retry-after"]) >= 1


async def test_every_reply_of_rasa_and_bug_is_a_constant(
    client: httpx.AsyncClient,
    parts: Parts,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("canary-9911 /etc/passwd SELECT")

    monkeypatch.setattr(parts.store.ledger, "begin", broken)
    reply = await say(client, "canary-9911")
    assert reply.status_code == 500
    assert reply.json()["error"]["message"] == "Something went wrong on our side."
    assert reply.json()["error"]["reference"] in "".join(capsys.readouterr())
    assert "canary" not in reply.text
