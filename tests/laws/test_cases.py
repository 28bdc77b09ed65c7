"""Every worked case of the law, by name: the headline and the rules that fire."""

from __future__ import annotations

import pytest

from actions.engine import Engine
from knowledge.load import load
from knowledge.model import Case
from tests.laws.worked import day_of, facts_of

KNOWLEDGE = load()
ENGINE = Engine(KNOWLEDGE)


def test_names_are_unique() -> None:
    names = [case.name for case in KNOWLEDGE.cases]
    assert len(names) == len(set(names))
    assert len(names) >= 903


def test_what_rests_on_memory_is_labelled() -> None:
    marked = {rule.id for rule in KNOWLEDGE.rules.values() if rule.unverified}
    doubted = {rule.id for rule in KNOWLEDGE.rules.values() if "unverified" in rule.basis.lower()}
    assert len(doubted) >= 30
    assert doubted - marked == set()


@pytest.mark.parametrize("case", KNOWLEDGE.cases, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    facts = facts_of(KNOWLEDGE, case)
    decided = ENGINE.determine(case.pack, case.topic, facts, day_of(case))
    fired = [rule.rule for rule in decided.rules]
    headline = decided.rules[0].outcome if decided.rules else "refer_to_counsel"
    assert headline == case.outcome, fired
    assert set(case.rules) <= set(fired)
    if decided.outcome != headline:
        # A case may leave a criterion open that could still forbid it; then nothing is allowed.
        assert decided.outcome == "refer_to_counsel"
        assert decided.depends_on
        assert not set(decided.depends_on) & set(facts)
