"""Types of conditions: a comparison with a value that the fact can never have is a mistake, not a `false`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from knowledge.expression import ExpressionError, Parsed, parse
from knowledge.model import Knowledge
from knowledge.problems import Problem

_RESULT = {
    "is_set": "bool",
    "days": "number",
    "business_days": "number",
    "plus_days": "date",
    "plus_years": "date",
    "DATE": "date",
}
_BASE = {"money": "number", "integer": "number", "bool": "bool", "date": "date"}


class _Types:
    """Infers `bool`, `number`, `date`, `choice:<fact>` or `text`, and gathers what does not fit."""

    def __init__(self, knowledge: Knowledge, where: str, opened: set[str] | None = None) -> None:
        self._knowledge = knowledge
        self._where = where
        self._open = set[str]() if opened is None else opened
        self.problems: list[Problem] = []

    def name(self, name: str) -> str:
        fact = self._knowledge.facts.get(name)
        if fact is not None:
            return f"choice:{name}" if fact.type == "choice" else _BASE[fact.type]
        if name in self._knowledge.parameters:
            return "number"
        derived = self._knowledge.derived.get(name)
        if derived is None or name in self._open:
            return "unknown"
        self._open.add(name)
        try:
            return _Types(self._knowledge, name, self._open).of(parse(derived.expression).tree)
        except ExpressionError:
            return "unknown"
        finally:
            self._open.discard(name)

    def of(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value=bool()):
                return "bool"
            case ast.Constant(value=int() | float()):
                return "number"
            case ast.Constant():
                return "text"
            case ast.Name(id=name):
                return self.name(name)
            case ast.Call(func=ast.Name(id=function), args=args):
                for argument in args:
                    self.of(argument)
                return _RESULT.get(function, "unknown")
            case ast.BoolOp(values=values):
                for value in values:
                    self._want(value, "bool")
                return "bool"
            case ast.UnaryOp(operand=operand):
                self._want(operand, "bool")
                return "bool"
            case ast.BinOp(left=left, right=right):
                self._want(left, "number")
                self._want(right, "number")
                return "number"
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self._want(test, "bool")
                self.of(orelse)
                return self.of(body)
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                for one, operator, other in zip((left, *comparators), ops, comparators, strict=False):
                    self._compare(one, operator, other)
                return "bool"
        return "unknown"

    def _want(self, node: ast.expr, kind: str) -> None:
        found = self.of(node)
        if found not in (kind, "unknown"):
            self._report(node, f"a {kind} where a {found} stands")

    def _compare(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> None:
        kind = self.of(left)
        rights = right.elts if isinstance(right, ast.Tuple) else [right]
        if isinstance(operator, ast.In | ast.NotIn) and not isinstance(right, ast.Tuple):
            self._report(right, "a list in parentheses after `in`")
        for other in rights:
            if kind.startswith("choice:"):
                self._option(kind.removeprefix("choice:"), other)
            elif self.of(other) not in (kind, "unknown") and kind != "unknown":
                self._report(other, f"a {kind}, like the other side")

    def _option(self, name: str, node: ast.expr) -> None:
        options = [option.value for option in self._knowledge.facts[name].options]
        if isinstance(node, ast.Constant) and node.value not in options:
            self._report(node, f"an option of {name}: {', '.join(options)}")

    def _report(self, node: ast.expr, expected: str) -> None:
        self.problems.append(Problem(self._where, "expression", ast.unparse(node), expected))


def type_problems(knowledge: Knowledge, where: str, expression: Parsed) -> Iterator[Problem]:
    """Yield what in `expression` is wrong whatever the facts; `where` names the rule or derived fact."""
    types = _Types(knowledge, where)
    if types.of(expression.tree) not in ("bool", "unknown") and where not in knowledge.derived:
        yield Problem(where, "expression", expression.source[:80], "a yes/no condition")
    yield from types.problems
