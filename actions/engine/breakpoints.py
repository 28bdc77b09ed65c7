"""The values of a fact at which some condition can change: options, both sides of every limit, days around a
date."""

from __future__ import annotations

import ast
import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from actions.engine import quantities
from actions.engine.quantities import LAST_DAY, ZERO
from actions.engine.terms import Atom
from knowledge.model import Fact, FactType, Value

CENT = Decimal("0.01")
WEEK = dt.timedelta(days=7)
_CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "days": quantities.days,
    "business_days": quantities.business_days,
    "plus_days": quantities.plus_days,
    "plus_years": quantities.plus_years,
}


def values(fact: Fact, atoms: Iterable[Atom], facts: Mapping[str, Value], today: dt.date) -> list[Value]:
    """Every value of `fact` that could matter in `atoms`, given the other `facts`; ascending for amounts and
    dates."""
    if fact.type == "bool":
        return [True, False]
    if fact.type == "choice":
        return [option.value for option in fact.options]
    found: set[Value] = {today} if fact.type == "date" else {ZERO} if fact.type == "money" else {0}
    for atom in atoms:
        if fact.name in atom.facts and isinstance(atom.tree, ast.Compare):
            found.update(_alone(fact.name, fact.type, atom) or _around(fact, atom.tree, facts, today))
    return sorted(found)


def _around(fact: Fact, tree: ast.Compare, facts: Mapping[str, Value], today: dt.date) -> Sequence[Value]:
    if fact.type == "date":
        return _days_around(fact.name, tree, facts, today)
    return _numbers_around(fact.name, fact.type, tree, facts, today)


@functools.lru_cache(maxsize=4096)
def _alone(name: str, kind: FactType, atom: Atom) -> Sequence[Value]:
    """The values around the limit of a comparison that reads nothing else, the same in every case."""
    read = {node.id for node in ast.walk(atom.tree) if isinstance(node, ast.Name)}
    if kind == "date" or read != {name} or not isinstance(atom.tree, ast.Compare):
        return ()
    return tuple(_numbers_around(name, kind, atom.tree, {}, LAST_DAY))


def _numbers_around(
    name: str, kind: FactType, tree: ast.Compare, facts: Mapping[str, Value], today: dt.date
) -> Sequence[Value]:
    at_one, at_two = (_gap(tree, name, facts, Decimal(n), today) for n in (1, 2))
    if at_one == at_two:
        return []
    start = 1 - at_one / (at_two - at_one)
    if kind == "integer":
        low = int(start.to_integral_value(ROUND_FLOOR))
        return [number for number in (low - 1, low, low + 1, low + 2) if number >= 0]
    low_cent, high_cent = (start.quantize(CENT, rounding) for rounding in (ROUND_FLOOR, ROUND_CEILING))
    return [amount for amount in (low_cent - CENT, low_cent, high_cent, high_cent + CENT) if amount >= 0]


def _days_around(name: str, tree: ast.Compare, facts: Mapping[str, Value], today: dt.date) -> list[Value]:
    now, later = (_gap(tree, name, facts, day, today) for day in (today, today + 4 * WEEK))
    if now == later:
        return []
    # Business days and years are no fixed number of days, so the days around the solution are taken too.
    middle = today.toordinal() - round(now * 28 / (later - now))
    first, last = max(middle - 4, 1), min(middle + 4, LAST_DAY.toordinal())
    return [dt.date.fromordinal(day) for day in range(first, last + 1)]


def _gap(tree: ast.Compare, name: str, facts: Mapping[str, Value], value: Value, today: dt.date) -> Decimal:
    known = {**facts, name: value}
    left, right = (_number(_quantity(side, known, today)) for side in (tree.left, tree.comparators[0]))
    return left - right


def _number(value: Any) -> Decimal:
    return Decimal(value.toordinal()) if isinstance(value, dt.date) else Decimal(value)


def _quantity(tree: ast.expr, facts: Mapping[str, Value], today: dt.date) -> Any:
    """The quantity, with a stand-in for what is not known: nothing for an amount, today for a date."""
    match tree:
        case ast.Name(id=name):
            return facts.get(name, today if name.endswith("_date") else ZERO)
        case ast.Constant(value=number):
            return Decimal(repr(number))
        case ast.Call(func=ast.Name(id="DATE"), args=[ast.Constant(value=str(text))]):
            return dt.date.fromisoformat(text)
        case ast.Call(func=ast.Name(id=function), args=[first, second]):
            return _CALLS[function](_quantity(first, facts, today), _quantity(second, facts, today))
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _quantity(left, facts, today), _quantity(right, facts, today)
            match op:
                case ast.Add():
                    return a + b
                case ast.Sub():
                    return a - b
                case ast.Mult():
                    return a * b
            return quantities.divide(a, b)
    raise TypeError(f"no quantity: {ast.unparse(tree)}")
