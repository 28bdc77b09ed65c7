"""Cut a cleaned document into passages, one for each provision that `knowledge/` has of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.ingest.chain import Candidate, heaviest_chain
from index.ingest.documents import Document
from index.ingest.enumerators import Mark, find_marks, path_of
from index.ingest.phrase import phrase
from index.ingest.sections import Section, find_sections
from knowledge.model import Provision

_LETTERED = re.compile(r"(.+\d)[a-z]")
_BRACKET_END = re.compile(r"(.+)\(\w{1,5}\)")
_NAMED = re.compile(r"(.+?) (?:\(.*\)|[a-z][a-z ]*)")
_SENTENCE_END = re.compile(r"[.!?][”\"')\]]*(?=\s+[A-Z“\"(]|\s*$)|\n\n")
_CLAUSE_END = re.compile(rf"{_SENTENCE_END.pattern}|;(?=\s+(?!(?:and|or)\b)[a-z])")
_CLAUSE = re.compile(r"[;:,](?:\s*(?:and|or),?)?\s*$|\s(?:and|or|as well as),?\s*$")
_TITLE_WINDOW = 250


@dataclass(frozen=True, slots=True)
class Piece:
    """The words of one provision: from `start` (its mark) through `end`, its own first word at `body`."""

    id: str
    start: int
    body: int
    end: int
    heading: str = ""
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """All pieces in order, the section numbers found, and marks that belong to no known provision."""

    pieces: tuple[Piece, ...]
    sections: tuple[str, ...]
    unknown: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Start:
    id: str
    position: int
    body: int
    limit: int
    heading: str = ""


def cut(text: str, document: Document, provisions: Mapping[str, Provision]) -> Cut:
    """Find each provision's words. `provisions` are those of this document, by id."""
    sections = find_sections(text, document.sections) if document.sections else []
    starts = {s.id: _Start(s.id, s.start, s.body, s.end, s.heading) for s in sections}
    unknown = [(s.id, s.start) for s in sections if not _known(s.id, provisions)]
    for section in sections:
        found = find_marks(
            text, section.body, section.history, {p for i in provisions if (p := path_of(i, section.id))}
        )
        for mark in found.found:
            identifier = _name(section, mark)
            starts[identifier] = _Start(identifier, mark.position, mark.position, section.history)
        unknown += [(_name(section, mark), mark.position) for mark in found.unexpected]
    for start in _openings(text, document, sections):
        starts[start.id] = start
    parents = {
        name: None if any(s.id == name for s in sections) else _parent(name, starts, document, provisions)
        for name in starts
    }
    pieces = _pieces(text, document, starts, parents)
    return Cut(pieces, tuple(s.id for s in sections), tuple(sorted(unknown, key=lambda pair: pair[1])))


def _name(section: Section, mark: Mark) -> str:
    return section.id + "".join(f"({label})" for label in mark.path)


def _known(identifier: str, provisions: Mapping[str, Provision]) -> bool:
    return any(
        name == identifier or name.startswith((f"{identifier}(", f"{identifier} ")) for name in provisions
    )


def _openings(text: str, document: Document, sections: Sequence[Section]) -> Iterable[_Start]:
    candidates = [
        Candidate(found.start(), key, 1)
        for key, opening in enumerate(document.passages)
        for found in phrase(opening.begins).finditer(text)
    ]
    for candidate in heaviest_chain(candidates):
        at = candidate.position
        limit = next((s.end for s in sections if s.start <= at < s.end), len(text))
        history = next((s.history for s in sections if s.body <= at < s.history), limit)
        yield _Start(document.passages[candidate.key].id, at, at, history)


def _pieces(
    text: str, document: Document, starts: Mapping[str, _Start], parents: Mapping[str, str | None]
) -> tuple[Piece, ...]:
    ordered = sorted(starts.values(), key=lambda s: (s.position, len(_above(s.id, parents))))
    pieces = []
    for number, start in enumerate(ordered):
        following = (s.position for s in ordered[number + 1 :] if start.id not in _above(s.id, parents))
        end = min(next(following, len(text)), start.limit)
        end = _before_titles(text, start.body, end, document)
        pieces.append(
            Piece(start.id, start.position, min(start.body, end), end, start.heading, parents[start.id])
        )
    return tuple(_without_tail(text, piece, pieces) for piece in pieces)


def _parent(
    identifier: str, known: Mapping[str, object], document: Document, provisions: Mapping[str, Provision]
) -> str | None:
    declared = {o.id: o.within for o in document.passages}.get(identifier)
    declared = declared or (provisions[identifier].parent if identifier in provisions else None)
    if declared in known:
        return declared
    shorter = identifier
    for pattern in (_NAMED, _BRACKET_END, _BRACKET_END, _BRACKET_END, _LETTERED):
        found = pattern.fullmatch(shorter)
        if found and found[1] in known:
            return found[1]
        if found and pattern is not _LETTERED:
            shorter = found[1]
    return None


def _above(identifier: str, parents: Mapping[str, str | None]) -> list[str]:
    above = []
    parent = parents[identifier]
    while parent is not None and parent not in above:
        above.append(parent)
        parent = parents[parent]
    return above


def _before_titles(text: str, start: int, end: int, document: Document) -> int:
    """Where the words end when titles of the next part stand before `end`."""
    changed = True
    while changed:
        changed = False
        for title in document.titles:
            window = text[max(start, end - _TITLE_WINDOW) : end]
            found = re.search(rf"(?:{phrase(title).pattern})[\s:.]*$", window, re.DOTALL)
            if found:
                end -= len(window) - found.start()
                changed = True
    return end


def _without_tail(text: str, piece: Piece, pieces: Sequence[Piece]) -> Piece:
    """The last clause of a list ends with its sentence; what follows belongs to the provision above it.

    Only where its siblings are clauses: a list of whole sentences or paragraphs ends where its parent does.
    """
    siblings = [p for p in pieces if p.parent == piece.parent and _BRACKET_END.fullmatch(p.id)]
    if piece not in siblings or piece != siblings[-1] or len(siblings) < 2:
        return piece
    clauses = [text[p.body : p.end].strip() for p in siblings[:-1]]
    if not all(_CLAUSE.search(clause) for clause in clauses):
        return piece
    inner = max((p.start for p in pieces if p.parent == piece.id), default=piece.body)
    ends = _SENTENCE_END if any(";" in _CLAUSE.sub("", clause) for clause in clauses) else _CLAUSE_END
    found = ends.search(text, inner, piece.end)
    if found is None:
        return piece
    end = found.start() if found.group().isspace() else found.end()
    return Piece(piece.id, piece.start, piece.body, end, piece.heading, piece.parent)
