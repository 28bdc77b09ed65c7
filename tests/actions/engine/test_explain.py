"""What would change the outcome, what was near, and why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from actions.engine import Change, Engine
from knowledge.load import load
from tests.actions.small import Build
from tests.laws.worked import day_of, facts_of

DAY = dt.date(2026, 6, 1)
D = Decimal


def test_the_nearest_amount_on_the_other_side_to_the_cent(build: Build) -> None:
    rules = [("cost + before < 50 and here", "permitted"), ("cost + before >= 50 or not here", "prohibited")]
    engine = Engine(build({"cost": "money", "before": "money", "here": "bool"}, rules))
    facts = {"cost": D("30.00"), "before": D("29.99"), "here": True}
    decided = engine.determine("p", "t", facts, DAY)
    assert decided.outcome == "prohibited"
    assert decided.changes == (
        Change({"before": D("19.99")}, "permitted"),
        Change({"cost": D("20.00")}, "permitted"),
    )
    kinder = engine.determine("p", "t", {**facts, "before": D("19.99")}, DAY)
    assert Change({"cost": D("30.01")}, "prohibited") in kinder.changes


def test_two_facts_when_no_single_one_suffices(build: Build) -> None:
    rules = [("a and b", "permitted"), ("not a or not b", "prohibited")]
    engine = Engine(build({"a": "bool", "b": "bool"}, rules))
    decided = engine.determine("p", "t", {"a": False, "b": False}, DAY)
    assert decided.changes == (Change({"a": True, "b": True}, "permitted"),)
    assert decided.near == ()


def test_near_misses_name_the_fact(build: Build) -> None:
    rules = [
        ("bad", "prohibited"),
        ("bad and here and cost < 50", "permitted"),
        ("far and cost < 9", "permitted"),
    ]
    facts = {"bad": "bool", "here": "bool", "far": "bool", "cost": "money"}
    engine = Engine(build(facts, rules))
    given = {"bad": True, "here": True, "far": False, "cost": D(60)}
    decided = engine.determine("p", "t", given, DAY)
    assert [(miss.rule, miss.failed_on) for miss in decided.near] == [("R2", ("cost",))]
    assert decided.because == {"R1": ("bad",)}


def test_dates_are_moved_by_days(build: Build) -> None:
    rules = [("days(got, back) <= 30", "permitted"), ("days(got, back) > 30", "prohibited")]
    engine = Engine(build({"got": "date", "back": "date"}, rules))
    given = {"got": dt.date(2026, 3, 1), "back": dt.date(2026, 4, 15)}
    changes = engine.determine("p", "t", given, DAY).changes
    assert Change({"back": dt.date(2026, 3, 31)}, "permitted") in changes
    assert Change({"got": dt.date(2026, 3, 16)}, "permitted") in changes


def test_every_change_told_for_a_worked_case_is_true() -> None:
    knowledge = load()
    engine = Engine(knowledge)
    told = 0
    for case in knowledge.cases[::7]:
        facts = facts_of(knowledge, case)
        decided = engine.determine(case.pack, case.topic, facts, day_of(case))
        for change in decided.changes:
            told += 1
            after = engine.determine(case.pack, case.topic, {**facts, **change.facts}, day_of(case))
            headline = after.rules[0].outcome if after.rules else "refer_to_counsel"
            assert headline == change.outcome != decided.outcome
            assert all(knowledge.facts[name].changeable for name in change.facts)
        for miss in decided.near:
            assert miss.failed_on
            assert miss.rule not in {rule.rule for rule in decided.rules}
    assert told > 100


def test_only_what_would_allow_the_act_is_near(build: Build) -> None:
    rules = [
        ("bad", "prohibited"),
        ("bad and a", "refer_to_counsel"),
        ("bad and b", "approval_required"),
        ("bad and c", "reportable"),
        ("bad and d", "permitted"),
        ("bad and not d", "not_covered"),
    ]
    engine = Engine(build(dict.fromkeys(("bad", *"abcd"), "bool"), rules))
    given = {"bad": True, **dict.fromkeys("abcd", False)}
    assert [miss.rule for miss in engine.determine("p", "t", given, DAY).near] == ["R4", "R5"]
    allowed = engine.determine("p", "t", {**given, "bad": False, "c": True}, DAY)
    assert allowed.near == ()
    reported = Engine(build(dict.fromkeys("cd", "bool"), [("c", "reportable"), ("c and d", "permitted")]))
    near = reported.determine("p", "t", {"c": True, "d": False}, DAY).near
    assert [(miss.rule, miss.failed_on) for miss in near] == [("R2", ("d",))]


def test_what_would_allow_it_comes_before_a_referral(build: Build) -> None:
    rules = [
        ("bad and not a and not b", "prohibited"),
        ("a", "refer_to_counsel"),
        ("b and not a", "permitted"),
    ]
    engine = Engine(build(dict.fromkeys(("bad", "a", "b"), "bool"), rules))
    given = {"bad": True, "a": False, "b": False}
    changes = engine.determine("p", "t", given, DAY).changes
    assert changes[0] == Change({"b": True}, "permitted")
    assert Change({"a": True}, "refer_to_counsel") in changes[1:]
