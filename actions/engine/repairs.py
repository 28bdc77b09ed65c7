"""How far a condition is from being otherwise: the smallest sets of facts that would have to differ."""

from __future__ import annotations

from collections.abc import Mapping

from actions.engine.reasons import Masks, minimal
from actions.engine.terms import Atom, Constant, Every, Flag, Not, Some, Term
from actions.engine.truths import Truths


class Repairs:
    """Sets of at most `reach` facts whose change could turn a condition; each fact is a bit of a mask.

    The sets are candidates: whether some values of the facts do turn the condition has to be tried.
    """

    def __init__(self, truths: Truths, bits: Mapping[str, int], reach: int) -> None:
        self.truths = truths
        self.bits = bits
        self.reach = reach
        self._memo: dict[tuple[int, bool], Masks] = {}

    def of(self, term: Term, want: bool) -> Masks:
        """The sets with which `term` could become `want`; the empty set when it already is."""
        key = (id(term), want)
        if key not in self._memo:
            self._memo[key] = self._of(term, want)
        return self._memo[key]

    def _of(self, term: Term, want: bool) -> Masks:
        if self.truths.of(term) == (2 if want else 0):
            return (0,)
        match term:
            case Constant():
                return ()
            case Flag(fact=name):
                return (self.bits[name],) if name in self.bits else ()
            case Not(part=part):
                return self.of(part, not want)
            case Atom(facts=facts):
                return tuple(self.bits[name] for name in facts if name in self.bits)
            case Every(parts=parts) | Some(parts=parts):
                return self._all(parts, want) if isinstance(term, Every) == want else self._any(parts, want)

    def _all(self, parts: tuple[Term, ...], want: bool) -> Masks:
        joined: Masks = (0,)
        for part in parts:
            masks = self.of(part, want)
            if masks == (0,):
                continue
            both = (one | other for one in joined for other in masks)
            joined = minimal(mask for mask in both if mask.bit_count() <= self.reach)
            if not joined:
                break
        return joined

    def _any(self, parts: tuple[Term, ...], want: bool) -> Masks:
        return minimal(mask for part in parts for mask in self.of(part, want))
