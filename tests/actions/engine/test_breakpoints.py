"""The values that are tried lie on both sides of every limit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from actions.engine import Engine
from actions.engine.breakpoints import values
from knowledge.model import Value
from tests.actions.small import Build

DAY = dt.date(2026, 6, 1)
D = Decimal
FACTS = {
    **dict.fromkeys(("cost", "before"), "money"),
    **dict.fromkeys(("people", "rate"), "integer"),
    **dict.fromkeys(("got", "back", "sent_date"), "date"),
    "kind": "choice:x y",
    "a": "bool",
}


def _tried(build: Build, name: str, when: str, **facts: Value) -> list[Value]:
    scope = Engine(build(FACTS, [(when, "permitted")])).scope("p", "t")
    return values(scope.knowledge.facts[name], scope.reading.get(name, ()), facts, DAY)


@pytest.mark.parametrize(
    ("name", "when", "facts", "tried"),
    [
        ("cost", "cost < 50", {}, [0, D("49.99"), 50, D("50.01")]),
        ("cost", "cost + before <= 50", {"before": D("20.5")}, [0, D("29.49"), D("29.5"), D("29.51")]),
        ("cost", "cost - before > 10", {"before": D(5)}, [0, D("14.99"), 15, D("15.01")]),
        ("cost", "cost * rate >= 10", {"rate": 3}, [0, D("3.32"), D("3.33"), D("3.34"), D("3.35")]),
        ("cost", "cost / people < 10", {"people": 4}, [0, D("39.99"), 40, D("40.01")]),
        ("cost", "cost < 0.005", {}, [0, D("0.01"), D("0.02")]),
        ("people", "people >= 25", {}, [0, 24, 25, 26, 27]),
        ("people", "people > 0", {}, [0, 1, 2]),
        ("kind", "kind == 'x'", {}, ["x", "y"]),
        ("a", "a", {}, [True, False]),
        ("people", "rate < 5", {}, [0]),
        ("people", "a", {}, [0]),
        ("people", "people - people < 3", {}, [0]),
        ("people", "people * 2 > 7", {}, [0, 2, 3, 4, 5]),
        (
            "people",
            "days(got, back) < people",
            {"got": dt.date(2026, 3, 1), "back": dt.date(2026, 3, 9)},
            [0, 7, 8, 9, 10],
        ),
        ("people", "days(sent_date, DATE('2026-06-03')) <= people", {}, [0, 1, 2, 3, 4]),
        ("cost", "10 < cost", {}, [0, D("9.99"), 10, D("10.01")]),
        (
            "cost",
            "cost < 50 and (a or cost < 20)",
            {},
            [0, *map(D, ("19.99", "20", "20.01")), D("49.99"), 50, D("50.01")],
        ),
        ("cost", "cost / people < 10", {}, [0]),
    ],
)
def test_amounts_counts_and_choices(
    build: Build, name: str, when: str, facts: dict[str, Value], tried: list[Value]
) -> None:
    assert _tried(build, name, when, **facts) == tried


@pytest.mark.parametrize(
    ("name", "when", "facts", "edge"),
    [
        ("back", "days(got, back) <= 30", {"got": dt.date(2026, 3, 1)}, dt.date(2026, 3, 31)),
        ("got", "days(got, back) <= 30", {"back": dt.date(2026, 3, 31)}, dt.date(2026, 3, 1)),
        ("got", "plus_years(got, 2) < DATE('2026-02-28')", {}, dt.date(2024, 2, 28)),
        ("got", "plus_days(got, 42) < back", {"back": dt.date(2026, 2, 12)}, dt.date(2026, 1, 1)),
        ("back", "business_days(got, back) > 5", {"got": dt.date(2026, 6, 1)}, dt.date(2026, 6, 8)),
    ],
)
def test_days_around_a_date(
    build: Build, name: str, when: str, facts: dict[str, Value], edge: dt.date
) -> None:
    tried = _tried(build, name, when, **facts)
    span = {edge + dt.timedelta(days=number) for number in range(-1, 2)}
    assert span | {DAY} <= set(tried)
    assert tried == sorted(tried)
    assert len(tried) <= 10


def test_the_nine_days_around_a_limit(build: Build) -> None:
    tried = _tried(build, "back", "days(got, back) <= 30", got=dt.date(2026, 3, 1))
    assert tried == [*(dt.date(2026, 3, 31) + dt.timedelta(days=number) for number in range(-4, 5)), DAY]
    assert _tried(build, "back", "days(got, got) <= 30", got=DAY) == [DAY]
    assert _tried(build, "back", "days(back, back) <= 30") == [DAY]
    start, end = dt.date(1, 1, 1), dt.date(9999, 12, 31)
    assert _tried(build, "back", "back > DATE('0001-01-02')")[0] == start
    assert _tried(build, "back", "back < DATE('9999-12-30')")[-1] == end
