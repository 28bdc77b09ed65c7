from __future__ import annotations

import pytest

from index.search import Index
from index.spelling import Spelling

SPELLING = Spelling(["A lobbyist registers before the hearing.", "Gifts from a supervisor"])


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("lobyist", "lobbyist"),
        ("Must a lobbiyst see the SUPERVISER?", "must a lobbyist see the supervisor?"),
        ("heering", "hearing"),
        ("registering", "registering"),
        ("kangaroo", "kangaroo"),
        ("gfit", "gfit"),
        ("éthique 🎁", "éthique 🎁"),
    ],
)
def test_only_near_misses_of_long_words_are_repaired(said: str, meant: str) -> None:
    assert SPELLING.repair(said) == meant


def test_without_texts_nothing_is_repaired() -> None:
    assert Spelling([]).repair("Lobyist") == "Lobyist"


def test_a_misspelt_question_finds_what_it_means(index: Index) -> None:
    assert index.search("Where is the heraing?")[0].passage.provision == "L 2"
