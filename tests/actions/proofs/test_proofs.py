"""The law holds what is promised of it; the formulas mean what the evaluator does; flaws are found."""

from __future__ import annotations

import datetime as dt
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
DAY = dt.date(2026, 6, 1)
PLACES = [(pack, topic.id) for topic in KNOWLEDGE.topics.values() for pack in topic.packs]


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    return list(verify(KNOWLEDGE))


def test_no_promise_is_broken(findings: list[Finding]) -> None:
    broken = [
        f"{one.kind}, {one.pack}/{one.topic}, {one.about}: {one.text}" for one in findings if one.violation
    ]
    assert not broken, "\n".join(broken)


def test_where_no_rule_speaks_the_topic_refers_and_says_why(findings: list[Finding]) -> None:
    """Every declared referral is told, and the engine gives it on the facts that the solver found for it."""
    told = [one for one in findings if one.kind == "referral"]
    assert {one.text for one in told} == {
        referral.why for topic in KNOWLEDGE.topics.values() for referral in topic.referrals
    }
    assert not any(one.violation for one in told)
    for pack, topic in {(one.pack, one.topic) for one in told}:
        prover = Prover(ENGINE.scope(pack, topic))
        for why in prover.referrals():
            facts = prover.encoding.facts(prover.model)
            decided = ENGINE.determine(pack, topic, facts, facts["as_of_date"])  # type: ignore[arg-type]
            assert (decided.outcome, decided.decided_by, decided.rules) == ("refer_to_counsel", None, ())
            assert decided.referral is not None
            assert why in {one.why for one in KNOWLEDGE.topics[topic].referrals}


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
    assert found["kinder when dearer"].violation
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
    assert all(one.violation for one in found.values())


def test_a_gap_is_closed_by_a_referral_that_the_topic_declares(build: Build) -> None:
    facts, rules = {"a": "bool", "b": "bool"}, [("a", "permitted"), ("b", "prohibited")]
    declared = build(facts, rules, referrals=[("not a and not b", "neither was said")])
    assert [(one.kind, one.text) for one in verify(declared)] == [("referral", "neither was said")]
    too_narrow = _kinds(build(facts, [*rules, ("a and b", "permitted")], referrals=[("a and not b", "x")]))
    assert set(too_narrow) == {"gap", "dead referral"}
    assert all(one.violation for one in too_narrow.values())
    decided = Engine(declared).determine("p", "t", {"a": False, "b": False}, DAY)
    assert (decided.outcome, decided.referral) == ("refer_to_counsel", "neither was said")
    assert Engine(declared).determine("p", "t", {"a": False}, DAY).referral is None
    assert Engine(declared).determine("p", "t", {"a": True, "b": False}, DAY).referral is None


def test_paying_more_for_the_thing_never_makes_it_worse(build: Build) -> None:
    rules = [("consideration_paid >= 50", "prohibited"), ("consideration_paid < 50", "permitted")]
    assert set(_kinds(build({"consideration_paid": "money"}, rules))) == {"kinder when dearer"}
    right = [("consideration_paid < 50", "prohibited"), ("consideration_paid >= 50", "permitted")]
    assert not _kinds(build({"consideration_paid": "money"}, right))


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
