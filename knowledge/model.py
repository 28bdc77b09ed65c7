"""What `knowledge/` holds once loaded: frozen values without behaviour.

Money is a `Decimal` in US dollars, dates are `datetime.date`, durations are whole calendar days unless a text
says business days (RCSA 1-92-12(o)).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Value = bool | str | int | Decimal | dt.date
FactType = Literal["bool", "choice", "money", "date", "integer"]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a choice question: its stored value, the words on the button, other ways to say it, and
    the one jurisdiction in which it is offered, if not in all.
    """

    value: str
    label: str
    says: tuple[str, ...] = ()
    jurisdiction: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A free answer to the fact's question and the value it means."""

    say: str
    value: Value


@dataclass(frozen=True, slots=True)
class Fact:
    """One typed thing the desk must know, declared once.

    `presume` is the value assumed unless the person says otherwise; `checklist` names the group in which a
    rare yes/no fact is asked; `statement` is the short positive sentence shown on chips and in checklists;
    `rare` says that hardly anybody's case turns on it, so that it is asked after the rest; `changeable` says
    whether a person could truthfully have it otherwise; `case_default` fills worked examples only and never
    decides anybody's case.
    """

    name: str
    type: FactType
    question: str
    why: str
    pack: str
    statement: str = ""
    options: tuple[Option, ...] = ()
    examples: tuple[Example, ...] = ()
    presume: Value | None = None
    checklist: str | None = None
    rare: bool = False
    changeable: bool = True
    sensitivity: str = "none"
    case_default: Value | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """A fact computed from others and never asked; `expression` is in `knowledge.expression`'s language."""

    name: str
    expression: str
    meaning: str
    pack: str


@dataclass(frozen=True, slots=True)
class Due:
    """When a duty falls due: `days` after the date fact `after` (business days if marked), or before it."""

    after: str
    days: int = 0
    business_days: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do, and who does it; `due` and `form` are absent where the law names none."""

    do: str
    due: Due | None = None
    form: str | None = None
    who: str = "you"


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition over facts, an outcome, duties and citations. Cites are provision ids."""

    id: str
    title: str
    topics: tuple[str, ...]
    when: str
    outcome: str
    layer: str
    cites: tuple[str, ...]
    basis: str
    pack: str
    file: str
    duties: tuple[Duty, ...] = ()
    unverified: bool = False
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A worked example: the facts said, the outcome, and all rules that fire, the deciding ones first."""

    name: str
    pack: str
    topic: str
    facts: Mapping[str, Value]
    outcome: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provision:
    """One citable unit of law, restated in our own words.

    `document` names the source document, `answers` are questions it answers in an employee's words (indexed),
    `repeats` are the provisions whose figures the restatement says again.
    """

    id: str
    heading: str
    citation: str
    document: str
    status: str
    topic: str
    text: str
    pack: str
    effective: str = ""
    note: str = ""
    answers: tuple[str, ...] = ()
    parent: str | None = None
    superseded: str = ""
    governs: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    kind: Literal["provision", "opinion"] = "provision"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the law with its history: (from date, value, reference) in ascending order of date."""

    name: str
    meaning: str
    unit: str
    values: tuple[tuple[dt.date, Decimal, str], ...]
    last_checked: dt.date


@dataclass(frozen=True, slots=True)
class Layer:
    """A body of rules, its rank of specificity and, for an agency layer, the condition on which it binds."""

    id: str
    title: str
    jurisdiction: str
    specificity: int
    binds: str | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """Facts on which no rule speaks (`when`), and why a person has to look at them (`why`)."""

    when: str
    why: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of question, with the packs that answer it and how an employee would describe it.

    `assumes` are facts that the choice of topic implies unless the person says otherwise; `denied_by` are
    answers which say that the question is about something else; `referrals` say where the rules are silent.
    Where a pack lacks a topic, the wider one that it is `part_of` answers.
    """

    id: str
    title: str
    description: str
    packs: tuple[str, ...]
    assumes: Mapping[str, Value] = field(default_factory=dict)
    denied_by: Mapping[str, Value] = field(default_factory=dict)
    referrals: tuple[Referral, ...] = ()
    part_of: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome of the rulebook: its rank in the merge and one plain sentence."""

    id: str
    rank: int
    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """Rare yes/no facts asked together: "does any of these apply?" """

    id: str
    question: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """One body of rules with whom it binds.

    `fixes` are facts that the choice of pack settles, `assumes` those that hold unless the person says
    otherwise, `says` what people call it.
    """

    id: str
    title: str
    binds: str
    jurisdiction: str
    extends: str | None
    fixes: Mapping[str, Value]
    assumes: Mapping[str, Value]
    contact: str
    documents: tuple[str, ...]
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A term of art in plain words, with its citation and its synonyms."""

    term: str
    meaning: str
    cites: tuple[str, ...]
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything loaded, keyed by id, in a stable order. `fingerprint` is the sha256 of the files read."""

    packs: Mapping[str, Pack]
    topics: Mapping[str, Topic]
    outcomes: Mapping[str, Outcome]
    layers: Mapping[str, Layer]
    facts: Mapping[str, Fact]
    derived: Mapping[str, Derived]
    rules: Mapping[str, Rule]
    cases: tuple[Case, ...]
    provisions: Mapping[str, Provision]
    parameters: Mapping[str, Parameter]
    checklists: Mapping[str, Checklist]
    glossary: Mapping[str, Term]
    fingerprint: str = field(default="", compare=False)
