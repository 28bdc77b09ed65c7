"""How much of a question a passage speaks about, word by word.

A passage may share a question's drift and still say nothing about what it asks. Each content word of the
question counts by its rarity: fully where the passage has it, else by its likeness to the nearest word there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from index.embed import Vectors
from index.lexical import forms, stem

LONGEST = 40  # words of a question; more are a story, and every new one costs a millisecond

Encode = Callable[[Sequence[str]], Vectors]


class Coverage:
    """The vectors of all words that the law is written in; a question's other words are embedded for it."""

    def __init__(self, words: Sequence[str], vectors: Vectors, encode: Encode) -> None:
        self._vectors = dict(zip(words, vectors, strict=True))
        self._encode = encode

    def share(self, question: str, passage: str, rarity: Callable[[str], float]) -> float:
        """Between 0 and 1; 0 for a question without any content word."""
        asked = [form for form in dict.fromkeys(forms(question)) if not form.isdigit()][:LONGEST]
        said = list(dict.fromkeys(forms(passage)))
        known = [self._vectors[form] for form in said if form in self._vectors]
        if not asked or not known:
            return 0.0
        stems, table = {stem(form) for form in said}, np.stack(known)
        worth = np.array([rarity(stem(form)) for form in asked])
        likeness = [1.0 if stem(form) in stems else self._nearest(form, table) for form in asked]
        return float(worth @ np.array(likeness) / worth.sum())

    def _nearest(self, form: str, table: Vectors) -> float:
        known = self._vectors.get(form)
        vector = self._encode([form])[0] if known is None else known
        return float((table @ vector).max())
