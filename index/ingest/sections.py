"""Cut a document at its numbered sections, past its table of contents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.ingest import documents
from index.ingest.chain import Candidate, heaviest_chain

_WORDS = re.compile(r"\S+")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_LONGEST_HEADING = 40  # words
_LONGEST_ENTRY = 1000  # characters of the table of contents


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section: its words run from `body` to `end`, its dates of effect from `history` on."""

    id: str
    heading: str
    start: int
    body: int
    history: int
    end: int


def find_sections(text: str, described: documents.Sections) -> list[Section]:
    """Every section once, in order.

    A number that occurs in a table of contents or a cross-reference is followed by few words before the next
    number; the ascending chain that covers most of the text is the body.
    """
    found = list(described.pattern.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    by_start = {match.start(): match for match in found}
    candidates = [
        Candidate(match.start(), natural(match["number"]), end - match.start())
        for match, end in zip(found, ends, strict=True)
    ]
    chain = [by_start[candidate.position] for candidate in heaviest_chain(candidates)]
    contents = {match["number"]: match.end() for match in found if chain and match.start() < chain[0].start()}
    starts = [match.start() for match in chain[1:]] + [len(text)]
    return [
        _section(text, match, end, described, contents.get(match["number"]))
        for match, end in zip(chain, starts, strict=True)
    ]


def _section(
    text: str, match: re.Match[str], end: int, described: documents.Sections, entry: int | None
) -> Section:
    body = match.end()
    closings = list(described.ends.finditer(text, body, end)) if described.ends else []
    if closings:
        end = closings[-1].end()
    heading = match.groupdict().get("heading")
    if heading is None:
        length = _common(text[entry : entry + _LONGEST_ENTRY], text[body:end]) if entry is not None else 0
        heading = text[body : body + length]
        body += length
    history = max(body, closings[-1].start()) if closings else end
    return Section(
        described.id.format(number=match["number"]), _line(heading), match.start(), body, history, end
    )


def _common(entry: str, body: str) -> int:
    """How many characters of the body repeat the entry of the table of contents, in whole words."""
    length = 0
    left, right = _WORDS.finditer(entry), _WORDS.finditer(body)
    for _, a, b in zip(range(_LONGEST_HEADING), left, right, strict=False):
        if _bare(a.group()) != _bare(b.group()):
            break
        length = b.end()
    return length


def _bare(word: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", word).lower()


def _line(text: str) -> str:
    return " ".join(text.split()).strip(" .:;")


def natural(number: str) -> tuple[tuple[int, int, str], ...]:
    """A key that orders section numbers as a lawyer does: 1-92-9, 1-92-24, 1-92-24a, 1-92-25."""
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part.lower())
        for part in re.findall(r"\d+|[^\W\d_]+", number)
    )
