"""Fact values to and from JSON: money is a number of dollars, a date is ISO text.

Reading back needs the fact's type, because JSON cannot tell a date from a choice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from knowledge.model import FactType, Value

Json = bool | str | int | float


def to_json(value: Value) -> Json:
    """The value as JSON: `Decimal` becomes a number, a date its ISO form."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def facts_to_json(facts: Mapping[str, Value]) -> dict[str, Json]:
    """Facts as a JSON object."""
    return {name: to_json(value) for name, value in facts.items()}


def pack_value(value: Value) -> list[str | int | bool]:
    """The value with its type, so that `unpack_value` gives back exactly what was packed."""
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, Decimal):
        return ["money", str(value)]
    if isinstance(value, dt.date):
        return ["date", value.isoformat()]
    return ["integer", value] if isinstance(value, int) else ["choice", value]


def unpack_value(packed: list[str | int | bool]) -> Value:
    """The inverse of `pack_value`; raises `ValueError` for anything else."""
    kind, raw = packed
    if kind == "money":
        return Decimal(str(raw))
    if kind == "date":
        return dt.date.fromisoformat(str(raw))
    if kind in ("bool", "integer", "choice"):
        return raw
    raise ValueError(f"unknown kind of value: {kind}")


def from_json(kind: FactType, value: Json) -> Value:
    """A JSON value as a fact of type `kind`; raises `ValueError` when it cannot be one."""
    if kind == "money":
        return Decimal(str(value))
    if kind == "date":
        return dt.date.fromisoformat(str(value))
    if kind == "integer":
        return int(value)
    return bool(value) if kind == "bool" else str(value)
