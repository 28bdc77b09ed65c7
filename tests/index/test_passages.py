from __future__ import annotations

from pathlib import Path

import pytest

from index.passages import (
    LONGEST,
    PassageError,
    ancestors,
    corpus,
    cut,
    official,
    parent_of,
    restated,
    sentences,
)
from knowledge.model import Knowledge
from tests.index.conftest import provision


def test_short_paragraphs_stay_together_and_long_text_is_cut_between_them() -> None:
    assert cut("First.\n\nSecond.") == ["First.\nSecond."]
    long = "\n".join(f"{'word ' * 150}{number}." for number in range(3))
    pieces = cut(long)
    assert len(pieces) == 3
    assert all(piece.endswith(f"{number}.") for number, piece in enumerate(pieces))


def test_a_paragraph_too_long_is_cut_between_sentences() -> None:
    pieces = cut("A sentence of some words. " * 100)
    assert len(pieces) > 1
    assert all(len(piece) <= LONGEST and piece.endswith(".") for piece in pieces)


def test_every_piece_of_a_long_restatement_has_an_id_of_its_own() -> None:
    pieces = restated(provision("X", "Heading", "\n".join("word " * 200 for _ in range(3))))
    assert [piece.id for piece in pieces] == ["X#restated", "X#restated.2", "X#restated.3"]
    assert {piece.heading for piece in pieces} == {"Heading"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("See Sec. 1-92-3 of the code.", 1),
        ("Up to $10 (yearly $50). More is barred.", 2),
        ("line one\nline two", 2),
        ("", 0),
        ("no full stop", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    spans = sentences(text)
    assert len(spans) == count
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "").replace(
        "\n", ""
    )


def test_parents_are_declared_or_read_from_the_id(law: Knowledge) -> None:
    assert parent_of("L 1(a)", law.provisions) == "L 1"
    assert parent_of("L 1", law.provisions) is None
    provisions = {**law.provisions, "X": provision("X", "h", "t", parent="L 1(a)")}
    assert list(ancestors("X", provisions)) == ["L 1(a)", "L 1"]


def test_a_ring_of_parents_ends() -> None:
    ring = {"A": provision("A", "h", "t", parent="B"), "B": provision("B", "h", "t", parent="A")}
    assert list(ancestors("A", ring)) == ["B"]


@pytest.mark.parametrize("line", ["{", "[]", '{"provision": "L 99", "text": "x"}', '{"provision": "L 1"}'])
def test_a_bad_official_line_is_named(law: Knowledge, tmp_path: Path, line: str) -> None:
    (tmp_path / "code.jsonl").write_text('{"provision": "L 1", "text": "Good."}\n' + line + "\n")
    with pytest.raises(PassageError, match=r"code\.jsonl line 2"):
        official(tmp_path, law.provisions)


def test_the_corpus_has_every_provision_official_first(law: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "code.jsonl").write_text('{"provision": "L 2", "text": "Official."}\n')
    passages = corpus(law.provisions, tmp_path)
    assert [passage.kind for passage in passages if passage.provision == "L 2"] == ["official", "restated"]
    assert {passage.provision for passage in passages} == set(law.provisions)
