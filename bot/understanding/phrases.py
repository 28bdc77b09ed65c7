"""Phrases that state facts, compiled: what the files of `knowledge/phrases` become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.understanding.pattern import Form, Words
from knowledge.model import Value

NEGATIONS = frozenset(
    ("not", "no", "never", "neither", "nor", "none", "without", "nobody", "hardly", "nothing")
)


@dataclass(frozen=True, slots=True)
class Line:
    """One pattern: the fact and value it states and when it counts.

    `value` is `None` for counts. `own` facts are about the person who writes, not about whom they speak of.
    """

    fact: str
    value: Value | None
    forms: tuple[Form, ...]
    topics: frozenset[str]
    packs: frozenset[str]
    weak: bool
    asked: bool
    unsure: bool
    unless: frozenset[str]
    times: int
    negative: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Quantity:
    """Which amount or date of a message a fact takes: the one near a phrase of `near`, or what is left."""

    fact: str
    near: tuple[Line, ...]
    within: int
    topics: frozenset[str]
    otherwise: bool
    each: bool | None
    total: bool | None
    unless: frozenset[str]
    apart: frozenset[str]
    given: str | None
    absent: str | None
    past: bool


@dataclass(frozen=True, slots=True)
class Phrases:
    """Everything under `knowledge/phrases`. `fingerprint` is the sha256 of the files read."""

    lines: tuple[Line, ...]
    quantities: tuple[Quantity, ...]
    heard: Mapping[str, tuple[tuple[str, Value], ...]]
    words: Words
    fingerprint: str

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word that some pattern names."""
        lines = (*self.lines, *(line for quantity in self.quantities for line in quantity.near))
        return frozenset(
            word for line in lines for form in line.forms for element in form for word in element.words
        )
