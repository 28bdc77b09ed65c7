"""Whom a question is about where that is told by a name: another state, the federal side, a town, a court.

"What may a Texas legislator accept?" is as near to our gift rules as any question about them, and they do not
answer it. So names of places and offices are looked up, and a passage fits only if it speaks of the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from index.lexical import stem

NAMES = Path(__file__).with_name("elsewhere.txt")
_WORD = re.compile(r"[a-z0-9]+")


class Elsewhere:
    """Reads which groups of `elsewhere.txt` a text names; a state's group is its two-letter code."""

    def __init__(self, path: Path = NAMES) -> None:
        self._phrases = {group: tuple(phrases) for group, phrases in _read(path)}

    def groups(self, text: str) -> frozenset[str]:
        """The groups of which the text holds a name."""
        plain = _plain(text)
        return frozenset(
            group for group, phrases in self._phrases.items() if any(phrase in plain for phrase in phrases)
        )


def _read(path: Path) -> Iterator[tuple[str, list[str]]]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            group, _, names = line.partition(":")
            yield group.strip(), [_plain(name) for name in names.split(",")]


def _plain(text: str) -> str:
    """The stems of a text's words between spaces, so that a phrase is found only as whole words."""
    found = _WORD.findall(text.lower().replace("’", "'").replace("'s", ""))
    return f" {' '.join(stem(word) for word in found)} "
