"""Why a condition has the truth it has: the smallest sets of answers that already make it so.

Each question is one bit of an integer (a fact of its own, or a checklist for all its facts), so a set of
answers is a mask. Facts that are known cost nothing. For a condition that is true or false in a world, `of`
gives the minimal masks of answers with which it is true or false whatever the other answers would be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from actions.engine.scope import Scope
from actions.engine.terms import Atom, Constant, Every, Flag, Not, Some, Term
from actions.engine.truths import Truths
from knowledge.model import Value

#: More alternatives than this are not kept; the smallest are.
WIDTH = 24
Masks = tuple[int, ...]
#: Nothing has to be asked.
KNOWN: Masks = (0,)


def minimal(masks: Iterable[int], width: int = WIDTH) -> Masks:
    """The masks that contain no other of them, fewest questions first."""
    unique = set(masks)
    if len(unique) < 2:
        return tuple(unique)
    if 0 in unique:
        return KNOWN
    kept: list[int] = []
    for mask in sorted(unique, key=lambda one: (one.bit_count(), one)):
        for smaller in kept:
            if smaller & mask == smaller:
                break
        else:
            kept.append(mask)
            if len(kept) == width:
                break
    return tuple(kept)


class Reasons:
    """Reasons in one world.

    Args:
        scope: whose conditions.
        world: the value of every fact that has one.
        bits: the question's bit for each fact that would have to be asked; a fact of `world` without one is
        known.
        dont_know: facts of which it is not even known whether they have a value.
        swept: the sweep of the scope in this world, for who asks about most of the rules.
    """

    def __init__(
        self,
        scope: Scope,
        world: Mapping[str, Value],
        bits: Mapping[str, int],
        dont_know: Collection[str] = (),
        swept: Iterable[int] | None = None,
    ) -> None:
        self.scope = scope
        self.world = world
        self.bits = bits
        self.dont_know = dont_know
        truths = Truths(scope, world, dont_know)
        self.truths = truths if swept is None else truths.fill(swept)
        self._memo: dict[int, Masks] = {}

    def of(self, term: Term) -> tuple[int, Masks]:
        """The truth of `term` (0 false, 1 not known, 2 true) and the masks that suffice for it."""
        truth = self.truths.of(term)
        return truth, () if truth == 1 else self._masks(term, truth)

    def _masks(self, term: Term, truth: int) -> Masks:
        known = self._memo.get(id(term))
        if known is None:
            known = self._memo[id(term)] = self._work_out(term, truth)
        return known

    def _work_out(self, term: Term, truth: int) -> Masks:
        match term:
            case Flag(fact=name):
                return (self.bits.get(name, 0),)
            case Not(part=part):
                return self._masks(part, 2 - truth)
            case Every(parts=parts):
                return self._all(parts, truth) if truth else self._any(parts, truth)
            case Some(parts=parts):
                return self._any(parts, truth) if truth else self._all(parts, truth)
            case Constant():
                return KNOWN
            case Atom():
                return self._atom(term, truth)

    def _any(self, parts: tuple[Term, ...], truth: int) -> Masks:
        """Any of the parts that has this truth suffices."""
        settling: list[int] = []
        for part in parts:
            if self.truths.of(part) == truth:
                masks = self._masks(part, truth)
                if masks == KNOWN:
                    return KNOWN
                settling += masks
        return minimal(settling)

    def _all(self, parts: tuple[Term, ...], truth: int) -> Masks:
        """All the parts are needed, and all have this truth."""
        joined = KNOWN
        for masks in sorted((self._masks(part, truth) for part in parts), key=len):
            if masks != KNOWN:
                joined = minimal([one | other for one in joined for other in masks])
        return joined

    def _atom(self, atom: Atom, truth: int) -> Masks:
        asked = sorted({self.bits[name] for name in atom.facts if name in self.bits})
        if len(asked) < 2 and len(atom.facts) < 2:
            return (asked[0] if asked else 0,)
        return self._subsets(atom, truth, asked)

    def _subsets(self, atom: Atom, truth: int, asked: list[int]) -> Masks:
        test = self.scope.tests(atom)
        found: list[int] = []
        for mask in sorted(_unions(asked), key=lambda one: (one.bit_count(), one)):
            if any(one & mask == one for one in found):
                continue
            hidden = [name for name in atom.facts if self.bits.get(name, 0) & ~mask]
            if test(_Without(self.world, hidden), {*hidden, *self.dont_know}) == truth:
                found.append(mask)
        return tuple(found)


class _Without(dict[str, Value]):
    """The world without some facts."""

    def __init__(self, world: Mapping[str, Value], hidden: Collection[str]) -> None:
        super().__init__(world)
        for name in hidden:
            self.pop(name, None)


def _unions(bits: list[int]) -> list[int]:
    unions = [0]
    for bit in bits:
        unions += [one | bit for one in unions]
    return unions


def cover(needs: list[Masks], cost: Mapping[int, int], budget: int = 3000) -> int | None:
    """The cheapest mask that contains one mask of every need, or None when a need has no mask.

    `cost` is the cost of each bit. After `budget` steps the best mask found so far is taken.
    """
    needs = sorted({masks for masks in needs if 0 not in masks}, key=lambda masks: (len(masks), masks))
    if any(not masks for masks in needs):
        return None
    search = _Cover(needs, cost, budget)
    search.down(0, 0)
    return search.best


class _Cover:
    def __init__(self, needs: list[Masks], cost: Mapping[int, int], budget: int) -> None:
        self.needs = needs
        self.cost = cost
        self.budget = budget
        self.best: int | None = None
        self.least = 0
        self._prices: dict[int, int] = {}

    def price(self, mask: int) -> int:
        total = self._prices.get(mask)
        if total is None:
            total = self._prices[mask] = sum(price for bit, price in self.cost.items() if bit & mask)
        return total

    def down(self, taken: int, start: int) -> None:
        self.budget -= 1
        spent = self.price(taken)
        if self.best is not None and (spent >= self.least or self.budget < 0):
            return
        position = start
        while position < len(self.needs) and any(not one & ~taken for one in self.needs[position]):
            position += 1
        if position == len(self.needs):
            self.best, self.least = taken, spent
            return
        for mask in sorted(self.needs[position], key=lambda one: (self.price(one | taken), one)):
            self.down(taken | mask, position + 1)
