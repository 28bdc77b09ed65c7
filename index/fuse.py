"""Fusion: from what dense and lexical retrieval say of each candidate to one probability.

Reciprocal ranks alone throw away how near a question is, so the scores go into a small logistic model with
the ranks. Its weights come from `python -m index.tune` and lie in weights.json.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors

WEIGHTS = Path(__file__).with_name("weights.json")
RANK_SMOOTHING = 10.0
CANDIDATE_FEATURES = (
    "nearest", "answers", "answers_second", "context", "sentence", "heading",
    "bm25", "bm25_of_best", "coverage", "family", "parent", "dense_rank", "bm25_rank",
    "depth", "repealed", "own_pack", "opinion", "beside_documents",
)  # fmt: skip
QUERY_FEATURES = (
    "best", "margin", "nearest", "answers", "context", "sentence", "coverage", "coverage_of_top", "unknown",
    "agreement", "cohesion", "uncovered", "uncovered_margin", "mean_nearest", "bm25", "length",
    "subject", "other_government", "other_office", "met", "crowd",
)  # fmt: skip

Features = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model over named features, each scaled to mean 0 and spread 1 on the training questions."""

    names: tuple[str, ...]
    mean: Features
    spread: Features
    weights: Features
    bias: float

    def score(self, features: Features) -> Features:
        """One number for each row of features."""
        found: Features = (features - self.mean) / self.spread @ self.weights + self.bias
        return found

    def without(self, names: Sequence[str]) -> Linear:
        """The same model, blind to some features."""
        kept = np.array([name not in names for name in self.names])
        return replace(self, weights=np.where(kept, self.weights, 0.0))


@dataclass(frozen=True, slots=True)
class Weights:
    """What tuning found: the ranking, the model that says whether anything fits, and where it says no."""

    rank: Linear
    found: Linear
    threshold: float


def read(path: Path = WEIGHTS) -> Weights:
    """The weights in a file that `write` wrote."""
    raw = json.loads(path.read_text("utf-8"))
    return Weights(
        _linear(raw["rank"], CANDIDATE_FEATURES), _linear(raw["found"], QUERY_FEATURES), raw["threshold"]
    )


def write(weights: Weights, path: Path = WEIGHTS) -> None:
    """Store weights, rounded so that the file does not hang on a machine's last bits."""
    raw = {
        "rank": _plain(weights.rank),
        "found": _plain(weights.found),
        "threshold": round(weights.threshold, 4),
    }
    path.write_text(json.dumps(raw, indent=1) + "\n", "utf-8")


def _linear(raw: dict[str, list[float]], names: Sequence[str]) -> Linear:
    columns = [raw[name] for name in names]
    mean, spread, weights = (np.array(column, float) for column in zip(*columns, strict=True))
    return Linear(tuple(names), mean, spread, weights, raw["bias"][0])


def _plain(model: Linear) -> dict[str, list[float]]:
    columns = zip(model.mean, model.spread, model.weights, strict=True)
    named = {
        name: [round(float(x), 4) for x in column] for name, column in zip(model.names, columns, strict=True)
    }
    return {**named, "bias": [round(model.bias, 4)]}


def reciprocal_ranks(scores: Vectors) -> Vectors:
    """1 / (smoothing + rank) for each score, the highest ranked first; ties in their order."""
    order = np.argsort(-scores, kind="stable")
    ranks = np.empty(len(scores), np.float32)
    ranks[order] = np.arange(len(scores), dtype=np.float32)
    reciprocal: Vectors = RANK_SMOOTHING / (RANK_SMOOTHING + ranks)
    return reciprocal


def shares(scores: Features) -> Features:
    """The softmax of scores: numbers between 0 and 1 in the same order, that sum to 1."""
    powers = np.exp(scores - scores.max())
    found: Features = powers / powers.sum()
    return found


def probability(score: float) -> float:
    """The logistic function."""
    return float(1 / (1 + np.exp(-score)))
