"""Conditions as a small graph: flags, atoms and the connectives over them.

A condition of the rulebook is rewritten so that every leaf is simple: derived facts are put in place of their
names, and a conditional expression inside a comparison is lifted out of it. Equal parts are one object, so a
subcondition that many rules share is computed once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from knowledge import expression
from knowledge.model import Derived, Fact, FactType, Parameter

ORDERED: frozenset[FactType] = frozenset({"money", "integer", "date"})


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A condition that is always true or always false."""

    value: bool


@dataclass(frozen=True, slots=True, eq=False)
class Flag:
    """A yes/no fact."""

    fact: str


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """A comparison, a membership or an `is_set`; `tree` reads facts and parameters only, and holds no
    condition."""

    tree: ast.expr
    facts: tuple[str, ...]

    @property
    def asks_whether_set(self) -> bool:
        """Whether this is an `is_set`."""
        return isinstance(self.tree, ast.Call)


@dataclass(frozen=True, slots=True, eq=False)
class Every:
    """True when all parts are."""

    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Some:
    """True when one part is."""

    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    """The opposite of its part."""

    part: Term


ALWAYS, NEVER = Constant(True), Constant(False)
Term = Constant | Flag | Atom | Every | Some | Not


@dataclass(slots=True)
class Translator:
    """Turns conditions into terms. One translator serves one body of rules, so that equal parts are
    shared."""

    facts: Mapping[str, Fact]
    derived: Mapping[str, Derived]
    parameters: Mapping[str, Parameter]
    _made: dict[object, Term] = field(default_factory=dict)
    _trees: dict[str, ast.expr] = field(default_factory=dict)
    _terms: dict[str, Term] = field(default_factory=dict)

    def condition(self, source: str) -> Term:
        """The term for a condition.

        Raises:
            ExpressionError: the text is outside the language, or reads a name that is not declared.
        """
        return self._term(expression.parse(source).tree)

    def every(self, parts: list[Term]) -> Term:
        """All of `parts`, flattened and without repetition."""
        flat: dict[int, Term] = {}
        for part in parts:
            for one in part.parts if isinstance(part, Every) else (part,):
                if isinstance(one, Constant):
                    if not one.value:
                        return one
                    continue
                flat[id(one)] = one
        if not flat:
            return ALWAYS
        unique = tuple(flat.values())
        return unique[0] if len(unique) == 1 else self._share((Every, *sorted(flat)), Every(unique))

    def some(self, parts: list[Term]) -> Term:
        """One of `parts`, flattened and without repetition."""
        flat: dict[int, Term] = {}
        for part in parts:
            for one in part.parts if isinstance(part, Some) else (part,):
                if isinstance(one, Constant):
                    if one.value:
                        return one
                    continue
                flat[id(one)] = one
        if not flat:
            return NEVER
        unique = tuple(flat.values())
        return unique[0] if len(unique) == 1 else self._share((Some, *sorted(flat)), Some(unique))

    def negate(self, part: Term) -> Term:
        """The opposite of `part`."""
        if isinstance(part, Not):
            return part.part
        if isinstance(part, Constant):
            return NEVER if part.value else ALWAYS
        return self._share((Not, id(part)), Not(part))

    def _share(self, key: object, term: Term) -> Term:
        return self._made.setdefault(key, term)

    def _term(self, tree: ast.expr) -> Term:
        match tree:
            case ast.BoolOp(op=ast.And(), values=values):
                return self.every([self._term(value) for value in values])
            case ast.BoolOp(values=values):
                return self.some([self._term(value) for value in values])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.negate(self._term(operand))
            case ast.IfExp(test=test, body=body, orelse=other):
                return self._choose(self._term(test), self._term(body), self._term(other))
            case ast.Constant(value=bool(value)):
                return ALWAYS if value else NEVER
            case ast.Name(id=name):
                return self._named(name)
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                sides = [left, *comparators]
                pairs = [
                    self._lift(ast.Compare(a, [op], [b]))
                    for a, op, b in zip(sides, ops, sides[1:], strict=False)
                ]
                return self.every(pairs)
            case ast.Call(func=ast.Name(id="is_set")):
                return self._lift(tree)
        raise expression.ExpressionError(f"no condition: {ast.unparse(tree)}")

    def _choose(self, test: Term, body: Term, other: Term) -> Term:
        # The third part keeps the choice definite where both branches agree although the test is unknown.
        return self.some(
            [self.every([test, body]), self.every([self.negate(test), other]), self.every([body, other])]
        )

    def _named(self, name: str) -> Term:
        if name in self.derived:
            if name not in self._terms:
                self._terms[name] = self._term(self._derived_tree(name))
            return self._terms[name]
        if name in self.facts and self.facts[name].type == "bool":
            return self._share((Flag, name), Flag(name))
        raise expression.ExpressionError(f"{name} is no yes/no fact and no condition")

    def _lift(self, tree: ast.expr) -> Term:
        tree = self._inline(tree)
        choice = next((node for node in ast.walk(tree) if isinstance(node, ast.IfExp)), None)
        if choice is None:
            return self._atom(tree)
        return self._choose(
            self._term(choice.test),
            self._lift(_Swap(choice, choice.body).visit(tree)),
            self._lift(_Swap(choice, choice.orelse).visit(tree)),
        )

    def _atom(self, tree: ast.expr) -> Term:
        names = sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)})
        facts = tuple(name for name in names if name in self.facts)
        return self._share((Atom, ast.dump(tree)), Atom(tree, facts))

    def _derived_tree(self, name: str) -> ast.expr:
        if name not in self._trees:
            self._trees[name] = expression.parse(self.derived[name].expression).tree
        return self._trees[name]

    def _inline(self, tree: ast.expr) -> ast.expr:
        return _Inliner(self).visit(tree)  # type: ignore[no-any-return]  # ast.NodeTransformer is untyped


class _Inliner(ast.NodeTransformer):
    """Replaces derived quantities by their expressions, leaving the tests of conditional expressions
    alone."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator

    def visit_Name(self, node: ast.Name) -> ast.expr:
        known = self.translator
        if node.id in known.derived:
            return known._inline(known._derived_tree(node.id))
        if node.id in known.facts or node.id in known.parameters:
            return ast.Name(node.id, ast.Load())
        raise expression.ExpressionError(f"unknown name {node.id}")

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return ast.Call(node.func, [self.visit(argument) for argument in node.args], [])

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return ast.IfExp(node.test, self.visit(node.body), self.visit(node.orelse))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        return ast.Compare(self.visit(node.left), node.ops, [self.visit(side) for side in node.comparators])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        return ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))


class _Swap(ast.NodeTransformer):
    """Rebuilds a comparison or quantity with one conditional expression replaced; shares nothing mutable."""

    def __init__(self, old: ast.IfExp, new: ast.expr) -> None:
        self.old, self.new = old, new

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if node is self.old:
            return self.new
        fields = {
            name: [self.visit(item) for item in value]
            if isinstance(value, list)
            else self.visit(value)
            if isinstance(value, ast.AST)
            else value
            for name, value in ast.iter_fields(node)
        }
        return type(node)(**fields)


def walk(term: Term) -> Iterator[Term]:
    """Every distinct part of `term`, parts before the whole."""
    seen: set[int] = set()

    def visit(one: Term) -> Iterator[Term]:
        if id(one) in seen:
            return
        seen.add(id(one))
        for part in _parts(one):
            yield from visit(part)
        yield one

    yield from visit(term)


def _parts(term: Term) -> tuple[Term, ...]:
    if isinstance(term, Every | Some):
        return term.parts
    return (term.part,) if isinstance(term, Not) else ()


def facts_of(term: Term) -> tuple[str, ...]:
    """The facts that a term reads, in the order in which it reads them."""
    names: dict[str, None] = {}
    for part in walk(term):
        if isinstance(part, Flag):
            names[part.fact] = None
        elif isinstance(part, Atom):
            names.update(dict.fromkeys(part.facts))
    return tuple(names)
