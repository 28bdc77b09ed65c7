"""Misspelt words of a query, put right by the words that the law is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from index.lexical import STOP, stem

SHORTEST = 5  # letters; shorter words are too like each other
MISSPELT = 85  # of 100: one wrong letter in seven; "colonel" is 77 to "colony"
_WORD = re.compile(r"[a-z]+")


class Spelling:
    """Knows the words of some texts, and the nearest of them to a word that none of them uses."""

    def __init__(self, texts: Iterable[str]) -> None:
        forms = {word for text in texts for word in _WORD.findall(text.lower())}
        self._stems = {stem(word) for word in forms}
        self._forms = sorted(word for word in forms if len(word) >= SHORTEST)

    def repair(self, query: str) -> str:
        """The query with each unknown word that nearly spells a known one replaced, in lower case."""
        return _WORD.sub(lambda found: self._nearest(found.group()), query.lower()) if self._forms else query

    def _nearest(self, word: str) -> str:
        if len(word) < SHORTEST or word in STOP or stem(word) in self._stems:
            return word
        near = process.extractOne(word, self._forms, scorer=fuzz.ratio, score_cutoff=MISSPELT)
        return near[0] if near and near[0][0] == word[0] else word
