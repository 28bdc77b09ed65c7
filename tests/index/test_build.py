from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import build, rows
from index.passages import corpus
from index.rows import Kind
from knowledge.model import Knowledge
from tests.index.conftest import WordEmbedder


def test_rows_of_a_provision_stand_together_and_mark_their_sentences(law: Knowledge, tmp_path: Path) -> None:
    passages = corpus(law.provisions, tmp_path)
    found = rows.rows(law.provisions, passages, law.packs, ["The weather"])
    owners = [row.provision for row in found if row.provision >= 0]
    assert owners == sorted(owners)
    assert found[-1].kind == Kind.UNCOVERED
    meals = [row for row in found if row.provision == list(law.provisions).index("L 1(a)")]
    assert [row.text for row in meals if row.kind == Kind.ANSWERS] == list(law.provisions["L 1(a)"].answers)
    sentences = [
        passages[row.passage].text[row.start : row.end] for row in meals if row.kind == Kind.SENTENCE
    ]
    assert sentences[0] == "A meal from a vendor is barred."
    (whole,) = [row.text for row in meals if row.kind == Kind.CONTEXT]
    assert whole.startswith("Gifts – Gifts: meals: A meal")


def test_the_context_names_an_agency_but_not_the_common_law(law: Knowledge) -> None:
    agency = law.provisions["A 1"]
    assert rows.context(agency, law.provisions, law.packs) == "agency staff – Agency gifts"
    assert rows.context(law.provisions["L 1"], law.provisions, law.packs) == "Gifts"


def test_each_text_is_embedded_once(law: Knowledge, tmp_path: Path) -> None:
    class Counting(WordEmbedder):
        texts: list[str] = []  # noqa: RUF012 - one instance lives here

        def encode(self, texts: list[str]) -> np.ndarray:  # type: ignore[override, type-arg]
            self.texts += texts
            return super().encode(texts)

    embedder, told = Counting(), list[tuple[int, int]]()
    build.build(tmp_path / "index", law, embedder, tmp_path, lambda done, total: told.append((done, total)))
    assert len(embedder.texts) == len(set(embedder.texts))
    assert told[-1] == (len(embedder.texts), len(embedder.texts))


def test_uncovered_subjects_are_distinct_lines_without_headings() -> None:
    subjects = build.uncovered()
    assert len(subjects) == len(set(subjects)) > 100
    assert not any(subject.startswith("#") for subject in subjects)


def test_the_command_builds_once(
    law: Knowledge,
    embedder: WordEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(build, "load", lambda: law)
    monkeypatch.setattr(build, "open_embedder", lambda model: embedder)
    arguments = ["--folder", str(tmp_path / "index"), "--official", str(tmp_path / "official")]
    assert build.main(arguments) == 0
    assert f"{len(law.provisions)} provisions" in capsys.readouterr().err
    assert build.main(arguments) == 0
    assert "nothing changed" in capsys.readouterr().err
    assert build.main([*arguments, "--force"]) == 0
    assert "embedding" in capsys.readouterr().err
