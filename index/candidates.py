"""The provisions worth ranking for a query, each with what dense and lexical retrieval say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.coverage import Coverage
from index.dense import Dense
from index.elsewhere import Elsewhere
from index.embed import Vectors
from index.fuse import CANDIDATE_FEATURES, QUERY_FEATURES, Features, reciprocal_ranks
from index.lexical import Lexical, Overlap
from index.passages import parent_of
from index.rows import Kind, context
from index.subject import Subject
from knowledge.model import Pack, Provision

NEAREST_ROWS = 160
BEST_WORDS = 40
# Ranking must not hang on which documents a deployer ingested, so an official sentence counts only when it is
# all but quoted.
QUOTED = 0.8
CLOSENESS = 25.0  # how much the nearest of a crowd outweigh the others
NONE = -1.0  # the similarity of a row that does not exist


class Fit(NamedTuple):
    """Whether the question names a government or an office that the provision does not; `Coverage.share`.

    `crowd` is above 0 where more stored questions than uncovered subjects are near the question.
    """

    other_government: bool
    other_office: bool
    met: float
    crowd: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """Provisions by place, and for each one row of `CANDIDATE_FEATURES`."""

    places: NDArray[np.int64]
    features: Features
    overlap: Overlap
    topics: NDArray[np.int64]
    uncovered: float  # how near the nearest subject that no provision covers is
    subject: float  # how much the question looks like those that provisions answer
    length: int  # words
    fit: Callable[[int], Fit]  # how one candidate fits the question's words

    def query_features(self, order: NDArray[np.int64], scores: Features) -> Features:
        """One row of `QUERY_FEATURES`, given the candidates' order and scores."""
        top = self.features[order[:5]]
        first = top[0]
        at = {name: number for number, name in enumerate(CANDIDATE_FEATURES)}
        best = scores[order]
        nearest = top[:, at["nearest"]]
        fit = self.fit(int(self.places[order[0]]))
        values = {
            "best": best[0],
            "margin": best[0] - best[1:6].mean() if len(best) > 1 else 0.0,
            "nearest": nearest.max(),
            "answers": first[at["answers"]],
            "context": first[at["context"]],
            "sentence": first[at["sentence"]],
            "coverage": first[at["coverage"]],
            "coverage_of_top": top[:, at["coverage"]].max(),
            "unknown": self.overlap.unknown,
            "agreement": first[at["dense_rank"]] + first[at["bm25_rank"]],
            "cohesion": (self.topics[order[:5]] == self.topics[order[0]]).mean(),
            "uncovered": self.uncovered,
            "uncovered_margin": nearest.max() - self.uncovered,
            "mean_nearest": nearest.mean(),
            "bm25": first[at["bm25"]],
            "length": min(self.length, 20) / 10,
            "subject": self.subject,
            **fit._asdict(),
        }
        return np.array([values[name] for name in QUERY_FEATURES])


class Gather:
    """Finds the candidates of a query and measures them."""

    def __init__(
        self,
        provisions: Mapping[str, Provision],
        packs: Mapping[str, Pack],
        rows: NDArray[np.int32],
        dense: Dense,
        lexical: Lexical,
        subject: Subject,
        coverage: Coverage,
    ) -> None:
        self._dense, self._lexical = dense, lexical
        self._subject, self._coverage, self._elsewhere = subject, coverage, Elsewhere()
        self._provisions, self._names, self._of_pack = provisions, list(provisions), packs
        self._kinds, self._owners = rows[:, 0], rows[:, 1]
        self._uncovered = dense.vectors[self._kinds == Kind.UNCOVERED]
        self._answers = dense.vectors[self._kinds == Kind.ANSWERS]
        self._count = len(provisions)
        owned = self._owners[self._owners >= 0]
        self._starts = np.searchsorted(owned, np.arange(self._count + 1))
        place = {identifier: number for number, identifier in enumerate(provisions)}
        parents = [parent_of(identifier, provisions) for identifier in provisions]
        self._parents = np.array([place[parent] if parent else -1 for parent in parents])
        self._depth = np.array([identifier.count("(") for identifier in provisions], float)
        statuses = [provision.status for provision in provisions.values()]
        self._dead = np.array([status.startswith(("repealed", "reserved")) for status in statuses], float)
        topics = {
            topic: number for number, topic in enumerate(sorted({one.topic for one in provisions.values()}))
        }
        self._topics = np.array([topics[provision.topic] for provision in provisions.values()])
        self._packs = np.array([provision.pack for provision in provisions.values()])
        self._opinions = np.array([provision.kind == "opinion" for provision in provisions.values()], float)
        source = {document for pack in packs.values() for document in pack.documents}
        self._others = np.array(
            [provision.document not in source for provision in provisions.values()], float
        )

    def gather(
        self,
        text: str,
        vector: Vectors,
        query: Mapping[str, float],
        visible: NDArray[np.bool_] | None = None,
        pack: str | None = None,
    ) -> Candidates:
        """The candidates among the provisions marked in `visible`, for a person of `pack`.

        Args:
            text: the question; `vector` and `query` are its embedding and its weighted stems.
        """
        overlap = self._lexical.overlap(query)
        places = self._places(vector, overlap, visible)
        best = self._similarities(places, vector)
        features = self._features(places, best, overlap, pack)
        uncovered = float((self._uncovered @ vector).max()) if len(self._uncovered) else NONE
        return Candidates(
            places,
            features,
            overlap,
            self._topics[places],
            uncovered,
            self._subject.score(vector),
            len(text.split()),
            partial(self._fit, text, vector),
        )

    def _fit(self, text: str, vector: Vectors, place: int) -> Fit:
        provision = self._provisions[self._names[place]]
        whole = " ".join(
            (context(provision, self._provisions, self._of_pack), provision.text, *provision.answers)
        )
        asked, said = self._elsewhere.named(text), self._elsewhere.named(whole)
        pack = self._of_pack.get(provision.pack)
        own = {pack.jurisdiction} if pack else set()
        return Fit(
            bool(asked.governments - said.governments - own),
            bool(asked.offices - said.offices),
            self._coverage.share(text, whole, self._lexical.rarity),
            _crowd(self._answers @ vector) - _crowd(self._uncovered @ vector),
        )

    def _places(
        self, vector: Vectors, overlap: Overlap, visible: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        seen_rows = self._owners >= 0
        if visible is not None:
            seen_rows &= visible[self._owners]
        near = self._owners[self._dense.nearest(vector, NEAREST_ROWS, seen_rows)]
        scores = overlap.scores if visible is None else np.where(visible, overlap.scores, 0.0)
        wanted = min(BEST_WORDS, self._count)
        by_words = np.argpartition(-scores, wanted - 1)[:wanted]
        by_words = by_words[scores[by_words] > 0]
        found = np.union1d(near, by_words)
        parents = self._parents[found]
        return np.union1d(found, parents[parents >= 0]).astype(np.int64)

    def _similarities(self, places: NDArray[np.int64], vector: Vectors) -> Vectors:
        """For each candidate the highest similarity by kind of row; last, that of its second best answer."""
        best = np.full((len(places), len(Kind)), NONE, np.float32)
        spans = [np.arange(self._starts[place], self._starts[place + 1]) for place in places]
        rows = np.concatenate(spans)
        owner = np.repeat(np.arange(len(places)), [len(span) for span in spans])
        likeness = self._dense.vectors[rows] @ vector
        kinds = self._kinds[rows]
        np.maximum.at(best, (owner, kinds), likeness)
        second = (kinds == Kind.ANSWERS) & (likeness < best[owner, Kind.ANSWERS])
        np.maximum.at(best, (owner[second], np.int64(Kind.UNCOVERED)), likeness[second])
        quoted = np.where(best[:, Kind.OFFICIAL] >= QUOTED, best[:, Kind.OFFICIAL], NONE)
        for kind in (Kind.CONTEXT, Kind.SENTENCE):
            best[:, kind] = np.maximum(best[:, kind], quoted)
        return best[:, : Kind.OFFICIAL]

    def _features(
        self, places: NDArray[np.int64], best: Vectors, overlap: Overlap, pack: str | None
    ) -> Features:
        answers, context, sentence, heading, second = best.T
        has_answers = answers > NONE
        text = np.maximum(context, sentence)
        answers = np.where(has_answers, answers, text)
        second = np.where(second > NONE, second, np.minimum(answers, text))
        nearest = np.maximum(answers, text)
        bm25 = overlap.scores[places]
        best_bm25 = max(float(bm25.max()), 1e-6)
        by_place = dict(zip(places.tolist(), nearest.tolist(), strict=True))
        parents = self._parents[places]
        parent = np.array([by_place.get(above, NONE) if above >= 0 else NONE for above in parents.tolist()])
        columns: dict[str, Sequence[float] | NDArray[np.floating] | NDArray[np.bool_]] = {
            "nearest": nearest,
            "answers": answers,
            "answers_second": second,
            "context": context,
            "sentence": sentence,
            "heading": heading,
            "bm25": bm25 / 10,
            "bm25_of_best": bm25 / best_bm25,
            "coverage": overlap.coverage[places],
            "family": self._family(places, parents, nearest),
            "parent": np.where(parent > NONE, parent, nearest),
            "dense_rank": reciprocal_ranks(nearest),
            "bm25_rank": reciprocal_ranks(bm25),
            "depth": self._depth[places],
            "repealed": self._dead[places],
            "own_pack": self._packs[places] == pack,
            "opinion": self._opinions[places],
            "beside_documents": self._others[places],
        }
        return np.column_stack([np.asarray(columns[name], float) for name in CANDIDATE_FEATURES])

    def _family(self, places: NDArray[np.int64], parents: NDArray[np.int64], nearest: Vectors) -> Features:
        """The mean of the nearest two of a candidate's family: itself, its parent, siblings and children."""
        families: dict[int, list[float]] = {}
        for place, parent, value in zip(places.tolist(), parents.tolist(), nearest.tolist(), strict=True):
            families.setdefault(parent if parent >= 0 else place, []).append(value)
        best = {family: sorted(values)[-2:] for family, values in families.items()}
        means = {family: sum(values) / len(values) for family, values in best.items()}
        keys = np.where(parents >= 0, parents, places)
        return np.array([means[key] for key in keys.tolist()])


def _crowd(likeness: Vectors) -> float:
    """Between the highest likeness and a little more, the more rows come near it."""
    return float(np.log(np.exp(CLOSENESS * likeness).sum()) / CLOSENESS) if len(likeness) else NONE
