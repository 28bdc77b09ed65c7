"""Whole exchanges on Slack, against a stand-in of its Web API."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from service.settings import ROOT, Settings
from tests.service.channels.conftest import Workspace

GIFT = "a vendor gave me a gift of $75"
MANIFEST = yaml.safe_load((ROOT / "service/channels/slack/manifest.yml").read_text())


def controls(post: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for block in blocks(post) if block["type"] == "actions" for one in block["elements"]]


def blocks(post: dict[str, Any]) -> list[dict[str, Any]]:
    found = post["blocks"]
    return json.loads(found) if isinstance(found, str) else found


async def answer(workspace: Workspace) -> None:
    """Answer the last question by its first control."""
    made = controls(workspace.posts()[-1])
    first = made[0]
    if first["type"] == "static_select":
        await workspace.press({"type": "static_select", "action_id": "choose",
                               "selected_option": first["options"][0]})  # fmt: skip
    elif first["type"] == "checkboxes":
        await workspace.press({"type": "button", "action_id": "checked", "value": "checked"})
    elif first["action_id"].startswith("option_"):
        await workspace.press({"type": "button", "action_id": first["action_id"], "value": first["value"]})
    else:
        await workspace.say("$10")


async def test_question_facts_correction_determination_passages_and_a_person(workspace: Workspace) -> None:
    assert (await workspace.say(GIFT)).status_code == 200
    assert "whose rules" in workspace.posts()[-1]["text"]
    await answer(workspace)
    updated = workspace.slack.of("chat.update")[-1]
    assert "Connecticut state officials" in updated["text"], "the question shows the chosen answer"
    assert all(block["type"] != "actions" for block in blocks(updated))
    for _ in range(14):
        if "Check my facts" in json.dumps(blocks(workspace.posts()[-1])[-1]):
            break
        await answer(workspace)
    decided = workspace.posts()[-1]
    assert any(block["type"] == "divider" for block in blocks(decided)), "a determination with its passages"
    assert decided["text"]
    await workspace.press({"type": "button", "action_id": "facts", "value": "facts"})
    view = workspace.slack.of("views.open")[-1]["view"]
    view = json.loads(view) if isinstance(view, str) else view
    assert "75" in json.dumps(view)
    assert "U1" not in view["private_metadata"]
    values = {"item_value": {"value": {"type": "number_input", "value": "5"}}}
    before = len(workspace.posts())
    sent = {"id": "V1", "hash": "h", "callback_id": "facts", "type": "modal",
            "private_metadata": view["private_metadata"], "state": {"values": values}}  # fmt: skip
    assert (await workspace.interact({"type": "view_submission", "view": sent})).status_code == 200
    assert len(workspace.posts()) > before, "the corrected case is decided again"
    await workspace.say("I want to talk to a person")
    assert all(post["text"] for post in workspace.posts()), "every post has a text fallback"


async def test_a_mention_is_answered_privately_and_the_channel_never_sees_it(workspace: Workspace) -> None:
    event = {"type": "app_mention", "user": "U1", "channel": "C9", "text": f"<@UBOT> {GIFT}", "ts": "1.2"}
    await workspace.event(event)
    await workspace.quiet()
    assert all(post["channel"] == "D1" for post in workspace.posts())
    [quiet] = workspace.slack.of("chat.postEphemeral")
    assert (quiet["channel"], quiet["user"]) == ("C9", "U1")
    assert "vendor" not in quiet["text"]


async def test_the_command_and_the_shortcut_lead_to_the_direct_message(workspace: Workspace) -> None:
    reply = await workspace.command(GIFT)
    assert reply.json()["response_type"] == "ephemeral"
    assert "vendor" not in reply.text
    first = len(workspace.posts())
    assert first
    await workspace.interact({"type": "message_action", "callback_id": "ask_ethics_desk", "action_ts": "5.5",
                              "channel": {"id": "C9"}, "message": {"text": "hello"}})  # fmt: skip
    assert len(workspace.posts()) > first
    assert {post["channel"] for post in workspace.posts()} == {"D1"}


async def test_a_delivery_repeated_three_times_is_one_turn(workspace: Workspace) -> None:
    for _ in range(3):
        assert (await workspace.say(GIFT, "Ev-same")).status_code == 200
    assert workspace.channel._parts.store.ledger.count().accepted == 1
    assert len(workspace.posts()) == 2, "a notice and a question"


async def test_what_slack_refuses_for_a_while_is_posted_once_and_in_order(workspace: Workspace) -> None:
    workspace.slack.faults = [(429, {"retry-after": "0"}), (503, {}), (429, {"retry-after": "0"})]
    await workspace.say(GIFT)
    await workspace.quiet()
    texts = [post["text"] for post in workspace.posts()]
    assert [text[:6] for text in texts] == ["Before", "Who ar"]
    assert workspace.channel._parts.store.ledger.count().undelivered == 0


async def test_the_home_tab_and_deleting_what_is_mine(workspace: Workspace) -> None:
    await workspace.say(GIFT)
    await workspace.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"})
    await workspace.quiet()
    assert "Privacy" in json.dumps(workspace.slack.of("views.publish")[-1])
    await workspace.press({"type": "button", "action_id": "delete_mine", "value": "delete_mine"})
    assert workspace.channel._parts.store.ledger.count().accepted == 0


@pytest.mark.parametrize("event", [{"type": "app_uninstalled"},
                                   {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}])  # fmt: skip
async def test_an_uninstall_deletes(workspace: Workspace, event: dict[str, Any]) -> None:
    await workspace.say(GIFT)
    await workspace.event(event)
    await workspace.quiet()
    assert workspace.channel._parts.store.ledger.count().accepted == 0
    assert workspace.channel._channels.under("slack:T1:") == []


DEEP = b'{"type":' * 20000 + b"1" + b"}" * 20000


@pytest.mark.parametrize(
    ("body", "kind", "more", "status"),
    [
        (b"{}", "application/json", {"signature": "v0=00"}, 401),
        (b"{}", "application/json", {"signature": "é"}, 401),
        (b"{}", "application/json", {"stamp": "1"}, 401),
        (b"{}", "application/json", {"stamp": "soon"}, 401),
        (b"x" * 1_100_000, "application/json", {}, 413),
        (b"\xff\xfe{", "application/json", {}, 400),
        (b"[]", "application/json", {}, 400),
        (b"{", "application/json", {}, 400),
        (DEEP, "application/json", {}, 400),
        (b"payload=%7B", "application/x-www-form-urlencoded", {}, 400),
        (b"{}", "text/plain", {}, 400),
        (b"{}", "", {}, 400),
        (b"{}", "application/json", {}, 200),
        (b'{"type":"event_callback","event_id":"E","event":7}', "application/json", {}, 400),
        (b'{"type":"block_actions","actions":7}', "application/json", {}, 400),
    ],
)
async def test_what_is_not_slacks_is_refused_and_never_a_fault(
    workspace: Workspace, body: bytes, kind: str, more: dict[str, str], status: int
) -> None:
    if more.get("signature") == "é":
        more = {"signature": "v0=" + "g" * 64}
    assert (await workspace.post(body, kind, **more)).status_code == status


async def test_the_url_check_is_answered(workspace: Workspace) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()
    reply = await workspace.post(body, "application/json")
    assert "abc" in reply.text


def test_the_guide_explains_every_scope_event_and_setting() -> None:
    guide = (ROOT / "docs" / "slack.md").read_text()
    settings = MANIFEST["settings"]["event_subscriptions"]
    for name in (*MANIFEST["oauth_config"]["scopes"]["bot"], *settings["bot_events"]):
        assert f"`{name}`" in guide, name
    for name in Settings.model_fields:
        if name.startswith("slack_"):
            assert f"`ETHICSDESK_{name.upper()}`" in guide, name
