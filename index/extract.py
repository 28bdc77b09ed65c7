"""Extractive answers: which passage of a provision to show, and which of its sentences to mark."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.dense import Dense
from index.embed import Vectors
from index.lexical import Lexical, words
from index.passages import Passage
from index.rows import Kind
from knowledge.model import Provision

SECOND_SENTENCE = 0.85  # a second sentence is marked when it is nearly as good as the best
WORDS_SHARE = 0.5  # what shared words count beside meaning


class Extract:
    """Chooses passages and sentences by the vectors stored at build time."""

    def __init__(self, rows: NDArray[np.int32], dense: Dense, lexical: Lexical) -> None:
        self._rows, self._dense, self._lexical = rows, dense, lexical
        of_passages = np.flatnonzero(np.isin(rows[:, 0], (Kind.SENTENCE, Kind.OFFICIAL)))
        self._by_passage: dict[int, list[int]] = {}
        for row in of_passages.tolist():
            self._by_passage.setdefault(int(rows[row, 2]), []).append(row)

    def best_passage(self, own: Sequence[tuple[int, Passage]], vector: Vectors) -> tuple[int, Passage]:
        """The provision's passage to show: of the official pieces, or else ours, the nearest one."""
        same_kind = [pair for pair in own if pair[1].kind == own[0][1].kind]
        if len(same_kind) == 1:
            return same_kind[0]
        return max(
            same_kind, key=lambda pair: float((self._dense.vectors[self._by_passage[pair[0]]] @ vector).max())
        )

    def marks(
        self, number: int, passage: Passage, vector: Vectors, query: Sequence[str]
    ) -> tuple[tuple[int, int], ...]:
        """The spans of the one or two sentences that answer, in the passage's order."""
        rows = self._by_passage[number]
        spans = [(int(self._rows[row, 3]), int(self._rows[row, 4])) for row in rows]
        worth = self._dense.vectors[rows] @ vector
        worth = worth + WORDS_SHARE * np.array([self._shared(passage.text[a:b], query) for a, b in spans])
        order = np.argsort(-worth, kind="stable")
        chosen = [spans[order[0]]]
        if len(order) > 1 and worth[order[1]] >= SECOND_SENTENCE * worth[order[0]] > 0:
            chosen.append(spans[order[1]])
        return tuple(sorted(chosen))

    def _shared(self, sentence: str, query: Sequence[str]) -> float:
        """The share of the query's weight of words that the sentence holds."""
        rarity = {stem: self._lexical.rarity(stem) for stem in query}
        total = sum(rarity.values())
        held = set(words(sentence)) & set(rarity)
        return sum(rarity[stem] for stem in sorted(held)) / total if total else 0.0


def mark(passage: Passage, marks: Sequence[tuple[int, int]]) -> str:
    """The marked sentences as one text; an ellipsis stands where something between them is left out."""
    parts: list[str] = []
    last: int | None = None
    for start, end in marks:
        gap = last is not None and passage.text[last:start].strip()
        parts.append(("… " if gap else "") + passage.text[start:end].strip())
        last = end
    return " ".join(parts)


def status_note(provision: Provision) -> str:
    """What a reader must know of the provision's standing; empty where it is simply in force."""
    if provision.superseded:
        return f"superseded: {provision.superseded}"
    return "" if provision.status.startswith("in force") else provision.status
