"""Fitting the head: kernel ridge regression on sentence vectors and n-grams in closed form; its temperatures.

Acts are fitted to every example, topics to those that describe a situation. For the acts too each topic is
a class of its own, counted as a situation afterwards: many tight classes are told from what is none of the
desk's business better than one wide one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import solve
from scipy.optimize import minimize_scalar
from sklearn.model_selection import StratifiedKFold

from bot.understanding.features import Vectors, Vocabulary
from bot.understanding.head import Head, Temperatures, nearness
from bot.understanding.model import SITUATION

SEED = 20260101
FOLDS = 4
RIDGE = 0.1  # this, and how much the examples of a small class weigh more, was found by cross-validation
BALANCE_ACTS, BALANCE_TOPICS = 0.5, 0.3
COLDEST, HOTTEST = 0.01, 1.0

Rows = NDArray[np.int64]
Labels = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Data:
    """Texts ready for fitting. `labels` are topics and acts, `homes` the topics that one competes with."""

    texts: Sequence[str]
    extras: Sequence[Collection[str]]
    vectors: Vectors
    labels: Labels
    homes: Mapping[str, Collection[str]]

    @property
    def acts(self) -> Labels:
        """The act of each text: a topic is told in a situation."""
        return np.array([SITUATION if label in self.homes else label for label in self.labels])

    @property
    def situations(self) -> Rows:
        """The rows that have a topic."""
        return np.flatnonzero(self.acts == SITUATION)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Scores of every text by a head that has not seen it; a topic that a text could not have scores -inf."""

    labels: tuple[str, ...]
    label_scores: Vectors
    topics: tuple[str, ...]
    topic_scores: Vectors  # of `Data.situations` only

    def acts(self, temperature: float) -> tuple[tuple[str, ...], Vectors]:
        """The acts, and each text's probabilities of them; those of topics are a situation's."""
        own = [SITUATION if label in self.topics else label for label in self.labels]
        names = tuple(sorted(set(own)))
        sums = np.array([[act == name for name in names] for act in own], np.float32)
        return names, probabilities(self.label_scores, temperature) @ sums


def fit(data: Data, temperatures: Temperatures) -> Head:
    """A head fitted to all of `data`."""
    vocabulary, grams = _grams(data)
    kernel = _kernel(data, grams)
    every, told = np.arange(len(data.texts)), data.situations
    labels, label_pulls = _pulls(kernel, data.labels, every, BALANCE_ACTS)
    topics, some = _pulls(kernel, data.labels, told, BALANCE_TOPICS)
    topic_pulls = np.zeros((len(every), len(topics)), np.float32)
    topic_pulls[told] = some
    pulls = np.hstack([label_pulls, topic_pulls])
    return Head(
        labels, topics, vocabulary, data.vectors, pulls, np.asarray(grams.T @ pulls, np.float32), temperatures
    )


def held_out(data: Data) -> HeldOut:
    """What heads that saw the other parts say of each part."""
    kernel = _kernel(data, _grams(data)[1])
    labels, told = data.labels, data.situations
    names = tuple(sorted(set(labels.tolist()))), tuple(sorted(data.homes))
    label_scores = np.zeros((len(labels), len(names[0])), np.float32)
    topic_scores = np.zeros((len(labels), len(names[1])), np.float32)
    for seen, unseen in _splits(data):
        label_scores[unseen] = kernel[np.ix_(unseen, seen)] @ _pulls(kernel, labels, seen, BALANCE_ACTS)[1]
        known = seen[np.isin(seen, told)]
        topic_scores[unseen] = (
            kernel[np.ix_(unseen, known)] @ _pulls(kernel, labels, known, BALANCE_TOPICS)[1]
        )
    possible = np.array([[topic in data.homes[str(labels[row])] for topic in names[1]] for row in told])
    return HeldOut(
        names[0], label_scores, names[1], np.where(possible, topic_scores[told], np.float32(-np.inf))
    )


def temperatures_of(found: HeldOut, data: Data) -> Temperatures:
    """The temperatures at which held-out scores are least surprised by the truth."""
    return Temperatures(
        _temperature(found.acts, data.acts),
        _temperature(
            lambda temperature: (found.topics, probabilities(found.topic_scores, temperature)),
            data.labels[data.situations],
        ),
    )


def probabilities(scores: Vectors, temperature: float) -> Vectors:
    """Rows of probabilities from rows of scores."""
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / np.float32(temperature))
    shares: Vectors = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _temperature(at: Callable[[float], tuple[tuple[str, ...], Vectors]], truth: Labels) -> float:
    column = {name: place for place, name in enumerate(at(COLDEST)[0])}
    right = np.array([column[str(label)] for label in truth])

    def surprise(temperature: float) -> float:
        shares = at(temperature)[1][np.arange(len(right)), right]
        return float(-np.log(np.maximum(shares, 1e-9)).mean())

    return float(minimize_scalar(surprise, bounds=(COLDEST, HOTTEST), method="bounded").x)


def _pulls(kernel: Vectors, labels: Labels, rows: Rows, balance: float) -> tuple[tuple[str, ...], Vectors]:
    """The labels of `rows`, and how hard each row pulls towards each of them."""
    counts = Counter(labels[rows].tolist())
    names = tuple(sorted(counts))
    wanted = np.full((len(rows), len(names)), -1 / len(names), np.float32)
    wanted[labels[rows][:, None] == np.array(names)] = 1
    weights = np.array([counts[str(label)] ** -balance for label in labels[rows]], np.float32)
    among = kernel[np.ix_(rows, rows)]
    among[np.diag_indices_from(among)] += RIDGE * weights.mean() / weights
    return names, np.asarray(solve(among, wanted, assume_a="pos", overwrite_a=True), np.float32)


def _kernel(data: Data, grams: sparse.csr_matrix) -> Vectors:
    kernel: Vectors = nearness(data.vectors @ data.vectors.T)
    kernel += (grams @ grams.T).toarray()
    return kernel


def _splits(data: Data) -> Iterator[tuple[Rows, Rows]]:
    yield from StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(data.vectors, data.labels)


def _grams(data: Data) -> tuple[Vocabulary, sparse.csr_matrix]:
    vocabulary = Vocabulary.learn(data.texts, data.extras)
    weighed = [vocabulary.weigh(text, extra) for text, extra in zip(data.texts, data.extras, strict=True)]
    rows = np.concatenate([np.full(len(places), row) for row, (places, _) in enumerate(weighed)])
    columns = np.concatenate([places for places, _ in weighed])
    values = np.concatenate([weights for _, weights in weighed])
    shape = (len(data.texts), len(vocabulary.terms))
    return vocabulary, sparse.csr_matrix((values, (rows, columns)), shape=shape)
