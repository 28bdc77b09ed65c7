"""Merging, the guard against what is not known, layers, dates and what a determination says."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from actions.engine import DutyOwed, Engine, Fired, scope
from knowledge.model import Due, Duty, Parameter, Value
from tests.actions.small import Build

DAY = dt.date(2026, 6, 1)
MONEY = Decimal


def test_the_strictest_rule_decides_and_all_that_fired_are_kept(build: Build) -> None:
    engine = Engine(build({"a": "bool"}, [("a", "permitted"), ("a", "reportable"), ("not a", "prohibited")]))
    decided = engine.determine("p", "t", {"a": True}, DAY)
    assert (decided.outcome, decided.decided_by, decided.layer) == ("reportable", "R2", "law")
    assert [rule.rule for rule in decided.rules] == ["R2", "R1"]
    assert decided.citations == ("cite 2", "cite 1")


def test_a_tie_goes_to_the_more_specific_layer(build: Build) -> None:
    engine = Engine(build({"a": "bool"}, [("a", "permitted"), ("a", "no_conflict", "agency")]))
    assert engine.determine("p", "t", {"a": True}, DAY).decided_by == "R2"


def test_no_rule_means_referral(build: Build) -> None:
    engine = Engine(build({"a": "bool"}, [("a", "permitted")]))
    decided = engine.determine("p", "t", {"a": False}, DAY)
    assert (decided.outcome, decided.decided_by, decided.rules) == ("refer_to_counsel", None, ())


@pytest.mark.parametrize("kind", ["permitted", "permitted_with_conditions", "no_conflict", "not_covered",
                                  "informational", "reportable"])  # fmt: skip
def test_nothing_is_allowed_while_a_stricter_rule_is_possible(build: Build, kind: str) -> None:
    engine = Engine(build({"a": "bool", "b": "bool"}, [("a", kind), ("b", "prohibited")]))
    decided = engine.determine("p", "t", {"a": True}, DAY)
    assert (decided.outcome, decided.decided_by) == ("refer_to_counsel", None)
    assert decided.depends_on == decided.missing == ("b",)
    assert [rule.rule for rule in decided.rules] == ["R1"]
    assert engine.determine("p", "t", {"a": True, "b": False}, DAY).outcome == kind


@pytest.mark.parametrize("kind", ["approval_required", "conflict_potential", "registration_required",
                                  "conflict_substantial"])  # fmt: skip
def test_a_step_that_comes_first_stands_and_says_on_what_it_depends(build: Build, kind: str) -> None:
    engine = Engine(build({"a": "bool", "b": "bool"}, [("a", kind), ("b", "prohibited")]))
    decided = engine.determine("p", "t", {"a": True}, DAY)
    assert (decided.outcome, decided.depends_on) == (kind, ("b",))


def test_a_prohibition_stands_at_once(build: Build) -> None:
    engine = Engine(build({"a": "bool", "b": "bool"}, [("a", "prohibited"), ("b", "refer_to_counsel")]))
    decided = engine.determine("p", "t", {"a": True}, DAY)
    assert (decided.outcome, decided.depends_on, decided.missing) == ("prohibited", (), ())


def test_unknown_parts_that_exclude_each_other_open_nothing(build: Build) -> None:
    engine = Engine(
        build(
            {"a": "bool", "who": "choice:friend parent none"},
            [("a", "permitted"), ("who == 'friend' and who in ('parent', 'none')", "prohibited")],
        )
    )
    assert engine.determine("p", "t", {"a": True}, DAY).outcome == "permitted"
    assert engine.next_question("p", "t", {"a": True}, DAY) is None


def test_an_amount_already_over_the_limit_needs_no_total(build: Build) -> None:
    engine = Engine(
        build(
            {"cost": "money", "before": "money"},
            [("cost + before < 50", "permitted"), ("cost + before >= 50", "prohibited")],
        )
    )
    assert engine.determine("p", "t", {"cost": MONEY("50.00")}, DAY).outcome == "prohibited"
    assert engine.determine("p", "t", {"cost": MONEY("49.99")}, DAY).outcome == "refer_to_counsel"
    question = engine.next_question("p", "t", {"cost": MONEY("49.99")}, DAY)
    assert question is not None
    assert question.facts == ("before",)


def test_the_floor_is_told_when_an_agency_tightened(build: Build) -> None:
    rules = [("a", "permitted"), ("a and b", "prohibited", "agency")]
    engine = Engine(build({"a": "bool", "b": "bool"}, rules))
    decided = engine.determine("p", "t", {"a": True, "b": True}, DAY)
    assert decided.floor is not None
    assert (decided.layer, decided.floor.outcome, decided.floor.decided_by) == ("agency", "permitted", "R1")
    assert engine.determine("p", "t", {"a": True, "b": False}, DAY).floor is None


def test_another_states_rules_never_speak(build: Build) -> None:
    engine = Engine(build({"a": "bool"}, [("a", "permitted"), ("a", "prohibited", "far")]))
    assert engine.determine("p", "t", {"a": True}, DAY).outcome == "permitted"


def test_the_law_of_the_date_applies(build: Build) -> None:
    history = ((dt.date(2000, 1, 1), MONEY(2000), "old"), (dt.date(2016, 1, 1), MONEY(3000), "new"))
    parameters = {"limit": Parameter("limit", "m", "USD", history, DAY)}
    rules = [("paid >= limit", "registration_required"), ("paid < limit", "not_covered")]
    engine = Engine(build({"paid": "money"}, rules, parameters=parameters))
    paid = {"paid": MONEY("2500")}
    assert engine.determine("p", "t", paid, dt.date(2015, 12, 31)).outcome == "registration_required"
    assert engine.determine("p", "t", paid, dt.date(2016, 1, 1)).outcome == "not_covered"
    given = engine.determine("p", "t", {**paid, "as_of_date": dt.date(2010, 5, 5)}, DAY)
    assert (given.outcome, given.as_of) == ("registration_required", dt.date(2010, 5, 5))
    assert engine.determine("p", "t", paid, dt.date(1999, 1, 1)).outcome == "refer_to_counsel"


def test_duties_of_all_rules_with_their_days(build: Build, due: Callable[..., Duty]) -> None:
    duties = {
        "R1": (due("got", 30),),
        "R2": (due("got", 5, business=True), Duty("keep the receipt"), due("told", -10)),
    }
    rules = [("a", "prohibited"), ("a", "permitted")]
    engine = Engine(build({"a": "bool", "got": "date", "told": "date"}, rules, duties=duties))
    first = engine.determine("p", "t", {"a": True, "got": dt.date(2026, 5, 1)}, DAY)
    assert [(duty.rule, duty.due, duty.overdue) for duty in first.duties] == [
        ("R1", dt.date(2026, 5, 31), True),
        ("R2", None, False),
    ]
    other = build({"a": "bool", "got": "date", "told": "date"}, rules[1:], duties={"R1": duties["R2"]})
    second = Engine(other).determine("p", "t", {"a": True, "told": dt.date(2026, 6, 20)}, DAY)
    assert [(duty.due, duty.due_after) for duty in second.duties] == [(None, "got"), (None, None)]


def test_a_choice_reads_its_branches(build: Build) -> None:
    derived = {"limit": "30 if event else 10", "share": "total / people if people > 0 else total"}
    rules = [("share >= limit", "reportable"), ("share < limit", "permitted")]
    engine = Engine(build({"event": "bool", "total": "money", "people": "integer"}, rules, derived=derived))

    def outcome(**facts: object) -> str:
        return engine.determine("p", "t", engine.parse_facts("p", facts), DAY).outcome

    assert outcome(event=False, total=100, people=10) == "reportable"
    assert outcome(event=False, total="99.99", people=10) == "permitted"
    assert outcome(event=True, total=300, people=10) == "reportable"
    assert outcome(event=True, total=29, people=0) == "permitted"
    assert outcome(total=29, people=1) == "refer_to_counsel"
    assert outcome(total=9, people=1) == "permitted"


def test_presumptions_err_on_the_strict_side(build: Build) -> None:
    facts = {"barred": "bool", "relative": "bool", "small": "bool"}
    rules = [
        ("barred and not relative", "prohibited"),
        ("relative", "permitted"),
        ("not barred and small", "permitted"),
    ]
    engine = Engine(build(facts, rules, presume={"relative": False}))
    strict = engine.determine("p", "t", {"barred": True}, DAY, presume=True)
    assert (strict.outcome, strict.presumed) == ("prohibited", {"relative": False})
    assert engine.next_question("p", "t", {"barred": True}, DAY) is None
    assert engine.determine("p", "t", {"barred": True}, DAY).outcome == "refer_to_counsel"


def test_no_permission_rests_on_a_presumption_that_could_leave_no_rule(build: Build) -> None:
    rules = [("kind == 'a' and small", "permitted"), ("kind == 'b'", "not_covered")]
    engine = Engine(build({"kind": "choice:a b c", "small": "bool"}, rules, presume={"kind": "a"}))
    decided = engine.determine("p", "t", {"small": True}, DAY, presume=True)
    assert (decided.outcome, decided.presumed) == ("refer_to_counsel", {})
    question = engine.next_question("p", "t", {"small": True}, DAY)
    assert question is not None
    assert question.facts == ("kind",)
    two = build({"kind": "choice:a b", "small": "bool"}, rules, presume={"kind": "a"})
    kind = Engine(two).determine("p", "t", {"small": True}, DAY, presume=True)
    assert (kind.outcome, kind.presumed) == ("permitted", {"kind": "a"})


def test_every_unsafe_presumption_falls(build: Build) -> None:
    """Two rules of one outcome rest on two presumptions; each could leave no rule, so both are asked."""
    rules = [("a == 'x' and small", "permitted"), ("b == 'x' and small", "permitted")]
    facts = {"a": "choice:x y", "b": "choice:x y", "small": "bool"}
    engine = Engine(build(facts, rules, presume={"a": "x", "b": "x"}))
    decided = engine.determine("p", "t", {"small": True}, DAY, presume=True)
    assert (decided.outcome, decided.presumed) == ("refer_to_counsel", {})
    assert set(decided.missing) & {"a", "b"}
    one = engine.determine("p", "t", {"small": True, "a": "x"}, DAY, presume=True)
    assert (one.outcome, one.presumed) == ("permitted", {"b": "x"})


def test_rules_have_their_first_and_last_day(build: Build) -> None:
    known = build({"a": "bool"}, [("a", "prohibited"), ("a", "permitted")])
    first, last = dt.date(2020, 1, 1), dt.date(2020, 12, 31)
    dated = dataclasses.replace(known.rules["R1"], effective_from=first, effective_to=last)
    engine = Engine(dataclasses.replace(known, rules={**known.rules, "R1": dated}))
    days = {day: engine.determine("p", "t", {"a": True}, day).outcome for day in (
        dt.date(2019, 12, 31), first, last, dt.date(2021, 1, 1),
    )}  # fmt: skip
    assert list(days.values()) == ["permitted", "prohibited", "prohibited", "permitted"]


def test_a_duty_is_told_whole(build: Build) -> None:
    duties = {"R1": (Duty("file it", Due("got", 10, True), "ETH-NE", "giver"), Duty("keep it", who="agency"))}
    engine = Engine(build({"a": "bool", "got": "date"}, [("a", "reportable")], duties=duties))
    facts: dict[str, Value] = {"a": True, "got": dt.date(2026, 5, 18)}
    filed, kept = engine.determine("p", "t", facts, DAY).duties
    assert filed == DutyOwed(
        "file it", "R1", "giver", dt.date(2026, 6, 1), "got", 10, True, "ETH-NE", overdue=False
    )
    assert kept == DutyOwed("keep it", "R1", "agency", None, None, None, False, None, overdue=False)
    assert engine.determine("p", "t", facts, dt.date(2026, 6, 2)).duties[0].overdue
    twice = Engine(build({"a": "bool"}, [("a", "reportable"), ("a", "permitted")],
                         duties={"R1": duties["R1"][1:], "R2": duties["R1"][1:]}))  # fmt: skip
    assert [duty.rule for duty in twice.determine("p", "t", {"a": True}, DAY).duties] == ["R1"]


def test_a_determination_says_what_it_is_about(build: Build) -> None:
    engine = Engine(build({"a": "bool", "b": "bool"}, [("a", "permitted")], fixes={"b": True}))
    decided = engine.determine("p", "t", {"a": True, "elsewhere": 1}, DAY)
    assert (decided.pack, decided.topic, decided.as_of) == ("p", "t", DAY)
    assert decided.facts_used == {"a": True}
    assert decided.rules == (Fired("R1", "rule 1", "permitted", "law", ("cite 1",), "seed", False),)
    assert (decided.unverified, decided.floor, decided.referral) == (False, None, None)
    assert (decided.missing, decided.depends_on, decided.presumed) == ((), (), {})


def test_silence_is_explained_where_the_topic_explains_it(build: Build) -> None:
    referrals = [("a and b", "both at once"), ("a", "only the first")]
    rules = [("not a and c", "permitted"), ("not a and b and c", "permitted")]
    engine = Engine(build(dict.fromkeys("abc", "bool"), rules, referrals=referrals))

    def referral(**facts: bool) -> tuple[str, str | None, bool]:
        decided = engine.determine("p", "t", facts, DAY)
        return decided.outcome, decided.referral, decided.unverified

    assert referral(a=True, b=True, c=True) == ("refer_to_counsel", "both at once", False)
    assert referral(a=True, b=False, c=True) == ("refer_to_counsel", "only the first", False)
    assert referral(a=False, b=True, c=False) == ("refer_to_counsel", None, False)
    assert referral(a=False, b=True, c=True) == ("permitted", None, False)


def test_an_unverified_rule_is_labelled(build: Build) -> None:
    known = build({"a": "bool"}, [("a", "prohibited"), ("a", "permitted")])
    doubtful = dataclasses.replace(known.rules["R1"], unverified=True)
    engine = Engine(dataclasses.replace(known, rules={**known.rules, "R1": doubtful}))
    decided = engine.determine("p", "t", {"a": True}, DAY)
    assert decided.unverified
    assert [rule.unverified for rule in decided.rules] == [True, False]


def test_no_first_question_waits_once_warm(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [("a and m < 5", "prohibited"), ("not a or m >= 5", "permitted")]
    engine = Engine(build({"a": "bool", "m": "money"}, rules, referrals=[("a and m == 7", "odd")]))
    engine.warm()

    def refuse(*_: object) -> None:
        raise AssertionError("compiled after warming")

    monkeypatch.setattr(scope, "compile_test", refuse)
    monkeypatch.setattr(scope, "compile_run", refuse)
    assert engine.next_question("p", "t", {}, DAY) is not None
    decided = engine.determine("p", "t", {"a": True, "m": MONEY(3)}, DAY)
    assert (decided.outcome, decided.because) == ("prohibited", {"R1": ("a", "m")})
    assert engine.determine("p", "t", {"a": True}, DAY).depends_on == ("m",)
    with pytest.raises(KeyError):
        engine.determine("p", "nowhere", {}, DAY)
