"""The three-valued truth of a term and all its parts in one state of knowledge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from actions.engine.scope import Scope
from actions.engine.terms import Atom, Constant, Every, Flag, Not, Some, Term
from knowledge.model import Value


class Truths:
    """Remembers what it has worked out. 0 is false, 1 not known, 2 true."""

    def __init__(self, scope: Scope, facts: Mapping[str, Value], open_: Collection[str] = ()) -> None:
        self.scope = scope
        self.facts = facts
        self.open = open_
        self._memo: dict[int, int] = {}

    def fill(self, swept: Iterable[int]) -> Truths:
        """Learn everything at once from a sweep of the scope on these facts; for who asks for much of it."""
        truths = (2 if one == 0 else 0 if one < 0 else 1 for one in swept)
        self._memo = dict(zip(self.scope.parts, truths, strict=True))
        return self

    def of(self, term: Term) -> int:
        """The truth of one term."""
        known = self._memo.get(id(term))
        if known is None:
            known = self._memo[id(term)] = self._of(term)
        return known

    def _of(self, term: Term) -> int:
        match term:
            case Flag(fact=name):
                value = self.facts.get(name)
                return 1 if value is None else 2 if value else 0
            case Not(part=part):
                return 2 - self.of(part)
            case Every(parts=parts):
                return self._worst(parts, 0)
            case Some(parts=parts):
                return self._worst(parts, 2)
            case Constant(value=value):
                return 2 if value else 0
            case Atom():
                return self.scope.tests(term)(self.facts, self.open)

    def _worst(self, parts: tuple[Term, ...], decisive: int) -> int:
        found = 2 - decisive
        for part in parts:
            truth = self.of(part)
            if truth == decisive:
                return truth
            if truth == 1:
                found = 1
        return found
