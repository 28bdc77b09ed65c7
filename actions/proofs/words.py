"""A case in words, for a person who reads what the solver found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from knowledge.model import Fact, Knowledge, Value


def tell(knowledge: Knowledge, facts: Mapping[str, Value]) -> str:
    """The facts as short statements; who the person is, and whatever is not as usual."""
    declared = [(knowledge.facts[name], value) for name, value in facts.items()]
    return "; ".join(
        _one(fact, value)
        for fact, value in declared
        if fact.name == "person_role" or (value is not False and value != fact.case_default)
    )


def _one(fact: Fact, value: Value) -> str:
    if value is True:
        return fact.statement or fact.name
    if isinstance(value, Decimal):
        return f"{fact.name}: ${value:,.2f}"
    if isinstance(value, dt.date | int):
        return f"{fact.name}: {value}"
    labels = {option.value: option.label for option in fact.options}
    return f"{fact.name}: {labels.get(str(value), value)}"
