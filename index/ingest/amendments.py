"""An amendment prints struck and added words run together; tell them apart and keep the rule as amended.

Where the file kept its formatting (HTML, DOCX) the strike marks decide. Where it did not, the document's
description holds a lawyer's reading against the rule as amended: each struck stretch in brackets amid the
words around it. The reading is then compared with our restatement of the amended rule, and where the two
disagree the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.ingest.documents import Document
from index.ingest.phrase import strike, struck_openings
from index.ingest.struck import STRETCH
from index.ingest.tracked import Tracked

_CONTENT = re.compile(r"[a-z]{5,}")
_STEM = 5
# Too few words say nothing; and a restatement is terse, so only a clear difference is worth a lawyer's time.
_FEWEST_WORDS = 12
_CLEARLY = 0.8


@dataclass(frozen=True, slots=True)
class Strike:
    """One struck stretch: where it began in the file, its words, and the provision that shows it, if any."""

    offset: int
    words: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Amended:
    """The rule as amended, what was struck from it, and descriptions of strikes that were not found."""

    text: Tracked
    struck: tuple[Strike, ...]
    not_found: tuple[str, ...]


def without_marked(text: Tracked, document: Document) -> Amended:
    """Take out what the file's own formatting strikes."""
    found = list(STRETCH.finditer(text.text))
    strikes = (Strike(text.offset(f.start(1)), _line(f[1]), _shown_by(f[1], document)) for f in found)
    return Amended(text.edited((f.start(), f.end(), "") for f in found), tuple(strikes), ())


def without_described(text: Tracked, document: Document) -> Amended:
    """Take out what the document's description says is struck; for a file that lost its formatting."""
    strikes: list[Strike] = []
    spans: list[tuple[int, int]] = []
    missing: list[str] = []
    for described in document.struck:
        found = strike(described.words).search(text.text)
        if found is None:
            missing.append(described.words)
            continue
        mine = [found.span(group) for group in range(1, found.re.groups + 1)]
        spans += mine
        strikes += [Strike(text.offset(a), _line(text.text[a:b]), described.of) for a, b in mine]
    return Amended(text.edited((a, b, "") for a, b in spans), tuple(strikes), tuple(missing))


def _shown_by(words: str, document: Document) -> str | None:
    """The provision that shows these struck words, told by the description that has them in brackets."""
    for described in document.struck:
        if described.of and any(part.search(words) for part in struck_openings(described.words)):
            return described.of
    return None


def doubts(struck: Iterable[Strike], restatement: str, deleted: Mapping[str, str]) -> list[str]:
    """Struck stretches that nearly all stand in the restatement of the rule as amended.

    `deleted` maps a provision of struck words to its own restatement, whose words are expected there.
    """
    current = _stems(restatement)
    found = []
    for one in struck:
        words = _stems(one.words) - _stems(deleted.get(one.of or "", ""))
        if len(words) >= _FEWEST_WORDS and len(words & current) > _CLEARLY * len(words):
            found.append(one.words)
    return found


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _CONTENT.findall(text.lower())}


def _line(text: str) -> str:
    return " ".join(text.split())
