"""Learn the fusion's weights from tests/eval: `python -m index.tune`, after the index is built.

Uses the questions marked "dev" and nothing else; the result goes into index/weights.json. Deterministic: the
losses are convex and start from zero.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from index import evaluate, fuse
from index.build import FOLDER
from index.candidates import Candidates
from index.embed import open_embedder
from index.evaluate import Question
from index.fuse import Features, Linear, Weights
from index.search import OFFICIAL, Index
from knowledge.load import load

RANK_PENALTY = 2.0
FOUND_PENALTY = 1.0


@dataclass(frozen=True, slots=True)
class Example:
    """A question's candidates, and which of them are right (none for an unanswerable one)."""

    candidates: Candidates
    right: NDArray[np.bool_]
    length: int
    answerable: bool


def examples(index: Index, questions: Sequence[Question]) -> list[Example]:
    """What ranking saw of each question."""
    found = []
    for question in questions:
        candidates = index.candidates(question.text, question.pack)
        if candidates is not None:
            names = [index.provisions[place].id for place in candidates.places.tolist()]
            right = [any(evaluate.covers(name, gold) for gold in question.gold) for name in names]
            found.append(
                Example(candidates, np.array(right), len(question.text.split()), bool(question.gold))
            )
    return found


def learn_rank(training: Sequence[Example], penalty: float = RANK_PENALTY) -> Linear:
    """Weights under which the right candidates take most of the softmax over a question's candidates."""
    usable = [example for example in training if example.right.any()]
    mean, spread = _scale(np.vstack([example.candidates.features for example in usable]))
    scaled = [(example.candidates.features - mean) / spread for example in usable]

    def loss(weights: Features) -> tuple[float, Features]:
        total, slope = penalty * float(weights @ weights) / 2, penalty * weights
        for features, example in zip(scaled, usable, strict=True):
            scores = features @ weights
            powers = np.exp(scores - scores.max())
            share = powers / powers.sum()
            right = np.where(example.right, powers, 0.0)
            total -= float(np.log(right.sum() / powers.sum()))
            slope = slope + features.T @ (share - right / right.sum())
        return total, slope

    found = minimize(loss, np.zeros(len(mean)), jac=True, method="L-BFGS-B")
    return Linear(fuse.CANDIDATE_FEATURES, mean, spread, found.x, 0.0)


def learn_found(training: Sequence[Example], rank: Linear, penalty: float = FOUND_PENALTY) -> Linear:
    """Weights that tell questions with an answer from those without; both kinds count alike."""
    features = np.vstack([query_features(example, rank) for example in training])
    sign = np.array([1.0 if example.answerable else -1.0 for example in training])
    share = np.where(sign > 0, 0.5 / max((sign > 0).mean(), 1e-9), 0.5 / max((sign < 0).mean(), 1e-9))
    mean, spread = _scale(features)
    scaled = np.column_stack([(features - mean) / spread, np.ones(len(features))])

    def loss(weights: Features) -> tuple[float, Features]:
        margin = sign * (scaled @ weights)
        slope = -(share * sign / (1 + np.exp(margin))) @ scaled
        plain = np.append(weights[:-1], 0.0)
        value = float((share * np.logaddexp(0, -margin)).sum()) + penalty * float(plain @ plain) / 2
        return value, slope + penalty * plain

    found = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B").x
    return Linear(fuse.QUERY_FEATURES, mean, spread, found[:-1], float(found[-1]))


def query_features(example: Example, rank: Linear) -> Features:
    """What the second model sees of a question once its candidates are ranked."""
    scores = rank.score(example.candidates.features)
    order = np.argsort(-scores, kind="stable")
    return example.candidates.query_features(order, scores, example.length)


def choose_threshold(training: Sequence[Example], rank: Linear, found: Linear) -> float:
    """Where the worse of the two shares, false answers and lost answers, is smallest."""
    features = np.vstack([query_features(example, rank) for example in training])
    answerable = np.array([example.answerable for example in training])
    sure = 1 / (1 + np.exp(-found.score(features)))
    steps = np.linspace(0.05, 0.95, 181)
    worse = [max((sure[~answerable] >= at).mean(), (sure[answerable] < at).mean()) for at in steps]
    best = np.flatnonzero(np.array(worse) == min(worse))
    return float(steps[best].mean())


def tune(index: Index, questions: Sequence[Question]) -> Weights:
    """All weights from these questions."""
    training = examples(index, questions)
    rank = learn_rank(training)
    found = learn_found(training, rank)
    return Weights(rank, found, choose_threshold(training, rank, found))


def _scale(features: Features) -> tuple[Features, Features]:
    return features.mean(0), features.std(0) + 1e-6


def main() -> int:
    """The command: learn, store, and print the figures."""
    start = Weights(_zero(fuse.CANDIDATE_FEATURES), _zero(fuse.QUERY_FEATURES), 0.5)
    knowledge, embedder = load(), open_embedder()
    index = Index.open(FOLDER, knowledge, embedder, OFFICIAL, start)
    questions = evaluate.read(evaluate.QUESTIONS)
    fuse.write(tune(index, [question for question in questions if question.split == "dev"]))
    return evaluate.main([])


def _zero(names: tuple[str, ...]) -> Linear:
    return Linear(names, np.zeros(len(names)), np.ones(len(names)), np.zeros(len(names)), 0.0)


if __name__ == "__main__":
    sys.exit(main())
