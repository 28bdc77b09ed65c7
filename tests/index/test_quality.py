"""What search finds of the law as built, on questions that were kept out of tuning."""

from __future__ import annotations

import pytest

from index import evaluate, store
from index.build import FOLDER
from index.embed import MiniLMEmbedder
from index.search import OFFICIAL, Index
from knowledge.load import load


@pytest.fixture(scope="module")
def built() -> Index:
    knowledge, embedder = load(), MiniLMEmbedder()
    if not store.is_current(FOLDER, store.fingerprints(knowledge, OFFICIAL, embedder.identity)):
        pytest.skip("var/index is not built from this knowledge: python -m index.build")
    return Index.open(FOLDER, knowledge, embedder)


def test_held_questions_find_their_provision(built: Index) -> None:
    held = [one for one in evaluate.read(evaluate.QUESTIONS) if one.split == "held" and one.gold]
    figures = evaluate.measure(built, held)
    assert figures.recall[5] >= 0.90
    assert figures.mrr >= 0.80
    assert figures.lost <= 0.06


def test_held_questions_without_an_answer_get_none(built: Index) -> None:
    held = [one for one in evaluate.read(evaluate.QUESTIONS) if one.split == "held" and not one.gold]
    assert evaluate.false_answers(built, held) <= 0.06


def test_every_provision_can_be_shown(built: Index) -> None:
    for provision in load().provisions.values():
        passages = built.passages([provision.id])
        assert passages
        assert all(passage.text.strip() and passage.citation for passage in passages)
