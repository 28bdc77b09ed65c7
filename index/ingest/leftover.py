"""What of an official text lies in no provision of ours, its known titles and dates of effect apart."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from index.ingest.cut import Cut
from index.ingest.documents import Document
from index.ingest.phrase import phrase
from index.ingest.report import Unplaced
from index.ingest.tracked import Tracked

# A shorter leftover is punctuation, or a word that copying tore off.
_SHORTEST = 40
_OPENING_WORDS = 6


def leftovers(
    text: Tracked, found: Cut, document: Document, provisions: Container[str]
) -> Iterator[Unplaced]:
    """The stretches, in order, each with its first words."""
    at = 0
    covered = sorted((p.start, p.end) for p in found.pieces if p.id in provisions)
    for start, end in [*covered, (len(text.text), len(text.text))]:
        if start > at:
            stretch = " ".join(_without_titles(text.text[at:start], document).split())
            if len(stretch) >= _SHORTEST:
                yield Unplaced(text.offset(at), opening(stretch), len(stretch))
        at = max(at, end)


def opening(words: str) -> str:
    """The first few words."""
    return " ".join(words.split()[:_OPENING_WORDS])


def _without_titles(stretch: str, document: Document) -> str:
    patterns: list[re.Pattern[str]] = [phrase(title) for title in document.titles]
    if document.sections and document.sections.ends:
        patterns.append(document.sections.ends)
    for pattern in patterns:
        stretch = pattern.sub(" ", stretch)
    return stretch
