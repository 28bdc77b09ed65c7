"""Dense, lexical, expansion and fusion, each alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import fuse
from index.dense import Dense
from index.expand import Expansion
from index.lexical import Lexical, words
from knowledge.model import Term


def test_dense_finds_the_nearest_rows_that_may_be_seen() -> None:
    dense = Dense.build(np.eye(5, dtype=np.float32))
    query = np.array([0.1, 0.9, 0.3, 0.2, 0.0], np.float32)
    assert dense.nearest(query, 2).tolist() == [1, 2]
    assert dense.nearest(query, 9, np.array([True, False, False, True, True])).tolist() == [3, 0, 4]


def test_dense_survives_a_trip_to_disk(tmp_path: Path) -> None:
    dense = Dense.build(np.eye(3, dtype=np.float32))
    dense.write(tmp_path / "v")
    assert np.array_equal(Dense.read(tmp_path / "v").vectors, dense.vectors)


def test_words_are_stemmed_and_question_words_dropped() -> None:
    assert words("Can the lobbyist's reports be filed?") == words("lobbyists report filing")


def test_lexical_scores_and_coverage() -> None:
    lexical = Lexical.build([["gift", "meal"], ["hear", "offic"], []])
    overlap = lexical.overlap({"meal": 1.0, "unheard": 1.0})
    assert overlap.scores.argmax() == 0
    assert overlap.coverage[0] == pytest.approx(1 - overlap.unknown)
    assert overlap.scores[2] == 0
    assert lexical.overlap({}).unknown == 1.0


def test_lexical_survives_a_trip_to_disk(tmp_path: Path) -> None:
    lexical = Lexical.build([["gift", "meal"], ["hear", "offic"]])
    lexical.write(tmp_path / "w")
    again = Lexical.read(tmp_path / "w", 2)
    assert again.overlap({"meal": 1.0}).scores.tolist() == lexical.overlap({"meal": 1.0}).scores.tolist()


def test_a_synonym_adds_its_term_at_a_lower_weight() -> None:
    expansion = Expansion([Term("honorarium", "", (), ("speaking fee", "payment for a talk"))])
    weights = expansion.weigh("May I keep a speaking fee?")
    assert weights["fee"] == 1.0
    assert 0 < weights["honorarium"] < 1
    assert "honorarium" not in expansion.weigh("May I keep a fee?")


def test_reciprocal_ranks_fall_with_the_score() -> None:
    ranks = fuse.reciprocal_ranks(np.array([0.2, 0.9, 0.5], np.float32))
    assert ranks.argsort().tolist() == [0, 2, 1]
    assert ranks.max() == 1


def test_the_stored_weights_name_every_feature(tmp_path: Path) -> None:
    weights = fuse.read()
    assert weights.rank.names == fuse.CANDIDATE_FEATURES
    assert weights.found.names == fuse.QUERY_FEATURES
    fuse.write(weights, tmp_path / "w.json")
    assert (tmp_path / "w.json").read_text() == fuse.WEIGHTS.read_text()
