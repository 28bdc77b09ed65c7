"""Reading and checking `knowledge/phrases`: one file a fact, named after it.

    topics: [gift]                 # where the phrases mean this fact; everywhere when left out
    packs: [ct-dss]                # the same for packs
    asked: true                    # too loose for a first message: they count when the fact was asked for
    own: true                      # about the person who writes: "my wife has a second job" does not say it
    says:                          # value -> patterns (see bot.understanding.pattern)
      true: [they sell~ us ..]
      false: [{say: no dealings with .., topics: [gift]}]
    heard:                         # whole answers to this fact's question, compared by meaning
      true: [they sell us toner]
    count: ["#n of us", {say: "#n weeks late", times: 7}]          # integers
    quantity:                      # which of the amounts or dates in a message is this one
      - {near: [fee~, honorari*], within: 6}
      - {otherwise: true, topics: [gift], absent: gift_is_pooled}

A pattern may be `weak` (a bare noun: gives way to others, and does not count in the answer to another
question), `asked`, `unsure` (must be confirmed), or have `unless` words whose presence in the sentence rules
it out. A quantity may be `apart` from words that give an amount beside them another meaning ("a 2 million
contract"), or need another fact to be said true (`given`) or not said (`absent`), or the date
to lie behind (`past`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.understanding.pattern import PatternError, Words, compile_pattern
from bot.understanding.phrases import NEGATIONS, Line, Phrases, Quantity
from knowledge.model import Fact, Knowledge, Value

FOLDER = Path(__file__).parents[2] / "knowledge" / "phrases"
WORDS = "_words.yml"
# Every scalar is text: "no" and "on" are words here.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
S = TypeVar("S", bound="_Shape")


class PhrasesError(ValueError):
    """What is wrong in `knowledge/phrases`, one problem a line, each naming its file."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Line(_Shape):
    say: str
    topics: tuple[str, ...] | None = None
    weak: bool = False
    asked: bool = False
    unsure: bool = False
    unless: tuple[str, ...] = ()
    times: int = 1


class _Quantity(_Shape):
    near: tuple[str, ...] = ()
    within: int = 8
    topics: tuple[str, ...] | None = None
    otherwise: bool = False
    each: bool | None = None
    total: bool | None = None
    unless: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    given: str | None = None
    absent: str | None = None
    past: bool = False


class _File(_Shape):
    topics: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    asked: bool = False
    own: bool = False
    says: dict[str, list[str | _Line]] = {}
    heard: dict[str, list[str]] = {}
    count: list[str | _Line] = []
    quantity: list[_Quantity] = []


class _WordsFile(_Shape):
    classes: dict[str, list[str]]
    irregular: dict[str, list[str]]
    shorthand: dict[str, str]


def load_phrases(knowledge: Knowledge, folder: Path = FOLDER) -> Phrases:
    """Read and check every file of `folder`.

    Raises:
        PhrasesError: an unreadable file, an unknown fact, topic or value, or a pattern that does not compile.
    """
    problems: list[str] = []
    digest = hashlib.sha256()
    read = _read(folder / WORDS, _WordsFile, problems, digest)
    if read is None:
        raise PhrasesError("\n".join(problems))
    words = Words(
        {name: tuple(phrases) for name, phrases in read.classes.items()},
        {word: tuple(forms) for word, forms in read.irregular.items()},
        read.shorthand,
    )
    files = []
    for path in sorted(folder.glob("*.yml")):
        if path.name != WORDS and (shape := _read(path, _File, problems, digest)) is not None:
            files.append(_FactFile(path.name, shape, words, knowledge, problems))
    compiled = [file.compile() for file in files]
    if problems:
        raise PhrasesError("\n".join(problems))
    return Phrases(
        tuple(line for lines, _, _ in compiled for line in lines),
        tuple(quantity for _, quantities, _ in compiled for quantity in quantities),
        {file.fact.name: heard for file, (_, _, heard) in zip(files, compiled, strict=True) if file.fact},
        words,
        digest.hexdigest(),
    )


class _FactFile:
    """One fact's file, being compiled; what is wrong goes to `problems`."""

    def __init__(
        self, name: str, read: _File, words: Words, knowledge: Knowledge, problems: list[str]
    ) -> None:
        self.name, self.read, self.words, self.knowledge, self.problems = (
            name,
            read,
            words,
            knowledge,
            problems,
        )
        self.fact = knowledge.facts.get(name.removesuffix(".yml"))
        self.packs = frozenset(read.packs)
        self.topics = self._topics(read.topics)

    def compile(self) -> tuple[list[Line], list[Quantity], tuple[tuple[str, Value], ...]]:
        """Lines, quantities and whole answers."""
        fact = self.fact
        if fact is None:
            self.problems.append(f"{self.name}: no fact of this name")
            return [], [], ()
        if unknown := sorted(self.packs - set(self.knowledge.packs)):
            self.problems.append(f"{self.name}: unknown pack {', '.join(unknown)}")
        said = [
            (value, one)
            for key, ones in self.read.says.items()
            for value in self._values(fact, key)
            for one in ones
        ]
        lines = [self._line(fact, value, one) for value, one in said]
        lines += [self._line(fact, None, one) for one in self.read.count]
        heard = [
            (text, value)
            for key, texts in self.read.heard.items()
            for value in self._values(fact, key)
            for text in texts
        ]
        quantities = [self._quantity(fact, quantity) for quantity in self.read.quantity]
        return [line for line in lines if line is not None], quantities, tuple(heard)

    def _quantity(self, fact: Fact, read: _Quantity) -> Quantity:
        near = [self._line(fact, None, source) for source in read.near]
        return Quantity(
            fact=fact.name,
            near=tuple(line for line in near if line),
            within=read.within,
            topics=self.topics if read.topics is None else self._topics(read.topics),
            otherwise=read.otherwise,
            each=read.each,
            total=read.total,
            unless=frozenset(read.unless),
            apart=frozenset(read.apart),
            given=read.given,
            absent=read.absent,
            past=read.past,
        )

    def _line(self, fact: Fact, value: Value | None, said: str | _Line) -> Line | None:
        line = _Line(say=said) if isinstance(said, str) else said
        try:
            forms = compile_pattern(line.say, self.words)
        except PatternError as error:
            self.problems.append(f"{self.name}: {error}")
            return None
        named = {word for form in forms for element in form for word in element.words}
        return Line(
            fact=fact.name,
            value=value,
            forms=forms,
            topics=self.topics if line.topics is None else self._topics(line.topics),
            packs=self.packs,
            weak=line.weak,
            asked=line.asked or self.read.asked,
            unsure=line.unsure,
            unless=frozenset(line.unless),
            times=line.times,
            negative=not NEGATIONS.isdisjoint(named),
            own=self.read.own,
        )

    def _topics(self, topics: Iterable[str]) -> frozenset[str]:
        unknown = sorted(set(topics) - set(self.knowledge.topics))
        if unknown:
            self.problems.append(f"{self.name}: unknown topic {', '.join(unknown)}")
        return frozenset(topics)

    def _values(self, fact: Fact, key: str) -> list[Value]:
        value = typed(fact, key)
        if value is None:
            options = ", ".join(option.value for option in fact.options)
            expected = "true or false" if fact.type == "bool" else options or fact.type
            self.problems.append(f"{self.name}: {key!r} is no value of {fact.name}, expected {expected}")
            return []
        return [value]


def _read(path: Path, shape: type[S], problems: list[str], digest: hashlib._Hash) -> S | None:
    try:
        raw = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + raw + b"\0")
        return shape.model_validate(yaml.load(raw, Loader=_Loader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        problems.append(f"{path.name}: {' '.join(str(error).split())[:400]}")
        return None


def typed(fact: Fact, raw: str) -> Value | None:
    """`raw` as a value of `fact`, or `None` when it is not one."""
    text = raw.lower()
    if fact.type == "bool":
        return {"true": True, "false": False}.get(text)
    if fact.type == "choice":
        return text if any(option.value == text for option in fact.options) else None
    try:
        if fact.type == "integer":
            return int(text)
        if fact.type == "money":
            amount = Decimal(text)
            return amount if amount.is_finite() else None
        return dt.date.fromisoformat(text)
    except (ValueError, InvalidOperation):
        return None
