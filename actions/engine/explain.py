"""Why the outcome is what it is: the facts behind each rule that fired, and the kinder rules that nearly
did."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from actions.engine.change import changes
from actions.engine.merge import ALLOWS
from actions.engine.reasons import Masks, Reasons, minimal
from actions.engine.result import Change, NearMiss
from actions.engine.scope import Entry, Scope
from actions.engine.terms import Atom, Constant, Every, Flag, Not, Some, Term
from actions.engine.truths import Truths
from knowledge.model import Value

#: A rule is near when so many known facts, changed, would make it fire.
NEAR = 1
TOLD = 5


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
        self._repaired: dict[tuple[int, bool], Masks] = {}

    @functools.cached_property
    def truths(self) -> Truths:
        """The truth of every condition on these facts."""
        return Truths(self.scope, self.facts)

    def because(self) -> dict[str, tuple[str, ...]]:
        """For each rule that fired the fewest facts that make it true."""
        reasons = Reasons(self.scope, self.facts, self.bits)
        found = {}
        for entry in self.fired:
            _, masks = reasons.of(entry.term)
            found[entry.rule.id] = self._facts(masks[0])
        return found

    def near(self) -> tuple[NearMiss, ...]:
        """Rules that would have been kinder than the headline, would allow the act, and failed on one fact
        each.

        A rule that failed because of who the person is was never near: only changeable facts count.
        """
        if self.top is None:
            return ()
        headline, facts = self.top.rank, self.scope.knowledge.facts
        found = []
        for entry in self.scope.entries:
            if entry.rank >= headline or entry.rank > ALLOWS or self.truths.of(entry.term) != 0:
                continue
            masks = self.repairs(entry.term, True)
            names = tuple(name for mask in masks for name in self._facts(mask) if facts[name].changeable)
            if names:
                found.append(NearMiss(entry.rule.id, entry.rule.title, entry.rule.outcome, names))
        return tuple(found[:TOLD])

    def changes(self) -> tuple[Change, ...]:
        """What would change the outcome."""
        return changes(self.scope, self.facts, self.fixed) if self.top else ()

    def repairs(self, term: Term, want: bool) -> Masks:
        """The smallest sets of known facts that would have to be otherwise for `term` to be `want`."""
        key = (id(term), want)
        if key not in self._repaired:
            self._repaired[key] = self._repairs(term, want)
        return self._repaired[key]

    def _repairs(self, term: Term, want: bool) -> Masks:
        if self.truths.of(term) == (2 if want else 0):
            return (0,)
        match term:
            case Constant():
                return ()
            case Flag(fact=name):
                return (self.bits[name],) if name in self.bits else ()
            case Not(part=part):
                return self.repairs(part, not want)
            case Atom(facts=facts):
                return tuple(self.bits[name] for name in facts if name in self.bits)
            case Every(parts=parts) | Some(parts=parts):
                return self._all(parts, want) if isinstance(term, Every) == want else self._any(parts, want)

    def _all(self, parts: tuple[Term, ...], want: bool) -> Masks:
        joined: Masks = (0,)
        for part in parts:
            masks = self.repairs(part, want)
            joined = minimal(
                both for one in joined for two in masks if (both := one | two).bit_count() <= NEAR
            )
            if not joined:
                break
        return joined

    def _any(self, parts: tuple[Term, ...], want: bool) -> Masks:
        return minimal(mask for part in parts for mask in self.repairs(part, want))

    def _facts(self, mask: int) -> tuple[str, ...]:
        return tuple(name for name in self.names if self.bits[name] & mask)
