""" "I don't know": a date that nobody could tell is not a date that does not exist."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pytest

from actions.engine import Engine
from actions.engine.result import Determination
from actions.engine.scope import Scope
from knowledge.model import Case, Knowledge, Value
from tests.actions.engine.worlds import headline
from tests.actions.small import Build
from tests.laws.worked import day_of, facts_of

DAY = dt.date(2026, 6, 1)
ALLOWS, REFERS = 50, 80
SEED = 20261124
NOTICE, EVENT = dt.date(2026, 2, 1), dt.date(2026, 7, 1)
TOLD = "days(told, event) if is_set(told) else days(as_of_date, event)"
#: Whoever told nobody counts from today.
LEAD = [
    ("is_set(event) and lead < 90", "prohibited"),
    ("is_set(event) and lead >= 90", "approval_required"),
    ("not is_set(event)", "approval_required"),
]


@pytest.fixture
def lead(build: Build) -> Engine:
    return Engine(build({"told": "date", "event": "date"}, LEAD, derived={"lead": TOLD}))


def _decide(engine: Engine, facts: dict[str, Value], *dont_know: str, **more: list[str]) -> Determination:
    return engine.determine("p", "t", facts, DAY, dont_know=dont_know, **more)  # type: ignore[arg-type]


def test_what_is_not_known_bars_nothing(lead: Engine) -> None:
    assert _decide(lead, {"event": EVENT, "told": NOTICE}).outcome == "approval_required"
    assert _decide(lead, {"event": EVENT}).outcome == "prohibited"
    assert _decide(lead, {"event": EVENT}, absent=["told"]).outcome == "prohibited"
    unsure = _decide(lead, {"event": EVENT}, "told")
    assert (unsure.outcome, unsure.decided_by) == ("refer_to_counsel", None)
    assert unsure.depends_on == ("told",)
    assert unsure.rules == ()
    assert (unsure.changes, unsure.near) == ((), ())


def test_a_step_first_is_told_and_says_what_it_hangs_on(lead: Engine) -> None:
    unsure = _decide(lead, {"told": NOTICE}, "event")
    assert (unsure.outcome, unsure.decided_by, unsure.depends_on) == ("approval_required", "R3", ("event",))


def test_an_outcome_that_is_the_same_either_way_stands(build: Build) -> None:
    late = "days(got, sent) > 30 if is_set(sent) else days(got, as_of_date) > 30"
    rules = [(f"({late}) and is_set(got)", "reportable"), (f"not ({late}) and is_set(got)", "reportable")]
    engine = Engine(build({"got": "date", "sent": "date"}, rules))
    sure = _decide(engine, {"got": NOTICE}, "sent")
    assert (sure.outcome, sure.decided_by, sure.depends_on) == ("reportable", "R1", ())


def test_nothing_is_allowed_because_a_date_was_not_known(build: Build) -> None:
    rules = [
        ("a and is_set(day) and days(day, as_of_date) > 30", "reportable"),
        ("a and not is_set(day)", "permitted"),
    ]
    engine = Engine(build({"a": "bool", "day": "date"}, rules))
    unsure = _decide(engine, {"a": True}, "day")
    assert (unsure.outcome, unsure.depends_on) == ("refer_to_counsel", ("day",))
    assert _decide(engine, {"a": True}, absent=["day"]).outcome == "permitted"
    gap = Engine(build({"a": "bool", "day": "date"}, rules[1:]))
    assert (_decide(gap, {"a": True}, "day").outcome, _decide(gap, {"a": True}, "day").depends_on) == (
        "refer_to_counsel", ("day",)
    )  # fmt: skip


def test_a_referral_may_rest_on_what_is_not_known(build: Build) -> None:
    rules = [("a and not is_set(day)", "refer_to_counsel"), ("a and is_set(day)", "permitted")]
    unsure = _decide(Engine(build({"a": "bool", "day": "date"}, rules)), {"a": True}, "day")
    assert (unsure.outcome, unsure.decided_by, unsure.depends_on) == ("refer_to_counsel", "R1", ("day",))


def test_other_rules_that_are_sure_are_still_told(build: Build) -> None:
    rules = [("a and not is_set(day)", "prohibited"), ("a", "reportable"), ("a and is_set(day)", "permitted")]
    engine = Engine(build({"a": "bool", "day": "date"}, rules))
    unsure = _decide(engine, {"a": True}, "day")
    assert unsure.outcome == "refer_to_counsel"
    assert [rule.rule for rule in unsure.rules] == ["R2"]


def test_what_is_absent_is_not_asked_again(lead: Engine) -> None:
    facts: dict[str, Value] = {"event": EVENT}
    asked = lead.next_question("p", "t", facts, DAY)
    assert asked is not None
    assert asked.facts == ("told",)
    assert lead.next_question("p", "t", facts, DAY, absent=["told"]) is None
    assert lead.next_question("p", "t", facts, DAY, dont_know=["told"]) is None
    assert _decide(lead, facts).missing == ("told",)
    assert _decide(lead, facts, absent=["told"]).missing == ()


def test_a_presumption_for_what_is_not_known_is_told_where_it_bars(build: Build) -> None:
    rules = [("a and not excused", "prohibited"), ("a and excused", "permitted")]
    engine = Engine(build({"a": "bool", "excused": "bool"}, rules, presume={"excused": False}))
    unsure = engine.determine("p", "t", {"a": True}, DAY, dont_know={"excused"}, presume=True)
    assert (unsure.outcome, unsure.presumed) == ("prohibited", {"excused": False})
    assert unsure.depends_on == ("excused",)
    assert engine.determine("p", "t", {"a": True}, DAY, presume=True).depends_on == ()


def _settable(scope: Scope) -> set[str]:
    asked = (name for name, atoms in scope.reading.items() if any(atom.asks_whether_set for atom in atoms))
    return {*asked} - {"as_of_date"}


def test_a_forgotten_date_neither_allows_nor_bars(knowledge: Knowledge, engine: Engine) -> None:
    """Every worked case with each of its dates forgotten: what is announced holds with the true date, and
    without any; what does not is named."""
    forgotten = 0
    for case in knowledge.cases:
        for name in sorted(_settable(engine.scope(case.pack, case.topic)) & set(case.facts)):
            forgotten += 1
            _forget(engine, case, name)
    assert forgotten > 100


def _forget(engine: Engine, case: Case, name: str) -> None:
    scope = engine.scope(case.pack, case.topic)
    facts = facts_of(engine.knowledge, case)
    rest = {other: value for other, value in facts.items() if other != name}
    decided = engine.determine(case.pack, case.topic, rest, day_of(case), dont_know={name})
    rank = scope.rank(decided.outcome)
    for world in (facts, rest):
        truth, outcome = headline(scope, scope.known(world, day_of(case)))
        if rank <= ALLOWS:
            assert truth <= rank, case.name
        if rank > REFERS:
            assert outcome == decided.outcome, case.name
        if outcome != decided.outcome:
            assert decided.depends_on, case.name


def test_a_presumption_standing_for_what_is_not_known_is_never_laxer(
    knowledge: Knowledge, engine: Engine
) -> None:
    """Worked cases whose presumed facts are all not known: whatever they are, it is no stricter than said,
    and a bar names those it rests on."""
    seen = 0
    for case in random.Random(SEED).sample(knowledge.cases, 240):
        scope = engine.scope(case.pack, case.topic)
        facts = facts_of(knowledge, case)
        told = {*scope.given, *case.facts}
        presumed = (name for name in scope.facts if knowledge.facts[name].presume is not None)
        open_ = [name for name in presumed if name not in told]
        rest = {name: value for name, value in facts.items() if name not in open_}
        decided = engine.determine(case.pack, case.topic, rest, day_of(case), dont_know=open_, presume=True)
        if scope.rank(decided.outcome) > REFERS:
            assert set(decided.presumed) <= set(decided.depends_on)
        bools = [name for name in open_ if knowledge.facts[name].type == "bool"]
        for flips in itertools.islice(itertools.combinations(bools, 2), 6):
            world = {**facts, **{name: not knowledge.facts[name].presume for name in flips}}
            truth, _ = headline(scope, scope.known(world, day_of(case)))
            if decided.rules:
                seen += 1
                stricter = truth > scope.rank(decided.outcome)
                referred = decided.outcome == "refer_to_counsel" and decided.depends_on
                assert not stricter or referred, (case.name, flips)
    assert seen > 500
