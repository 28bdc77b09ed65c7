"""What would change the outcome: the smallest sets of facts that, had they been otherwise, would flip it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from actions.engine import breakpoints
from actions.engine.merge import ALLOWS
from actions.engine.result import Change
from actions.engine.scope import AS_OF, REFER, Entry, Scope
from actions.engine.terms import Atom
from knowledge.model import Value

#: So many pairs of facts are tried, with so many values of each; so many changes are told.
PAIRS = 16
VALUES = 8
TOLD = 8
_FAR = {"money": 0, "integer": 0, "date": 0, "bool": 1, "choice": 2}


def changes(
    scope: Scope,
    facts: Mapping[str, Value],
    fixed: Mapping[str, Value],
    alone: Mapping[str, Sequence[Entry]],
    pairs: Callable[[], Iterable[tuple[str, ...]]],
) -> tuple[Change, ...]:
    """Single changes first, then pairs, and kinder outcomes before stricter ones.

    `alone` are the single facts worth trying, each with the rules that it alone could turn, strongest first;
    `pairs` gives the pairs. Only facts in `facts` that their declaration calls changeable are touched, never
    those the pack has fixed, and no amount is set to nothing. For an amount the value told is the nearest on
    the other side of the limit, to the cent.
    """
    return _Search(scope, facts, fixed).found(alone, pairs)


class _Search:
    def __init__(self, scope: Scope, facts: Mapping[str, Value], fixed: Mapping[str, Value]) -> None:
        self.scope = scope
        self.facts = dict(facts)
        self.sure = [scope.entries[position] for position in scope.run(facts, ())[0]]
        self.base = self.sure[0].rule.outcome if self.sure else REFER
        declared = scope.knowledge.facts
        self.names = [
            name
            for name in scope.facts
            if name in facts and name not in fixed and name != AS_OF and declared[name].changeable
        ]

    def found(
        self, alone: Mapping[str, Sequence[Entry]], pairs: Callable[[], Iterable[tuple[str, ...]]]
    ) -> tuple[Change, ...]:
        single = [change for name in self.names if name in alone for change in self._one(name, alone[name])]
        best = self._order(single)
        if not any(self._rank(change.outcome) < self._rank(self.base) for change in best):
            best += self._order(list(self._two(pairs())))
        return tuple(best[:TOLD])

    def _outcome(self, facts: Mapping[str, Value]) -> str:
        sure, _ = self.scope.run(facts, ())
        return self.scope.entries[sure[0]].rule.outcome if sure else REFER

    def _one(self, name: str, turned: Sequence[Entry]) -> Iterator[Change]:
        # The strongest rule that fires whatever this fact is; only stronger ones have to be tried.
        steady = next((entry for entry in self.sure if name not in entry.facts), None)
        tried = [entry for entry in turned if steady is None or entry.position < steady.position]
        atoms = {id(atom): atom for entry in tried for atom in self.scope.atoms(entry.term)}
        choice = self.scope.knowledge.facts[name].type == "choice"
        nearest: dict[str, Value] = {}
        for value in self.scope.options(name) if choice else self._values(name, self.facts, atoms.values()):
            changed = {**self.facts, name: value}
            first = next((entry for entry in tried if self.scope.test(entry)(changed, ()) == 2), steady)
            nearest.setdefault(first.rule.outcome if first else REFER, value)
        for outcome, value in nearest.items():
            if outcome != self.base:
                yield Change({name: value}, outcome)

    def _values(self, name: str, facts: Mapping[str, Value], atoms: Iterable[Atom]) -> list[Value]:
        """The other values of a fact that matter in `atoms`, nearest first."""
        now = facts[name]
        today = facts[AS_OF]
        assert isinstance(today, dt.date)
        others = [
            value
            for value in breakpoints.values(self.scope.knowledge.facts[name], atoms, facts, today)
            if value != now and (value != 0 or isinstance(value, bool))
        ]
        if isinstance(now, dt.date):
            return sorted(others, key=lambda day: abs((day - now).days) if isinstance(day, dt.date) else 0)
        if isinstance(now, Decimal | int) and not isinstance(now, bool):
            return sorted(others, key=lambda one: abs(Decimal(str(one)) - now))
        return others

    def _all(self, name: str, facts: Mapping[str, Value]) -> list[Value]:
        return self._values(name, facts, self.scope.reading.get(name, ()))

    def _two(self, pairs: Iterable[tuple[str, ...]]) -> Iterator[Change]:
        """Pairs of changes that are both needed for a kinder outcome."""
        allowed = (pair for pair in pairs if set(pair) <= set(self.names))
        for first, second in itertools.islice(allowed, PAIRS):
            for value in self._all(first, self.facts)[:VALUES]:
                changed = {**self.facts, first: value}
                done: set[str] = set()
                for other in self._all(second, changed)[:VALUES]:
                    outcome = self._outcome({**changed, second: other})
                    if self._rank(outcome) < self._rank(self.base) and outcome not in done:
                        done.add(outcome)
                        yield Change({first: value, second: other}, outcome)

    def _rank(self, outcome: str) -> int:
        return self.scope.rank(outcome)

    def _order(self, found: list[Change]) -> list[Change]:
        """What would allow it first, then other kinder outcomes, then stricter ones; one change per facts and
        outcome.

        Among equals a different amount or date is nearer than a different answer, and that nearer than a
        different kind of thing.
        """
        place = {name: number for number, name in enumerate(self.scope.facts)}
        base = self._rank(self.base)
        facts = self.scope.knowledge.facts

        def key(change: Change) -> tuple[int, int, int, list[int]]:
            rank = self._rank(change.outcome)
            group = 2 if rank > base else 1 if rank > ALLOWS else 0
            far = sum(_FAR[facts[name].type] for name in change.facts)
            return group, far, abs(rank - base), [place[name] for name in change.facts]

        unique: dict[tuple[tuple[str, ...], str], Change] = {}
        for change in sorted(found, key=key):
            unique.setdefault((tuple(change.facts), change.outcome), change)
        return list(unique.values())
