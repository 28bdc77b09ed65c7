"""Facts as they arrive in JSON, checked against their declaration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from knowledge.model import Fact, Knowledge, Value

_LARGEST = Decimal(10) ** 9


class FactError(ValueError):
    """A fact that cannot be used: which one, what is wrong with it, and what would be right."""

    def __init__(self, name: str, problem: str, expected: str) -> None:
        super().__init__(f"{name}: {problem}; expected {expected}")
        self.name = name
        self.problem = problem
        self.expected = expected


def parse_facts(knowledge: Knowledge, pack: str, raw: Mapping[str, object]) -> dict[str, Value]:
    """Typed facts from JSON values; null stands for a fact that was not answered.

    Raises:
        FactError: for an unknown name, a value of the wrong type, or a value that contradicts the pack.
    """
    parsed: dict[str, Value] = {}
    for name, value in raw.items():
        fact = knowledge.facts.get(name)
        if fact is None:
            raise FactError(str(name)[:80], "there is no such fact", "a name that /packs/{pack}/facts lists")
        if value is not None:
            parsed[name] = parse_value(fact, value)
    for name, fixed in knowledge.packs[pack].fixes.items():
        if parsed.get(name, fixed) != fixed:
            raise FactError(name, f"contradicts the pack {pack}", repr(fixed))
    return parsed


def parse_value(fact: Fact, value: object) -> Value:
    """One typed value; raises `FactError` when it does not fit the fact."""
    match fact.type:
        case "bool":
            if isinstance(value, bool):
                return value
            raise _wrong(fact, value, "true or false")
        case "choice":
            allowed = [option.value for option in fact.options]
            if isinstance(value, str) and value in allowed:
                return value
            raise _wrong(fact, value, "one of " + ", ".join(allowed))
        case "date":
            return _date(fact, value)
        case "integer":
            number = _number(fact, value, "a whole number from 0 up")
            if number != int(number):
                raise _wrong(fact, value, "a whole number from 0 up")
            return int(number)
        case "money":
            return _number(fact, value, "an amount in dollars from 0 up, such as 49.99")


def _date(fact: Fact, value: object) -> dt.date:
    expected = "a date such as 2026-03-31"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if not isinstance(value, str):
        raise _wrong(fact, value, expected)
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise _wrong(fact, value, expected) from error


def _number(fact: Fact, value: object, expected: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise _wrong(fact, value, expected)
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise _wrong(fact, value, expected) from error
    if not number.is_finite() or not 0 <= number <= _LARGEST:
        raise _wrong(fact, value, expected)
    return number


def _wrong(fact: Fact, value: object, expected: str) -> FactError:
    return FactError(fact.name, f"{value!r:.80} does not fit", expected)
