"""What would change the outcome, what was near, and why."""

from __future__ import annotations

import dataclasses
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
    assert decided.near[0].title == engine.knowledge.rules["R2"].title
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


def test_changes_come_nearest_first(build: Build) -> None:
    """What allows it, then other kinder outcomes, then stricter ones; among these an amount or a date before
    an answer, and that before another kind of thing."""
    rules = [
        ("cost >= 90", "prohibited"),
        ("kind == 'z'", "prohibited"),
        ("cost >= 50 and kind == 'x' and not a and not b", "refer_to_counsel"),
        ("b", "conflict_potential"),
        ("cost < 50 or kind == 'y' or a", "reportable"),
    ]
    engine = Engine(build({"kind": "choice:x y z", "a": "bool", "b": "bool", "cost": "money"}, rules))
    given = {"kind": "x", "a": False, "b": False, "cost": D(60)}
    assert engine.determine("p", "t", given, DAY).changes == (
        Change({"cost": D("49.99")}, "reportable"),
        Change({"a": True}, "reportable"),
        Change({"kind": "y"}, "reportable"),
        Change({"b": True}, "conflict_potential"),
        Change({"cost": D("90.00")}, "prohibited"),
        Change({"kind": "z"}, "prohibited"),
    )


def test_pairs_are_told_only_where_no_single_change_is_kinder(build: Build) -> None:
    rules = [("not a and not b", "prohibited"), ("a and c", "reportable"), ("b and c", "permitted"),
             ("(a or b) and not c", "refer_to_counsel")]  # fmt: skip
    engine = Engine(build(dict.fromkeys("abc", "bool"), rules))
    given = dict.fromkeys("abc", False)
    single = engine.determine("p", "t", given, DAY).changes
    assert single == (Change({"a": True}, "refer_to_counsel"), Change({"b": True}, "refer_to_counsel"))
    stuck = [("not a or not b", "prohibited"), ("not a and not b", "prohibited"), ("a and b", "permitted")]
    assert Engine(build(dict.fromkeys("abc", "bool"), stuck)).determine("p", "t", given, DAY).changes == (
        Change({"a": True, "b": True}, "permitted"),
    )
    three = [("not (a and b and c)", "prohibited"), ("a and b and c", "permitted")]
    assert Engine(build(dict.fromkeys("abc", "bool"), three)).determine("p", "t", given, DAY).changes == ()


def test_a_pair_may_hold_an_amount(build: Build) -> None:
    rules = [("not here or cost >= 50", "prohibited"), ("here and cost < 50", "permitted")]
    engine = Engine(build({"here": "bool", "cost": "money"}, rules))
    assert engine.determine("p", "t", {"here": False, "cost": D(60)}, DAY).changes == (
        Change({"here": True, "cost": D("49.99")}, "permitted"),
    )


def test_what_the_pack_fixes_and_what_nobody_can_change_stays(build: Build) -> None:
    rules = [("a and b", "prohibited"), ("not a or not b", "permitted")]
    given = {"a": True, "b": True}
    fixed = Engine(build(dict.fromkeys("ab", "bool"), rules, fixes={"b": True}))
    assert fixed.determine("p", "t", given, DAY).changes == (Change({"a": False}, "permitted"),)
    known = build(dict.fromkeys("ab", "bool"), rules)
    facts = {**known.facts, "a": dataclasses.replace(known.facts["a"], changeable=False)}
    kept = Engine(dataclasses.replace(known, facts=facts))
    assert kept.determine("p", "t", given, DAY).changes == (Change({"b": False}, "permitted"),)


def test_of_two_ways_with_one_fact_the_nearer_is_told(build: Build) -> None:
    rules = [("n >= 9 or 3 <= n < 6", "prohibited"), ("n < 3 or 6 <= n < 9", "permitted")]
    engine = Engine(build({"n": "integer"}, rules))
    assert engine.determine("p", "t", {"n": 9}, DAY).changes == (Change({"n": 8}, "permitted"),)
    assert engine.determine("p", "t", {"n": 3}, DAY).changes == (Change({"n": 2}, "permitted"),)
    rules = [
        ("days(got_date, back_date) >= 30", "prohibited"),
        ("days(got_date, back_date) < 30", "permitted"),
    ]
    dated = Engine(build({"got_date": "date", "back_date": "date"}, rules))
    given = {"got_date": dt.date(2026, 3, 1), "back_date": dt.date(2026, 4, 30)}
    told = dated.determine("p", "t", given, DAY).changes
    assert Change({"back_date": dt.date(2026, 3, 30)}, "permitted") in told
    assert Change({"got_date": dt.date(2026, 4, 1)}, "permitted") in told


def test_no_amount_is_changed_to_nothing(build: Build) -> None:
    rules = [("cost > 0", "prohibited"), ("cost == 0", "permitted")]
    engine = Engine(build({"cost": "money"}, rules))
    assert engine.determine("p", "t", {"cost": D(5)}, DAY).changes == ()
    assert engine.determine("p", "t", {"cost": D(0)}, DAY).changes == (
        Change({"cost": D("0.01")}, "prohibited"),
    )


def test_the_fewest_facts_behind_each_rule(build: Build) -> None:
    rules = [("a and (b or c)", "prohibited"), ("c or m < 5", "permitted"), ("not d", "permitted")]
    engine = Engine(build({**dict.fromkeys("abcd", "bool"), "m": "money"}, rules))
    given = {"a": True, "b": True, "c": False, "d": False, "m": D(3)}
    assert engine.determine("p", "t", given, DAY).because == {"R1": ("a", "b"), "R2": ("m",), "R3": ("d",)}


def test_what_failed_on_a_fact_behind_the_headline_is_nearest(build: Build) -> None:
    rules = [
        ("cost >= 50 and bad", "prohibited"),
        ("bad and a", "reportable"),
        ("bad and cost < 50", "permitted"),
        ("bad and b", "informational"),
        ("bad and c and cost < 9", "permitted"),
    ]
    engine = Engine(build({"cost": "money", **dict.fromkeys(("bad", "a", "b", "c"), "bool")}, rules))
    given = {"cost": D(60), "bad": True, "a": False, "b": False, "c": False}
    near = engine.determine("p", "t", given, DAY).near
    assert [(miss.rule, miss.failed_on) for miss in near] == [("R3", ("cost",)), ("R2", ("a",))]


def test_a_choice_is_told_by_the_first_option_that_changes_it(build: Build) -> None:
    rules = [("kind in ('w', 'x')", "prohibited"), ("kind in ('y', 'z') and here", "permitted")]
    engine = Engine(build({"kind": "choice:w x y z", "here": "bool"}, rules))
    decided = engine.determine("p", "t", {"kind": "x", "here": True}, DAY)
    assert decided.changes == (Change({"kind": "y"}, "permitted"),)


def test_what_holds_anyway_is_no_change(build: Build) -> None:
    rules = [("bad and cost > 9", "prohibited"), ("bad", "approval_required"), ("cost > 99", "permitted")]
    engine = Engine(build({"bad": "bool", "cost": "money"}, rules))
    decided = engine.determine("p", "t", {"bad": True, "cost": D(100)}, DAY)
    assert [(dict(change.facts), change.outcome) for change in decided.changes] == [
        ({"bad": False}, "permitted"), ({"cost": D(9)}, "approval_required"),
    ]  # fmt: skip
    over = engine.determine("p", "t", {"bad": True, "cost": D(5)}, DAY)
    assert Change({"cost": D("9.01")}, "prohibited") in over.changes
