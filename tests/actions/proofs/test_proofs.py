"""The law holds what is promised of it; the formulas mean what the evaluator does; flaws are found."""

from __future__ import annotations

import random

import pytest
import z3

from actions.engine import Engine
from actions.proofs import Finding, Prover, verify
from actions.proofs.encode import Encoding
from knowledge.load import load
from knowledge.model import Knowledge
from tests.actions.engine.worlds import draw, value
from tests.actions.small import Build

KNOWLEDGE = load()
ENGINE = Engine(KNOWLEDGE)
PLACES = [(pack, topic.id) for topic in KNOWLEDGE.topics.values() for pack in topic.packs]


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    return list(verify(KNOWLEDGE))


def test_no_promise_is_broken(findings: list[Finding]) -> None:
    broken = [
        f"{one.kind}, {one.pack}/{one.topic}, {one.about}: {one.text}" for one in findings if one.violation
    ]
    assert not broken, "\n".join(broken)


def test_where_no_rule_speaks_the_engine_refers(findings: list[Finding]) -> None:
    """A gap is closed by the explicit referral, and its note tells the case in words."""
    gaps = [one for one in findings if one.kind == "gap"]
    assert all(one.text and not one.violation for one in gaps)
    for pack, topic in {(one.pack, one.topic) for one in gaps}:
        prover = Prover(ENGINE.scope(pack, topic))
        assert list(prover.gaps())
        facts = prover.encoding.facts(prover.model)
        decided = ENGINE.determine(pack, topic, facts, facts["as_of_date"])  # type: ignore[arg-type]
        assert (decided.outcome, decided.decided_by, decided.rules) == ("refer_to_counsel", None, ())


@pytest.mark.parametrize("place", PLACES, ids="/".join)
def test_formulas_agree_with_the_evaluator(place: tuple[str, str]) -> None:
    scope = ENGINE.scope(*place)
    encoding = Encoding(scope)
    chance = random.Random(str(place))
    compared = 0
    for share in (1.0, 1.0, 1.0, 1.0, 0.9):
        world = draw(scope, chance, {}, share)
        for name in set(encoding.variables) - set(world) - set(encoding.given):
            world[name] = value(scope, chance, name, world)
        solver = z3.Solver()
        solver.add(*encoding.domain)
        solver.add(*(encoding.equals(name, one) for name, one in world.items() if name in encoding.variables))
        solver.add(*(z3.Not(given) for name, given in encoding.given.items() if name not in world))
        if solver.check() != z3.sat:
            continue  # A date outside the years that the formulas cover.
        model = solver.model()
        sure, _ = scope.run(world, ())
        fired = [
            entry.position
            for entry in scope.entries
            if z3.is_true(model.eval(encoding.fires(entry.term), model_completion=True))
        ]
        assert fired == sure
        compared += 1
    assert compared


def _kinds(knowledge: Knowledge) -> dict[str, Finding]:
    return {one.kind: one for one in verify(knowledge)}


def test_a_dearer_gift_treated_more_kindly_is_found(build: Build) -> None:
    rules = [("cost < 50 and here", "prohibited"), ("cost >= 50 or not here", "permitted")]
    found = _kinds(build({"cost": "money", "here": "bool"}, rules))
    assert set(found) == {"kinder when dearer"}
    assert "here" in found["kinder when dearer"].text
    right = [("cost >= 50 and here", "prohibited"), ("cost < 50 or not here", "permitted")]
    assert not _kinds(build({"cost": "money", "here": "bool"}, right))


def test_a_dead_rule_a_contradiction_and_a_gap_are_found(build: Build) -> None:
    rules = [
        ("who == 'x' and who == 'y'", "prohibited"),
        ("a and who == 'x'", "permitted"),
        ("a", "no_conflict"),
    ]
    found = _kinds(build({"a": "bool", "who": "choice:x y"}, rules))
    assert set(found) == {"dead rule", "contradiction", "gap"}
    assert found["dead rule"].about == "R1"
    assert "who: x" in found["contradiction"].text
    assert not found["gap"].violation


def test_dates_and_years_are_understood(build: Build) -> None:
    rules = [
        (
            "left <= as_of_date and as_of_date <= plus_years(left, 1) and days(left, as_of_date) > 366",
            "prohibited",
        ),
        ("days(left, as_of_date) == 366 and as_of_date <= plus_years(left, 1)", "permitted"),
        ("business_days(left, as_of_date) == 5 and days(left, as_of_date) < 5", "reportable"),
    ]
    dead = [one.about for one in verify(build({"left": "date"}, rules)) if one.kind == "dead rule"]
    assert dead == ["R1", "R3"]
