"""Terms compiled to Python functions that answer true, false or not known.

For each term two plain expressions are written: one that holds when the term is certainly true, one when it
may still be true. Unknown amounts are ranges (no amount is below zero), so `75 + what is not known yet < 50`
is false. A compiled function takes the facts and the names that may yet turn out to have a value, because the
answer may still come or the person does not know it; for those `is_set` is not known, for all others without
a value it is false.
"""

from __future__ import annotations

import ast
import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from actions.engine import quantities
from actions.engine.terms import ORDERED, Atom, Constant, Every, Flag, Not, Some, Term, facts_of, walk
from knowledge.model import FactType, Value

Facts = Mapping[str, Value]
#: 0 certainly false, 1 not known, 2 certainly true.
Test = Callable[[Facts, Collection[str]], int]
#: The positions of the terms that are certainly true, and of those that may be.
Run = Callable[[Facts, Collection[str]], tuple[list[int], list[int]]]

_FLOOR = {"money": "ZERO", "integer": "ZERO", "date": "FIRST_DAY"}
_CEILING = {"money": "MANY", "integer": "MANY", "date": "LAST_DAY"}
_LESS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_NAMES: dict[str, Any] = {
    name: getattr(quantities, name)
    for name in (
        "ZERO", "MANY", "FIRST_DAY", "LAST_DAY", "days", "business_days", "plus_days", "plus_years", "divide",
    )
}  # fmt: skip


class Writer:
    """Writes the two expressions of each term; with `share` what several terms have in common is computed
    once."""

    def __init__(self, types: Mapping[str, FactType], terms: Sequence[Term], *, share: bool = True) -> None:
        self.types = types
        self.names = dict(_NAMES)
        self.lines: list[str] = []
        self.local: dict[int, tuple[str, str]] = {}
        self._prelude(terms)
        if share:
            self._shared(terms)

    def _prelude(self, terms: Sequence[Term]) -> None:
        read: dict[str, None] = {}
        for term in terms:
            read.update(dict.fromkeys(facts_of(term)))
            for part in walk(term):
                if isinstance(part, Atom):
                    read.update(dict.fromkeys(node.id for node in _names(part.tree)))
        for name in sorted(read):
            self.lines.append(f"v_{name} = facts.get({name!r})")
            kind = self.types[name]
            if kind in ORDERED:
                self.lines.append(f"l_{name}, h_{name} = (v_{name}, v_{name}) if v_{name} is not None "
                                  f"else ({_FLOOR[kind]}, {_CEILING[kind]})")  # fmt: skip

    def _shared(self, terms: Sequence[Term]) -> None:
        uses: Counter[int] = Counter()
        order: dict[int, Term] = {}
        for term in terms:
            for part in walk(term):
                if id(part) not in order:
                    order[id(part)] = part
                    children = part.parts if isinstance(part, Every | Some) else ()
                    uses.update(id(child.part if isinstance(child, Not) else child) for child in children)
        for number, (key, part) in enumerate(order.items()):
            if uses[key] > 1 and not isinstance(part, Flag | Constant | Not):
                sure, maybe = self.pair(part)
                self.lines.append(f"t{number} = {sure}")
                self.lines.append(f"m{number} = t{number} or {maybe}")
                self.local[key] = (f"t{number}", f"m{number}")

    def pair(self, term: Term) -> tuple[str, str]:
        """Source that holds when the term is certainly true, and when it may be true."""
        if id(term) in self.local:
            return self.local[id(term)]
        match term:
            case Constant(value=value):
                return str(value), str(value)
            case Flag(fact=name):
                return f"v_{name} is True", f"v_{name} is not False"
            case Not(part=part):
                sure, maybe = self.pair(part)
                return f"(not ({maybe}))", f"(not ({sure}))"
            case Every(parts=parts):
                return self._join(" and ", parts)
            case Some(parts=parts):
                return self._join(" or ", parts)
            case Atom(tree=tree):
                return self._atom(tree)

    def _join(self, word: str, parts: Sequence[Term]) -> tuple[str, str]:
        pairs = [self.pair(part) for part in parts]
        return tuple("(" + word.join(pair[side] for pair in pairs) + ")" for side in (0, 1))  # type: ignore[return-value]

    def _atom(self, tree: ast.expr) -> tuple[str, str]:
        match tree:
            case ast.Call(func=ast.Name(id="is_set"), args=[ast.Name(id=name)]):
                return f"(v_{name} is not None)", f"(v_{name} is not None or {name!r} in open_)"
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._compare(left, op, right)
        raise TypeError(f"no atom: {ast.unparse(tree)}")

    def _compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> tuple[str, str]:
        if isinstance(op, ast.NotEq | ast.NotIn):
            same: ast.cmpop = ast.Eq() if isinstance(op, ast.NotEq) else ast.In()
            sure, maybe = self._compare(left, same, right)
            return f"(not {maybe})", f"(not {sure})"
        if isinstance(op, ast.In) or (isinstance(right, ast.Constant) and isinstance(right.value, str)):
            return self._choice(left, right)
        low, high, other_low, other_high = *self._range(left), *self._range(right)
        if isinstance(op, ast.Eq):
            return (
                f"({low} == {high} == {other_low} == {other_high})",
                f"({low} <= {other_high} and {other_low} <= {high})",
            )
        sign = _LESS[type(op)]
        if isinstance(op, ast.Lt | ast.LtE):
            return f"({high} {sign} {other_low})", f"({low} {sign} {other_high})"
        return f"({low} {sign} {other_high})", f"({high} {sign} {other_low})"

    def _choice(self, left: ast.expr, right: ast.expr) -> tuple[str, str]:
        if not isinstance(left, ast.Name):
            raise TypeError(f"no choice fact: {ast.unparse(left)}")
        literal = ast.literal_eval(right)
        values = literal if isinstance(literal, tuple) else (literal,)
        test = f"v_{left.id} in {values!r}"
        return f"({test})", f"(v_{left.id} is None or {test})"

    def _range(self, tree: ast.expr) -> tuple[str, str]:
        """Source of the least and of the greatest value of a quantity."""
        match tree:
            case ast.Name(id=name):
                return f"l_{name}", f"h_{name}"
            case ast.Constant(value=int() | float() as number):
                text = self._name(Decimal(repr(number)))
                return text, text
            case ast.Call(func=ast.Name(id="DATE"), args=[ast.Constant(value=str(text))]):
                name = self._name(dt.date.fromisoformat(text))
                return name, name
            case ast.Call(func=ast.Name(id="days" | "business_days" as function), args=[start, end]):
                (low, high), (end_low, end_high) = self._range(start), self._range(end)
                return f"{function}({high}, {end_low})", f"{function}({low}, {end_high})"
            case ast.Call(func=ast.Name(id="plus_days" | "plus_years" as function), args=[day, number]):
                (low, high), (less, more) = self._range(day), self._range(number)
                return f"{function}({low}, {less})", f"{function}({high}, {more})"
            case ast.BinOp(left=left, op=op, right=right):
                return self._arithmetic(op, *self._range(left), *self._range(right))
        raise TypeError(f"no quantity: {ast.unparse(tree)}")

    def _arithmetic(self, op: ast.operator, a: str, b: str, c: str, d: str) -> tuple[str, str]:
        # Factors and divisors are amounts and counts, never below zero.
        match op:
            case ast.Add():
                return f"({a} + {c})", f"({b} + {d})"
            case ast.Sub():
                return f"({a} - {d})", f"({b} - {c})"
            case ast.Mult():
                return f"({a} * {c})", f"({b} * {d})"
            case _:
                return f"divide({a}, {d})", f"divide({b}, {c})"

    def _name(self, value: Decimal | dt.date) -> str:
        name = f"k{len(self.names)}"
        self.names[name] = value
        return name


def _names(tree: ast.expr) -> list[ast.Name]:
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in functions]


def build(writer: Writer, name: str, arguments: str, tail: Sequence[str]) -> Any:
    """The function that runs what was written and then `tail`."""
    body = "\n    ".join([*writer.lines, *tail])
    source = f"def {name}({arguments}):\n    {body}\n"
    space = dict(writer.names)
    # The source is written above from checked conditions only; no text of a user or of a file is in it.
    exec(compile(source, f"<{name}>", "exec"), space)
    return space[name]


def compile_test(term: Term, types: Mapping[str, FactType]) -> Test:
    """A function that tells one term's truth: 0, 1 or 2."""
    writer = Writer(types, [term])
    sure, maybe = writer.pair(term)
    test: Test = build(writer, "test", "facts, open_", [f"return 2 if {sure} else 1 if {maybe} else 0"])
    return test


def compile_run(terms: Sequence[Term], types: Mapping[str, FactType]) -> Run:
    """A function that tells which of many terms are certainly true and which may be."""
    writer = Writer(types, terms)
    lines = ["sure = []", "maybe = []"]
    for position, term in enumerate(terms):
        certain, possible = writer.pair(term)
        lines += [f"if {certain}: sure.append({position})", f"elif {possible}: maybe.append({position})"]
    run: Run = build(writer, "run", "facts, open_", [*lines, "return sure, maybe"])
    return run
