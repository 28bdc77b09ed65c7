"""Whole exchanges on Slack, against a stand-in of its Web API."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from typing import Any

import pytest
import yaml

from service.channels import courier
from service.channels.courier import Courier
from service.settings import ROOT, Settings
from service.store import attempts
from service.store.channels import Place
from tests.service.answers import MOST
from tests.service.channels.conftest import Workspace, blocks, controls

GIFT = "a vendor gave me a gift of $75"
OTHERS_WAIT = 0.5  # seconds
MANIFEST = yaml.safe_load((ROOT / "service/channels/slack/manifest.yml").read_text())
Json = dict[str, Any]


def words(post: Json) -> str:
    return json.dumps(blocks(post), ensure_ascii=False)


def decided(workspace: Workspace) -> Json | None:
    return next((one for one in workspace.posts() if "What to do" in words(one)), None)


async def broken(*_: object) -> None:
    raise KeyError("a listener breaks")


async def to_determination(workspace: Workspace) -> Json:
    await workspace.say(GIFT)
    for _ in range(MOST):
        found = decided(workspace)
        if found is not None:
            return found
        await workspace.answer()
    raise AssertionError([post["text"][:60] for post in workspace.posts()])


async def open_facts(workspace: Workspace) -> Json:
    await workspace.press({"type": "button", "action_id": "facts", "value": "facts"})
    view = workspace.slack.of("views.open")[-1]["view"]
    found: Json = json.loads(view) if isinstance(view, str) else view
    return found


def submitted(view: Json, user: str = "U1", **entered: Json) -> Json:
    values = {name: {"value": value} for name, value in entered.items()}
    sent = {"id": "V1", "hash": "h", "callback_id": "facts", "type": "modal", "state": {"values": values},
            "private_metadata": view["private_metadata"]}  # fmt: skip
    return {"type": "view_submission", "view": sent, "user": {"id": user}}


async def test_question_facts_correction_determination_passages_and_a_person(workspace: Workspace) -> None:
    assert (await workspace.say(GIFT)).status_code == 200
    assert "whose rules" in workspace.posts()[-1]["text"]
    await workspace.answer()
    updated = workspace.slack.of("chat.update")[-1]
    assert "Connecticut state officials" in updated["text"], "the question shows the chosen answer"
    assert all(block["type"] != "actions" for block in blocks(updated))
    first = await to_determination(workspace)
    assert any(block["type"] == "divider" for block in blocks(first)), "a determination with its passages"
    assert "in our own words" in words(first)
    assert "What would change the answer" in words(first)
    view = await open_facts(workspace)
    assert "75" in json.dumps(view)
    assert "U1" not in view["private_metadata"]
    before = len(workspace.posts())
    fits = submitted(view, item_value={"type": "number_input", "value": "20"})
    assert (await workspace.interact(fits)).status_code == 200
    corrected = " ".join(words(post) for post in workspace.posts()[before:])
    assert "Cost for one person: $20" in corrected, "the corrected case is decided again"
    before = len(workspace.posts())
    await workspace.press({"type": "button", "action_id": "person", "value": "person"})
    assert "whom to ask" in " ".join(words(post) for post in workspace.posts()[before:]).lower()
    assert all(post["text"] for post in workspace.posts()), "every post has a text fallback"
    assert {post["channel"] for post in workspace.posts()} == {"D1"}


async def test_a_form_says_what_does_not_fit_and_belongs_to_one_person(workspace: Workspace) -> None:
    await workspace.say(GIFT)
    await workspace.answer()
    view, taken = await open_facts(workspace), workspace.channel._parts.store.ledger.count().accepted
    wrong = submitted(view, item_value={"type": "number_input", "value": "-3"})
    reply = (await workspace.interact(wrong)).json()
    assert reply["response_action"] == "errors"
    assert "Expected" in reply["errors"]["item_value"]
    same = submitted(view, item_value={"type": "number_input", "value": "75"}, made_up={"value": "1"})
    await workspace.interact(same)
    stranger = submitted(view, "U2", item_value={"type": "number_input", "value": "20"})
    await workspace.interact(stranger)
    assert workspace.channel._parts.store.ledger.count().accepted == taken


async def test_more_than_five_options_are_a_select_and_fewer_are_buttons(workspace: Workspace) -> None:
    await workspace.say(GIFT)
    seen = set()
    for _ in range(MOST):
        if decided(workspace):
            break
        made = controls(workspace.posts()[-1])[0]
        seen.add(made["type"])
        options = workspace.pending()["options"]
        if made["type"] == "static_select":
            assert len(options) > 5
        elif made["type"] == "button" and made["action_id"].startswith("option_"):
            assert len(options) <= 5
        await workspace.answer()
    assert seen == {"static_select", "button", "checkboxes"}


async def test_a_control_of_an_older_question_answers_no_other(workspace: Workspace) -> None:
    await workspace.say(GIFT)
    await workspace.answer()
    await workspace.answer()
    taken = workspace.channel._parts.store.ledger.count().accepted
    older = {"type": "message", "channel_id": "D1", "message_ts": "1.1"}
    await workspace.press({"type": "button", "action_id": "checked", "value": "checked"}, container=older)
    assert workspace.channel._parts.store.ledger.count().accepted == taken
    assert "answered already" in workspace.posts()[-1]["text"]


async def test_a_mention_is_answered_privately_and_the_channel_never_sees_it(workspace: Workspace) -> None:
    event = {"type": "app_mention", "user": "U1", "channel": "C9", "text": f"<@UBOT> {GIFT}", "ts": "1.2",
             "thread_ts": "1.0"}  # fmt: skip
    await workspace.event(event)
    await workspace.quiet()
    assert all(post["channel"] == "D1" for post in workspace.posts())
    [quiet] = workspace.slack.of("chat.postEphemeral")
    assert (quiet["channel"], quiet["user"], quiet["thread_ts"]) == ("C9", "U1", "1.0")
    assert "vendor" not in quiet["text"]


async def test_the_command_and_the_shortcut_lead_to_the_direct_message(workspace: Workspace) -> None:
    reply = await workspace.command(GIFT)
    assert reply.json()["response_type"] == "ephemeral"
    assert "vendor" not in reply.text
    assert "Tell me what happened" in (await workspace.command("")).text
    first = len(workspace.posts())
    assert first
    [shortcut] = MANIFEST["features"]["shortcuts"]
    assert (shortcut["name"], shortcut["type"]) == ("Ask the ethics desk", "message")
    await workspace.interact({"type": "message_action", "callback_id": shortcut["callback_id"],
                              "action_ts": "5.5", "channel": {"id": "C9"},
                              "message": {"text": "hello"}})  # fmt: skip
    assert len(workspace.posts()) > first
    assert {post["channel"] for post in workspace.posts()} == {"D1"}


async def test_a_thread_is_a_conversation_of_its_own_with_a_status_while_thinking(
    workspace: Workspace,
) -> None:
    await workspace.say(GIFT)
    await workspace.answer()
    await workspace.say(GIFT, thread_ts="9.1", ts="9.2")
    [status] = workspace.slack.of("assistant.threads.setStatus")
    assert (status["channel_id"], status["thread_ts"]) == ("D1", "9.1")
    threaded = [post for post in workspace.posts() if post.get("thread_ts") == "9.1"]
    assert threaded
    assert not any("whose rules" in post["text"] for post in threaded), "who one is was said once"
    assert len(workspace.channel._channels.owned("slack:T1:U1")) == 2


async def test_a_delivery_repeated_three_times_is_one_turn_whatever_its_retry_header(
    workspace: Workspace,
) -> None:
    for _ in range(3):
        assert (await workspace.say(GIFT, "Ev-same")).status_code == 200
    assert workspace.channel._parts.store.ledger.count().accepted == 1
    assert len(workspace.posts()) == 2, "a notice and a question"


async def test_slack_is_acknowledged_within_three_seconds_while_the_dialogue_process_hangs(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = asyncio.Event()

    async def hang(*_: Any) -> None:
        await stopped.wait()

    parts = workspace.channel._parts
    monkeypatch.setattr(parts.relay, "send", hang)
    monkeypatch.setattr(parts.gateway, "_settings", parts.settings.model_copy(update={"turn_budget": 0.5}))
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": GIFT}
    async with asyncio.timeout(3):
        assert (await workspace.event(event, "Ev-hang")).status_code == 200
    beside = asyncio.create_task(workspace.channel.courier.sweep())
    async with asyncio.timeout(10):
        while not any("still working" in post["text"] for post in workspace.posts()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        stopped.set()
        while not any("whose rules" in post["text"] for post in workspace.posts()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    beside.cancel()


async def test_what_was_acknowledged_before_a_restart_is_taken_up_again(workspace: Workspace) -> None:
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": GIFT}
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev-cut", "event": event}
    stored = json.dumps({"type": "application/json", "body": json.dumps(body)})
    workspace.channel._channels.receive("slack:event:Ev-cut", stored)
    beside = asyncio.create_task(workspace.channel.run())
    async with asyncio.timeout(10):
        while not any("whose rules" in post["text"] for post in workspace.posts()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    beside.cancel()


async def test_what_brought_the_desk_down_too_often_is_referred_in_private_and_counted(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "APART", dt.timedelta())
    event = {"type": "app_mention", "channel": "C9", "user": "U1", "text": GIFT}
    body = {"type": "event_callback", "team_id": "T1", "event_id": "poison", "event": event}
    stored = json.dumps({"type": "application/json", "body": json.dumps(body)})
    workspace.channel._channels.receive("slack:event:poison", stored)
    for _ in range(attempts.MOST_ATTEMPTS):  # as if each restart had ended in the middle of it
        workspace.channel._channels.take_up("slack", dt.datetime.now(dt.UTC))
    beside = asyncio.create_task(workspace.channel.run())
    await workspace.quiet()
    beside.cancel()
    assert [(post["channel"], "Reference" in post["text"]) for post in workspace.posts()] == [("U1", True)]
    counted = workspace.channel._parts.metrics.text().decode()
    assert 'ethicsdesk_faults_total{kind="slack_delivery"} 1.0' in counted


async def test_what_breaks_on_a_delivery_is_said_to_its_sender(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace.channel._talk, "say", broken)
    await workspace.say(GIFT)
    assert [(post["channel"], "Reference" in post["text"]) for post in workspace.posts()] == [("U1", True)]
    assert workspace.channel._channels.unfinished("slack") == []


async def test_what_slack_refuses_for_a_while_is_posted_once_and_in_order(workspace: Workspace) -> None:
    workspace.slack.faults = [(429, {"retry-after": "0"}), (503, {}), (429, {"retry-after": "0"})]
    await workspace.say(GIFT)
    await workspace.quiet()
    texts = [post["text"] for post in workspace.posts()]
    assert [text[:6] for text in texts] == ["Before", "Who ar"]
    assert workspace.channel._parts.store.ledger.count().undelivered == 0


async def test_posts_keep_their_pace_and_wait_as_long_as_slack_says(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, slept, really = 100.0, list[float](), asyncio.sleep

    async def sleep(seconds: float) -> None:
        nonlocal now
        if seconds < OTHERS_WAIT:  # asyncio is everybody's: other tasks wait shorter
            await really(seconds)
            return
        slept.append(round(seconds, 3))
        now += seconds

    monkeypatch.setattr(courier.time, "monotonic", lambda: now)
    monkeypatch.setattr(courier.asyncio, "sleep", sleep)
    carrier: Courier = workspace.channel.courier
    carrier._pace = 1.0
    place = Place("p", "slack:T1:U1", "", {"channel": "D1"})
    await carrier.say(place, [{"type": "text", "text": str(number)} for number in range(3)])
    assert slept == [1.0, 1.0], "one a second to one place"
    workspace.slack.faults = [(429, {"retry-after": "7"})]
    slept.clear()
    await carrier.say(place, [{"type": "text", "text": "late"}])
    assert 7.0 in slept
    assert [post["text"] for post in workspace.posts()] == ["0", "1", "2", "late"]


async def open_home(workspace: Workspace) -> Json:
    await workspace.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"})
    await workspace.quiet()
    view = workspace.slack.of("views.publish")[-1]["view"]
    found: Json = json.loads(view) if isinstance(view, str) else view
    return found


def control(view: Json, name: str) -> Json:
    found = [*controls(view), *(one["accessory"] for one in view["blocks"] if "accessory" in one)]
    return next(one for one in found if one["action_id"] == name)


async def test_the_home_tab_chooses_the_rules_once_for_every_conversation(workspace: Workspace) -> None:
    picker = control(await open_home(workspace), "pack")
    assert "initial_option" not in picker
    option = next(one for one in picker["options"] if one["value"] == "ct-dss")
    await workspace.press({"type": "static_select", "action_id": "pack", "selected_option": option},
                          container={"type": "view"}, view={"type": "home"})  # fmt: skip
    assert control(await open_home(workspace), "pack")["initial_option"]["value"] == "ct-dss"
    await workspace.say(GIFT)
    assert not any("whose rules" in post["text"] for post in workspace.posts())


async def test_the_home_tab_shows_open_and_answered_questions_and_goes_on(workspace: Workspace) -> None:
    assert "Nothing is open." in words(await open_home(workspace))
    await workspace.say(GIFT)
    await workspace.answer()
    home = await open_home(workspace)
    assert "Gifts: What is your role?" in words(home)
    assert "Privacy" in words(home)
    before = len(workspace.posts())
    button = control(home, "go_on")
    pressed = {"type": "button", "action_id": "go_on", "value": button["value"]}
    await workspace.press(pressed, container={"type": "view"}, user={"id": "U2"})
    assert len(workspace.posts()) == before, "nobody else goes on with it"
    await workspace.press(pressed, container={"type": "view"})
    assert "What is your role?" in workspace.posts()[-1]["text"]
    await to_determination(workspace)
    answered = words(await open_home(workspace)).split("Answered")[1]
    assert "⛔ Gifts" in answered


async def test_the_home_tab_deletes_what_is_mine(workspace: Workspace) -> None:
    await workspace.say(GIFT)
    assert control(await open_home(workspace), "delete_mine")["confirm"], "asked before it is done"
    await workspace.press({"type": "button", "action_id": "delete_mine", "value": "delete_mine"})
    assert workspace.channel._parts.store.ledger.count().accepted == 0
    assert "Nothing is open." in words(await open_home(workspace))


@pytest.mark.parametrize("event", [{"type": "app_uninstalled"},
                                   {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}])  # fmt: skip
async def test_an_uninstall_deletes(workspace: Workspace, event: Json) -> None:
    await workspace.say(GIFT)
    await workspace.event(event)
    await workspace.quiet()
    assert workspace.channel._parts.store.ledger.count().accepted == 0
    assert workspace.channel._channels.under("slack:T1:") == []


async def test_a_revoked_token_of_one_person_deletes_nothing(workspace: Workspace) -> None:
    await workspace.say(GIFT)
    await workspace.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}})
    await workspace.quiet()
    assert workspace.channel._parts.store.ledger.count().accepted == 1


async def test_the_url_check_is_answered(workspace: Workspace) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()
    reply = await workspace.post(body, "application/json")
    assert "abc" in reply.text


def test_the_guide_explains_every_scope_event_and_setting_and_no_other() -> None:
    guide = (ROOT / "docs" / "slack.md").read_text()

    def named(section: str) -> set[str]:
        table = guide.split(f"## {section}\n")[1].split("\n## ")[0]
        cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
        return {name.strip(" `") for cell in cells for name in cell.split(",")}

    assert named("Scopes") == set(MANIFEST["oauth_config"]["scopes"]["bot"])
    assert named("Events") == set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    settings = {f"ETHICSDESK_{name.upper()}" for name in Settings.model_fields if name.startswith("slack_")}
    assert named("Settings") == settings
