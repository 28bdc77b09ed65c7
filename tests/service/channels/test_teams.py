"""Whole exchanges in Teams, against a stand-in of the connector, through the application as it is mounted."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from scripts.teams_package import package
from service.channels.teams import cards
from service.settings import ROOT, Settings
from service.store import attempts
from tests.service.answers import MOST
from tests.service.channels.office import BOT, HANGS_UP, TENANT, Person, activity

GIFT = "a vendor gave me a gift of $75"
Json = dict[str, Any]


def action(card: Json, verb: str) -> Json:
    return next(one for one in card["actions"] if one.get("verb") == verb)


def decided(person: Person) -> Json | None:
    return next((one for one in person.cards() if "What to do" in json.dumps(one)), None)


async def asked(person: Person) -> None:
    while not any("whose rules" in json.dumps(card) for card in person.cards()):  # noqa: ASYNC110
        await asyncio.sleep(0.1)


async def broken(*_: object) -> None:
    raise KeyError("a listener breaks")


async def to_determination(person: Person, *, submit: bool = False) -> Json:
    await person.say(GIFT)
    for _ in range(MOST):
        found = decided(person)
        if found is not None:
            return found
        await person.answer(submit=submit)
    raise AssertionError([card["fallbackText"][:60] for card in person.cards()])


@pytest.mark.parametrize("submit", [False, True], ids=["execute", "submit"])
async def test_question_facts_correction_determination_passages_and_a_person(
    person: Person, submit: bool
) -> None:
    first = await to_determination(person, submit=submit)
    assert person.connector.sent[0][1] == {"type": "typing"}, "typing at once"
    shown = json.dumps(first, ensure_ascii=False)
    assert "$75" in shown
    assert "What would change the answer" in shown
    passages = next(one for one in first["actions"] if one["type"] == "Action.ShowCard")
    assert "in our own words" in json.dumps(passages)
    assert all(one["attachments"][0]["content"]["body"] for one in person.connector.updated), (
        "asked, answered"
    )
    asked = [one["attachments"][0]["content"] for one in person.connector.updated]
    assert asked
    assert all("✓" in json.dumps(one, ensure_ascii=False) and not one["actions"] for one in asked)

    reply = await person.press(action(first, "facts"), submit=submit)
    form = person.cards()[-1]
    if not submit:
        assert reply.json()["type"] == cards.MESSAGE, "the determination stays as it is"
    fields = {one["id"]: one for one in form["body"] if one["type"].startswith("Input.")}
    assert fields["item_value"]["value"] == 75
    assert all(one["label"] and one["errorMessage"] and one["isRequired"] for one in fields.values())
    assert {one["type"] for one in fields.values()} >= {"Input.ChoiceSet", "Input.Number"}

    before = len(person.cards())
    held = {name: str(one["value"]) for name, one in fields.items()}
    reply = await person.press(action(form, "correct"), submit=submit, **{**held, "item_value": "much"})
    again = person.cards()[-1] if submit else reply.json()["value"]
    assert "Cost for one person: Expected" in json.dumps(again), "what is wrong stands in the form"
    reply = await person.press(action(form, "correct"), submit=submit, **{**held, "item_value": "20"})
    if not submit:
        assert "Cost for one person: $20" in json.dumps(reply.json()["value"], ensure_ascii=False)
    corrected = json.dumps(person.cards()[before:], ensure_ascii=False)
    assert "Cost for one person: $20" in corrected, "the corrected case is decided again"
    assert "What to do" in corrected or "The answer stays the same" in corrected

    before = len(person.cards())
    reply = await person.press(action(first, "person"), submit=submit)
    assert "whom to ask" in json.dumps(person.cards()[before:]).lower()
    if not submit:
        assert reply.json()["type"] == cards.MESSAGE, "a determination is never replaced by a button's words"
    assert all(card["version"] == "1.5" and card["fallbackText"] for card in person.cards())


async def test_a_form_that_changes_nothing_says_so_and_costs_no_turn(person: Person) -> None:
    await person.say(GIFT)
    await person.answer()
    await person.press(action(person.cards()[-1], "facts"))
    form, taken = person.cards()[-1], person.parts.store.ledger.count().accepted
    held = {one["id"]: str(one["value"]) for one in form["body"] if one["type"].startswith("Input.")}
    reply = await person.press(action(form, "correct"), **held, made_up="1", __proto__="x")
    assert "Nothing was changed." in reply.text
    reply = await person.press(action(form, "correct"), **{**held, "item_value": ""})
    assert "Say what it is" in reply.text
    assert person.parts.store.ledger.count().accepted == taken


async def test_every_question_has_labels_errors_and_a_fallback(person: Person) -> None:
    await person.say(GIFT)
    seen = set()
    for _ in range(MOST):
        if decided(person):
            break
        card = person.cards()[-1]
        for control in [*card["actions"], *(a for e in card["body"] for a in e.get("actions", ()))]:
            assert (control["type"], control["fallback"]["type"]) == ("Action.Execute", "Action.Submit")
            assert control["data"] == control["fallback"]["data"]
        for field in (one for one in card["body"] if one["type"].startswith("Input.")):
            seen.add(field["style"])
            assert field["label"]
            assert field["errorMessage"]
        assert len(card["actions"]) <= 6, "Teams shows six"
        reply = await person.answer()
        if reply.status_code == 200:
            assert "✓" in json.dumps(reply.json()["value"], ensure_ascii=False), "the card shows the answer"
            assert reply.json()["value"]["actions"] == []
    assert seen == {"compact", "expanded"}, "a list to choose from and a checklist"


async def test_a_repeat_is_one_turn(person: Person) -> None:
    first = activity(GIFT)
    for _ in range(3):
        assert (await person.send(first)).status_code == 202
    assert person.parts.store.ledger.count().accepted == 1
    assert len(person.cards()) >= 2


async def test_a_button_of_an_answered_question_changes_nothing_that_is_shown(person: Person) -> None:
    await person.say(GIFT)
    old = person.cards()[-1]
    await person.answer()
    field = next(one for one in old["body"] if one["type"] == "Input.ChoiceSet")
    reply = await person.press(old["actions"][0], chosen=field["choices"][-1]["value"])
    assert reply.json()["type"] == cards.MESSAGE
    assert "answered" in reply.json()["value"]


@pytest.mark.parametrize("kind", ["channel", "groupChat"])
async def test_what_is_asked_among_others_is_answered_in_private(person: Person, kind: str) -> None:
    place = {"id": "c9", "conversationType": kind, "tenantId": TENANT, "isGroup": True}
    await person.say(f"<at>Ethics Desk</at> {GIFT}", conversation=place)
    public = json.dumps([body for where, body in person.connector.sent if where == "c9"])
    assert "direct messages" in public
    for secret in ("vendor", "75", "gift", "whose rules"):
        assert secret not in public
    [begun] = person.connector.begun
    assert (begun["bot"]["id"], begun["members"][0]["id"], begun["tenantId"]) == ("28:bot", "29:u", TENANT)
    assert "whose rules" in json.dumps(person.cards()), "the conversation goes on in the personal chat"
    await person.answer()
    assert len([where for where, body in person.connector.sent if where == "c9"]) == 1
    press = {"action": {"verb": "person", "data": {"verb": "person"}}}
    reply = await person.send(
        activity(None, type="invoke", name="adaptiveCard/action", value=press, conversation=place)
    )
    assert reply.json()["type"] == cards.MESSAGE


async def test_where_no_personal_chat_opens_the_channel_learns_nothing(person: Person) -> None:
    person.connector.faults = [(403, {})]
    place = {"id": "c9", "conversationType": "channel", "tenantId": TENANT}
    await person.say(f"<at>Ethics Desk</at> {GIFT}", conversation=place)
    assert "open a chat with me" in json.dumps(person.connector.sent)
    assert "vendor" not in json.dumps(person.connector.sent)
    assert person.parts.store.ledger.count().accepted == 0
    await person.say("<at>Ethics Desk</at>", conversation=place)
    assert person.parts.store.ledger.count().accepted == 0


async def test_an_answer_that_took_too_long_goes_out_by_itself(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = person.parts.settings.model_copy(update={"turn_budget": 0.2})
    monkeypatch.setattr(person.parts.gateway, "_settings", budget)
    beside = asyncio.create_task(person.teams.run())
    reply = await person.say("a vendor slowly gave me a gift of $75")
    assert reply.status_code == 202, "Teams is answered at once, whatever the turn takes"
    async with asyncio.timeout(20):
        await asked(person)
    beside.cancel()
    texts = [card["fallbackText"] for card in person.cards()]
    assert sum("still working" in text for text in texts) == 1
    assert sum("whose rules" in text for text in texts) == 1, "once"


@pytest.mark.parametrize("statuses", [(429, 502, 412, 504), (500, HANGS_UP, 503)])
async def test_a_refusal_of_the_connector_is_waited_for_and_each_reply_posted_once(
    person: Person, statuses: tuple[int, ...]
) -> None:
    person.connector.faults = [(status, {"Retry-After": "0"}) for status in statuses]
    await person.say(GIFT)
    await person.quiet()
    assert person.connector.refused == len(statuses)
    starts = [card["fallbackText"][:6] for card in person.cards()]
    assert len(starts) == len(set(starts)), "each once, in order"
    assert starts[0] == "Before"
    assert person.connector.bearers == {"Bearer own-token"}
    assert person.parts.store.ledger.count().undelivered == 0


async def test_what_brought_the_desk_down_too_often_is_referred_and_counted(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "APART", dt.timedelta())
    person.teams._channels.receive("teams:poison", json.dumps(activity(GIFT)))
    for _ in range(attempts.MOST_ATTEMPTS):  # as if each restart had ended in the middle of it
        person.teams._channels.take_up("teams", dt.datetime.now(dt.UTC))
    beside = asyncio.create_task(person.teams.run())
    async with asyncio.timeout(20):
        while person.teams._channels.unfinished("teams"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    beside.cancel()
    assert ["Reference" in card["fallbackText"] for card in person.cards()] == [True]
    assert 'ethicsdesk_faults_total{kind="teams_delivery"} 1.0' in person.parts.metrics.text().decode()


async def test_what_breaks_on_an_activity_is_said_to_its_sender(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person.teams._talk, "say", broken)
    await person.say(GIFT)
    assert ["Reference" in card["fallbackText"] for card in person.cards()] == [True]
    assert person.teams._channels.unfinished("teams") == []


async def test_what_was_acknowledged_before_a_restart_is_taken_up_again(person: Person) -> None:
    kept = activity(GIFT)
    person.teams._channels.receive("teams:before", json.dumps(kept))
    beside = asyncio.create_task(person.teams.run())
    async with asyncio.timeout(20):
        await asked(person)
        while person.teams._channels.unfinished("teams"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    beside.cancel()


async def test_the_desk_introduces_itself_when_it_is_added(person: Person) -> None:
    joined = activity(None, type="conversationUpdate", membersAdded=[{"id": "28:bot"}])
    assert (await person.send(joined)).status_code == 202
    assert "I am the Ethics Desk" in json.dumps(person.cards()[-1])
    await person.send(activity(None, type="conversationUpdate", membersAdded=[{"id": "29:u"}]))
    assert len(person.cards()) == 1


async def test_what_is_typed_stays_text(person: Person) -> None:
    await person.say("gift [click](https://evil.example) **bold** <b>x</b> of $75")
    for card in person.cards():
        assert all(element["type"] != "TextBlock" for element in card["body"]), (
            "TextBlock would read markdown"
        )


async def test_an_invoke_that_is_not_ours_is_refused_in_its_own_terms(person: Person) -> None:
    reply = await person.send(activity(None, type="invoke", name="signin/verifyState", value={"state": "1"}))
    assert reply.status_code == 200
    assert reply.json()["statusCode"] == 400


def test_the_package_holds_the_manifest_and_the_icons(tmp_path: Path) -> None:
    package(BOT, "ethics.example.gov", tmp_path / "teams.zip")
    with zipfile.ZipFile(tmp_path / "teams.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {manifest["icons"]["color"], manifest["icons"]["outline"]} < set(archive.namelist())
        assert archive.read("color.png").startswith(b"\x89PNG")
    bot = manifest["bots"][0]
    assert bot["botId"] == manifest["id"] == BOT
    assert manifest["validDomains"] == ["ethics.example.gov"]
    assert {scope for one in bot["commandLists"] for scope in one["scopes"]} == {"personal"}
    guide = (ROOT / "docs" / "teams.md").read_text()
    table = guide.split("## Scopes")[1].split("## ")[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {name for cell in first for name in re.findall(r"`(\w+)`", cell)}
    assert named == {*bot["scopes"], *manifest["permissions"]}, "each explained, and no other"
    for name in Settings.model_fields:
        if name.startswith("teams_"):
            assert f"`ETHICSDESK_{name.upper()}`" in guide
