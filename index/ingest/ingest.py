"""Take official documents in: read, recognise, clean, cut, tie to provisions, compare, store, report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.ingest.amendments import Amended, doubts, without_described, without_marked
from index.ingest.clean import clean
from index.ingest.cut import Cut, Piece, cut
from index.ingest.documents import Document, load_documents
from index.ingest.drift import Stated, drifts
from index.ingest.leftover import leftovers, opening
from index.ingest.read import read
from index.ingest.recognise import recognise, revision
from index.ingest.refusal import RefusedError
from index.ingest.report import IngestReport
from index.ingest.store import OfficialPassage, store_document
from index.ingest.struck import unmarked
from index.ingest.tracked import Tracked
from index.ingest.words import own_words, words
from knowledge.model import Knowledge, Provision

AMENDMENT_TEXT = "amendment text"
# A text in which fewer of its document's provisions are found is not that document, whatever its marks say.
_LEAST_SHARE = 0.5
_ODD_SPACE = re.compile(r"[^\S\n]")


def ingest(
    paths: Sequence[Path], store: Path, knowledge: Knowledge, documents: Mapping[str, Document] | None = None
) -> list[IngestReport]:
    """Take in each file and say what became of it, in order; a refused file stops none of the others.

    Args:
        paths: files in any of the formats that `read` knows.
        store: the folder of official passages, `var/official`.
        knowledge: the provisions to tie the text to.
        documents: the known documents; those described under `knowledge/` by default.
    """
    known = load_documents() if documents is None else documents
    return [_one(path, store, knowledge, known) for path in paths]


@dataclass(frozen=True, slots=True)
class _Taken:
    """A recognised document, cut, with its provisions in `knowledge/`."""

    document: Document
    amended: Amended
    found: Cut
    provisions: Mapping[str, Provision]

    @property
    def text(self) -> str:
        return self.amended.text.text

    def inside(self, piece: Piece) -> list[Piece]:
        """The pieces that are part of `piece`."""
        inner = (p for p in self.found.pieces if piece.start <= p.start and p.end <= piece.end)
        return [p for p in inner if p.id != piece.id and p.parent is not None]


def _one(path: Path, store: Path, knowledge: Knowledge, documents: Mapping[str, Document]) -> IngestReport:
    try:
        text = read(path).text
        document = recognise(_plain(text), documents.values())
        amended = _amended(text, document)
        if not document.closing.search(_plain(amended.text.text)):
            raise RefusedError(f"it is “{document.title}”, but cut short: its end is missing")
        provisions = {name: one for name, one in knowledge.provisions.items() if one.document == document.id}
        taken = _Taken(document, amended, cut(amended.text.text, document, provisions), provisions)
        report = _stored(path, store, taken, knowledge)
    except RefusedError as error:
        return IngestReport(path, refused=error.reason)
    other = revision(_plain(text), document)
    return replace(report, notes=(other,)) if other else report


def _amended(text: str, document: Document) -> Amended:
    """The cleaned text of the rule in force, without what an amendment strikes."""
    formatted = without_marked(Tracked.of(text), document)
    cleaned = clean(formatted.text, document)
    if formatted.struck:
        return replace(formatted, text=cleaned)
    return without_described(cleaned, document)


def _plain(text: str) -> str:
    """Text for the document's patterns: without odd spaces and marks, which differ from format to format."""
    return _ODD_SPACE.sub(" ", unmarked(text))


def _stored(path: Path, store: Path, taken: _Taken, knowledge: Knowledge) -> IngestReport:
    passages = list(_passages(taken))
    matched = tuple(passage.provision for passage in passages)
    document, found, provisions = taken.document, taken.found, taken.provisions
    if len(matched) < _LEAST_SHARE * len(provisions) or not matched:
        raise RefusedError(
            f"it has the marks of “{document.title}” but {len(matched)} of its {len(provisions)} provisions"
        )
    return IngestReport(
        path=path,
        document=document.id,
        title=document.title,
        changed=store_document(store, document.id, passages),
        sections=found.sections,
        matched=matched,
        missing=tuple(name for name in provisions if name not in set(matched)),
        unknown=tuple(name for name, _ in found.unknown),
        unplaced=tuple(leftovers(taken.amended.text, found, document, provisions)),
        drifts=tuple(drifts(_stated(taken), knowledge)),
        amendment=document.amendment,
        struck_words=sum(len(strike.words.split()) for strike in taken.amended.struck),
        doubts=tuple(_doubts(taken)),
        offsets=_offsets(taken),
    )


def _passages(taken: _Taken) -> Iterator[OfficialPassage]:
    """One passage for each provision that has words, in the order of `knowledge/`."""
    pieces = {piece.id: piece for piece in taken.found.pieces}
    deleted = _deleted(taken.amended)
    for name, provision in taken.provisions.items():
        piece = pieces.get(name)
        inner = taken.inside(piece) if piece else []
        whole = words(taken.text, piece, inner) if piece else deleted.get(name, "")
        if not whole:
            continue
        yield OfficialPassage(
            provision=name,
            citation=provision.citation,
            heading=piece.heading if piece and piece.heading else provision.heading,
            text=whole,
            own=own_words(taken.text, piece, inner) if piece and inner else whole,
            document=taken.document.id,
            status=f"{provision.status}; {AMENDMENT_TEXT}" if taken.document.amendment else provision.status,
        )


def _deleted(amended: Amended) -> dict[str, str]:
    """The struck words that a provision of their own shows, stretch by stretch."""
    shown: dict[str, list[str]] = {}
    for strike in amended.struck:
        if strike.of is not None:
            shown.setdefault(strike.of, []).append(strike.words)
    return {name: "\n".join(stretches) for name, stretches in shown.items()}


def _stated(taken: _Taken) -> dict[str, Stated]:
    stated = {}
    for piece in taken.found.pieces:
        if piece.id in taken.provisions:
            inner = taken.inside(piece)
            own, whole = own_words(taken.text, piece, inner), words(taken.text, piece, inner)
            stated[piece.id] = Stated(own, whole, piece.parent)
    return stated


def _offsets(taken: _Taken) -> dict[str, int]:
    """Where in the file each provision begins."""
    offset = taken.amended.text.offset
    offsets = {p.id: offset(p.start) for p in taken.found.pieces if p.id in taken.provisions}
    for strike in taken.amended.struck:
        if strike.of is not None and strike.of in taken.provisions:
            offsets.setdefault(strike.of, strike.offset)
    return offsets


def _doubts(taken: _Taken) -> Iterator[str]:
    for description in taken.amended.not_found:
        yield f"struck words “{description}” are not in the text."
    deleted = {strike.of for strike in taken.amended.struck}
    current = " ".join(one.text for name, one in taken.provisions.items() if name not in deleted)
    restated = {name: one.text for name, one in taken.provisions.items() if name in deleted}
    for stretch in doubts(taken.amended.struck, current, restated):
        yield f"our restatement still has the words struck from “{opening(stretch)} …”."
