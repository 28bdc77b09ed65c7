"""What the desk remembers of one conversation, and the store that keeps it.

A state is a frozen value: a handler takes one and returns the next. One turn is one save, so a turn is
applied whole or not at all: `applied` names the message that made this state and `said` holds what was
answered to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from actions.desk.values import pack_value, unpack_value
from knowledge.model import Value

How = Literal["said", "understood", "confirmed", "assumed"]
Kind = Literal["fact", "checklist", "pack", "topic", "switch", "resume", "check", "date", "contradiction"]
Phase = Literal["new", "asking", "determined", "handed_over"]
HISTORY = 40
PARKED = 5


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A fact's value, how it came to be known, and the message that it came from."""

    value: Value
    how: How
    message_id: str

    def to_json(self) -> dict[str, Any]:
        """The entry as JSON, its type kept."""
        return {"value": pack_value(self.value), "how": self.how, "message_id": self.message_id}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> FactEntry:
        """The entry that `to_json` wrote."""
        return FactEntry(unpack_value(data["value"]), data["how"], data["message_id"])


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that the desk may have heard and asks about before it believes it."""

    value: Value
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that waits for an answer.

    `facts` are the facts asked (several for a checklist); `pack`, `topic`, `switch`, `resume` and `check`
    ask about the conversation itself and name themselves; `contradiction` asks which of two values of its
    first fact is right, then of the next. `topics` are the topics that such a question
    speaks of; `at_most` bounds the questions still to come, this one included.
    """

    kind: Kind
    facts: tuple[str, ...]
    checklist: str | None = None
    at_most: int = 1
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Where "back" returns to: the facts before an answer and the question that it answered."""

    facts: Mapping[str, FactEntry]
    dont_know: tuple[str, ...]
    pending: Asked | None


@dataclass(frozen=True, slots=True)
class Matter:
    """A case put aside: begun and left for another, or only mentioned (`pending` is None and `facts` few)."""

    topic: str
    opening: str
    facts: Mapping[str, FactEntry]
    dont_know: tuple[str, ...] = ()
    hints: Mapping[str, Hint] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseState:
    """The whole state of one conversation.

    `profile` is the pack the person belongs to, kept across cases; `case` counts the cases of the
    conversation; `version` grows by one with every turn. `confirmed` says that the person was asked whether
    the topic was misread, and answered; `heard` is how surely the topic was heard, from 0 to 1, and 0 where
    the person could not say. `dont_know` are the facts that got no value when asked, and `absent` those of
    them that have none, such as a date that has not come. `waiting` is a new matter that waits for "finish
    or switch"; `day` is the ISO date of the last turn.
    """

    conversation_id: str
    case: int = 1
    version: int = 0
    profile: str | None = None
    topic: str | None = None
    alternatives: tuple[str, ...] = ()
    opening: str = ""
    facts: Mapping[str, FactEntry] = field(default_factory=dict)
    dont_know: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    hints: Mapping[str, Hint] = field(default_factory=dict)
    pending: Asked | None = None
    phase: Phase = "new"
    history: tuple[Step, ...] = ()
    parked: tuple[Matter, ...] = ()
    waiting: Matter | None = None
    noticed: bool = False
    day: str | None = None
    outcome: str | None = None
    applied: str | None = None
    said: tuple[Mapping[str, Any], ...] = ()
    confirmed: bool = False
    heard: float = 1.0

    @property
    def pack(self) -> str | None:
        """The pack that the case is decided under."""
        return self.profile

    @property
    def not_yet(self) -> tuple[str, ...]:
        """What has no value, as the person said."""
        return tuple(name for name in self.dont_know if name in self.absent)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What the person could not say."""
        return tuple(name for name in self.dont_know if name not in self.absent)

    @property
    def values(self) -> dict[str, Value]:
        """The facts without where they came from."""
        return {name: entry.value for name, entry in self.facts.items()}

    def to_json(self) -> dict[str, Any]:
        """The state as JSON for a store; `from_json` gives it back unchanged."""
        return _dump(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> CaseState:
        """The state that `to_json` wrote; raises `KeyError` or `ValueError` when it is something else."""
        return _load(data)


class StaleState(RuntimeError):
    """Another turn of the conversation was saved since the state was loaded."""


class CaseStore(Protocol):
    """Keeps the states. The service implements it over SQL; tests over a dictionary."""

    def load(self, conversation_id: str) -> CaseState:
        """The conversation's state, a new one when there is none."""
        ...

    def save(self, state: CaseState, expected: int) -> None:
        """Store `state` if the stored version is still `expected`; raises `StaleState` otherwise."""
        ...


def remember(state: CaseState, **changes: Any) -> CaseState:
    """`state` with the present facts and question added to the history of "back" and `changes` made."""
    step = Step(state.facts, state.dont_know, state.pending)
    return replace(state, history=(*state.history, step)[-HISTORY:], **changes)


def _entries(facts: Mapping[str, FactEntry]) -> dict[str, Any]:
    return {name: entry.to_json() for name, entry in facts.items()}


def _hints(hints: Mapping[str, Hint]) -> dict[str, Any]:
    return {name: {"value": pack_value(hint.value), "text": hint.text} for name, hint in hints.items()}


def _asked(asked: Asked | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    return {"kind": asked.kind, "facts": list(asked.facts), "checklist": asked.checklist,
            "at_most": asked.at_most, "topics": list(asked.topics)}  # fmt: skip


def _matter(matter: Matter | None) -> dict[str, Any] | None:
    if matter is None:
        return None
    return {"topic": matter.topic, "opening": matter.opening, "facts": _entries(matter.facts),
            "dont_know": list(matter.dont_know), "hints": _hints(matter.hints)}  # fmt: skip


def _step(step: Step) -> dict[str, Any]:
    return {"facts": _entries(step.facts), "dont_know": list(step.dont_know), "pending": _asked(step.pending)}


def _dump(state: CaseState) -> dict[str, Any]:
    return {
        "conversation_id": state.conversation_id,
        "case": state.case,
        "version": state.version,
        "profile": state.profile,
        "topic": state.topic,
        "alternatives": list(state.alternatives),
        "confirmed": state.confirmed,
        "heard": state.heard,
        "opening": state.opening,
        "facts": _entries(state.facts),
        "dont_know": list(state.dont_know),
        "absent": list(state.absent),
        "hints": _hints(state.hints),
        "pending": _asked(state.pending),
        "phase": state.phase,
        "history": [_step(step) for step in state.history],
        "parked": [_matter(matter) for matter in state.parked],
        "waiting": _matter(state.waiting),
        "noticed": state.noticed,
        "day": state.day,
        "outcome": state.outcome,
        "applied": state.applied,
        "said": [dict(message) for message in state.said],
    }


def _read_entries(data: Mapping[str, Any]) -> dict[str, FactEntry]:
    return {name: FactEntry.from_json(entry) for name, entry in data.items()}


def _read_hints(data: Mapping[str, Any]) -> dict[str, Hint]:
    return {name: Hint(unpack_value(hint["value"]), hint["text"]) for name, hint in data.items()}


def _read_asked(data: Mapping[str, Any] | None) -> Asked | None:
    if data is None:
        return None
    return Asked(
        data["kind"], tuple(data["facts"]), data["checklist"], data["at_most"], tuple(data["topics"])
    )


def _read_matter(data: Mapping[str, Any]) -> Matter:
    return Matter(data["topic"], data["opening"], _read_entries(data["facts"]), tuple(data["dont_know"]),
                  _read_hints(data["hints"]))  # fmt: skip


def _read_step(data: Mapping[str, Any]) -> Step:
    return Step(_read_entries(data["facts"]), tuple(data["dont_know"]), _read_asked(data["pending"]))


def _load(data: Mapping[str, Any]) -> CaseState:
    return CaseState(
        conversation_id=data["conversation_id"],
        case=data["case"],
        version=data["version"],
        profile=data["profile"],
        topic=data["topic"],
        alternatives=tuple(data["alternatives"]),
        confirmed=data.get("confirmed", False),
        heard=data.get("heard", 1.0),
        opening=data["opening"],
        facts=_read_entries(data["facts"]),
        dont_know=tuple(data["dont_know"]),
        absent=tuple(data.get("absent", ())),
        hints=_read_hints(data["hints"]),
        pending=_read_asked(data["pending"]),
        phase=data["phase"],
        history=tuple(_read_step(step) for step in data["history"]),
        parked=tuple(_read_matter(matter) for matter in data["parked"]),
        waiting=_read_matter(data["waiting"]) if data["waiting"] else None,
        noticed=data["noticed"],
        day=data["day"],
        outcome=data["outcome"],
        applied=data["applied"],
        said=tuple(data["said"]),
    )
