"""The desk's messages as Adaptive Cards 1.5. What people and documents say is plain runs, never markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.channels import wording
from service.channels.courier import Post

Element = dict[str, Any]
BUTTONS = 5
CARD = "application/vnd.microsoft.card.adaptive"
WELCOME = {
    "type": "text",
    "text": f"I am the Ethics Desk. I give guidance from rules, no legal advice. {wording.NOTHING_YET}",
}


def posts(messages: Sequence[Mapping[str, Any]]) -> list[Post]:
    """One activity per message."""
    return [Post(activity(card(message), wording.plain(message)), _waits(message)) for message in messages]


def activity(content: Element, summary: str) -> dict[str, Any]:
    """The message that carries a card."""
    return {"type": "message", "summary": wording.cut(summary, 200),
            "attachments": [{"contentType": CARD, "content": content}]}  # fmt: skip


def card(message: Mapping[str, Any]) -> Element:
    """One message as a card."""
    make = {"question": _question, "determination": _determination, "answer": _answer}
    body, actions = make.get(str(message.get("type")), _text)(message)
    return _card(body, actions, wording.plain(message))


def answered(question: Mapping[str, Any], words: str) -> Element:
    """The question that was asked, with its answer in place of its controls."""
    body = [text(str(question.get("text", "")), strong=True), text(f"✓ {words}")]
    return _card(body, [], f"{question.get('text', '')} — {words}")


def text(words: str, *, strong: bool = False, quiet: bool = False) -> Element:
    """Plain words: a rich text run takes no markdown."""
    run = {"type": "TextRun", "text": words or "–", "weight": "Bolder" if strong else "Default",
           "isSubtle": quiet}  # fmt: skip
    return {"type": "RichTextBlock", "inlines": [run]}


def _card(body: list[Element], actions: list[Element], fallback: str) -> Element:
    return {"type": "AdaptiveCard", "version": "1.5",
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "fallbackText": wording.cut(fallback, 1000), "body": body, "actions": actions}  # fmt: skip


def _action(title: str, verb: str, token: str = "", *, inputs: str = "none") -> Element:
    """Executed where the client can, submitted where it is older; the data is an opaque token."""
    data = {"verb": verb, "token": token}
    submit = {"type": "Action.Submit", "title": title, "data": data, "associatedInputs": inputs}
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": data, "associatedInputs": inputs,
            "fallback": submit}  # fmt: skip


def _waits(message: Mapping[str, Any]) -> dict[str, Any] | None:
    if message.get("type") != "question":
        return None
    options = [{"token": one.get("token", ""), "label": one["label"]} for one in message.get("options") or ()]
    return {"text": message["text"], "options": options}


def _text(message: Mapping[str, Any]) -> tuple[list[Element], list[Element]]:
    return [text(str(message.get("text", "")), quiet=message.get("type") == "notice")], []


def _question(message: Mapping[str, Any]) -> tuple[list[Element], list[Element]]:
    options, several = list(message.get("options") or ()), bool(message.get("multiple"))
    body: list[Element] = [text(str(message["text"]), strong=True)]
    actions: list[Element] = []
    if options and (several or len(options) > BUTTONS):
        choices = [{"title": str(one["label"]), "value": str(one["token"])} for one in options]
        body.append({"type": "Input.ChoiceSet", "id": "chosen", "isMultiSelect": several, "choices": choices,
                     "style": "expanded" if several else "compact", "label": str(message["text"]),
                     "isRequired": not several, "errorMessage": "Please choose one."})  # fmt: skip
        title = "These apply, or none of them" if several else "Answer"
        actions.append(_action(title, "several" if several else "choose", inputs="auto"))
    else:
        offered = [_action(str(one["label"]), "option", str(one["token"])) for one in options]
        body += [{"type": "ActionSet", "actions": offered}] if offered else []  # Teams shows six below a card
    hint = f"{message.get('hint', '')} {wording.left(message)}".strip()
    actions += [_action(wording.DONT_KNOW, "dont_know"), _action("Why?", "why"), _action("Back", "back"),
                _action("A person", "person")]  # fmt: skip
    return [*body, text(hint, quiet=True)], actions


def _answer(message: Mapping[str, Any]) -> tuple[list[Element], list[Element]]:
    return [text(str(message.get("text", ""))), *_sections(wording.passages(message))], []


def _determination(message: Mapping[str, Any]) -> tuple[list[Element], list[Element]]:
    found = [*wording.sections(message), *wording.passages(message)]
    body = [text(wording.headline(message), strong=True), *_sections(found)]
    return body, [_action("Talk to a person", "person")]


def _sections(found: Sequence[wording.Section]) -> list[Element]:
    elements: list[Element] = []
    for one in found:
        bullet = "• " if one.title and len(one.lines) > 1 else ""
        elements += [text(one.title, strong=True)] if one.title else []
        elements += [text(f"{bullet}{line}") for line in one.lines]
    return elements
