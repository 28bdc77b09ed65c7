"""What a message looks like to the trained head: a sentence vector beside weighted word and letter n-grams.

The n-grams catch what a sentence vector blurs (a form's name, "idk", a typo), the vector what n-grams cannot
see (another way to say the same). Each kind of n-gram has a length of its own, so that none drowns another.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.understanding.cues import cues

Vectors = NDArray[np.float32]

_WORDS = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+|[?$%]")
LETTERS = (3, 4)
# Lengths of the kinds of features (words, letters, declared phrases, cues), found on held-out examples.
SCALES = {"w": np.float32(0.22), "c": np.float32(0.22), "f": np.float32(0.45), "k": np.float32(0.32)}
MINIMUM_TEXTS = 2  # an n-gram of one text alone teaches the head that text


def words(text: str) -> list[str]:
    """Lower-case words, signs that carry meaning, and `0` for every number."""
    plain = text.lower().replace("’", "'")
    return ["0" if word[0].isdigit() else word for word in _WORDS.findall(plain)]


def grams(text: str) -> Iterator[str]:
    """Word n-grams (prefix `w:`) and letter n-grams inside words (prefix `c:`)."""
    tokens = words(text)
    framed = ["<", *tokens, ">"]
    yield from (f"w:{token}" for token in tokens)
    yield from (f"w:{first} {second}" for first, second in itertools.pairwise(framed))
    for token in tokens:
        padded = f" {token} "
        for length in LETTERS:
            yield from (f"c:{padded[at : at + length]}" for at in range(len(padded) - length + 1))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The n-grams known, in a fixed order, with their inverse document frequencies."""

    terms: tuple[str, ...]
    weights: Vectors
    places: dict[str, int]

    @classmethod
    def learn(cls, texts: Sequence[str], extras: Sequence[Collection[str]]) -> Vocabulary:
        """The n-grams, cues and extra features (those begin with `f:`) that `MINIMUM_TEXTS` texts share."""
        counts: Counter[str] = Counter()
        for text, extra in zip(texts, extras, strict=True):
            counts.update({*grams(text), *cues(text), *extra})
        terms = tuple(sorted(term for term, count in counts.items() if count >= MINIMUM_TEXTS))
        weights = [1.0 + math.log((1 + len(texts)) / (1 + counts[term])) for term in terms]
        return cls.of(terms, np.array(weights, np.float32))

    @classmethod
    def of(cls, terms: tuple[str, ...], weights: Vectors) -> Vocabulary:
        """A vocabulary that was learned before."""
        return cls(terms, weights, {term: place for place, term in enumerate(terms)})

    def weigh(self, text: str, extra: Iterable[str] = ()) -> tuple[NDArray[np.int64], Vectors]:
        """Places and weights of the text's known n-grams, each kind as long as `SCALES` says."""
        every = itertools.chain(grams(text), cues(text), extra)
        counts = Counter(place for gram in every if (place := self.places.get(gram)) is not None)
        places = np.array(sorted(counts), np.int64)
        values = (
            np.array([1.0 + math.log(counts[place]) for place in places], np.float32) * self.weights[places]
        )
        kinds = np.array([self.terms[place][0] for place in places])
        for kind in SCALES:
            part = kinds == kind
            length = float(np.linalg.norm(values[part]))
            if length > 0:
                values[part] *= SCALES[kind] / length
        return places, values
