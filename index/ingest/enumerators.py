"""Find the subsections of one section: (a), (1), (A), (i), among all the brackets that only refer to them.

The provisions that `knowledge/` has of the section say which marks to expect and in which order; how each
bracket stands in the text says how likely it is to be one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.ingest.chain import Candidate, heaviest_chain

_BRACKET = re.compile(r"\((\w{1,5})\)")
_PATH = re.compile(r"(?:\(\w{1,5}\))+")
_NOUN = re.compile(r"\b(?:sub)*(?:section|division|paragraph|clause|part|item|article|chapter)s?\s*$", re.I)
_IN_A_LIST_OF_MARKS = re.compile(r"\(\w{1,5}\)(?:,|\s+(?:and|or|to|through))*\s*$|\d[a-z]*\s?$|\([\w ]*$")
_REFERRED = re.compile(
    r"\s*(?:,\s*(?:above|below|and|or)\b|above\b|below\b|(?:and|or|to|through)\s+\(|,\s*\(|\()"
)
_MARKS_BEFORE = re.compile(r"(?:\(\w{1,5}\)\s?)+$")
_CLAUSE_ENDS = re.compile(r"(?:[.;:,]|[;,]\s*(?:and|or|and,|or,))\s*$")
_ROMAN = re.compile(r"[ivxl]+")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50}
# How likely a bracket is a beginning, by where it stands. Only their order and rough size matter.
_STANDS_FIRST = 12
_INSIDE_A_LINE = 2
_AFTER_A_CLAUSE = 6

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A bracket that begins a subsection: its path of labels below the section, and where it stands."""

    path: Path
    position: int


@dataclass(frozen=True, slots=True)
class Marks:
    """The subsections found, and those that go on a list beyond its last expected one."""

    found: tuple[Mark, ...]
    unexpected: tuple[Mark, ...]


def path_of(identifier: str, section: str) -> Path:
    """The labels below `section` in an id, `("b", "1")` for `…(b)(1)`; empty for anything else."""
    rest = identifier.removeprefix(section)
    if rest == identifier or not _PATH.fullmatch(rest):
        return ()
    return tuple(_BRACKET.findall(rest))


def find_marks(text: str, start: int, end: int, expected: Iterable[Path]) -> Marks:
    """The expected subsections between two positions of the text; those that cannot be found are left out."""
    paths = in_order(expected)
    weights = {
        found.start(): (found[1], _weight(text, start, found))
        for found in _BRACKET.finditer(text, start, end)
    }
    candidates = [
        Candidate(position, key, weight - (label != path[-1]))
        for position, (label, weight) in weights.items()
        for key, path in enumerate(paths)
        if path[-1].lower() == label.lower()
    ]
    chain = heaviest_chain(candidates)
    found = tuple(Mark(paths[candidate.key], candidate.position) for candidate in chain)
    likely = [(place, label) for place, (label, weight) in weights.items() if weight > _AFTER_A_CLAUSE]
    return Marks(found, tuple(_going_on(found, paths, likely)))


def _going_on(
    found: Sequence[Mark], paths: Sequence[Path], likely: Sequence[tuple[int, str]]
) -> Iterator[Mark]:
    """Marks that carry the label after the last of a list, where that list may still go on."""
    following = {path[:-1]: _next(path[-1]) for path in paths}
    for position, label in likely:
        before = [mark.path for mark in found if mark.position < position]
        if not before or any(mark.position == position for mark in found):
            continue
        for depth in range(len(before[-1]), -1, -1):
            if following.get(before[-1][:depth]) == label:
                yield Mark((*before[-1][:depth], label), position)
                break


def _next(label: str) -> str | None:
    if label.isdigit():
        return str(int(label) + 1)
    return chr(ord(label) + 1) if len(label) == 1 and label not in "zZ" else None


def _weight(text: str, start: int, found: re.Match[str]) -> int:
    """How much a bracket looks like the beginning of a subsection; 0 where it only refers to one."""
    before = text[max(start, found.start() - 60) : found.start()]
    ahead = _MARKS_BEFORE.sub("", before)
    if not ahead.strip() or ahead.endswith("\n\n"):
        return _STANDS_FIRST + bool(_CLAUSE_ENDS.search(ahead))
    if _NOUN.search(before) or _IN_A_LIST_OF_MARKS.search(before) or _REFERRED.match(text, found.end()):
        return 0
    return _INSIDE_A_LINE + (_AFTER_A_CLAUSE if _CLAUSE_ENDS.search(before) else 0)


def in_order(paths: Iterable[Path]) -> list[Path]:
    """Paths as they stand in the text: each before those below it, siblings by number, letter or numeral."""
    wanted = set(paths)
    children: dict[Path, set[str]] = {}
    for path in wanted:
        for depth in range(len(path)):
            children.setdefault(path[:depth], set()).add(path[depth])
    return [path for path in _descend((), children) if path in wanted]


def _descend(above: Path, children: dict[Path, set[str]]) -> Iterator[Path]:
    for label in _sorted(children.get(above, set())):
        yield (*above, label)
        yield from _descend((*above, label), children)


def _sorted(labels: set[str]) -> list[str]:
    roman = len(labels) > 1 and all(_ROMAN.fullmatch(label.lower()) for label in labels)
    return sorted(labels, key=lambda label: _rank(label, roman))


def _rank(label: str, roman: bool) -> tuple[int, str]:
    if label.isdigit():
        return int(label), ""
    if roman:
        return _roman(label.lower()), ""
    return len(label), label.lower()


def _roman(label: str) -> int:
    values: Sequence[int] = [_ROMAN_VALUES[character] for character in label]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
