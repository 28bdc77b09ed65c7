"""Figures of understanding: accuracy, macro-F1, calibration error, and precision and recall of facts."""

from __future__ import annotations

import datetime as dt
import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.understanding.model import Pending
from bot.understanding.understand import Understander
from knowledge.model import Value

BINS = 10
CENT = 0.005
OUTSIDE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Row:
    """A message with the topic or act it should get and the facts it states; `allowed` are other readings."""

    id: str
    text: str
    accepted: frozenset[str]
    label: str
    pack: str | None
    pending: str | None
    facts: Mapping[str, Any]
    allowed: Mapping[str, Any]


@dataclass(slots=True)
class Figures:
    """What a set of rows gave. Times are milliseconds."""

    rows: int = 0
    routed: int = 0
    hits: int = 0
    wrong: int = 0
    missed: int = 0
    outside: int = 0
    refused: int = 0
    refused_wrongly: int = 0
    times: list[float] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        """Share of rows with an accepted topic or act."""
        return self.routed / max(self.rows, 1)

    @property
    def precision(self) -> float:
        """Share of the facts read that were stated."""
        return self.hits / max(self.hits + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Share of the facts stated that were read."""
        return self.hits / max(self.hits + self.missed, 1)

    def line(self, name: str) -> str:
        """The figures in one line."""
        p50 = statistics.median(self.times or [0.0])
        parts = [f"{name}: {self.rows} messages", f"topic or act right {self.accuracy:.3f}"]
        if stated := self.hits + self.missed:
            right = f"facts precision {self.precision:.3f} recall {self.recall:.3f}"
            parts.append(f"{right} (of {stated} stated)")
        if self.outside:
            parts.append(f"{self.refused} of {self.outside} out of scope refused")
        parts.append(f"{self.refused_wrongly} of {self.rows - self.outside} in scope refused")
        return ", ".join([*parts, f"p50 {p50:.1f} ms"])


def read_rows(path: Path) -> list[Row]:
    """The rows of an utterances.jsonl."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return [
        Row(
            row["id"],
            row["utterance"],
            frozenset((row["topic"], *row.get("alt_topics", ()))),
            row["topic"],
            row.get("pack"),
            row.get("pending"),
            row.get("rb_facts") or {},
            row.get("rb_facts_allowed") or {},
        )
        for row in rows
    ]


def measure(understander: Understander, rows: Iterable[Row], today: dt.date) -> Figures:
    """Understand every row and compare."""
    figures = Figures()
    for row in rows:
        pending = Pending(row.pending) if row.pending else None
        start = time.perf_counter()
        got = understander.understand(row.text, pack=row.pack, pending=pending, today=today)
        figures.times.append(1000 * (time.perf_counter() - start))
        figures.rows += 1
        right = (got.topic or got.act) in row.accepted or got.act in row.accepted
        figures.routed += right
        _scope(figures, row, got.act == OUTSIDE)
        if not right:
            figures.misses.append(f"{row.id}: wanted {sorted(row.accepted)}, got {got.topic}/{got.act}")
        if row.facts:
            _compare(figures, row, {name: plain(value) for name, value in got.facts.items()})
    return figures


def _scope(figures: Figures, row: Row, refused: bool) -> None:
    outside = row.label == OUTSIDE
    figures.outside += outside
    figures.refused += outside and refused
    figures.refused_wrongly += refused and OUTSIDE not in row.accepted


def _compare(figures: Figures, row: Row, got: Mapping[str, Any]) -> None:
    for name, value in row.facts.items():
        found = name in got and same(value, got[name])
        figures.hits += found
        figures.missed += not found
        if not found:
            figures.misses.append(f"{row.id}: wanted {name}={value!r}, got {got.get(name)!r}")
    for name, value in got.items():
        readings = row.allowed.get(name, [])
        readings = readings if isinstance(readings, list) else [readings]
        if name not in row.facts and not any(one == "*" or same(one, value) for one in readings):
            figures.wrong += 1
            figures.misses.append(f"{row.id}: not stated {name}={value!r}")


def plain(value: Value) -> Any:
    """A value as JSON writes it."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def same(want: Any, got: Any) -> bool:
    """Whether two values are one, money to the cent."""
    if isinstance(want, bool) or isinstance(got, bool):
        return want is got
    if isinstance(want, int | float) and isinstance(got, int | float):
        return abs(want - got) < CENT
    return str(want).lower() == str(got).lower()


def macro_f1(truth: Sequence[str], guessed: Sequence[str]) -> float:
    """Mean over labels of the harmonic mean of precision and recall."""
    right = Counter(one for one, other in zip(truth, guessed, strict=True) if one == other)
    given, made = Counter(truth), Counter(guessed)
    return statistics.mean(2 * right[label] / (given[label] + made[label]) for label in given)


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error over ten bins: how far confidence is from accuracy, weighted."""
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, good in zip(confidences, right, strict=True):
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, good))
    gaps = (
        len(inside)
        * abs(
            statistics.mean(confidence for confidence, _ in inside)
            - statistics.mean(good for _, good in inside)
        )
        for inside in bins.values()
    )
    return sum(gaps) / max(len(right), 1)
