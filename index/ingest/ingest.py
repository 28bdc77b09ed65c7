"""Take official documents in: read, recognise, clean, cut, tie to provisions, compare, store, report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from index.ingest.amendments import Amended, as_amended, doubts
from index.ingest.clean import clean
from index.ingest.cut import Cut, Piece, cut
from index.ingest.documents import Document, load_documents
from index.ingest.drift import Stated, drifts
from index.ingest.read import read
from index.ingest.recognise import recognise, revision
from index.ingest.refusal import RefusedError
from index.ingest.report import IngestReport, Unplaced
from index.ingest.store import OfficialPassage, store_document
from index.ingest.tracked import Tracked
from index.ingest.words import own_words, words
from knowledge.model import Knowledge, Provision

AMENDMENT_TEXT = "amendment text"
# A text in which fewer of its document's provisions are found is not that document, whatever its marks say.
_LEAST_SHARE = 0.5
# A shorter leftover is punctuation, or a word that copying lost.
_SHORTEST_LEFTOVER = 40
_OPENING_WORDS = 6


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


def _one(path: Path, store: Path, knowledge: Knowledge, documents: Mapping[str, Document]) -> IngestReport:
    try:
        source = read(path)
        document = recognise(_plain(source.text), documents.values())
        cleaned = clean(Tracked.of(source.text), document)
        if not document.closing.search(_plain(cleaned.text)):
            raise RefusedError(f"it is “{document.title}”, but cut short: its end is missing")
        return _report(path, store, knowledge, document, as_amended(cleaned, document), source.text)
    except RefusedError as error:
        return IngestReport(path, refused=error.reason)


def _plain(text: str) -> str:
    """Text for the document's patterns: without odd spaces, which differ from format to format."""
    return "".join(" " if character.isspace() and character != "\n" else character for character in text)


def _report(
    path: Path, store: Path, knowledge: Knowledge, document: Document, amended: Amended, raw: str
) -> IngestReport:
    provisions = {name: one for name, one in knowledge.provisions.items() if one.document == document.id}
    text = amended.text.text
    found = cut(text, document, provisions)
    passages = list(_passages(text, found, document, amended, provisions))
    matched = tuple(passage.provision for passage in passages)
    if len(matched) < _LEAST_SHARE * len(provisions):
        raise RefusedError(
            f"it has the marks of “{document.title}” but {len(matched)} of its {len(provisions)} provisions"
        )
    changed = store_document(store, document.id, passages)
    stated = _stated(text, found, provisions)
    return IngestReport(
        path=path,
        document=document.id,
        title=document.title,
        changed=changed,
        sections=found.sections,
        matched=matched,
        missing=tuple(name for name in provisions if name not in set(matched)),
        unknown=tuple(name for name, _ in found.unknown),
        unplaced=tuple(_unplaced(amended.text, found, provisions)),
        drifts=tuple(drifts(stated, knowledge)),
        amendment=document.amendment,
        struck_words=sum(len(strike.words.split()) for strike in amended.struck),
        doubts=tuple(_doubts(amended, matched, provisions)),
        notes=tuple(note for note in [revision(_plain(raw), document)] if note),
        offsets=_offsets(amended, found, provisions),
    )


def _passages(
    text: str, found: Cut, document: Document, amended: Amended, provisions: Mapping[str, Provision]
) -> Iterator[OfficialPassage]:
    """One passage for each provision that has words, in the order of `knowledge/`."""
    pieces = {piece.id: piece for piece in found.pieces}
    deleted = _deleted(amended)
    for name, provision in provisions.items():
        piece = pieces.get(name)
        inner = _inner(piece, found) if piece else []
        whole = words(text, piece, inner) if piece else deleted.get(name, "")
        if not whole:
            continue
        yield OfficialPassage(
            provision=name,
            citation=provision.citation,
            heading=piece.heading if piece and piece.heading else provision.heading,
            text=whole,
            own=own_words(text, piece, inner) if piece and inner else whole,
            document=document.id,
            status=f"{provision.status}; {AMENDMENT_TEXT}" if document.amendment else provision.status,
        )


def _deleted(amended: Amended) -> dict[str, str]:
    """The struck words that a provision of their own shows, stretch by stretch."""
    shown: dict[str, list[str]] = {}
    for strike in amended.struck:
        if strike.of is not None:
            shown.setdefault(strike.of, []).append(strike.words)
    return {name: "\n".join(stretches) for name, stretches in shown.items()}


def _inner(piece: Piece, found: Cut) -> list[Piece]:
    return [
        p
        for p in found.pieces
        if p is not piece and piece.start <= p.start and p.end <= piece.end and p.parent
    ]


def _stated(text: str, found: Cut, provisions: Mapping[str, Provision]) -> dict[str, Stated]:
    stated = {}
    for piece in found.pieces:
        if piece.id in provisions:
            inner = _inner(piece, found)
            stated[piece.id] = Stated(own_words(text, piece, inner), words(text, piece, inner), piece.parent)
    return stated


def _unplaced(text: Tracked, found: Cut, provisions: Mapping[str, Provision]) -> Iterator[Unplaced]:
    """Stretches, past the first section or passage, that lie in no piece of a known provision."""
    at = 0
    covering = [(p.start, p.end) for p in found.pieces if p.id in provisions]
    for start, end in [*sorted(covering), (len(text.text), len(text.text))]:
        stretch = " ".join(text.text[at:start].split())
        if start > at and len(stretch) >= _SHORTEST_LEFTOVER:
            opening = " ".join(stretch.split()[:_OPENING_WORDS])
            yield Unplaced(text.offset(at), opening, len(stretch))
        at = max(at, end)


def _offsets(amended: Amended, found: Cut, provisions: Mapping[str, Provision]) -> dict[str, int]:
    offsets = {p.id: amended.text.offset(p.start) for p in found.pieces if p.id in provisions}
    for strike in amended.struck:
        if strike.of is not None and strike.of in provisions:
            offsets.setdefault(strike.of, strike.offset)
    return offsets


def _doubts(amended: Amended, matched: Sequence[str], provisions: Mapping[str, Provision]) -> Iterator[str]:
    for description in amended.not_found:
        yield f"struck words “{description}” are not in the text."
    deleted = {strike.of for strike in amended.struck}
    current = " ".join(provisions[name].text for name in matched if name not in deleted)
    restated = {name: provisions[name].text for name in matched if name in deleted}
    for stretch in doubts(amended.struck, current, restated):
        opening = " ".join(stretch.split()[:_OPENING_WORDS])
        yield f"our restatement still has the words struck from “{opening} …”."
