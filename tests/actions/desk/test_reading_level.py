"""Our own words are plain: Flesch-Kincaid grade 8 or below."""

from __future__ import annotations

import re

import pytest

from actions.desk import phrasing, questions, read
from actions.desk.handlers import courtesy, people, replies

# The formula says nothing about a few words.
SHORTEST = 8
GRADE = 8.0
SAID = [
    phrasing.DISCLAIMER,
    phrasing.NOTICE,
    courtesy.ABLE,
    courtesy.START,
    people.WRONGDOING,
    replies.OTHER,
    *read.EXPECTED.values(),
    *questions.HINTS.values(),
]


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end aside: near a dictionary's count on plain prose."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)


def grade(text: str) -> float:
    """The school grade of Flesch and Kincaid."""
    words = re.findall(r"[a-z']+", text.lower())
    sentences = max(1, len(re.findall(r"[.!?:]+(?:\s|$|”)", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize("text", [text for text in SAID if len(text.split()) >= SHORTEST])
def test_what_the_desk_says_is_plain(text: str) -> None:
    assert grade(text) <= GRADE


def test_the_grade_tells_plain_from_learned() -> None:
    assert grade("The dog ran to the old red barn and sat down.") < 3
    assert grade("Notwithstanding regulatory obligations, remuneration constitutes consideration.") > 15
