"""What tells a question that the documents answer from one that only sounds like it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.coverage import Coverage
from index.elsewhere import Elsewhere
from index.embed import Vectors
from index.rows import Kind
from index.search import Index
from index.subject import Subject
from knowledge.load import load


def table(kinds: list[Kind]) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.array([(kind, 0, -1, -1, -1) for kind in kinds], np.int32)


def test_a_subject_is_learned_from_the_questions_of_both_kinds() -> None:
    rows = table([Kind.ANSWERS, Kind.ANSWERS, Kind.UNCOVERED, Kind.SENTENCE])
    vectors = np.array([[1, 0], [0.8, 0.6], [-0.6, 0.8], [0, 1]], np.float32)
    subject = Subject.learn(rows, vectors)
    assert subject.score(np.array([1, 0], np.float32)) > 0 > subject.score(np.array([-1, 0], np.float32))
    assert np.array_equal(subject.weights, Subject.learn(rows, vectors).weights)


def test_without_questions_of_one_kind_no_subject_is_preferred() -> None:
    vectors = np.eye(2, dtype=np.float32)
    assert Subject.learn(table([Kind.ANSWERS, Kind.SENTENCE]), vectors).score(vectors[0]) == 0


@pytest.mark.parametrize(
    ("text", "governments", "offices"),
    [
        ("What may a Texas legislator take?", {"tx"}, set()),
        ("May an FBI agent or a town's mayor accept lunch?", {"federal"}, {"town"}),
        ("Must New Yorkers' lobbyists wear a badge?", {"ny"}, set()),
        ("Indiana townships", {"in"}, {"town"}),
        ("May I take lunch from a vendor?", set(), set()),
        ("The main terms of a capital gain", set(), set()),  # no name inside other words
        ("A vendor from Texas wants to fly me to Chicago", set(), set()),  # where one comes from or goes to
    ],
)
def test_names_tell_whose_rules_a_question_is_about(
    text: str, governments: set[str], offices: set[str]
) -> None:
    named = Elsewhere().named(text)
    assert (named.governments, named.offices) == (governments, offices)


def test_every_state_that_has_a_pack_is_a_group() -> None:
    named = Elsewhere().named("Connecticut, Indiana").governments
    assert {pack.jurisdiction for pack in load().packs.values()} <= named


def test_a_group_is_one_line_with_a_colon(tmp_path: Path) -> None:
    (tmp_path / "names").write_text("# towns\n\n[offices]\ntown: city hall, mayor\n")
    assert Elsewhere(tmp_path / "names").named("the Mayors' offices").offices == {"town"}


def encode(texts: object) -> Vectors:
    return np.array([[0.0, 1.0]], np.float32)


def test_a_word_that_the_passage_lacks_counts_by_its_nearest_word() -> None:
    vectors = np.array([[1, 0], [0.6, 0.8]], np.float32)
    coverage = Coverage(["meal", "drink"], vectors, encode)
    assert coverage.share("meals", "A meal.", lambda stem: 1.0) == 1.0
    assert coverage.share("drink", "A meal.", lambda stem: 1.0) == pytest.approx(0.6)
    assert coverage.share("unheard", "A drink.", lambda stem: 1.0) == pytest.approx(0.8)
    rare = coverage.share("meal unheard", "A meal.", lambda stem: 9.0 if stem == "meal" else 1.0)
    assert rare == pytest.approx(0.9)
    assert coverage.share("is it?", "A meal.", lambda stem: 1.0) == 0.0


def test_a_question_about_another_state_is_seen_as_such(index: Index) -> None:
    for query, others in (
        ("Can a contractor buy me lunch?", False),
        ("Can a Texas contractor buy me lunch?", True),
    ):
        found = index.candidates(query)
        assert found is not None
        assert found.fit(int(found.places[0])).other_government is others
