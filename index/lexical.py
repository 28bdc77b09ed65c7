"""Lexical retrieval: BM25 over stemmed words, with weights on the query's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from bm25s.tokenization import Tokenized
from numpy.typing import NDArray

_WORD = re.compile(r"[a-z0-9]+(?:-[0-9a-z]+)*")
_STEMMER = Stemmer.Stemmer("english")
# Words that questions are made of; they say nothing about what is asked.
_STOP = """
a an and any anyone anything are as ask at be been being but by can could did do does doing for from
get gets got had has have having he her hers him his how i if in into is it its just know let like
may me might mine much must my need no nor not of on or our ours out over own please say says she
should so some somebody someone something still such tell than that the their theirs them then there
these they this those to too under up upon us want was we were what whats when where whether which
while who whom whose why will with would you your yours am also about because im ive id dont cant
isnt thing things
"""
STOP = frozenset(_STOP.split())

Scores = NDArray[np.float32]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one lower-case word."""
    return str(_STEMMER.stemWord(word))


def forms(text: str) -> list[str]:
    """A text's words as they stand, in order, without the words that questions are made of."""
    plain = text.lower().replace("’", "'").replace("'s", "").replace("'", "")
    return [word for word in _WORD.findall(plain) if word not in STOP]


def words(text: str) -> list[str]:
    """The stems of a text's words, in order, without the words that questions are made of."""
    return [stem(word) for word in forms(text)]


@dataclass(frozen=True, slots=True)
class Overlap:
    """For each document the BM25 score and the share of the query's weight that occurs in it."""

    scores: Scores
    coverage: Scores
    unknown: float  # the share of the query's weight that occurs nowhere


class Lexical:
    """BM25 (bm25s, Lucene's variant) over one document per provision."""

    def __init__(self, index: bm25s.BM25, documents: int) -> None:
        self._index = index
        self._documents = documents
        self._data = index.scores["data"]
        self._rows = index.scores["indices"]
        self._starts = index.scores["indptr"]
        counts = np.diff(self._starts).astype(np.float32)
        self._rarity = np.log1p((documents - counts + 0.5) / (counts + 0.5))
        self._unseen = float(np.log1p((documents + 0.5) / 0.5))

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]]) -> Lexical:
        """An index of documents given as their stems."""
        index = bm25s.BM25(k1=1.2, b=0.6)
        # Numbered in alphabetical order: left to itself bm25s numbers words as a set happens to yield them.
        known = {
            word: number for number, word in enumerate(sorted({"", *(w for text in texts for w in text)}))
        }
        ids = [[known[word] for word in text] or [known[""]] for text in texts]
        index.index(Tokenized(ids=ids, vocab=known), show_progress=False)
        return cls(index, len(texts))

    @classmethod
    def read(cls, folder: Path, documents: int) -> Lexical:
        """The index that `write` stored."""
        return cls(bm25s.BM25.load(str(folder), show_progress=False), documents)

    def write(self, folder: Path) -> None:
        """Store the index; the same documents give the same bytes."""
        self._index.save(str(folder), show_progress=False)

    def rarity(self, word: str) -> float:
        """The inverse document frequency of a stem; the highest for one that occurs nowhere."""
        number = self._index.vocab_dict.get(word)
        return self._unseen if number is None else float(self._rarity[number])

    def overlap(self, query: Mapping[str, float]) -> Overlap:
        """Scores of all documents for weighted stems."""
        scores = np.zeros(self._documents, np.float32)
        coverage = np.zeros(self._documents, np.float32)
        total = unknown = 0.0
        for word, weight in query.items():
            rarity = self.rarity(word) * weight
            total += rarity
            number = self._index.vocab_dict.get(word)
            if number is None:
                unknown += rarity
                continue
            span = slice(self._starts[number], self._starts[number + 1])
            scores[self._rows[span]] += weight * self._data[span]
            coverage[self._rows[span]] += rarity
        if total:
            coverage /= total
        return Overlap(scores, coverage, unknown / total if total else 1.0)
