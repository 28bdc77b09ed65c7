"""Why the outcome is what it is: the facts behind each rule that fired, and the kinder rules that nearly
did."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator, Mapping, Sequence

from actions.engine.change import changes
from actions.engine.merge import ALLOWS
from actions.engine.reasons import Reasons
from actions.engine.repairs import Repairs
from actions.engine.result import Change, NearMiss
from actions.engine.scope import Entry, Scope
from actions.engine.sweep import ALL
from actions.engine.truths import Truths
from knowledge.model import Value

TOLD = 5
INFORMS = "informational"


class Explanation:
    """Explains one decided case; every known fact counts as one answer.

    Args:
        facts: all that was known or presumed.
        fired: the rules that fired, strongest first.
        announced: whether the strongest of them is the outcome.
    """

    def __init__(
        self, scope: Scope, facts: Mapping[str, Value], fired: Sequence[Entry], announced: bool
    ) -> None:
        self.scope = scope
        self.facts = facts
        self.fired = fired
        self.top = fired[0] if fired and announced else None
        self.fixed = scope.knowledge.packs[scope.pack].fixes
        self.names = [name for name in scope.facts if name in facts and name not in self.fixed]
        self.bits = {name: 1 << number for number, name in enumerate(self.names)}

    @functools.cached_property
    def _reasons(self) -> Reasons:
        return Reasons(self.scope, self.facts, self.bits, (), self.scope.sweep(self.facts, ()))

    @functools.cached_property
    def _could(self) -> list[int]:
        return self.scope.turning(self.facts, self.bits)

    def because(self) -> dict[str, tuple[str, ...]]:
        """For each rule that fired the fewest facts that make it true."""
        return {entry.rule.id: self._facts(self._reasons.of(entry.term)[1][0]) for entry in self.fired}

    def near(self) -> tuple[NearMiss, ...]:
        """Rules that would have been kinder than the headline, would allow the act, and failed on one fact
        each.

        A rule that failed because of who the person is was never near: only changeable facts count. A rule
        that only informs is no exception. First come those that failed on a fact behind the headline.
        """
        if self.top is None:
            return ()
        could = self._could
        headline, facts = self.top.rank, self.scope.knowledge.facts
        found = []
        for entry in self.scope.entries:
            if entry.rank >= min(headline, ALLOWS + 1) or entry.rule.outcome == INFORMS:
                continue
            if could[entry.position] in (0, ALL):
                continue
            names = tuple(name for name in self._facts(could[entry.position]) if facts[name].changeable)
            if names and self.scope.test(entry)(self.facts, ()) == 0:
                found.append(NearMiss(entry.rule.id, entry.rule.title, entry.rule.outcome, names))
        behind = set(self.because()[self.top.rule.id])
        found.sort(key=lambda miss: behind.isdisjoint(miss.failed_on))
        return tuple(found[:TOLD])

    def changes(self) -> tuple[Change, ...]:
        """What would change the outcome."""
        return changes(self.scope, self.facts, self.fixed, self._alone(), self._pairs) if self.top else ()

    def _alone(self) -> dict[str, list[Entry]]:
        """The facts that alone could stop the deciding rule or let one fire that overrules it, each with the
        rules that it alone could turn."""
        assert self.top is not None
        # What is missing in some set of facts that suffices for the deciding rule cannot stop it.
        stops = functools.reduce(operator.and_, self._reasons.of(self.top.term)[1])
        names = self._facts(functools.reduce(operator.or_, self._could[: self.top.position], stops))
        could, readers = self._could, self.scope.readers
        return {
            name: [entry for entry in readers[name] if could[entry.position] & self.bits[name]]
            for name in names
        }

    def _pairs(self) -> Iterator[tuple[str, ...]]:
        """Pairs of facts that could stop the deciding rule, or let one fire that allows the act."""
        assert self.top is not None
        repairs = Repairs(Truths(self.scope, self.facts), self.bits, 2)
        masks = set(repairs.of(self.top.term, False))
        for entry in self.scope.entries:
            if entry.rank < self.top.rank and entry.rank <= ALLOWS:
                masks.update(repairs.of(entry.term, True))
        return (self._facts(mask) for mask in sorted(masks) if mask.bit_count() == 2)

    def _facts(self, mask: int) -> tuple[str, ...]:
        return tuple(name for name in self.names if self.bits[name] & mask)
