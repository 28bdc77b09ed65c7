"""Whom a question is about where that is told by a name: another state, the federal side, a town, a court.

"What may a Texas legislator accept?" is as near to our gift rules as any question about them, and they do not
answer it. So names of places and offices are looked up, and a passage fits only if it speaks of the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NAMES = Path(__file__).with_name("elsewhere.txt")
_WORD = re.compile(r"[a-z0-9]+")
_TRAVEL = re.compile(
    r" (?:to|from|near|via) (?:the )?$"
)  # of a place: where a trip goes, where a giver lives


@dataclass(frozen=True, slots=True)
class Named:
    """The groups of `elsewhere.txt` that a text names; a state's group is its two-letter code."""

    governments: frozenset[str]
    offices: frozenset[str]


class Elsewhere:
    """Knows the names of other governments and of offices outside the state's own."""

    def __init__(self, path: Path = NAMES) -> None:
        self._groups = list(_read(path))

    def named(self, text: str) -> Named:
        """What the text speaks of."""
        plain = _plain(text)
        found = {kind: set[str]() for kind in ("governments", "offices")}
        for kind, group, phrases in self._groups:
            if any(_speaks(plain, phrase) for phrase in phrases):
                found[kind].add(group)
        return Named(frozenset(found["governments"]), frozenset(found["offices"]))


def _read(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    kind = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[] ")
        elif line.strip() and not line.startswith("#"):
            group, _, names = line.partition(":")
            yield kind, group.strip(), [_plain(name) for name in names.split(",")]


def _speaks(plain: str, phrase: str) -> bool:
    at = plain.find(phrase)
    return at >= 0 and not _TRAVEL.search(plain[: at + 1])


def _plain(text: str) -> str:
    """A text's words in the singular between spaces, so that a phrase is found only as whole words."""
    found = _WORD.findall(text.lower().replace("’", "'").replace("'s", ""))
    return f" {' '.join(word.removesuffix('s') for word in found)} "
