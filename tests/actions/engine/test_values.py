"""Facts as they arrive: what is taken, and what is said about what is not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from actions.engine import Engine, FactError
from knowledge.model import Value
from tests.actions.small import Build

D = Decimal
FACTS = {"a": "bool", "k": "choice:x y", "day": "date", "n": "integer", "m": "money"}


@pytest.fixture
def engine(build: Build) -> Engine:
    return Engine(build(FACTS, [("a", "permitted")], fixes={"k": "x"}))


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("a", True, True),
        ("a", False, False),
        ("k", "x", "x"),
        ("day", "2026-03-31", dt.date(2026, 3, 31)),
        ("day", dt.date(2026, 3, 31), dt.date(2026, 3, 31)),
        ("n", 3, 3),
        ("n", "3", 3),
        ("n", 3.0, 3),
        ("n", 0, 0),
        ("m", 49.99, D("49.99")),
        ("m", "49.99", D("49.99")),
        ("m", D("0.01"), D("0.01")),
        ("m", 0, D(0)),
        ("m", 1_000_000_000, D(10) ** 9),
    ],
)
def test_what_fits_is_taken(engine: Engine, name: str, raw: object, value: Value) -> None:
    parsed = engine.parse_facts("p", {name: raw})
    assert parsed == {name: value}
    assert type(parsed[name]) is type(value)


BOOL, COUNT = "true or false", "a whole number from 0 up"
DATE, MONEY = "a date such as 2026-03-31", "an amount in dollars from 0 up, such as 49.99"


@pytest.mark.parametrize(
    ("name", "raw", "shown", "expected"),
    [
        ("a", "yes", "'yes'", BOOL),
        ("a", 1, "1", BOOL),
        ("k", "z", "'z'", "one of x, y"),
        ("k", True, "True", "one of x, y"),
        ("day", "31 March", "'31 March'", DATE),
        ("day", 20260331, "20260331", DATE),
        ("day", dt.datetime(2026, 3, 31), "datetime.datetime(2026, 3, 31, 0, 0)", DATE),  # noqa: DTZ001
        ("n", 1.5, "1.5", COUNT),
        ("n", -1, "-1", COUNT),
        ("n", True, "True", COUNT),
        ("n", [], "[]", COUNT),
        ("m", "much", "'much'", MONEY),
        ("m", -0.01, "-0.01", MONEY),
        ("m", "NaN", "'NaN'", MONEY),
        ("m", "Infinity", "'Infinity'", MONEY),
        ("m", 1_000_000_001, "1000000001", MONEY),
        ("m", False, "False", MONEY),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(
    engine: Engine, name: str, raw: object, shown: str, expected: str
) -> None:
    with pytest.raises(FactError) as caught:
        engine.parse_facts("p", {name: raw})
    error = caught.value
    assert (error.name, error.problem, error.expected) == (name, f"{shown} does not fit", expected)
    assert str(error) == f"{name}: {shown} does not fit; expected {expected}"


def test_a_long_value_is_cut_and_null_is_no_answer(engine: Engine) -> None:
    with pytest.raises(FactError) as caught:
        engine.parse_facts("p", {"k": "z" * 200})
    assert caught.value.problem == "'" + "z" * 79 + " does not fit"
    assert engine.parse_facts("p", {"a": None, "n": 1}) == {"n": 1}


def test_unknown_names_and_what_contradicts_the_pack(engine: Engine) -> None:
    with pytest.raises(FactError) as unknown:
        engine.parse_facts("p", {"b" * 100: 1})
    assert unknown.value.name == "b" * 80
    assert unknown.value.problem == "there is no such fact"
    assert unknown.value.expected == "a name that /packs/{pack}/facts lists"
    with pytest.raises(FactError) as against:
        engine.parse_facts("p", {"k": "y"})
    error = against.value
    assert (error.name, error.problem, error.expected) == ("k", "contradicts the pack p", "'x'")
