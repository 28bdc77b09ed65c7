from __future__ import annotations

import json
from pathlib import Path

import pytest

from index import build
from index.search import Index, visible_packs
from knowledge.model import Knowledge
from tests.index.conftest import WordEmbedder


def found(index: Index, query: str, pack: str | None = None, k: int = 5) -> list[str]:
    return [hit.passage.provision for hit in index.search(query, pack=pack, k=k)]


def test_the_provision_that_says_so_comes_first(index: Index) -> None:
    assert found(index, "Where will the hearing be held?")[0] == "L 2"


def test_a_question_that_a_provision_answers_finds_it_without_its_words(index: Index) -> None:
    assert "L 1(a)" in found(index, "contractor lunch", k=2)


def test_each_provision_comes_once_and_scores_fall(index: Index) -> None:
    hits = index.search("meal from a vendor", k=10)
    assert len({hit.passage.provision for hit in hits}) == len(hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_pack_sees_what_binds_its_people(index: Index) -> None:
    agency = set(found(index, "meal from a vendor", pack="agency", k=10))
    assert {"A 1", "L 1(a)"} <= agency
    assert "O 1" not in agency
    assert "A 1" not in found(index, "meal from a vendor", pack="base", k=10)


def test_without_a_pack_everything_is_seen(index: Index) -> None:
    assert {"A 1", "L 1(a)", "O 1"} <= set(found(index, "meal from a vendor", k=10))


def test_packs_of_one_document_see_each_other(law: Knowledge) -> None:
    assert list(visible_packs("agency", law)) == ["", "common", "agency", "base"]


def test_an_unknown_pack_is_an_error(index: Index) -> None:
    with pytest.raises(KeyError):
        index.search("meal", pack="nowhere")


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_an_empty_query_finds_nothing(index: Index, query: str) -> None:
    assert index.search(query) == []
    assert not index.answer(query).found


@pytest.mark.parametrize("query", ["\x00", "🎁", "<b>meal</b>", "meal " * 3000, "' OR 1=1 --"])
def test_odd_queries_are_searched_like_any_other(index: Index, query: str) -> None:
    assert len(index.search(query, k=3)) <= 3
    index.answer(query)


def test_passages_are_exact_and_in_the_order_asked(index: Index) -> None:
    assert [passage.provision for passage in index.passages(["L 2", "L 1(b)", "L 2"])] == ["L 2", "L 1(b)"]
    with pytest.raises(KeyError):
        index.passages(["L 99"])


def test_related_leaves_out_the_cited_their_kin_and_repealed_law(index: Index) -> None:
    related = index.related(["L 1(b)"], "plaque that may be kept", pack=None, k=7)
    provisions = [passage.provision for passage in related]
    assert provisions
    assert not {"L 1(b)", "L 1", "L 3"} & set(provisions)
    assert len(index.related([], "plaque", pack=None, k=1)) == 1


def test_official_words_come_instead_of_ours(law: Knowledge, embedder: WordEmbedder, tmp_path: Path) -> None:
    official = tmp_path / "official"
    official.mkdir()
    row = {
        "provision": "L 2",
        "citation": "Code § 2",
        "heading": "Hearings",
        "text": "The hearing shall be at the office.",
    }
    (official / "code.jsonl").write_text(json.dumps(row) + "\n")
    build.build(tmp_path / "index", law, embedder, official)
    index = Index.open(tmp_path / "index", law, embedder, official)
    (passage,) = index.passages(["L 2"])
    assert (passage.kind, passage.citation) == ("official", "Code § 2")
    hits = [
        hit.passage for hit in index.search("Where is the hearing?", k=7) if hit.passage.provision == "L 2"
    ]
    assert [hit.kind for hit in hits] == ["official"]
