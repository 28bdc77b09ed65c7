"""The rules of one pack's topic as formulas for a solver.

Every fact but the settable ones is answered. A settable fact (of which some rule asks `is_set`) may stay
unanswered; like the evaluator, a formula then has two sides: when it certainly holds and when it may. Money
is in whole cents, dates are day numbers within `YEARS`, choices are numbers of their options.
"""

from __future__ import annotations

import ast
import datetime as dt
from decimal import Decimal
from typing import Any

import z3

from actions.engine.scope import AS_OF, Scope
from actions.engine.terms import Atom, Constant, Every, Flag, Not, Some, Term
from knowledge.model import Fact, Value

#: Dates are looked at within these years, and the applied date within the second pair.
YEARS = (2000, 2045)
APPLIED = (dt.date(2026, 1, 1), dt.date(2030, 12, 31))
#: In cents; more than any sum of a case.
MANY = 10**14
Formula = Any
Sides = tuple[Formula, Formula]


class Encoding:
    """One scope's rules as formulas over one set of variables.

    `tag` tells the variables of one world from those of another; `shared` are facts that both worlds have
    alike.
    """

    def __init__(self, scope: Scope, tag: str = "", shared: Encoding | None = None, apart: str = "") -> None:
        self.scope = scope
        self.settable = frozenset(
            name
            for name, atoms in scope.reading.items()
            if name != AS_OF and any(atom.asks_whether_set for atom in atoms)
        )
        self.variables: dict[str, Formula] = {}
        self.given: dict[str, Formula] = {}
        self.domain: list[Formula] = []
        for name in dict.fromkeys([*scope.facts, AS_OF]):
            if shared is not None and name != apart:
                self.variables[name] = shared.variables[name]
                if name in shared.given:
                    self.given[name] = shared.given[name]
            else:
                self._declare(scope.knowledge.facts[name], tag)
        self._memo: dict[int, Sides] = {}

    def fires(self, term: Term) -> Formula:
        """When a condition is certainly true."""
        return self._sides(term)[0]

    def rank(self, entries: Any = None) -> Formula:
        """The rank of the headline of some entries, all by default; that of a referral when none fires."""
        chosen = self.scope.entries if entries is None else entries
        rank: Formula = z3.IntVal(self.scope.rank("refer_to_counsel"))
        for entry in reversed(list(chosen)):
            rank = z3.If(self.fires(entry.term), z3.IntVal(entry.rank), rank)
        return rank

    def equals(self, name: str, value: Value) -> Formula:
        """That a fact has a value."""
        fact = self.scope.knowledge.facts[name]
        variable = self.variables[name]
        answered = self.given.get(name, z3.BoolVal(True))
        if isinstance(value, bool):
            return variable if value else z3.Not(variable)
        return z3.And(answered, variable == self._number(fact, value))

    def facts(self, model: Any) -> dict[str, Value]:
        """The facts of a solver's model; settable facts that it leaves open are absent."""
        found: dict[str, Value] = {}
        for name, variable in self.variables.items():
            answered = self.given.get(name)
            if answered is not None and not z3.is_true(model.eval(answered, model_completion=True)):
                continue
            value = model.eval(variable, model_completion=True)
            fact = self.scope.knowledge.facts[name]
            found[name] = z3.is_true(value) if fact.type == "bool" else self._value(fact, value.as_long())
        return found

    def _declare(self, fact: Fact, tag: str) -> None:
        name = fact.name + tag
        if fact.type == "bool":
            self.variables[fact.name] = z3.Bool(name)
            return
        variable = self.variables[fact.name] = z3.Int(name)
        low, high = 0, MANY
        if fact.type == "choice":
            high = len(fact.options) - 1
        elif fact.type == "date":
            first, last = APPLIED if fact.name == AS_OF else _window()
            low, high = first.toordinal(), last.toordinal()
        self.domain.append(z3.And(variable >= low, variable <= high))
        if fact.name in self.settable:
            self.given[fact.name] = z3.Bool(f"{name} is given")

    def _number(self, fact: Fact, value: Value) -> int:
        if isinstance(value, dt.date):
            return value.toordinal()
        if fact.type == "choice":
            return [option.value for option in fact.options].index(str(value))
        return int(Decimal(str(value)) * 100) if fact.type == "money" else int(Decimal(str(value)))

    def _value(self, fact: Fact, number: int) -> Value:
        match fact.type:
            case "choice":
                return fact.options[number].value
            case "date":
                return dt.date.fromordinal(number)
            case "money":
                return Decimal(number) / 100
        return number

    def _sides(self, term: Term) -> Sides:
        if id(term) not in self._memo:
            self._memo[id(term)] = self._encode(term)
        return self._memo[id(term)]

    def _encode(self, term: Term) -> Sides:
        match term:
            case Constant(value=value):
                return z3.BoolVal(value), z3.BoolVal(value)
            case Flag(fact=name):
                return self.variables[name], self.variables[name]
            case Not(part=part):
                sure, maybe = self._sides(part)
                return z3.Not(maybe), z3.Not(sure)
            case Every(parts=parts):
                sides = [self._sides(part) for part in parts]
                return z3.And([side[0] for side in sides]), z3.And([side[1] for side in sides])
            case Some(parts=parts):
                sides = [self._sides(part) for part in parts]
                return z3.Or([side[0] for side in sides]), z3.Or([side[1] for side in sides])
            case Atom(tree=tree):
                return self._atom(tree)

    def _atom(self, tree: ast.expr) -> Sides:
        match tree:
            case ast.Call(args=[ast.Name(id=name)]):
                answered = self.given.get(name, z3.BoolVal(True))
                return answered, answered
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._compare(left, op, right)
        raise TypeError(f"no atom: {ast.unparse(tree)}")

    def _compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Sides:
        if isinstance(op, ast.NotEq | ast.NotIn):
            sure, maybe = self._compare(left, ast.Eq() if isinstance(op, ast.NotEq) else ast.In(), right)
            return z3.Not(maybe), z3.Not(sure)
        if isinstance(op, ast.In) or (isinstance(right, ast.Constant) and isinstance(right.value, str)):
            literal = ast.literal_eval(right)
            values = literal if isinstance(literal, tuple) else (literal,)
            assert isinstance(left, ast.Name)
            test = z3.Or([self.equals(left.id, value) for value in values])
            return test, test
        low, high, other_low, other_high = *self._range(left), *self._range(right)
        match op:
            case ast.Lt():
                return high < other_low, low < other_high
            case ast.LtE():
                return high <= other_low, low <= other_high
            case ast.Gt():
                return low > other_high, high > other_low
            case ast.GtE():
                return low >= other_high, high >= other_low
        same = z3.And(low == high, other_low == other_high, low == other_low)
        return same, z3.And(low <= other_high, other_low <= high)

    def _range(self, tree: ast.expr) -> Sides:
        """The least and greatest value of a quantity; both are the value itself where all is answered."""
        match tree:
            case ast.Name(id=name) if name in self.variables:
                return self._answered(name)
            case ast.Name(id=name):
                value = self._parameter(name)
                return value, value
            case ast.Constant(value=int() | float() as number):
                value = z3.RealVal(str(Decimal(repr(number))))
                return value, value
            case ast.Call(func=ast.Name(id="DATE"), args=[ast.Constant(value=str(text))]):
                value = z3.IntVal(dt.date.fromisoformat(text).toordinal())
                return value, value
            case ast.Call(func=ast.Name(id=function), args=[first, second]):
                return self._call(function, first, second)
            case ast.BinOp(left=left, op=op, right=right):
                return self._arithmetic(op, left, right)
        raise TypeError(f"no quantity: {ast.unparse(tree)}")

    def _answered(self, name: str) -> Sides:
        variable = self.variables[name]
        fact = self.scope.knowledge.facts[name]
        # Amounts are kept in cents; a condition speaks of dollars.
        value = z3.ToReal(variable) / 100 if fact.type == "money" else variable
        if name not in self.given:
            return value, value
        first, last = (0, MANY) if fact.type != "date" else (1, dt.date.max.toordinal())
        answered = self.given[name]
        return z3.If(answered, value, first), z3.If(answered, value, last)

    def _parameter(self, name: str) -> Formula:
        day = self.variables[AS_OF]
        value: Formula = z3.RealVal(0)
        for start, amount, _ in self.scope.knowledge.parameters[name].values:
            value = z3.If(day >= start.toordinal(), z3.RealVal(str(amount)), value)
        return value

    def _call(self, function: str, first: ast.expr, second: ast.expr) -> Sides:
        if function in ("days", "business_days"):
            (low, high), (end_low, end_high) = self._range(first), self._range(second)
            count = _through if function == "business_days" else lambda day: day
            return count(end_low) - count(high), count(end_high) - count(low)
        assert isinstance(second, ast.Constant)
        number = int(second.value)  # type: ignore[arg-type]  # the language has numbers here only
        move = _plus_years if function == "plus_years" else lambda day, days: day + days
        low, high = self._range(first)
        return move(low, number), move(high, number)

    def _arithmetic(self, op: ast.operator, left: ast.expr, right: ast.expr) -> Sides:
        (a, b), (c, d) = self._range(left), self._range(right)
        match op:
            case ast.Add():
                return a + c, b + d
            case ast.Sub():
                return a - d, b - c
            case ast.Mult():
                return a * c, b * d
        return z3.If(d == 0, MANY, a / d), z3.If(c == 0, MANY, b / c)


def _window() -> tuple[dt.date, dt.date]:
    return dt.date(YEARS[0], 1, 1), dt.date(YEARS[1], 12, 31)


def _through(day: Formula) -> Formula:
    """Weekdays up to a day number, as `quantities.business_days` counts them."""
    rest = day % 7
    return day / 7 * 5 + z3.If(rest > 5, 5, rest)


def _plus_years(day: Formula, number: int) -> Formula:
    """`quantities.plus_years` within `YEARS`: 365 days a year and one for every leap day passed."""
    total = day + 365 * number
    for year in range(YEARS[0], YEARS[1] + number + 1):
        if year % 4 == 0:
            leap, start = dt.date(year, 2, 29).toordinal(), dt.date(year - number, 3, 1).toordinal()
            total = total + z3.If(z3.And(day <= leap, day >= start), 1, 0)
    return total
