"""Sweeps: what each rule hangs on, and what alone could make it true."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from actions.engine import Engine
from actions.engine.repairs import Repairs
from actions.engine.scope import Scope
from actions.engine.sweep import ALL, union
from actions.engine.truths import Truths
from knowledge.model import Parameter, Value
from tests.actions.small import Build

DAY = dt.date(2026, 6, 1)
FACTS = {**dict.fromkeys("abcd", "bool"), "m": "money", "n": "money", "k": "choice:x y", "day": "date"}
SOME: dict[str, Value] = {"a": True, "c": False, "m": Decimal(10), "as_of_date": DAY}


def _scope(build: Build, when: str) -> Scope:
    return Engine(build(FACTS, [(when, "prohibited"), ("False", "permitted")])).scope("p", "t")


def _hanging(scope: Scope, *dont_know: str) -> set[str] | bool:
    mask, never = scope.hanging(SOME, dont_know)
    assert never == ALL
    return mask == 0 if mask <= 0 else set(scope.names(mask))


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        ("a", True), ("c", False), ("b", {"b"}), ("not a", False), ("not c", True), ("not b", {"b"}),
        ("a and b", {"b"}), ("c and b", False), ("b and d", {"b", "d"}), ("b or a", True),
        ("b or c", {"b"}), ("c or c", False), ("not (b or c) and d", {"b", "d"}),
        ("not (b and c)", True), ("not (b and a) or c", {"b"}),
        ("m + n < 50 and b", {"b", "n"}), ("m + n < 10 and b", False), ("m + n >= 10", True),
        ("k == 'x' and (b or a)", {"k"}), ("k in ('x', 'y') or a", True),
        ("is_set(day)", False), ("is_set(n) or b", {"b"}), ("days(day, as_of_date) > 3 and a", {"day"}),
    ],
)  # fmt: skip
def test_what_it_hangs_on(build: Build, when: str, facts: set[str] | bool) -> None:
    assert _hanging(_scope(build, when)) == facts


def test_whether_there_is_a_date_is_not_known_while_it_may_come(build: Build) -> None:
    scope = _scope(build, "is_set(day) and a")
    assert _hanging(scope) is False
    assert _hanging(scope, "day") == {"day"}


def test_what_hangs_on_a_figure_that_was_not_yet_law_is_not_known(build: Build) -> None:
    known = build({"m": "money"}, [("m < 5", "prohibited")])
    limit = Parameter(
        "line", "A line", "dollars", ((dt.date(2027, 1, 1), Decimal(5), "CGS 1"),), dt.date(2026, 1, 1)
    )
    rule = dataclasses.replace(known.rules["R1"], when="m < line")
    later = dataclasses.replace(known, rules={"R1": rule}, parameters={"line": limit})
    scope = Engine(later).scope("p", "t")
    [mask] = scope.hanging(scope.known({"m": Decimal(3)}, DAY), ())
    assert mask > 0
    assert scope.names(mask) == []
    assert scope.hanging(scope.known({"m": Decimal(3)}, dt.date(2027, 1, 1)), ()) == [0]


def test_a_union_leaves_out_what_is_decided() -> None:
    assert union([]) == 0
    assert union([0, ALL]) == 0
    assert union([0b1, ALL, 0b100, 0, 0b1]) == 0b101


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        ("a", "all"), ("c", {"c"}), ("not a", {"a"}), ("not c", "all"), ("b", set()), ("not b", set()),
        ("a and c", {"c"}), ("a and c and not a", set()), ("c and c", {"c"}), ("c or m > 50", {"c", "m"}),
        ("c and m > 50", set()), ("(c or m > 50) and (c or not a)", {"c"}), ("b and c", set()),
        ("not (a and m < 50)", {"a", "m"}), ("not (a or m < 50)", set()), ("not (a or c)", {"a"}),
        ("m + n < 5", {"m"}), ("m < 50", "all"), ("m >= 50 or a", "all"), ("k == 'x' or c", {"c"}),
    ],
)  # fmt: skip
def test_what_alone_could_make_it_true(build: Build, when: str, facts: set[str] | str) -> None:
    scope = _scope(build, when)
    bits = {name: bit for name, bit in scope.bits.items() if name in SOME}
    could, never = scope.turning(SOME, bits)
    assert never == 0
    assert ("all" if could == ALL else set(scope.names(could))) == facts


def test_what_may_not_be_changed_turns_nothing(build: Build) -> None:
    scope = _scope(build, "c or m > 50")
    assert scope.turning(SOME, {"m": 4}) == [4, 0]
    assert scope.turning(SOME, {}) == [0, 0]


def test_sweeps_agree_with_the_slow_way(engine: Engine) -> None:
    """On worked cases of the law, complete or not."""
    for case in engine.knowledge.cases[::9]:
        scope = engine.scope(case.pack, case.topic)
        known = scope.known(case.facts, DAY)
        truths = Truths(scope, known)
        bits = {name: bit for name, bit in scope.bits.items() if name in known}
        repairs = Repairs(truths, bits, 1)
        hanging, could = scope.hanging(known, ()), scope.turning(known, bits)
        for entry in scope.entries:
            mask = hanging[entry.position]
            assert (2 if mask == 0 else 0 if mask < 0 else 1) == truths.of(entry.term)
            slow = repairs.of(entry.term, True)
            assert could[entry.position] == (ALL if slow == (0,) else sum(slow))
