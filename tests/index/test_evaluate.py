from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from index import build, evaluate, fuse, tune
from index.evaluate import Question
from index.search import Index
from knowledge.load import load
from knowledge.model import Knowledge
from tests.index.conftest import WordEmbedder

ANSWERABLE = (
    Question("1", "Where is my hearing held?", ("L 2",), None, "dev"),
    Question("2", "May I keep a plaque that cost less than $100?", ("L 1(b)",), None, "dev"),
    Question("3", "Can a contractor buy me lunch?", ("L 1(a)",), "agency", "dev"),
)
UNANSWERABLE = (
    Question("4", "How many vacation days do I get?", (), None, "dev"),
    Question("5", "Weather today", (), None, "dev"),
)


@pytest.mark.parametrize(
    ("have", "gold", "right"),
    [
        ("L 1", "L 1", True),
        ("L 1(a)", "L 1", True),
        ("L 1", "L 1(a)(2)", True),
        ("L 1(a)", "L 1(b)", False),
        ("L 12", "L 1", False),
    ],
)
def test_a_parent_or_child_of_the_right_one_counts(have: str, gold: str, right: bool) -> None:
    assert evaluate.covers(have, gold) is right


def test_figures_count_places_and_lost_answers(index: Index) -> None:
    index.weights = replace(index.weights, threshold=1.1)
    figures = evaluate.measure(index, ANSWERABLE)
    assert figures.recall[5] == 1.0
    assert 0 < figures.mrr <= 1.0
    assert figures.lost == 1.0
    assert evaluate.false_answers(index, UNANSWERABLE) == 0.0


def test_a_miss_is_listed(index: Index) -> None:
    wrong = replace(ANSWERABLE[0], gold=("L 99",))
    misses: list[str] = []
    assert "R@5 0.000" in evaluate.report(index, "dev", [wrong], misses)
    assert misses[0].startswith("1 at None")


def test_questions_are_read_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "retrieval.jsonl").write_text('{"id": "a", "question": "q?", "gold_provisions": ["L 1"]}\n')
    (tmp_path / "answerability.jsonl").write_text('{"id": "b", "question": "r?"}\n')
    assert evaluate.read(tmp_path) == [
        Question("a", "q?", ("L 1",), None, "all"),
        Question("b", "r?", (), None, "all"),
    ]


def test_tuning_ranks_what_it_learned_from_and_is_deterministic(
    index: Index, law: Knowledge, embedder: WordEmbedder, tmp_path: Path
) -> None:
    asked = tune.examples(index, [*ANSWERABLE, *UNANSWERABLE])
    stored = tune.stored_examples(law, embedder, tmp_path)
    weights = tune.tune(asked, stored)
    index.weights = weights
    assert evaluate.measure(index, ANSWERABLE).mrr == 1.0
    fuse.write(weights, tmp_path / "one.json")
    fuse.write(tune.tune(asked, stored), tmp_path / "two.json")
    assert (tmp_path / "one.json").read_text() == (tmp_path / "two.json").read_text()


def test_our_own_questions_name_provisions_that_exist() -> None:
    provisions = load().provisions
    questions = evaluate.read(evaluate.QUESTIONS)
    unknown = [(one.id, gold) for one in questions for gold in one.gold if gold not in provisions]
    assert unknown == []
    assert len({one.id for one in questions}) == len(questions)
    answerable = [one for one in questions if one.gold]
    assert len(answerable) >= 150
    assert sum(one.split != "dev" for one in answerable) >= len(answerable) / 3


def test_no_stored_subject_is_asked_of_us() -> None:
    asked = {question.text.lower() for question in evaluate.read(evaluate.QUESTIONS)}
    assert not asked & {subject.lower() for subject in build.uncovered()}


def test_the_questions_are_lines_of_json() -> None:
    for path in evaluate.QUESTIONS.glob("*answer*.jsonl"):
        assert all(json.loads(line)["question"] for line in path.read_text("utf-8").splitlines())
