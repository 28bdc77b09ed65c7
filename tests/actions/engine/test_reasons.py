"""Why a condition has its truth, what would turn it, and the cheapest questions that cover all needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal

import pytest

from actions.engine import Engine
from actions.engine.reasons import KNOWN, Reasons, cover, minimal
from actions.engine.repairs import Repairs
from actions.engine.scope import Scope
from actions.engine.truths import Truths
from knowledge.model import Value
from tests.actions.small import Build

D = Decimal
DAY = dt.date(2026, 6, 1)
FACTS = {**dict.fromkeys("abcd", "bool"), "m": "money", "n": "money", "k": "choice:x y", "day": "date"}
BITS = {name: 1 << number for number, name in enumerate(["a", "b", "c", "d", "m", "n", "k", "day"])}


def _scope(build: Build, when: str, other: str = "True") -> Scope:
    return Engine(build(FACTS, [(when, "prohibited"), (other, "permitted")])).scope("p", "t")


def _names(masks: Collection[int]) -> set[str]:
    return {"".join(sorted(name for name, bit in BITS.items() if bit & mask)) for mask in masks}


YES: dict[str, Value] = {"a": True, "b": True, "c": False, "d": False, "m": D(10), "n": D(60), "k": "x"}


@pytest.mark.parametrize(
    ("when", "truth", "reasons"),
    [
        ("a", 2, {"a"}),
        ("c", 0, {"c"}),
        ("not c", 2, {"c"}),
        ("a and b", 2, {"ab"}),
        ("a or b", 2, {"a", "b"}),
        ("c and d", 0, {"c", "d"}),
        ("c or d", 0, {"cd"}),
        ("a and (b or c)", 2, {"ab"}),
        ("(a or c) and (b or c)", 2, {"ab"}),
        ("(a or b) and (a or d)", 2, {"a"}),
        ("a and is_set(day)", 0, {"day"}),
        ("c and is_set(day)", 0, {"c", "day"}),
        ("m < 50", 2, {"m"}),
        ("m + n < 50", 0, {"n"}),
        ("m + n < 65", 0, {"mn"}),
        ("m + n > 20", 2, {"n"}),
        ("k == 'x' and a", 2, {"ak"}),
        ("a or days(day, as_of_date) > 3", 2, {"a"}),
        ("c and days(day, as_of_date) > 3", 0, {"c"}),
        ("a and days(day, as_of_date) > 3", 1, set()),
    ],
)
def test_the_fewest_answers_that_make_it_so(build: Build, when: str, truth: int, reasons: set[str]) -> None:
    scope = _scope(build, when)
    term = scope.entries[0].term
    world = {**YES, "as_of_date": DAY}
    found = Reasons(scope, world, BITS).of(term)
    assert (found[0], _names(found[1])) == (truth, reasons)
    free = Reasons(scope, world, {}).of(term)
    assert free == (truth, KNOWN if truth != 1 else ())


def test_what_is_not_known_is_no_reason(build: Build) -> None:
    scope = _scope(build, "is_set(day) or c")
    term = scope.entries[0].term
    world: Mapping[str, Value] = {"c": False, "as_of_date": DAY}
    assert Reasons(scope, world, BITS).of(term) == (0, (BITS["c"] | BITS["day"],))
    assert Reasons(scope, world, BITS, {"day"}).of(term) == (1, ())
    assert Truths(scope, world, {"day"}).of(term) == 1


@pytest.mark.parametrize(("when", "truth"), [("True", 2), ("False", 0)])
def test_what_is_always_so_needs_no_reason(build: Build, when: str, truth: int) -> None:
    scope = _scope(build, "a", when)
    term = next(entry.term for entry in scope.entries if entry.rule.when == when)
    world: dict[str, Value] = {"as_of_date": DAY}
    assert Truths(scope, world).of(term) == truth
    assert Reasons(scope, world, BITS).of(term) == (truth, KNOWN)
    assert Truths(scope, world).fill(scope.sweep(world, ())).of(term) == truth


def test_a_sweep_spares_no_reason(build: Build) -> None:
    scope = _scope(build, "a and (b or c) and m + n < 65")
    term = scope.entries[0].term
    world = {**YES, "as_of_date": DAY}
    swept = Reasons(scope, world, BITS, (), scope.sweep(world, ())).of(term)
    assert swept == Reasons(scope, world, BITS).of(term)
    assert _names(swept[1]) == {"mn"}


@pytest.mark.parametrize(
    ("when", "want", "one", "two"),
    [
        ("a and b", False, {"a", "b"}, {"a", "b"}),
        ("a or b", False, set(), {"ab"}),
        ("c and d", True, set(), {"cd"}),
        ("c or d", True, {"c", "d"}, {"c", "d"}),
        ("a and c", True, {"c"}, {"c"}),
        ("not a", True, {"a"}, {"a"}),
        ("not a and c", True, set(), {"ac"}),
        ("not a and c and d", True, set(), set()),
        ("m > 50 and n < 50", True, set(), {"mn"}),
        ("m + n < 50", True, {"m", "n"}, {"m", "n"}),
        ("a", True, {""}, {""}),
        ("c", False, {""}, {""}),
        ("k == 'y' or (c and d)", True, {"k"}, {"k", "cd"}),
        ("(c or k == 'y') and (c or d)", True, {"c"}, {"c", "dk"}),
    ],
)
def test_the_smallest_changes_that_could_turn_it(
    build: Build, when: str, want: bool, one: set[str], two: set[str]
) -> None:
    scope = _scope(build, when)
    truths = Truths(scope, {**YES, "as_of_date": DAY})
    term = scope.entries[0].term
    assert _names(Repairs(truths, BITS, 1).of(term, want)) == one
    assert _names(Repairs(truths, BITS, 2).of(term, want)) == two
    assert _names(Repairs(truths, {}, 2).of(term, want)) == ({""} if "" in one else set())


def test_nothing_turns_what_is_always_so(build: Build) -> None:
    scope = _scope(build, "a", "True")
    truths = Truths(scope, {**YES, "as_of_date": DAY})
    assert Repairs(truths, BITS, 2).of(scope.entries[1].term, False) == ()


def test_masks_that_contain_another_are_dropped() -> None:
    assert minimal([0b110, 0b1, 0b11, 0b1000]) == (0b1, 0b1000, 0b110)
    assert minimal([0b11, 0]) == KNOWN
    assert minimal([]) == ()
    assert minimal([0b11]) == (0b11,)
    assert minimal([0b1000, 0b100, 0b10, 0b1], width=2) == (0b1, 0b10)


def test_the_cheapest_cover() -> None:
    cost = {0b1: 10, 0b10: 10, 0b100: 10, 0b1000: 15}
    assert cover([(0b1, 0b10), (0b10, 0b100)], cost) == 0b10
    assert cover([(0b1,), (0b100,)], cost) == 0b101
    assert cover([(0b1000, 0b11)], cost) == 0b1000
    assert cover([(0b1000,), (0b11, 0b100)], {**cost, 0b100: 50}) == 0b1011
    assert cover([(0,), (0b1, 0)], cost) == 0
    assert cover([], cost) == 0
    assert cover([(0b1,), ()], cost) is None
    # A first cover is found however small the budget, and the best of all with a large one.
    needs = [(0b1, 0b1000), (0b10, 0b1000), (0b100, 0b1000)]
    assert cover(needs, cost) == 0b1000
    assert cover(needs, cost, budget=1) == 0b111
