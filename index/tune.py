"""Learn the fusion's weights from tests/eval: `python -m index.tune`, after the index is built.

Uses the questions marked "dev" and nothing else; the result goes into index/weights.json. Deterministic: the
losses are convex and start from zero.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from index import build, evaluate, fuse, passages, rows, store
from index.build import FOLDER
from index.candidates import Candidates, Gather
from index.coverage import Coverage
from index.dense import Dense
from index.embed import Embedder, open_embedder
from index.evaluate import Question
from index.expand import Expansion
from index.fuse import Features, Linear, Weights
from index.lexical import Lexical
from index.rows import Kind
from index.search import OFFICIAL, Index
from index.subject import Subject
from knowledge.load import load
from knowledge.model import Knowledge, Provision

RANK_PENALTY = 4.0
FOUND_PENALTY = 1.0
FOLDS = 4
PARTS = (4, 5, 6, 7)  # one way of parting the questions hangs on which of them fall together
# There are some ten stored questions for each one asked, and they are worded by people who know the law.
STORED_WEIGHT = 0.05
# Whether anything fits is learned from questions asked above all: a stored one has sisters that stay.
STORED_IN_FOUND = 0.4
# A provision beside the documents (a statute, an opinion) is mostly a second answer to the same question.
BESIDE_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Example:
    """A question's candidates, which of them are right (none if unanswerable), and how much it counts.

    `asked` is False for a stored question.
    """

    candidates: Candidates
    right: NDArray[np.bool_]
    answerable: bool
    weight: float = 1.0
    asked: bool = True


def examples(index: Index, questions: Sequence[Question]) -> list[Example]:
    """What ranking saw of each question."""
    found = []
    for question in questions:
        candidates = index.candidates(question.text, question.pack)
        if candidates is not None:
            names = [index.provisions[place].id for place in candidates.places.tolist()]
            right = [any(evaluate.covers(name, gold) for gold in question.gold) for name in names]
            found.append(Example(candidates, np.array(right), bool(question.gold)))
    return found


def stored_examples(knowledge: Knowledge, embedder: Embedder, official: Path) -> list[Example]:
    """The stored questions as examples: each is asked of an index that was built without it.

    A quarter of each provision's questions, and of the uncovered subjects, is left out in turn; crossed ones
    are so like each other that leaving some out would show nothing.
    """
    corpus = passages.corpus(knowledge.provisions, official)
    found = rows.rows(knowledge.provisions, corpus, knowledge.packs, build.uncovered(), build.crossed())
    known = store.vectors_by_text(FOLDER, embedder.identity)
    said = build.vocabulary([row.text for row in found])
    embedded = build.embed([*(row.text for row in found), *said], embedder, known)
    vectors, coverage = embedded[: len(found)], Coverage(said, embedded[len(found) :], embedder.encode)
    expansion = Expansion(knowledge.glossary.values())
    examples: list[Example] = []
    for fold in range(FOLDS):
        out = [
            row.kind in (Kind.ANSWERS, Kind.UNCOVERED) and at % FOLDS == fold for at, row in enumerate(found)
        ]
        kept = [at for at, gone in enumerate(out) if not gone]
        asked = {found[at].text for at, gone in enumerate(out) if gone}
        provisions = _without(knowledge.provisions, asked)
        lexical = Lexical.build(build.documents(provisions, corpus, knowledge))
        table, near = rows.table([found[at] for at in kept]), Dense.build(vectors[kept])
        subject = Subject.learn(table, vectors[kept])
        gather = Gather(provisions, knowledge.packs, table, near, lexical, subject, coverage)
        for at in (at for at, gone in enumerate(out) if gone):
            text = found[at].text
            candidates = gather.gather(text, vectors[at], expansion.weigh(text))
            right = _right(knowledge, candidates, found[at].provision)
            weight = STORED_WEIGHT * _beside(candidates, right)
            examples.append(Example(candidates, right, found[at].provision >= 0, weight, asked=False))
    return examples


def _beside(candidates: Candidates, right: NDArray[np.bool_]) -> float:
    column = candidates.features[right, fuse.CANDIDATE_FEATURES.index("beside_documents")]
    return BESIDE_WEIGHT if len(column) and column.min() > 0 else 1.0


def _without(provisions: Mapping[str, Provision], asked: Collection[str]) -> dict[str, Provision]:
    return {
        identifier: replace(one, answers=tuple(answer for answer in one.answers if answer not in asked))
        for identifier, one in provisions.items()
    }


def _right(knowledge: Knowledge, candidates: Candidates, place: int) -> NDArray[np.bool_]:
    names = list(knowledge.provisions)
    gold = names[place] if place >= 0 else None
    return np.array(
        [gold is not None and evaluate.covers(names[one], gold) for one in candidates.places.tolist()]
    )


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
            total -= example.weight * float(np.log(right.sum() / powers.sum()))
            slope = slope + example.weight * features.T @ (share - right / right.sum())
        return total, slope

    found = minimize(loss, np.zeros(len(mean)), jac=True, method="L-BFGS-B")
    return Linear(fuse.CANDIDATE_FEATURES, mean, spread, found.x, 0.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the second model sees of some questions, one row each, and how much each counts."""

    features: Features
    answerable: NDArray[np.bool_]
    weight: Features

    @classmethod
    def of(cls, training: Sequence[Example], rank: Linear) -> Judged:
        """The questions with their candidates ranked."""
        weight = [example.weight * (1.0 if example.asked else STORED_IN_FOUND) for example in training]
        return cls(
            np.vstack([query_features(example, rank) for example in training]),
            np.array([example.answerable for example in training]),
            np.array(weight),
        )

    def only(self, kept: NDArray[np.bool_]) -> Judged:
        """The questions that are marked."""
        return Judged(self.features[kept], self.answerable[kept], self.weight[kept])


def learn_found(training: Judged, penalty: float = FOUND_PENALTY) -> Linear:
    """Weights that tell questions with an answer from those without; both kinds count alike."""
    sign, share = np.where(training.answerable, 1.0, -1.0), training.weight.copy()
    for kind in (sign > 0, sign < 0):
        share[kind] *= share.sum() / 2 / share[kind].sum()
    mean, spread = _scale(training.features)
    scaled = np.column_stack([(training.features - mean) / spread, np.ones(len(sign))])

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
    return example.candidates.query_features(order, scores)


def choose_threshold(training: Judged, asked: int) -> float:
    """The probability at which the larger of lost and false answers is smallest, for unseen questions.

    Args:
        asked: so many of the first questions were asked; stored ones are worded like each other.
    """
    return float(np.mean([_balance(training, asked, parts) for parts in PARTS]))


def _balance(training: Judged, asked: int, parts: int) -> float:
    """Each part of the questions asked is judged by a model that learned from the others."""
    place = np.arange(len(training.answerable))
    sure = np.zeros(asked)
    for part in range(parts):
        judged = (place < asked) & (place % parts == part)
        found = learn_found(training.only(~judged))
        sure[part::parts] = 1 / (1 + np.exp(-found.score(training.features[judged])))
    answerable = training.answerable[:asked]
    bounds = np.unique(sure)
    lost = np.array([(sure[answerable] < bound).mean() for bound in bounds])
    wrong = np.array([(sure[~answerable] >= bound).mean() for bound in bounds])
    best = int(np.maximum(lost, wrong).argmin())
    return float(bounds[best] + bounds[max(best - 1, 0)]) / 2


def tune(asked: Sequence[Example], stored: Sequence[Example]) -> Weights:
    """All weights; the threshold from the questions asked alone."""
    rank = learn_rank([*asked, *stored])
    training = Judged.of([*asked, *stored], rank)
    return Weights(rank, learn_found(training), choose_threshold(training, len(asked)))


def _scale(features: Features) -> tuple[Features, Features]:
    return features.mean(0), features.std(0) + 1e-6


def main() -> int:
    """The command: learn, store, and print the figures."""
    start = Weights(_zero(fuse.CANDIDATE_FEATURES), _zero(fuse.QUERY_FEATURES), 0.5)
    knowledge, embedder = load(), open_embedder()
    index = Index.open(FOLDER, knowledge, embedder, OFFICIAL, start)
    questions = evaluate.read(evaluate.QUESTIONS)
    asked = examples(index, [question for question in questions if question.split == "dev"])
    fuse.write(tune(asked, stored_examples(knowledge, embedder, OFFICIAL)))
    return evaluate.main([])


def _zero(names: tuple[str, ...]) -> Linear:
    return Linear(names, np.zeros(len(names)), np.ones(len(names)), np.zeros(len(names)), 0.0)


if __name__ == "__main__":
    sys.exit(main())
