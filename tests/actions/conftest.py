"""The whole knowledge with its engine, and a builder of small bodies of rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from actions.engine import Engine
from knowledge.load import load
from knowledge.model import (
    Checklist,
    Derived,
    Due,
    Duty,
    Fact,
    Knowledge,
    Layer,
    Option,
    Outcome,
    Pack,
    Parameter,
    Referral,
    Rule,
    Topic,
    Value,
)
from tests.actions.small import Build


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="session")
def engine(knowledge: Knowledge) -> Engine:
    return Engine(knowledge)


def _fact(name: str, spec: str, presume: Value | None, checklist: str | None, default: Value | None) -> Fact:
    kind, _, options = spec.partition(":")
    return Fact(
        name, kind, f"{name}?", "why", "p",  # type: ignore[arg-type]
        options=tuple(Option(value, value) for value in options.split()), presume=presume,
        checklist=checklist, case_default=default,
    )  # fmt: skip


def _rule(number: int, rule: Sequence[object], duties: Mapping[str, tuple[Duty, ...]]) -> Rule:
    when, outcome, *rest = rule
    layer = str(rest[0]) if rest else "law"
    name = f"R{number}"
    return Rule(
        name, f"rule {number}", ("t",), str(when), str(outcome), layer, (f"cite {number}",), "seed", "p", "f",
        duties.get(name, ()),
    )  # fmt: skip


@pytest.fixture(scope="session")
def build(knowledge: Knowledge) -> Build:
    """A body of rules for pack `p`, topic `t`: facts as `name="bool"`, `"money"`, `"choice:a b"`; rules as
    (when, outcome) or (when, outcome, layer), called R1, R2, … in order."""

    def make(
        facts: Mapping[str, str],
        rules: Sequence[Sequence[object]],
        *,
        derived: Mapping[str, str] = {},
        presume: Mapping[str, Value] = {},
        defaults: Mapping[str, Value] = {},
        checklists: Mapping[str, Sequence[str]] = {},
        duties: Mapping[str, tuple[Duty, ...]] = {},
        parameters: Mapping[str, Parameter] = {},
        fixes: Mapping[str, Value] = {},
        referrals: Sequence[tuple[str, str]] = (),
    ) -> Knowledge:
        listed = {fact: name for name, members in checklists.items() for fact in members}
        declared = {**facts, "as_of_date": "date"}
        outcomes: Mapping[str, Outcome] = knowledge.outcomes
        return Knowledge(
            packs={"p": Pack("p", "P", "all", "ct", None, fixes, {}, "c", ())},
            topics={"t": Topic("t", "T", "d", ("p",), referrals=tuple(Referral(*one) for one in referrals))},
            outcomes=outcomes,
            layers={
                "law": Layer("law", "Law", "ct", 10),
                "agency": Layer("agency", "Agency", "ct", 30),
                "far": Layer("far", "Other state", "in", 10),
            },
            facts={
                name: _fact(name, spec, presume.get(name), listed.get(name), defaults.get(name))
                for name, spec in declared.items()
            },
            derived={name: Derived(name, text, "m", "p") for name, text in derived.items()},
            rules={
                rule.id: rule for rule in (_rule(number, one, duties) for number, one in enumerate(rules, 1))
            },
            cases=(),
            provisions={},
            parameters=parameters,
            checklists={
                name: Checklist(name, "any?", tuple(members)) for name, members in checklists.items()
            },
            glossary={},
        )

    return make


@pytest.fixture(scope="session")
def due() -> Callable[..., Duty]:
    def make(after: str, days: int, *, business: bool = False) -> Duty:
        return Duty("do it", Due(after, days, business))

    return make
