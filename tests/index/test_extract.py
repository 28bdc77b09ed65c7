from __future__ import annotations

from dataclasses import replace

from index import fuse
from index.extract import mark, status_note
from index.passages import restated
from index.search import Index
from tests.index.conftest import PROVISIONS, provision


def certain(index: Index) -> Index:
    index.weights = replace(fuse.read(), threshold=0.0)
    return index


def test_an_answer_marks_the_sentence_in_its_passage(index: Index) -> None:
    answer = certain(index).answer("Is free coffee okay at a meeting?")
    assert answer.found
    assert answer.passage is not None
    assert answer.citation == "Code L 1(a)"
    assert "Coffee of small worth may be drunk at a meeting." in answer.text
    first_start, first_end = answer.marks[0]
    assert answer.passage.text[first_start:first_end] in answer.text
    assert len(answer.marks) <= 2


def test_an_answer_says_what_became_of_the_provision(index: Index) -> None:
    answer = certain(index).answer("May I keep a plaque that cost less than $100?")
    assert answer.citation == "Code L 1(b)"
    assert answer.status == "superseded: $50 since 2020"


def test_below_the_threshold_nothing_is_found(index: Index) -> None:
    index.weights = replace(fuse.read(), threshold=1.1)
    answer = index.answer("Where is my hearing?")
    assert (answer.found, answer.text, answer.passage) == (False, "", None)
    assert answer.hits


def test_status_notes() -> None:
    assert status_note(PROVISIONS[0]) == ""
    assert status_note(provision("X", "h", "t", status="reserved")) == "reserved"


def test_sentences_with_something_between_them_get_an_ellipsis() -> None:
    (passage,) = restated(provision("X", "h", "One. Two. Three."))
    assert mark(passage, ((0, 4), (10, 16))) == "One. … Three."
    assert mark(passage, ((0, 4), (5, 9))) == "One. Two."
