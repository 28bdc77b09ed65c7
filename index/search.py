"""Search: questions in, provisions out; or an honest "nothing found"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import fuse, store
from index.candidates import Candidates, Gather
from index.coverage import Coverage
from index.embed import Embedder, Vectors
from index.expand import Expansion
from index.extract import Extract, mark, status_note
from index.lexical import words
from index.passages import Passage
from index.spelling import Spelling
from knowledge.model import Knowledge

OFFICIAL = Path("var/official")
RELATED = 0.35  # how near a passage must be to be shown as related
SECOND_ANSWERS = ("opinion", "beside_documents")


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query; `score` is its share among all candidates, between 0 and 1."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The sentences that answer a question, as they stand in the first hit's passage.

    `found` is False where nothing fits; then `text` is empty and `hits` are only the nearest passages.
    `marks` are (start, end) in the passage; `status` says what became of the provision ("superseded: …").
    """

    found: bool
    text: str
    hits: tuple[Hit, ...]
    passage: Passage | None = None
    marks: tuple[tuple[int, int], ...] = ()
    citation: str = ""
    status: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class _Ranked:
    vector: Vectors
    places: NDArray[np.int64]
    scores: NDArray[np.float64]
    features: Callable[[], fuse.Features]  # of the question; only an answer needs them


class Index:
    """All passages, searched by meaning and by word."""

    def __init__(
        self,
        knowledge: Knowledge,
        embedder: Embedder,
        stored: store.Stored,
        weights: fuse.Weights | None = None,
    ) -> None:
        self._knowledge, self._embedder = knowledge, embedder
        self.weights = weights or fuse.read()
        self.provisions = list(knowledge.provisions.values())
        coverage = Coverage(stored.forms, stored.form_vectors, embedder.encode)
        self.gather = Gather(
            knowledge.provisions,
            knowledge.packs,
            stored.rows,
            stored.dense,
            stored.lexical,
            stored.subject,
            coverage,
        )
        self.expansion = Expansion(knowledge.glossary.values())
        self._spelling = Spelling(_texts(knowledge))
        self._extract = Extract(stored.rows, stored.dense, stored.lexical)
        self._passages: dict[str, list[tuple[int, Passage]]] = {}
        for number, passage in enumerate(stored.passages):
            self._passages.setdefault(passage.provision, []).append((number, passage))
        self._sight: dict[str, NDArray[np.bool_]] = {}

    @classmethod
    def open(
        cls,
        folder: Path,
        knowledge: Knowledge,
        embedder: Embedder,
        official: Path = OFFICIAL,
        weights: fuse.Weights | None = None,
    ) -> Index:
        """The index that `python -m index.build` made from this knowledge, these documents and this model.

        Raises:
            IndexError_: it is missing, damaged or made from something else; names the file.
        """
        sources = store.fingerprints(knowledge, official, embedder.identity)
        store.verify(folder, sources)
        return cls(knowledge, embedder, store.read(folder, len(knowledge.provisions)), weights)

    def search(self, query: str, *, pack: str | None = None, k: int = 5) -> list[Hit]:
        """The `k` provisions that fit the query best, each once, official words first.

        Args:
            pack: only what binds this pack's people; None searches everything.

        Raises:
            KeyError: there is no such pack.
        """
        ranked = self._rank(query, pack)
        return [] if ranked is None else self._hits(ranked, k)

    def answer(self, query: str, *, pack: str | None = None, k: int = 3) -> Answer:
        """The sentence or two that answer the question, or `found=False` where nothing fits well enough."""
        ranked = self._rank(query, pack)
        if ranked is None:
            return Answer(False, "", ())
        hits = tuple(self._hits(ranked, k))
        confidence = fuse.probability(float(self.weights.found.score(ranked.features()[None])[0]))
        if not hits or confidence < self.weights.threshold:
            return Answer(False, "", hits, confidence=confidence)
        place = int(ranked.places[0])
        number, passage = self._best(place, ranked.vector)
        marks = self._extract.marks(number, passage, ranked.vector, words(query))
        hits = (Hit(passage, hits[0].score), *hits[1:])
        return Answer(
            True,
            mark(passage, marks),
            hits,
            passage,
            marks,
            passage.citation,
            status_note(self.provisions[place]),
            confidence,
        )

    def passages(self, provisions: Sequence[str]) -> list[Passage]:
        """The passages of these provisions, exactly: the official words where installed, else ours.

        Raises:
            KeyError: there is no such provision.
        """
        return [passage for identifier in dict.fromkeys(provisions) for passage in self._shown(identifier)]

    def related(
        self, provisions: Sequence[str], query: str, *, pack: str | None, k: int = 2
    ) -> list[Passage]:
        """The nearest passages outside the provisions already cited, their parents and their children.

        An opinion is as good as any provision here, and nothing far from the query is shown to make up `k`.
        """
        query = self._spelling.repair(query)
        if not query.strip():
            return []
        near = self._candidates(query, self._vector(query), pack)
        if near is None:
            return []
        scores = self.weights.rank.without(SECOND_ANSWERS).score(near.features)
        likeness = near.features[:, fuse.CANDIDATE_FEATURES.index("nearest")]
        cited, found = set(provisions), list[Passage]()
        for at in np.argsort(-scores, kind="stable").tolist():
            provision = self.provisions[near.places[at]]
            dead = provision.status.startswith(("repealed", "reserved"))
            if likeness[at] < RELATED or dead or any(_kin(provision.id, other) for other in cited):
                continue
            found += self._shown(provision.id)[:1]
            cited.add(provision.id)
            if len(found) == k:
                break
        return found

    def candidates(self, query: str, pack: str | None = None) -> Candidates | None:
        """What ranking starts from; None for a query without any word."""
        query = self._spelling.repair(query)
        return None if not query.strip() else self._candidates(query, self._vector(query), pack)

    def _vector(self, query: str) -> Vectors:
        vector: Vectors = self._embedder.encode([query])[0]
        return vector

    def _candidates(self, query: str, vector: Vectors, pack: str | None) -> Candidates | None:
        found = self.gather.gather(query, vector, self.expansion.weigh(query), self._visible(pack), pack)
        return found if len(found.places) else None

    def _rank(self, query: str, pack: str | None) -> _Ranked | None:
        query = self._spelling.repair(query)
        if not query.strip():
            return None
        vector = self._vector(query)
        found = self._candidates(query, vector, pack)
        if found is None:
            return None
        scores = self.weights.rank.score(found.features)
        order = np.argsort(-scores, kind="stable")
        features = partial(found.query_features, order, scores)
        return _Ranked(vector, found.places[order], fuse.shares(scores[order]), features)

    def _hits(self, ranked: _Ranked, k: int) -> list[Hit]:
        pairs = zip(ranked.places[:k].tolist(), ranked.scores[:k].tolist(), strict=True)
        return [Hit(self._best(place, ranked.vector)[1], score) for place, score in pairs]

    def _best(self, place: int, vector: Vectors) -> tuple[int, Passage]:
        return self._extract.best_passage(self._passages[self.provisions[place].id], vector)

    def _shown(self, identifier: str) -> list[Passage]:
        own = [passage for _, passage in self._passages[identifier]]
        return [passage for passage in own if passage.kind == own[0].kind]

    def _visible(self, pack: str | None) -> NDArray[np.bool_] | None:
        if pack is None:
            return None
        if pack not in self._sight:
            packs = set(visible_packs(pack, self._knowledge))
            self._sight[pack] = np.array([provision.pack in packs for provision in self.provisions])
        return self._sight[pack]


def _texts(knowledge: Knowledge) -> Iterator[str]:
    for provision in knowledge.provisions.values():
        yield from (provision.heading, provision.text, *provision.answers)
    for term in knowledge.glossary.values():
        yield from (term.term, *term.synonyms)


def visible_packs(pack: str, knowledge: Knowledge) -> Iterator[str]:
    """The packs whose provisions a pack's people see: its own, those it extends, and of the same documents.

    The Connecticut regulations bind state servants and lobbyists alike and are one document, so each sees the
    other's part. What belongs to no pack is common.
    """
    chain = list(_chain(pack, knowledge))
    documents = {document for name in chain for document in knowledge.packs[name].documents}
    yield from ("", "common", *chain)
    for other in knowledge.packs.values():
        if other.id not in chain and documents & set(other.documents):
            yield other.id


def _chain(pack: str, knowledge: Knowledge) -> Iterable[str]:
    above: str | None = pack
    while above is not None:
        yield above
        above = knowledge.packs[above].extends


def _kin(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}(") or other.startswith(f"{one}(")
