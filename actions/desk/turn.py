"""One turn: what was written, how it was understood, and what the handlers stand on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from actions.desk.messages import Message
from actions.desk.state import CaseState
from actions.engine.result import Determination, Question
from knowledge.model import Knowledge, Value

ACTS = (
    "situation", "answer", "information", "ask_definition", "ask_why", "what_if", "correct", "dont_know",
    "summarise", "back", "restart", "talk_to_human", "greeting", "thanks", "out_of_scope",
    "report_wrongdoing", "save", "small_talk", "distress", "abusive",
)  # fmt: skip


class Mention(Protocol):
    """A fact found in the text; `text` are the words it came from."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> Value: ...
    @property
    def text(self) -> str: ...


class Understanding(Protocol):
    """What `bot.understanding` makes of a text, as far as the desk uses it."""

    @property
    def act(self) -> str: ...
    @property
    def topic(self) -> str | None: ...
    @property
    def topics(self) -> Sequence[tuple[str, float]]: ...
    @property
    def confidence(self) -> float: ...
    @property
    def facts(self) -> Mapping[str, Value]: ...
    @property
    def mentions(self) -> Sequence[Mention]: ...
    @property
    def unsure(self) -> Sequence[Mention]: ...
    @property
    def pack(self) -> str | None: ...


class Engine(Protocol):
    """The rule engine, as far as the desk uses it."""

    def determine(
        self, pack: str, topic: str, facts: Mapping[str, Value], as_of: dt.date, *,
        dont_know: Collection[str] = (), absent: Collection[str] = (), presume: bool = False,
    ) -> Determination: ...  # fmt: skip

    def next_question(
        self, pack: str, topic: str, facts: Mapping[str, Value], as_of: dt.date, *,
        dont_know: Collection[str] = (), absent: Collection[str] = (),
    ) -> Question | None: ...  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What the library answers to a question about the law; `status` says what became of the provision
    since.
    """

    found: bool
    text: str
    passages: tuple[Mapping[str, Any], ...] = ()
    citation: str = ""
    status: str = ""


class Library(Protocol):
    """Passages of the law as JSON objects: provision, citation, heading, text, kind, status."""

    def passages(self, provisions: Sequence[str]) -> list[Mapping[str, Any]]:
        """The passages of exactly these provisions, in their order."""
        ...

    def related(self, provisions: Sequence[str], query: str, pack: str) -> list[Mapping[str, Any]]:
        """Up to two passages near `query` beside those of `provisions`."""
        ...

    def answer(self, query: str, pack: str | None) -> Found:
        """The words that answer `query`, or `found` false."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What every handler may use."""

    knowledge: Knowledge
    engine: Engine
    library: Library


@dataclass(frozen=True, slots=True)
class Reply:
    """A text read as the answer to the pending question.

    `unknown` is "I don't know" and `absent` "not yet": the date has no value and the law may build on that.
    `choice` answers a question about the conversation itself, `denied` is a no to "did you mean",
    `problem` says what was wrong with an answer that could not be taken, `guess` is a reading to be
    confirmed before it is believed, `exact` says that the words are an answer on their face and nothing else.
    """

    facts: Mapping[str, Value] = field(default_factory=dict)
    unknown: bool = False
    absent: bool = False
    choice: str | None = None
    denied: bool = False
    problem: str | None = None
    guess: Mapping[str, Value] = field(default_factory=dict)
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One message with its final act; `reply` is set when it answers the pending question, `parts` when it
    sounds like two matters.
    """

    message_id: str
    text: str
    today: dt.date
    act: str
    understanding: Understanding
    reply: Reply | None = None
    parts: tuple[tuple[str, Understanding], ...] = ()


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a handler made of a turn; `go_on` asks the next question or decides afterwards."""

    state: CaseState
    messages: tuple[Message, ...] = ()
    go_on: bool = True
