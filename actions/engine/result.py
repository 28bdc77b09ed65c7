"""What the engine answers: frozen values that say the outcome and everything it rests on."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from knowledge.model import Value


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that is true on the facts."""

    rule: str
    title: str
    outcome: str
    layer: str
    cites: tuple[str, ...]
    basis: str
    unverified: bool


@dataclass(frozen=True, slots=True)
class DutyOwed:
    """Something to do. `due` is the last day, or None when the law names none or the date it runs from is not
    known (`due_after` then names the fact to ask). `overdue` says that the day has passed on the applied
    date."""

    text: str
    rule: str
    who: str
    due: dt.date | None
    due_after: str | None
    days: int | None
    business_days: bool
    form: str | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Facts that, had they been so, would have led to another outcome."""

    facts: Mapping[str, Value]
    outcome: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule with a kinder outcome that failed, and the known facts on which it did."""

    rule: str
    title: str
    outcome: str
    failed_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Floor:
    """The outcome without the agency's own rules, and the rule that would have decided."""

    outcome: str
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask next: one fact, or the facts of a checklist that still matter.

    `at_most` is the most questions to come, this one included, when no more than one answer is unusual.
    """

    facts: tuple[str, ...]
    checklist: str | None
    at_most: int


class Told(Protocol):
    """Explains a determination on demand; the parts take longer than deciding."""

    def because(self) -> Mapping[str, tuple[str, ...]]: ...

    def near(self) -> tuple[NearMiss, ...]: ...

    def changes(self) -> tuple[Change, ...]: ...


@dataclass(frozen=True)
class Determination:
    """Outcome, the rules behind it, what is owed, what is missing, and what would change it.

    `decided_by` is None when no rule fired or when the outcome only says that something stricter is still
    possible. `depends_on` names the unknown facts because of which a stricter rule is still possible.
    `missing` are facts that, answered, could still change the outcome, in asking order. `presumed` are the
    presumptions relied upon. `referral` says why a person has to look where no rule speaks on facts that the
    topic names; None elsewhere. What explains the decision is worked out when first read.
    """

    pack: str
    topic: str
    as_of: dt.date
    outcome: str
    decided_by: str | None
    layer: str | None
    rules: tuple[Fired, ...]
    duties: tuple[DutyOwed, ...]
    citations: tuple[str, ...]
    missing: tuple[str, ...]
    depends_on: tuple[str, ...]
    presumed: Mapping[str, Value]
    floor: Floor | None
    unverified: bool
    facts_used: Mapping[str, Value]
    referral: str | None
    told: Told = field(repr=False, compare=False)

    @functools.cached_property
    def because(self) -> Mapping[str, tuple[str, ...]]:
        """For each rule that fired the fewest facts that make it true."""
        return self.told.because()

    @functools.cached_property
    def near(self) -> tuple[NearMiss, ...]:
        """Rules with a kinder outcome that failed on one known fact each."""
        return self.told.near()

    @functools.cached_property
    def changes(self) -> tuple[Change, ...]:
        """The smallest changes of facts that lead to another outcome, nearest first."""
        return self.told.changes()
