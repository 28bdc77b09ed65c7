"""Fitting the head: logistic regression over sentence vectors and n-grams, and its temperature."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.understanding.features import Vectors, Vocabulary
from bot.understanding.head import VECTOR_SCALE, Head

SEED = 20260101
FOLDS = 4
STRENGTH = 10.0  # found by cross-validation
STEPS = 200
COLDEST, HOTTEST = 0.3, 3.0


@dataclass(frozen=True, slots=True)
class Data:
    """Texts ready for fitting."""

    texts: Sequence[str]
    extras: Sequence[Collection[str]]
    vectors: Vectors
    labels: NDArray[np.str_]

    def part(self, rows: NDArray[np.int64]) -> Data:
        """The given rows."""
        return Data(
            [self.texts[row] for row in rows],
            [self.extras[row] for row in rows],
            self.vectors[rows],
            self.labels[rows],
        )


def fit(data: Data, temperature: float = 1.0) -> Head:
    """A head fitted to all of `data`."""
    vocabulary = Vocabulary.learn(data.texts, data.extras)
    model = LogisticRegression(C=STRENGTH, max_iter=STEPS, class_weight="balanced", random_state=SEED)
    model.fit(_matrix(vocabulary, data), data.labels)
    width = data.vectors.shape[1]
    weights = np.asarray(model.coef_, np.float32)
    return Head(
        tuple(str(label) for label in model.classes_),
        vocabulary,
        np.ascontiguousarray(weights[:, :width]),
        np.ascontiguousarray(weights[:, width:].T),
        np.asarray(model.intercept_, np.float32),
        temperature,
    )


def held_out(data: Data, folds: int = FOLDS) -> tuple[tuple[str, ...], Vectors]:
    """Scores of every text by a head that has not seen it, and the labels that the columns stand for."""
    labels = tuple(sorted({str(label) for label in data.labels}))
    scores = np.zeros((len(data.texts), len(labels)), np.float32)
    for seen, unseen in _splits(data, folds):
        scores[unseen] = _scores(fit(data.part(seen)), data.part(unseen))
    return labels, scores


def calibrated(data: Data) -> tuple[float, float]:
    """The temperature found on a held-out part, and the accuracy there."""
    seen, unseen = next(_splits(data, FOLDS))
    head, rest = fit(data.part(seen)), data.part(unseen)
    scores = _scores(head, rest)
    right = float(np.mean(np.array(head.labels)[scores.argmax(axis=1)] == rest.labels))
    return temperature_of(head.labels, scores, rest.labels), right


def temperature_of(labels: Sequence[str], scores: Vectors, truth: NDArray[np.str_]) -> float:
    """The temperature at which held-out scores are least surprised by the truth."""
    column = {label: place for place, label in enumerate(labels)}
    right = np.array([column[str(label)] for label in truth])

    def surprise(temperature: float) -> float:
        scaled = scores / temperature
        logs = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)
        return float(-logs[np.arange(len(right)), right].mean())

    return float(minimize_scalar(surprise, bounds=(COLDEST, HOTTEST), method="bounded").x)


def _splits(data: Data, folds: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    yield from StratifiedKFold(folds, shuffle=True, random_state=SEED).split(data.vectors, data.labels)


def _scores(head: Head, data: Data) -> Vectors:
    rows = zip(data.texts, data.extras, data.vectors, strict=True)
    return np.array([head.scores(text, extra, vector) for text, extra, vector in rows], np.float32)


def _matrix(vocabulary: Vocabulary, data: Data) -> sparse.csr_matrix:
    rows, columns, values = [], [], []
    for row, (text, extra) in enumerate(zip(data.texts, data.extras, strict=True)):
        places, weights = vocabulary.weigh(text, extra)
        rows.append(np.full(len(places), row))
        columns.append(places)
        values.append(weights)
    grams = sparse.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
        shape=(len(data.texts), len(vocabulary.terms)),
    )
    return sparse.hstack([sparse.csr_matrix(data.vectors * VECTOR_SCALE), grams]).tocsr()
