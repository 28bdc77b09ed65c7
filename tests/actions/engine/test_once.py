"""What many rules share is worked out once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal

import pytest

from actions.engine import Engine, compile, quantities
from actions.engine.compile import Test
from actions.engine.reasons import Reasons
from actions.engine.scope import Scope
from actions.engine.terms import Term
from actions.engine.truths import Truths
from knowledge.model import Value
from tests.actions.small import Build

DAY = dt.date(2026, 6, 1)
FACTS = {**dict.fromkeys("abcd", "bool"), "m": "money", "n": "money"}
GIVEN: dict[str, Value] = {"a": True, "b": False, "c": True, "d": True, "m": Decimal(10), "n": Decimal(4)}


@pytest.fixture
def scope(build: Build) -> Scope:
    derived = {"small": "a and m / n < 5"}
    rules = [("b or small", "permitted"), ("c and not small", "prohibited"), ("d and small", "reportable")]
    return Engine(build(FACTS, rules, derived=derived)).scope("p", "t")


def test_a_condition_that_many_rules_share_is_computed_once(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def counted(dividend: Decimal, divisor: Decimal) -> Decimal:
        calls.append(dividend)
        return quantities.divide(dividend, divisor)

    monkeypatch.setitem(compile._NAMES, "divide", counted)
    derived = {"small": "a and m / n < 5"}
    for rules in (
        [("b or small", "permitted"), ("d and small", "reportable")],
        [("b or small", "permitted"), ("c and not small", "prohibited")],
        [("b or not small", "permitted"), ("c and not small", "prohibited")],
    ):
        scope = Engine(build(FACTS, rules, derived=derived)).scope("p", "t")
        calls.clear()
        scope.run(GIVEN, ())
        assert len(calls) == 1


def _counting(scope: Scope) -> tuple[Scope, list[Term]]:
    """The scope with a list of the tests that were run."""
    ran: list[Term] = []

    def tests(term: Term) -> Test:
        test = scope.tests(term)

        def counted(facts: Mapping[str, Value], open_: Collection[str]) -> int:
            ran.append(term)
            return test(facts, open_)

        return counted

    return dataclasses.replace(scope, tests=tests), ran


def test_truths_and_reasons_are_remembered(scope: Scope) -> None:
    counting, ran = _counting(scope)
    truths = Truths(counting, GIVEN)
    assert [truths.of(entry.term) for entry in scope.entries] == [0, 2, 2]
    assert len(ran) == 1
    ran.clear()
    reasons = Reasons(counting, GIVEN, {})
    assert [reasons.of(entry.term)[0] for entry in scope.entries] == [0, 2, 2]
    # Once for its truth and once without any answer.
    assert len(ran) == 2


def test_a_filled_memory_asks_nothing(scope: Scope) -> None:
    counting, ran = _counting(scope)
    truths = Truths(counting, GIVEN).fill(scope.sweep(GIVEN, ()))
    assert [truths.of(entry.term) for entry in scope.entries] == [0, 2, 2]
    assert ran == []


def test_options_are_told_apart_once(build: Build) -> None:
    facts = {"k": "choice:v w x y z", "a": "bool"}
    rules = [("k in ('x', 'y') and a", "permitted"), ("k == 'z'", "prohibited"), ("a", "reportable")]
    scope = Engine(build(facts, rules)).scope("p", "t")
    assert scope.options("k") == ["v", "x", "z"]
    by_rule = {entry.rule.when: scope.options("k", entry) for entry in scope.entries}
    assert by_rule == {"k in ('x', 'y') and a": ["v", "x"], "k == 'z'": ["v", "z"], "a": ["v"]}
    assert scope.options("k") is scope.options("k")


def test_atoms_are_listed_once(scope: Scope) -> None:
    term = scope.entries[0].term
    assert len(scope.atoms(term)) == 1
    assert scope.atoms(term) is scope.atoms(term)
    assert scope.atoms(scope.entries[1].term) is not scope.atoms(term)
