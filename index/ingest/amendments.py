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

from index.ingest.documents import Document, Struck
from index.ingest.phrase import strike
from index.ingest.struck import CLOSE, OPEN, STRETCH
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


def as_amended(text: Tracked, document: Document) -> Amended:
    """Take the struck words out, by formatting where the file has it, else by the document's description."""
    if OPEN in text.text:
        return _by_formatting(text)
    if not document.amendment:
        return Amended(text, (), ())
    return _by_description(text, document.struck)


def _by_formatting(text: Tracked) -> Amended:
    found = list(STRETCH.finditer(text.text))
    strikes = tuple(Strike(text.offset(f.start(1)), _line(f[1])) for f in found)
    kept = text.edited((f.start(), f.end(), "") for f in found)
    return Amended(kept.substituted(re.compile(f"[{OPEN}{CLOSE}]"), ""), strikes, ())


def _by_description(text: Tracked, described: Iterable[Struck]) -> Amended:
    strikes: list[Strike] = []
    spans: list[tuple[int, int]] = []
    missing: list[str] = []
    for one in described:
        found = strike(one.words).search(text.text)
        if found is None:
            missing.append(one.words)
            continue
        mine = [found.span(group) for group in range(1, found.re.groups + 1)]
        spans += mine
        strikes += [Strike(text.offset(a), _line(text.text[a:b]), one.of) for a, b in mine]
    kept = text.edited((start, end, "") for start, end in spans)
    return Amended(kept, tuple(strikes), tuple(missing))


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
