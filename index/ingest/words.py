"""The words of a piece as they are stored: one paragraph a line, each subsection on a line of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from index.ingest.cut import Piece


def words(text: str, piece: Piece, inner: Sequence[Piece]) -> str:
    """All words of the piece; `inner` are the pieces inside it. A section without words gives its heading."""
    found = _lines(text, piece.body, piece.end, (p.start for p in inner))
    return found or (f"{piece.heading}." if piece.heading else "")


def own_words(text: str, piece: Piece, inner: Sequence[Piece]) -> str:
    """The words of the piece that no piece inside it has."""
    kept = []
    at = piece.body
    for start, end in sorted((p.start, p.end) for p in inner):
        if start > at:
            kept.append(_lines(text, at, start, ()))
        at = max(at, end)
    kept.append(_lines(text, at, piece.end, ()))
    return "\n".join(part for part in kept if part)


def _lines(text: str, start: int, end: int, breaks: Iterable[int]) -> str:
    points = [start, *sorted(b for b in breaks if start < b < end), end]
    found = []
    for first, last in pairwise(points):
        found += [" ".join(line.split()) for line in text[first:last].split("\n\n")]
    return "\n".join(line for line in found if line)
