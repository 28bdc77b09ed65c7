"""Short phrases as patterns: spaces, quotation marks and dashes match whatever form a file gives them."""

from __future__ import annotations

import functools
import re

_LIKE = {
    "'": "['’‘`]", "’": "['’‘`]", "‘": "['’‘`]",
    '"': '["“”]', "“": '["“”]', "”": '["“”]',
    "-": "[-‐‑–—]", "–": "[-‐‑–—]", "—": "[-‐‑–—]",
}  # fmt: skip
_GAP = "…"
_NEAR = 120
_FAR = 2500
_TELLING_WORDS = 3
_BRACKETED = re.compile(r"\[([^\[\]]+)\]")


def _literal(words: str) -> str:
    return "".join(r"\s+" if part.isspace() else _characters(part) for part in re.split(r"(\s+)", words))


def _characters(word: str) -> str:
    return "".join(_LIKE.get(character, re.escape(character)) for character in word)


def _with_gaps(words: str, reach: int) -> str:
    return rf".{{0,{reach}}}?".join(_literal(part.strip()) for part in words.split(_GAP))


@functools.cache
def phrase(words: str) -> re.Pattern[str]:
    """A pattern for an opening phrase; `…` stands for up to `_NEAR` characters.

    Raises:
        ValueError: the phrase is blank.
    """
    if not words.replace(_GAP, "").strip():
        raise ValueError("a phrase needs words")
    return re.compile(_with_gaps(words.strip(), _NEAR), re.DOTALL)


@functools.cache
def strike(words: str) -> re.Pattern[str]:
    """A pattern for words in which `[brackets]` hold what is struck; each bracket is a group.

    `…` stands for up to `_FAR` characters. Spaces beside a bracket match any white space, or none.

    Raises:
        ValueError: nothing stands in brackets, or brackets do not pair.
    """
    parts = _BRACKETED.split(words)
    if len(parts) < 3 or any("[" in part or "]" in part for part in parts[::2]):
        raise ValueError("struck words stand in [brackets]")
    pattern = []
    for index, part in enumerate(parts):
        if index % 2:
            pattern.append(f"({_with_gaps(part.strip(), _FAR)})")
        elif part.strip():
            pattern.append(_with_gaps(part.strip(), _NEAR))
    return re.compile(r"\s*".join(pattern), re.DOTALL)


def struck_openings(words: str) -> list[re.Pattern[str]]:
    """How each bracket of a strike begins: up to its first `…`, where that is enough to know it by."""
    openings = []
    for part in _BRACKETED.findall(words):
        first = part.split(_GAP)[0]
        telling = first if len(first.split()) >= _TELLING_WORDS else part
        openings.append(re.compile(_with_gaps(telling.strip(), _FAR), re.DOTALL))
    return openings
