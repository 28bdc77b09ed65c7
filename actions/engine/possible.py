"""Whether a condition could still become true: exact where the three-valued test only says "not known".

Two unknown parts of a condition may exclude each other (one asks for a friend, the other for a parent). Facts
are tried one by one, each with the values at which something can change, until the condition is true or no
way is left. The search is bounded; when the bound is reached the condition counts as possible.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from actions.engine import breakpoints
from actions.engine.scope import AS_OF, Entry, Scope
from actions.engine.terms import Atom, Constant, Every, Flag, Not, Some, Term
from actions.engine.truths import Truths
from knowledge.model import Value

BOUND = 400


def possible(scope: Scope, entry: Entry, facts: Mapping[str, Value], open_: Collection[str]) -> bool:
    """Whether some values of the facts not in `facts` make the rule true.

    `open_` are the unknown facts that may still be answered; the others stay unanswered for `is_set`, but are
    not thereby known to be anything.
    """
    read = (AS_OF, *entry.facts, *scope.knowledge.parameters)
    given = {name: facts[name] for name in read if name in facts}
    unanswered = frozenset(open_).intersection(entry.facts)
    search = _Search(scope, entry)
    return search.straight(given, unanswered) or search.down(given, unanswered)


class _Search:
    def __init__(self, scope: Scope, entry: Entry) -> None:
        self.scope = scope
        self.entry = entry
        self.test = scope.test(entry)
        self.atoms = scope.atoms(entry.term)
        self.left = BOUND

    def straight(self, facts: Mapping[str, Value], open_: frozenset[str]) -> bool:
        """Whether the first value that suits each part makes the rule true; most often it does, and the
        search is spared."""
        guess = _Guess(self, facts, open_)
        return guess.make(self.entry.term, True) and self.test(guess.facts, guess.open) == 2

    def down(self, facts: dict[str, Value], open_: frozenset[str]) -> bool:
        truth = self.test(facts, open_)
        if truth != 1:
            return truth == 2
        self.left -= 1
        if self.left < 0:
            return True
        chosen = _Doubt(self.scope, facts, open_).find(self.entry.term, True)
        if chosen is None:
            return True
        name, leaf, want = chosen
        check = self.scope.tests(leaf)
        ways: list[tuple[bool, dict[str, Value]]] = []
        for value in self.values(name, facts):
            tried = {**facts, name: value}
            ways.append((check(tried, open_) == (0 if want else 2), tried))
        rest = open_ - {name}
        ways.sort(key=lambda way: way[0])
        if name in open_ and self.down_unset(facts, rest, leaf):
            return True
        return any(self.down(tried, rest) for _, tried in ways)

    def down_unset(self, facts: dict[str, Value], rest: frozenset[str], leaf: Term) -> bool:
        """The way in which the fact is never answered, which only `is_set` notices."""
        return isinstance(leaf, Atom) and leaf.asks_whether_set and self.down(facts, rest)

    def values(self, name: str, facts: dict[str, Value]) -> list[Value]:
        """The values of a fact at which something can change in this rule."""
        fact, today = self.scope.knowledge.facts[name], facts[AS_OF]
        assert isinstance(today, dt.date)
        if fact.type == "choice":
            return self.scope.options(name, self.entry)
        return breakpoints.values(fact, self.atoms, facts, today)


class _Guess:
    """Facts completed so that each part of a condition becomes as wanted, without ever going back."""

    def __init__(self, search: _Search, facts: Mapping[str, Value], open_: frozenset[str]) -> None:
        self.search = search
        self.facts = dict(facts)
        self.open = open_

    def make(self, term: Term, want: bool) -> bool:
        """Complete the facts so that `term` is as wanted; False where no value was found."""
        match term:
            case Flag(fact=name):
                return self.facts.setdefault(name, want) is want
            case Not(part=part):
                return self.make(part, not want)
            case Every(parts=parts) | Some(parts=parts):
                each = (self.make(part, want) for part in parts)
                return all(each) if isinstance(term, Every) == want else any(each)
            case Constant(value=value):
                return value is want
            case Atom():
                return self._atom(term, 2 if want else 0)

    def _atom(self, atom: Atom, wanted: int) -> bool:
        check = self.search.scope.tests(atom)
        unknown = [name for name in atom.facts if name not in self.facts]
        if not unknown or check(self.facts, self.open) == wanted:
            return check(self.facts, self.open) == wanted
        name, *others = unknown
        self.open -= {name}
        if atom.asks_whether_set and wanted == 0:
            return True
        for other in others:
            self.facts[other] = self.search.values(other, self.facts)[0]
        for value in self.search.values(name, self.facts):
            if check({**self.facts, name: value}, self.open) == wanted:
                self.facts[name] = value
                return True
        return False


class _Doubt(Truths):
    """Finds a leaf on which the truth of a term hangs."""

    def find(self, term: Term, want: bool) -> tuple[str, Flag | Atom, bool] | None:
        """An unknown fact, the leaf in which it stands and the truth wanted of that leaf."""
        match term:
            case Flag(fact=name):
                return name, term, want
            case Atom():
                unknown = [name for name in term.facts if name not in self.facts]
                return (unknown[0], term, want) if unknown else None
            case Not(part=part):
                return self.find(part, not want)
            case Every(parts=parts) | Some(parts=parts):
                doubtful = (self.find(part, want) for part in parts if self.of(part) == 1)
                return next((found for found in doubtful if found), None)
        return None
