"""The desk's messages as Slack blocks. What people or documents said is plain text, never mrkdwn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.channels import wording
from service.channels.courier import Post

Block = dict[str, Any]
BUTTONS = 5
SELECT, BUTTON_TEXT, OPTION_TEXT, SECTION = 100, 75, 75, 3000
CHECKBOXES = 10
BLOCKS = 50


def posts(messages: Sequence[Mapping[str, Any]]) -> list[Post]:
    """One post per message."""
    return [Post(_body(message), _waits(message)) for message in messages]


def answered(question: Mapping[str, Any], words: str) -> dict[str, Any]:
    """An asked question with the answer in place of its controls."""
    text = str(question.get("text", ""))
    return {
        "text": wording.cut(f"{text} — {words}", SECTION),
        "blocks": [section(text, strong=True), context(f"✓ {words}")],
    }


def section(text: str, *, strong: bool = False) -> Block:
    """A paragraph of plain text; `strong` makes it a heading where it is short enough."""
    if strong and len(text) <= 150:
        return {"type": "header", "text": plain(text, 150)}
    return {"type": "section", "text": plain(text, SECTION)}


def context(text: str) -> Block:
    """A quiet line."""
    return {"type": "context", "elements": [plain(text, SECTION)]}


def plain(text: str, longest: int) -> Block:
    """Plain text of Slack's: nothing in it is markup. Empty text is refused there, so it becomes a dash."""
    return {"type": "plain_text", "text": wording.cut(text, longest) or "–", "emoji": True}


def button(label: str, action: str, value: str) -> Block:
    """A button; `value` is an opaque token or a fixed word."""
    return {"type": "button", "action_id": action, "text": plain(label, BUTTON_TEXT), "value": value,
            "accessibility_label": wording.cut(label, 75)}  # fmt: skip


def _body(message: Mapping[str, Any]) -> dict[str, Any]:
    make = {"question": _question, "determination": _determination, "answer": _answer}
    blocks = make.get(str(message.get("type")), _text)(message)
    return {"text": wording.plain(message) or "Ethics Desk", "blocks": blocks[:BLOCKS]}


def _waits(message: Mapping[str, Any]) -> dict[str, Any] | None:
    if message.get("type") != "question":
        return None
    options = [{"token": one.get("token", ""), "label": one["label"]} for one in message.get("options") or ()]
    return {"text": message["text"], "options": options}


def _text(message: Mapping[str, Any]) -> list[Block]:
    quiet = message.get("type") == "notice"
    text = str(message.get("text", ""))
    return [context(text) if quiet else section(text)]


def _question(message: Mapping[str, Any]) -> list[Block]:
    options = list(message.get("options") or ())
    blocks = [section(str(message["text"]), strong=True)]
    if message.get("multiple"):
        blocks += _checklist(options)
    elif 0 < len(options) <= BUTTONS:
        made = [button(one["label"], f"option_{number}", one["token"]) for number, one in enumerate(options)]
        blocks.append({"type": "actions", "elements": made})
    elif options:
        select = {"type": "static_select", "action_id": "choose", "placeholder": plain("Choose one", 150),
                  "options": [_option(one) for one in options[:SELECT]]}  # fmt: skip
        blocks.append({"type": "actions", "elements": [select]})
    blocks.append({"type": "actions", "elements": [
        button("I don't know", "dont_know", "dont_know"), button("Why?", "why", "why"),
        button("Back", "back", "back"), button("Check my facts", "facts", "facts"),
        button("A person", "person", "person"),
    ]})  # fmt: skip
    hint = str(message.get("hint", ""))
    return [*blocks, context(f"{hint} {wording.left(message)}".strip())]


def _checklist(options: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Checkboxes (ten to a group is Slack's limit) and one button that sends them."""
    groups = [options[start : start + CHECKBOXES] for start in range(0, len(options), CHECKBOXES)]
    blocks = [
        {"type": "actions", "block_id": f"checklist_{number}", "elements": [
            {"type": "checkboxes", "action_id": "check", "options": [_option(one) for one in group]}
        ]}
        for number, group in enumerate(groups)
    ]  # fmt: skip
    return [*blocks, {"type": "actions", "elements": [
        button("These apply, or none of them", "checked", "checked")]}]  # fmt: skip


def _option(one: Mapping[str, Any]) -> Block:
    return {"text": plain(str(one["label"]), OPTION_TEXT), "value": str(one["token"])}


def _answer(message: Mapping[str, Any]) -> list[Block]:
    return [section(str(message.get("text", ""))), *_sections(wording.passages(message))]


def _determination(message: Mapping[str, Any]) -> list[Block]:
    return [
        section(wording.headline(message), strong=True),
        *_sections(wording.sections(message)),
        {"type": "divider"},
        *_sections(wording.passages(message)),
        {"type": "actions", "elements": [
            button("Check my facts", "facts", "facts"), button("Talk to a person", "person", "person"),
        ]},
    ]  # fmt: skip


def _sections(found: Sequence[wording.Section]) -> list[Block]:
    blocks: list[Block] = []
    for one in found:
        bullet = "• " if one.title and len(one.lines) > 1 else ""
        lines = "\n".join(f"{bullet}{line}" for line in one.lines)
        blocks.append(section(f"{one.title}\n{lines}" if one.title else lines))
    return blocks
