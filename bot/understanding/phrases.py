"""The phrases that state a fact, read from `knowledge/phrases` and checked.

One file a fact, named after it:

    topics: [gift]                 # where the phrases below mean this fact; everywhere when left out
    says:                          # value -> patterns (see bot.understanding.pattern)
      true: [they sell~ us ..]
      false: [{say: no dealings with .., topics: [gift]}]
    heard:                         # whole answers to this fact's question, compared by meaning
      true: [they sell us toner]
    count: ["#n of us", {say: "#n weeks late", times: 7}]          # integers
    quantity:                      # money and dates: which of the amounts or dates in a message is this one
      - {near: [fee~, honorari*], within: 6}
      - {otherwise: true, topics: [gift]}

A pattern may be `weak` (a bare noun: dropped from answers to another question), `unsure` (must be confirmed),
or have `unless` words whose presence in the sentence rules it out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.understanding.pattern import Form, PatternError, Words, compile_pattern
from knowledge.model import Fact, Knowledge, Value

# Every scalar is text: "no" and "on" are words here.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
S = TypeVar("S", bound="_Shape")
NEGATIONS = frozenset(
    ["not", "no", "never", "neither", "nor", "none", "without", "nobody", "hardly", "nothing"]
)


class PhrasesError(Exception):
    """What is wrong in `knowledge/phrases`, one problem a line, each naming its file."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Line(_Shape):
    say: str
    topics: tuple[str, ...] | None = None
    weak: bool = False
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


class _File(_Shape):
    topics: tuple[str, ...] = ()
    says: dict[str, list[str | _Line]] = {}
    heard: dict[str, list[str]] = {}
    count: list[str | _Line] = []
    quantity: list[_Quantity] = []


class _WordsFile(_Shape):
    classes: dict[str, list[str]]
    irregular: dict[str, list[str]]
    shorthand: dict[str, str]
    known: list[str] = []


@dataclass(frozen=True, slots=True)
class Line:
    """A compiled pattern: the fact and value it states and when it counts. `value` is `None` for counts."""

    fact: str
    value: Value | None
    forms: tuple[Form, ...]
    topics: frozenset[str]
    weak: bool
    unsure: bool
    unless: frozenset[str]
    times: int
    source: str
    negative: bool


@dataclass(frozen=True, slots=True)
class Quantity:
    """Which amount or date of a message a fact takes. `near` indexes lines of `Phrases.near`."""

    fact: str
    near: tuple[Line, ...]
    within: int
    topics: frozenset[str]
    otherwise: bool
    each: bool | None
    total: bool | None
    unless: frozenset[str]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Everything under `knowledge/phrases`, compiled. `fingerprint` is the sha256 of the files read."""

    lines: tuple[Line, ...]
    quantities: tuple[Quantity, ...]
    heard: Mapping[str, tuple[tuple[str, Value], ...]]
    words: Words
    known: frozenset[str]
    fingerprint: str

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word that some pattern names."""
        lines = (*self.lines, *(line for quantity in self.quantities for line in quantity.near))
        return frozenset(
            word for line in lines for form in line.forms for element in form for word in element.words
        )


def load_phrases(folder: Path, knowledge: Knowledge) -> Phrases:
    """Read and check every file of `folder`.

    Raises:
        PhrasesError: an unreadable file, an unknown fact, topic or value, or a pattern that does not compile.
    """
    loading = _Loading(knowledge)
    words = loading.words(folder / "_words.yml")
    for path in sorted(folder.glob("*.yml")):
        if path.name != "_words.yml":
            loading.file(path, words)
    if loading.problems:
        raise PhrasesError("\n".join(loading.problems))
    return Phrases(
        tuple(loading.lines),
        tuple(loading.quantities),
        loading.heard,
        words,
        frozenset(loading.known),
        loading.digest.hexdigest(),
    )


class _Loading:
    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.problems: list[str] = []
        self.lines: list[Line] = []
        self.quantities: list[Quantity] = []
        self.heard: dict[str, tuple[tuple[str, Value], ...]] = {}
        self.known: list[str] = []
        self.digest = hashlib.sha256()

    def words(self, path: Path) -> Words:
        read = self._read(path, _WordsFile)
        if read is None:
            raise PhrasesError("\n".join(self.problems))
        self.known = read.known
        return Words(
            {name: tuple(phrases) for name, phrases in read.classes.items()},
            {word: tuple(forms) for word, forms in read.irregular.items()},
            read.shorthand,
        )

    def file(self, path: Path, words: Words) -> None:
        """Add one fact's phrases."""
        fact = self.knowledge.facts.get(path.stem)
        if fact is None:
            self.problems.append(f"{path.name}: no fact of this name")
            return
        read = self._read(path, _File)
        if read is None:
            return
        default = self._topics(path, read.topics)
        for key, said in read.says.items():
            value = self._value(path, fact, key)
            self.lines += [
                line for one in said if (line := self._line(path, fact.name, value, one, default, words))
            ]
        self.lines += [
            line for one in read.count if (line := self._line(path, fact.name, None, one, default, words))
        ]
        for quantity in read.quantity:
            self._quantity(path, fact.name, quantity, default, words)
        heard = [(text, self._value(path, fact, key)) for key, texts in read.heard.items() for text in texts]
        self.heard[fact.name] = tuple((text, value) for text, value in heard if value is not None)

    def _quantity(
        self, path: Path, fact: str, read: _Quantity, default: frozenset[str], words: Words
    ) -> None:
        near = [self._line(path, fact, None, source, default, words) for source in read.near]
        self.quantities.append(
            Quantity(
                fact,
                tuple(line for line in near if line),
                read.within,
                default if read.topics is None else self._topics(path, read.topics),
                read.otherwise,
                read.each,
                read.total,
                frozenset(read.unless),
            )
        )

    def _line(
        self,
        path: Path,
        fact: str,
        value: Value | None,
        said: str | _Line,
        default: frozenset[str],
        words: Words,
    ) -> Line | None:
        line = _Line(say=said) if isinstance(said, str) else said
        try:
            forms = compile_pattern(line.say, words)
        except PatternError as error:
            self.problems.append(f"{path.name}: {error}")
            return None
        fixed = {word for form in forms for element in form for word in element.words}
        return Line(
            fact,
            value,
            forms,
            default if line.topics is None else self._topics(path, line.topics),
            line.weak,
            line.unsure,
            frozenset(line.unless),
            line.times,
            line.say,
            not NEGATIONS.isdisjoint(fixed),
        )

    def _topics(self, path: Path, topics: Iterable[str]) -> frozenset[str]:
        unknown = sorted(set(topics) - set(self.knowledge.topics))
        if unknown:
            self.problems.append(f"{path.name}: unknown topic {', '.join(unknown)}")
        return frozenset(topics)

    def _value(self, path: Path, fact: Fact, key: str) -> Value | None:
        value = typed(fact, key)
        if value is None:
            expected = (
                "true or false" if fact.type == "bool" else ", ".join(option.value for option in fact.options)
            )
            self.problems.append(
                f"{path.name}: {key!r} is no value of {fact.name}, expected {expected or fact.type}"
            )
        return value

    def _read(self, path: Path, shape: type[S]) -> S | None:
        try:
            raw = path.read_bytes()
            self.digest.update(path.name.encode() + b"\0" + raw + b"\0")
            return shape.model_validate(yaml.load(raw, Loader=_Loader))
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
            self.problems.append(f"{path.name}: {' '.join(str(error).split())[:400]}")
            return None


def typed(fact: Fact, raw: object) -> Value | None:
    """`raw` as a value of `fact`, or `None` when it is not one."""
    text = str(raw).lower()
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
