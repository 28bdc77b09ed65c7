"""Where the figures of an official text and those of our restatement and rules part.

A restatement may be older than the text that a deployer supplies, or wrong; a rule rests on it. A figure that
only one side has is reported with the rules that cite the provision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Literal

from index.ingest.figures import Figure, figures
from knowledge.expression import ExpressionError
from knowledge.figures import of_rule
from knowledge.model import Knowledge, Provision, Rule


@dataclass(frozen=True, slots=True)
class Drift:
    """A figure of one provision that only the `official` text or only `ours` has, and the rules concerned.

    For a figure of ours these are the citing rules that compare with it; where none does, all that cite the
    provision.
    """

    provision: str
    figure: str
    side: Literal["official", "ours"]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """The official words of a provision: its own, and the whole with what is inside it."""

    own: str
    whole: str
    parent: str | None


def drifts(stated: Mapping[str, Stated], knowledge: Knowledge) -> list[Drift]:
    """Compare every placed provision; its figure may also stand in a provision above or below it."""
    own = {name: figures(one.own) for name, one in stated.items()}
    whole = {name: figures(one.whole) for name, one in stated.items()}
    ours = {name: figures(knowledge.provisions[name].text) for name in stated}
    known = {name: ours[name] | figures(_around(knowledge.provisions[name])) for name in stated}
    above = {name: _above(name, stated) for name in stated}
    below: dict[str, list[str]] = {name: [] for name in stated}
    for name, parents in above.items():
        for parent in parents:
            below[parent].append(name)
    found: list[Drift] = []
    for name in stated:
        restated = reduce(or_, (known[one] for one in (name, *above[name], *below[name])))
        official = reduce(or_, (own[one] for one in above[name]), whole[name])
        admitted = figures(_admitted(knowledge.provisions[name], knowledge))
        missing = [figure for figure in own[name].states if figure not in restated]
        added = [figure for figure in ours[name].states if figure not in official and figure not in admitted]
        found += [_drift(name, figure, "official", knowledge) for figure in sorted(missing, key=str)]
        found += [_drift(name, figure, "ours", knowledge) for figure in sorted(added, key=str)]
    return found


def _drift(provision: str, figure: Figure, side: Literal["official", "ours"], knowledge: Knowledge) -> Drift:
    citing = [rule for rule in knowledge.rules.values() if provision in rule.cites]
    using = (
        [rule for rule in citing if figure.value in _figures_of(rule, knowledge)] if side == "ours" else []
    )
    return Drift(provision, str(figure), side, tuple(rule.id for rule in using or citing))


def _figures_of(rule: Rule, knowledge: Knowledge) -> Iterable[object]:
    due = [abs(duty.due.days) for duty in rule.duties if duty.due]
    try:
        return (*of_rule(knowledge, rule), *due)
    except ExpressionError:
        return due


def _around(provision: Provision) -> str:
    """What we state beside the restatement: the heading, what superseded the text, and notes."""
    return f"{provision.heading}. {provision.superseded} {provision.note}"


def _admitted(provision: Provision, knowledge: Knowledge) -> str:
    """What our restatement may say though this text does not: what came after it, a note, what it repeats."""
    repeated = (knowledge.provisions[name].text for name in provision.repeats)
    return " ".join((provision.superseded, provision.note, *repeated))


def _above(name: str, stated: Mapping[str, Stated]) -> list[str]:
    above: list[str] = []
    parent = stated[name].parent
    while parent is not None and parent in stated and parent not in above:
        above.append(parent)
        parent = stated[parent].parent
    return above
