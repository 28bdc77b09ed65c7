"""What the desk says: five kinds of message, each a frozen value that knows its JSON.

Channels render these; nothing here is markup, so whatever a person typed is text wherever it is shown again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.desk.values import Json


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer: the value, the words for it, and the token that stands for it on a button."""

    value: Json
    label: str
    token: str = ""

    def to_json(self) -> dict[str, Any]:
        """The option as the contract names it."""
        return {"value": self.value, "label": self.label, **({"token": self.token} if self.token else {})}


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words that ask nothing."""

    text: str

    def to_json(self) -> dict[str, Any]:
        """The message as JSON."""
        return {"type": "text", "text": self.text}


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person must know before or beside the answer. `about` says which notice it is."""

    text: str
    about: str

    def to_json(self) -> dict[str, Any]:
        """The message as JSON."""
        return {"type": "notice", "about": self.about, "text": self.text}


@dataclass(frozen=True, slots=True)
class Question:
    """A question. `facts` holds one name, or several for a checklist (`multiple`).

    `at_most` is the most questions still to come, this one included (0 where that is not known yet);
    `hint` says how to answer in words.
    """

    text: str
    facts: tuple[str, ...]
    why: str
    options: tuple[Choice, ...] = ()
    multiple: bool = False
    at_most: int = 1
    fact_type: str = "bool"
    hint: str = ""

    def pending(self) -> dict[str, Any]:
        """The question as `state.pending` of the chat contract."""
        options = [option.to_json() for option in self.options]
        if self.multiple:
            return {"facts": list(self.facts), "options": options, "multiple": True}
        return {"fact": self.facts[0], "options": options}

    def to_json(self) -> dict[str, Any]:
        """The message as JSON."""
        return {
            "type": "question",
            "text": self.text,
            **self.pending(),
            "why": self.why,
            "at_most": self.at_most,
            "fact_type": self.fact_type,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question about the law, with the passages it stands on; `found` is false when nothing
    fits.
    """

    found: bool
    text: str
    passages: tuple[Mapping[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The message as JSON."""
        return {
            "type": "answer",
            "found": self.found,
            "text": self.text,
            "passages": [dict(p) for p in self.passages],
        }


@dataclass(frozen=True, slots=True)
class DeterminationMessage:
    """A determination in words. `decision` is what POST /api/v1/determinations returns for the same facts."""

    decision: Mapping[str, Any]
    label: str
    headline: str
    why: str
    todo: tuple[Mapping[str, Any], ...]
    changes_text: tuple[str, ...]
    why_not: tuple[str, ...]
    chips: tuple[Mapping[str, Any], ...]
    layer_text: str
    depends_text: str
    disclaimer: str
    contact: str
    what_if: bool = False
    related: tuple[Mapping[str, Any], ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """The message as JSON: the decision's fields and the words for them."""
        return {
            "type": "determination",
            **self.decision,
            "label": self.label,
            "headline": self.headline,
            "text": self.headline,
            "why": self.why,
            "todo": [dict(item) for item in self.todo],
            "changes_text": list(self.changes_text),
            "why_not": list(self.why_not),
            "chips": [dict(chip) for chip in self.chips],
            "layer_text": self.layer_text,
            "depends_text": self.depends_text,
            "disclaimer": self.disclaimer,
            "contact": self.contact,
            "what_if": self.what_if,
            "related": [dict(passage) for passage in self.related],
        }


Message = Text | Notice | Question | Answer | DeterminationMessage
