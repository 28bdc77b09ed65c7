"""Choose, among many places where a mark might stand, the ones that keep the document's order.

A section number also occurs in the table of contents and in cross-references, an opening phrase may be
repeated. What tells the true ones apart is that together they run in order through the text and that each
looks like a beginning; so the heaviest ascending chain of candidates is taken.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in the text where the mark with rank `key` may stand, the likelier the greater its `weight`."""

    position: int
    key: Any
    weight: int


def heaviest_chain(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates of greatest total weight whose positions and keys both strictly ascend.

    Keys need only be comparable with each other. Candidates whose weight is not positive are never taken.
    """
    usable = sorted((c for c in candidates if c.weight > 0), key=lambda c: c.position)
    ranks = {key: rank for rank, key in enumerate(sorted({c.key for c in usable}))}
    tails = _Best()
    before: list[int | None] = []
    pending: list[tuple[int, int, int]] = []
    for index, candidate in enumerate(usable):
        while pending and usable[pending[0][2]].position < candidate.position:
            tails.offer(*pending.pop(0))
        rank = ranks[candidate.key]
        total, previous = tails.below(rank)
        before.append(previous)
        pending.append((rank, total + candidate.weight, index))
    for offer in pending:
        tails.offer(*offer)
    _, last = tails.below(len(ranks))
    chain: list[Candidate] = []
    while last is not None:
        chain.append(usable[last])
        last = before[last]
    return chain[::-1]


class _Best:
    """The greatest total reached with a rank below a bound: a list kept ascending in rank and in total."""

    def __init__(self) -> None:
        self._ranks: list[int] = []
        self._found: list[tuple[int, int]] = []

    def below(self, rank: int) -> tuple[int, int | None]:
        at = bisect_left(self._ranks, rank)
        return self._found[at - 1] if at else (0, None)

    def offer(self, rank: int, total: int, index: int) -> None:
        if self.below(rank + 1)[0] >= total:
            return
        at = bisect_left(self._ranks, rank)
        end = at
        while end < len(self._found) and self._found[end][0] <= total:
            end += 1
        self._ranks[at:end] = [rank]
        self._found[at:end] = [(total, index)]
