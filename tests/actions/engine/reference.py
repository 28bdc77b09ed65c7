"""A plain reading of the condition language, kept apart from the engine: what a condition means, slowly."""

from __future__ import annotations

import ast
import datetime as dt
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from knowledge import expression
from knowledge.model import Knowledge

_OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne, ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def _business_days(start: dt.date, end: dt.date) -> int:
    step = 1 if end >= start else -1
    span = range(1, abs((end - start).days) + 1) if step > 0 else range(abs((end - start).days))
    weekdays = (start + dt.timedelta(days=step * number) for number in span)
    return step * sum(day.weekday() < 5 for day in weekdays)


def _plus_years(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "days": lambda a, b: (b - a).days,
    "business_days": _business_days,
    "plus_days": lambda day, number: day + dt.timedelta(days=int(number)),
    "plus_years": lambda day, number: _plus_years(day, int(number)),
}


class Reference:
    """Reads conditions on some facts; None is "not known"."""

    def __init__(self, knowledge: Knowledge, facts: Mapping[str, Any]) -> None:
        self.knowledge = knowledge
        self.facts = facts

    def read(self, source: str) -> Any:
        """The value of a condition or quantity."""
        return self._value(expression.parse(source).tree)

    def _value(self, tree: ast.expr) -> Any:
        match tree:
            case ast.Constant(value=value):
                number = isinstance(value, int | float) and not isinstance(value, bool)
                return Decimal(repr(value)) if number else value
            case ast.Name(id=name):
                derived = self.knowledge.derived.get(name)
                return self.read(derived.expression) if derived else self.facts.get(name)
            case ast.Tuple(elts=items):
                return tuple(self._value(item) for item in items)
            case ast.UnaryOp(op=ast.Not(), operand=part):
                value = self._value(part)
                return None if value is None else not value
            case ast.BoolOp(op=op, values=parts):
                decisive = isinstance(op, ast.Or)
                found = [self._value(part) for part in parts]
                return decisive if decisive in found else None if None in found else not decisive
            case ast.IfExp(test=test, body=body, orelse=other):
                chosen = self._value(test)
                return None if chosen is None else self._value(body if chosen else other)
            case ast.Call(func=ast.Name(id="is_set"), args=[part]):
                return self._value(part) is not None
            case ast.Call(func=ast.Name(id="DATE"), args=[ast.Constant(value=str(text))]):
                return dt.date.fromisoformat(text)
            case ast.Call(func=ast.Name(id=name), args=parts):
                values = [self._value(part) for part in parts]
                return None if None in values else _FUNCTIONS[name](*values)
            case ast.BinOp(left=left, op=op, right=right):
                return self._apply(op, left, right)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._apply(op, left, right)
        raise TypeError(ast.unparse(tree))

    def _apply(self, op: ast.AST, left: ast.expr, right: ast.expr) -> Any:
        a, b = self._value(left), self._value(right)
        return None if a is None or b is None else _OPERATORS[type(op)](a, b)
