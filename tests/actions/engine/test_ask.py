"""Which question comes next, how many come, and how "I don't know" goes on."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Mapping
from decimal import Decimal

import pytest

from actions.engine import Engine
from actions.engine.ask import Planner, asks
from knowledge.model import Value
from tests.actions.small import Build

DAY = dt.date(2026, 6, 1)


def _asked(
    engine: Engine, answers: Mapping[str, Value], absent: Collection[str] = (), **said: Value
) -> tuple[list[str], str]:
    """The questions of a conversation in which what has no answer is not known, and its outcome."""
    facts, dont_know, none, trail = dict(said), set[str](), set[str](), []
    while question := engine.next_question("p", "t", facts, DAY, dont_know=dont_know, absent=none):
        trail.append(question.checklist or question.facts[0])
        for name in question.facts:
            if name in answers:
                facts[name] = answers[name]
            else:
                (none if name in absent else dont_know).add(name)
    decided = engine.determine("p", "t", facts, DAY, dont_know=dont_know, absent=none, presume=True)
    assert not decided.missing
    return trail, decided.outcome


def test_one_answer_that_settles_is_asked_first(build: Build) -> None:
    rules = [("a and b and c", "prohibited"), ("a and d and e", "refer_to_counsel"), ("not f", "permitted")]
    engine = Engine(build(dict.fromkeys("abcdef", "bool"), rules))
    assert _asked(engine, dict.fromkeys("abcdef", False)) == (["a", "f"], "permitted")


def test_nothing_is_asked_that_cannot_matter(build: Build) -> None:
    rules = [("a", "prohibited"), ("not a and b", "permitted"), ("not a and not b", "permitted")]
    engine = Engine(build(dict.fromkeys("ab", "bool"), rules))
    assert _asked(engine, {"a": True, "b": True}) == (["a"], "prohibited")


def test_of_two_questions_of_a_kind_the_one_that_more_rules_read_comes_first(build: Build) -> None:
    rules = [("a", "prohibited"), ("b", "prohibited"), ("b and c", "prohibited"), ("not c", "permitted")]
    engine = Engine(build({**dict.fromkeys("abc", "bool"), "m": "money"}, rules))
    assert [ask.facts[0] for ask in asks(engine.scope("p", "t"), {}, ())] == ["b", "c", "a"]


def test_a_checklist_is_one_question_with_what_still_matters(build: Build) -> None:
    rules = [("a or b or c", "prohibited"), ("d", "permitted")]
    facts = dict.fromkeys("abcdx", "bool")
    engine = Engine(build(facts, rules, checklists={"rare": ("a", "b", "c", "x")}))
    question = engine.next_question("p", "t", {"d": True, "b": False}, DAY)
    assert question is not None
    assert (question.facts, question.checklist, question.at_most) == (("a", "c"), "rare", 1)


def test_not_knowing_leads_on_to_a_referral(build: Build) -> None:
    rules = [("a", "prohibited"), ("b", "prohibited"), ("c", "permitted")]
    engine = Engine(build(dict.fromkeys("abc", "bool"), rules))
    trail, outcome = _asked(engine, {"b": False, "c": True}, c=True)
    assert outcome == "refer_to_counsel"
    assert "a" in trail
    decided = engine.determine("p", "t", {"c": True, "b": False}, DAY, dont_know={"a"}, presume=True)
    assert decided.depends_on == ("a",)
    assert _asked(engine, {"b": True, "c": True}, c=True)[1] == "prohibited"


def test_a_fact_that_may_stay_unset_is_asked_once(build: Build) -> None:
    rules = [("a and is_set(day) and days(day, as_of_date) > 30", "refer_to_counsel"), ("a", "permitted")]
    engine = Engine(build({"a": "bool", "day": "date"}, rules))
    assert _asked(engine, {}, a=True) == (["day"], "refer_to_counsel")
    assert _asked(engine, {}, absent=["day"], a=True) == (["day"], "permitted")
    assert _asked(engine, {"day": dt.date(2026, 5, 2)}, a=True) == (["day"], "permitted")
    assert _asked(engine, {"day": dt.date(2026, 5, 1)}, a=True) == (["day"], "refer_to_counsel")
    assert engine.determine("p", "t", {"a": True}, DAY).outcome == "permitted"
    assert engine.determine("p", "t", {"a": True}, DAY).missing == ("day",)


def test_business_days_are_searched_too(build: Build) -> None:
    rules = [("is_set(seen) and business_days(seen, told) > 5", "refer_to_counsel"), ("a", "permitted")]
    engine = Engine(build({"a": "bool", "seen": "date", "told": "date"}, rules))
    saturday = dt.date(2026, 5, 30)
    question = engine.next_question("p", "t", {"a": True, "told": saturday}, saturday)
    assert question is not None
    assert question.facts == ("seen",)


def test_a_list_of_rare_things_comes_last(build: Build) -> None:
    rules = [("a or b", "prohibited"), ("c and is_set(day)", "prohibited"), ("c and m < 5", "permitted")]
    facts = {**dict.fromkeys("abc", "bool"), "day": "date", "m": "money", "k": "choice:x y"}
    engine = Engine(build(facts, [*rules, ("k == 'x'", "permitted")], checklists={"rare": ("a", "b")}))
    order = [ask.facts for ask in asks(engine.scope("p", "t"), {}, ())]
    assert order == [("k",), ("m",), ("c",), ("day",), ("a", "b")]


def test_how_many_questions_may_still_come(build: Build) -> None:
    """The plan, or one question more than the longest plan after an unusual answer."""
    rules = [("a", "refer_to_counsel"), ("b and c and d", "prohibited"), ("not a and not b", "permitted")]
    engine = Engine(build(dict.fromkeys("abcd", "bool"), rules))

    def next_one(**facts: bool) -> tuple[tuple[str, ...], int]:
        question = engine.next_question("p", "t", facts, DAY)
        assert question is not None
        return question.facts, question.at_most

    # If b is true, c or d is asked, and a.
    assert next_one() == (("b",), 3)
    assert next_one(b=True) == (("a",), 2)
    assert next_one(b=True, c=True) == (("a",), 2)
    assert next_one(b=True, a=False) == (("c",), 2)
    assert next_one(b=False) == (("a",), 1)


def test_after_a_checklist_its_other_boxes_count_as_no(build: Build) -> None:
    rules = [("a and b", "prohibited"), ("a and c", "reportable"), ("not a", "permitted"), ("a", "permitted")]
    facts = dict.fromkeys("abc", "bool")
    engine = Engine(build(facts, rules, checklists={"rare": ("a", "b")}))
    question = engine.next_question("p", "t", {}, DAY)
    assert question is not None
    assert (question.facts, question.checklist, question.at_most) == (("a", "b"), "rare", 2)


def test_an_unsafe_presumption_is_asked_and_stays_so(build: Build) -> None:
    """What the plan imagines (`expect`) is kept when a presumption is barred."""
    rules = [("kind == 'a' and small", "permitted"), ("kind == 'b' and not small", "not_covered")]
    known = build({"kind": "choice:a b c", "small": "bool"}, rules, presume={"kind": "a"})
    scope = Engine(known).scope("p", "t")
    at = scope.known({}, DAY)
    plan = Planner(scope, at, (), {"kind": "a"}, {"kind": "a", "small": True}).plan()
    assert [ask.facts for ask in plan] == [("kind",), ("small",)]
    without = Planner(scope, at, (), {"kind": "a"}, {"kind": "a"}, absent={"small"}).plan()
    assert [ask.facts for ask in without] == [("kind",)]
    other = Planner(scope, at, (), {"kind": "a"}, {"kind": "c", "small": True}).plan()
    assert [ask.facts for ask in other] == [("kind",)]


def test_only_boxes_that_can_still_matter_are_shown(build: Build) -> None:
    rules = [("a", "prohibited"), ("b and is_set(day)", "prohibited"), ("c or not c", "permitted")]
    facts = {**dict.fromkeys("abc", "bool"), "day": "date"}
    engine = Engine(build(facts, rules, checklists={"rare": ("a", "b")}))
    shown = engine.next_question("p", "t", {"c": True}, DAY, dont_know=["day"])
    assert shown is not None
    assert shown.facts == ("a", "b")
    without = engine.next_question("p", "t", {"c": True}, DAY, absent=["day"])
    assert without is not None
    assert without.facts == ("a",)


SHAPES = [
    [("a and b", "prohibited"), ("a and not c", "refer_to_counsel"), ("c or not d", "permitted")],
    [("a and (b or c) and d", "prohibited"), ("not a and b", "reportable"), ("not b", "permitted")],
    [("a == b_ and c", "prohibited"), ("m < 10 and not c", "permitted"), ("m >= 10 and d", "reportable")],
    [("(a or m > 5) and (b or m <= 5)", "prohibited"), ("k == 'x' and a", "reportable"),
     ("k != 'x' or not a", "permitted")],
]  # fmt: skip


@pytest.mark.parametrize("number", range(4))
def test_plans_are_as_short_as_the_best_conversation(build: Build, number: int) -> None:
    """For each complete world: no smaller set of its answers settles what the asked set settles."""
    facts = {**dict.fromkeys("abcd", "bool"), "m": "money", "k": "choice:x y"}
    rules = [(str(when).replace("a == b_", "a and b"), outcome) for when, outcome in SHAPES[number]]
    defaults: dict[str, Value] = {"m": Decimal(0), "k": "x"}
    engine = Engine(build(facts, rules, defaults=defaults))
    amounts = (Decimal(0), Decimal(7), Decimal(12))
    worlds = [
        dict(zip("abcdmk", values, strict=True))
        for values in itertools.product(*[(True, False)] * 4, amounts, ("x", "y"))
    ]
    asked = best = 0
    for world in worlds:
        trail, outcome = _asked(engine, world)
        assert outcome == engine.determine("p", "t", world, DAY).outcome
        asked += len(trail)
        best += next(
            size
            for size in range(7)
            if any(
                _settles(world, set(kept), worlds, engine) for kept in itertools.combinations("abcdmk", size)
            )
        )
    assert asked <= 1.6 * best


def _settles(
    world: Mapping[str, Value], kept: set[str], worlds: list[dict[str, Value]], engine: Engine
) -> bool:
    alike = [other for other in worlds if all(other[name] == world[name] for name in kept)]
    return len({engine.determine("p", "t", other, DAY).outcome for other in alike}) == 1


def test_who_speaks_is_asked_before_what_more_rules_read(build: Build) -> None:
    facts = {
        "kind": "choice:x y",
        "person_role": "choice:x y",
        "agency": "choice:x y",
        "own_role_kind": "bool",
    }
    rules = [
        ("kind == 'x' and person_role == 'x' and agency == 'x'", "prohibited"),
        ("kind == 'y'", "permitted"),
    ]
    scope = Engine(build(facts, rules)).scope("p", "t")
    assert [ask.facts[0] for ask in asks(scope, {}, ())] == ["person_role", "agency", "kind"]
