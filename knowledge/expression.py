"""The language of conditions: a small, checked subset of Python expressions over facts.

`and or not == != < <= > >= in (...) not in (...) + - * /`, conditional expressions, and the functions in
`FUNCTIONS`. Money and numbers are exact (`Decimal`), so 49.99 < 50 and 50.00 is not.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

FUNCTIONS = {"is_set": 1, "days": 2, "business_days": 2, "plus_days": 2, "plus_years": 2, "DATE": 1}
_ALLOWED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Compare, ast.Eq,
    ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Name, ast.Load, ast.Constant,
    ast.Tuple, ast.Call, ast.IfExp, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div,
)  # fmt: skip


class ExpressionError(ValueError):
    """The text is not an expression of this language; the message says what was found and where."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A checked expression: its tree and the names (facts, derived facts, parameters) it reads."""

    source: str
    tree: ast.expr
    names: frozenset[str]


def parse(source: str) -> Parsed:
    """Parse `source`; raises `ExpressionError` for anything outside the language."""
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except SyntaxError as error:
        raise ExpressionError(
            f"not an expression ({error.msg} at column {error.offset}): {source!r}"
        ) from error
    functions: set[int] = set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise ExpressionError(f"{type(node).__name__} is not allowed in a condition: {source!r}")
        if isinstance(node, ast.Call):
            _check_call(node, source)
            functions.add(id(node.func))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in functions:
            names.add(node.id)
    return Parsed(source.strip(), tree.body, frozenset(names))


def _check_call(node: ast.Call, source: str) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else "?"
    if name not in FUNCTIONS:
        raise ExpressionError(f"unknown function {name}, expected one of {', '.join(FUNCTIONS)}: {source!r}")
    if node.keywords or len(node.args) != FUNCTIONS[name]:
        raise ExpressionError(f"{name} takes {FUNCTIONS[name]} argument(s): {source!r}")
    if name == "is_set" and not isinstance(node.args[0], ast.Name):
        raise ExpressionError(f"is_set takes a fact name: {source!r}")
    if name == "DATE" and not (
        isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    ):
        raise ExpressionError(f"DATE takes a date in quotes: {source!r}")
