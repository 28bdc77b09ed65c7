"""The desk's messages as Adaptive Cards 1.5. What people and documents say is plain runs, never markdown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from service.channels import wording
from service.channels.correcting import Known
from service.channels.courier import Post

Element = dict[str, Any]
BUTTONS = 5
ROOM = 20_000  # characters of fields: Teams refuses an activity of more than about 28 kB
INVOKE = "adaptiveCard/action"
CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"
FORM = "What I understood"
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
    if message.get("type") == "card":
        return dict(message["content"])
    make = {"question": _question, "determination": _determination, "answer": _answer}
    body, actions = make.get(str(message.get("type")), _text)(message)
    return _card(body, actions, wording.plain(message))


def mark(question: Mapping[str, Any]) -> str:
    """What tells a question's own controls from those of an older card."""
    return hashlib.blake2b(str(question.get("text", "")).encode(), digest_size=6).hexdigest()


def answered(question: Mapping[str, Any], words: str) -> Element:
    """The question that was asked, with its answer in place of its controls."""
    body = [text(str(question.get("text", "")), strong=True), text(f"✓ {words}")]
    return _card(body, [], f"{question.get('text', '')} — {words}")


def form(facts: Sequence[Known], problems: Mapping[str, str]) -> Element:
    """The facts to check and correct; `problems` says by name what was wrong with what came back."""
    body: list[Element] = [text(FORM, strong=True)]
    if not facts:
        return _card([*body, text("I know no facts yet.")], [], FORM)
    body += [_wrong(f"{one.title}: {problems[one.fact.name]}") for one in facts if one.fact.name in problems]
    fields, room = list[Element](), ROOM
    for one in facts:
        field = _field(one)
        room -= len(json.dumps(field))
        if room < 0:
            fields.append(text("The rest of the facts: just tell me what is wrong.", quiet=True))
            break
        fields.append(field)
    return _card([*body, *fields], [_action("Use these", "correct", inputs="auto")], FORM)


def _field(one: Known) -> Element:
    """An input with its label, what it holds now, and what is said when it holds nothing that fits."""
    common = {"id": one.fact.name, "label": one.title, "isRequired": True}
    if one.options:
        value = str(one.value).lower() if one.fact.type == "bool" else str(one.value)
        choices = [{"title": words, "value": key} for key, words in one.options]
        return {**common, "type": "Input.ChoiceSet", "style": "compact", "value": value, "choices": choices,
                "errorMessage": "Please choose one."}  # fmt: skip
    if one.fact.type == "date":
        return {**common, "type": "Input.Date", "value": str(one.value),
                "errorMessage": "Please choose a day."}  # fmt: skip
    return {**common, "type": "Input.Number", "value": one.value, "min": 0,
            "errorMessage": "Please write a number that is not below zero."}  # fmt: skip


def _wrong(words: str) -> Element:
    run = {"type": "TextRun", "text": words, "color": "Attention", "weight": "Bolder"}
    return {"type": "RichTextBlock", "inlines": [run]}


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
    asked = mark(message)
    body: list[Element] = [text(str(message["text"]), strong=True)]
    actions: list[Element] = []
    if options and (several or len(options) > BUTTONS):
        choices = [{"title": str(one["label"]), "value": str(one["token"])} for one in options]
        body.append({"type": "Input.ChoiceSet", "id": "chosen", "isMultiSelect": several, "choices": choices,
                     "style": "expanded" if several else "compact", "label": str(message["text"]),
                     "isRequired": not several, "errorMessage": "Please choose one."})  # fmt: skip
        title = "These apply, or none of them" if several else "Answer"
        actions.append(_action(title, "several" if several else "choose", asked, inputs="auto"))
    else:
        offered = [_action(str(one["label"]), "option", str(one["token"])) for one in options]
        body += [{"type": "ActionSet", "actions": offered}] if offered else []  # Teams shows six below a card
    hint = f"{message.get('hint', '')} {wording.left(message)}".strip()
    actions += [_action(wording.DONT_KNOW, "dont_know", asked), _action("Why?", "why", asked),
                _action("Back", "back", asked), _action("Check my facts", "facts"),
                _action("A person", "person", asked)]  # fmt: skip
    return [*body, text(hint, quiet=True)], actions


def _answer(message: Mapping[str, Any]) -> tuple[list[Element], list[Element]]:
    return [text(str(message.get("text", "")))], _passages(message)


def _determination(message: Mapping[str, Any]) -> tuple[list[Element], list[Element]]:
    body = [text(wording.headline(message), strong=True), *_sections(wording.sections(message))]
    actions = [_action("Check my facts", "facts"), _action("Talk to a person", "person")]
    return body, [*_passages(message), *actions]


def _passages(message: Mapping[str, Any]) -> list[Element]:
    """The passages, opened in place."""
    found = _sections(wording.passages(message))
    if not found:
        return []
    shown = {"type": "AdaptiveCard", "version": "1.5", "body": found}
    return [{"type": "Action.ShowCard", "title": "Read the passages", "card": shown}]


def _sections(found: Sequence[wording.Section]) -> list[Element]:
    elements: list[Element] = []
    for one in found:
        bullet = "• " if one.title and len(one.lines) > 1 else ""
        elements += [text(one.title, strong=True)] if one.title else []
        elements += [text(f"{bullet}{line}") for line in one.lines]
    return elements
