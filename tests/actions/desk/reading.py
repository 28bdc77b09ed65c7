"""The reading level of a text; textstat would need a dictionary that it downloads."""

from __future__ import annotations

import re

_VOWELS = re.compile(r"[aeiouy]+")
# An e that is not spoken: "use", "asked", "rules"; not in "able", "added", "uses", "reaches".
_SILENT = re.compile(
    r"(?:[^aeiouydtl]|[aeiouyr]l)ed$|(?:[^aeiouysxzcgl]|[aeiouy]l|[^s]th)es$|(?:[^aeiouyl]|[aeiouy]l)e$"
)
_SPOKEN = re.compile(r"(?:ch|sh)es$")
_WORD = re.compile(r"[A-Za-z']+")
_SENTENCE = re.compile(r"[.!?:]+(?:\s|$|”)")


def syllables(word: str) -> int:
    """Groups of vowels, less a silent e at the end."""
    letters = word.lower().split("'")[0]
    groups = len(_VOWELS.findall(letters))
    silent = groups > 1 and _SILENT.search(letters) and not _SPOKEN.search(letters)
    return max(1, groups - bool(silent))


def grade(text: str) -> float:
    """The school grade of Flesch and Kincaid."""
    words = _WORD.findall(text)
    sentences = max(1, len(_SENTENCE.findall(text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
