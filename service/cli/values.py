"""A fact as its pack declares it, in words, and what a person types for it as a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

YES, NO = frozenset({"yes", "y", "true"}), frozenset({"no", "n", "false"})
Fact = Mapping[str, Any]


def title(fact: Fact) -> str:
    """The fact's short name."""
    statement = str(fact.get("statement") or "").rstrip(".")
    return statement or str(fact["fact"]).replace("_", " ").capitalize()


def words(fact: Fact, value: Any) -> str:
    """A value as people say it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if fact.get("type") == "money":
        return f"${value:,.2f}".removesuffix(".00")
    labels = {option["value"]: str(option["label"]) for option in fact.get("options") or ()}
    return labels.get(value, str(value))


def read(fact: Fact, entered: str) -> Any:
    """The value that was typed; None when it fits no value of the fact."""
    kind, lower = fact.get("type"), entered.lower()
    if kind == "bool":
        return True if lower in YES else False if lower in NO else None
    if kind == "choice":
        options = list(fact.get("options") or ())
        if entered.isdecimal() and 1 <= int(entered) <= len(options):
            return options[int(entered) - 1]["value"]
        fits = [
            one["value"] for one in options if lower in (str(one["value"]).lower(), str(one["label"]).lower())
        ]
        return fits[0] if fits else None
    try:
        if kind == "date":
            return dt.date.fromisoformat(entered).isoformat()
        number = float(entered.removeprefix("$").replace(",", ""))
    except ValueError:
        return None
    return number if kind == "money" else int(number) if number.is_integer() else None


def expected(fact: Fact) -> str:
    """What would be right."""
    if fact.get("type") == "choice":
        options = enumerate(fact.get("options") or (), 1)
        return "; ".join(f"{number} {option['label']}" for number, option in options)
    return {"bool": "yes or no", "money": "an amount like $40", "date": "a day like 2026-03-31"}.get(
        str(fact.get("type")), "a number like 3"
    )
