"""The words around the desk's messages, the same on every channel. Everything here is plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DONT_KNOW = "I don't know"
WHY = "why do you ask?"
BACK = "back"
PERSON = "I want to talk to a person"
NONE = "none of these"
MOVED = "This is between you and me: I have answered in our direct messages."
OLD = "That question has been answered already. What I asked last is below it."
NOTHING_YET = "Tell me what happened, or ask a question. You need no special words."
KIND = {"restated": "in our own words", "official": "official words"}
MARK = {"may": "✅", "first": "🟡", "ask": "💬", "may not": "⛔"}
MAY = frozenset({"permitted", "no_conflict", "not_covered", "informational"})
FIRST = frozenset({"permitted_with_conditions", "reportable", "approval_required", "registration_required"})
ASK = frozenset({"conflict_potential", "refer_to_counsel"})
LONG = 1200


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (empty for none) and the lines under it."""

    title: str
    lines: tuple[str, ...]


def sense(outcome: str) -> str:
    """What an outcome comes down to: may, first (something to do), ask (a person), may not."""
    if outcome in MAY:
        return "may"
    return "first" if outcome in FIRST else "ask" if outcome in ASK else "may not"


def left(question: Mapping[str, Any]) -> str:
    """How many questions are still to come; nothing where that is not known yet."""
    count = int(question.get("at_most") or 0)
    if count < 2:
        return "This is the last question." if count else ""
    return f"At most {count} questions left."


def headline(message: Mapping[str, Any]) -> str:
    """A determination's headline with its mark: a word and a shape, never a colour alone."""
    return f"{MARK[sense(str(message.get('outcome')))]} {message.get('headline', '')}"


def sections(message: Mapping[str, Any]) -> list[Section]:
    """A determination below its headline, passages left out."""
    found = [
        Section("", _some(message.get("why"), message.get("depends_text"))),
        Section("What to do", tuple(todo(item) for item in message.get("todo") or ())),
        Section("What would change the answer", tuple(message.get("changes_text") or ())),
        Section("Also considered", tuple(message.get("why_not") or ())),
        Section("I took this for granted", tuple(str(chip["label"]) for chip in message.get("chips") or ())),
        Section("", _some(message.get("layer_text"), message.get("contact"), message.get("disclaimer"))),
    ]
    return [section for section in found if section.lines]


def todo(item: Mapping[str, Any]) -> str:
    """Something to do, with its time and form."""
    extra = [str(item[name]) for name in ("when", "form") if item.get(name)]
    return f"{item.get('text')}{' (' + '; '.join(extra) + ')' if extra else ''}"


def passages(message: Mapping[str, Any], longest: int = LONG) -> list[Section]:
    """The passages a message rests on: citation, heading and kind above the words."""
    found: Sequence[Mapping[str, Any]] = message.get("passages") or ()
    return [Section(named(one), (cut(str(one.get("text", "")), longest),)) for one in found]


def named(passage: Mapping[str, Any]) -> str:
    """A passage's citation and heading, and whether its words are official."""
    words = f"{passage.get('citation')} {passage.get('heading', '')}".strip()
    kind = KIND.get(str(passage.get("kind")), "")
    return f"{words} ({kind})" if kind else words


def plain(message: Mapping[str, Any]) -> str:
    """A message in one line, for notifications and readers that show no layout."""
    words = str(message.get("headline") or message.get("text") or "")
    options = message.get("options") or ()
    listed = "; ".join(f"{number} {one['label']}" for number, one in enumerate(options, 1))
    return cut(f"{words} {listed}".strip(), 2900)


def cut(text: str, longest: int) -> str:
    """`text` at most `longest` characters long."""
    return text if len(text) <= longest else f"{text[: longest - 2].rstrip()} …"


def _some(*lines: object) -> tuple[str, ...]:
    return tuple(str(line) for line in lines if line)
