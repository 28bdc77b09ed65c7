from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import build, rows, store
from index.passages import corpus
from index.rows import Kind
from knowledge.model import Knowledge
from tests.index.conftest import WordEmbedder


def test_rows_of_a_provision_stand_together_and_mark_their_sentences(law: Knowledge, tmp_path: Path) -> None:
    passages = corpus(law.provisions, tmp_path)
    found = rows.rows(law.provisions, passages, law.packs, ["The weather"], ["Can a mayor marry?"])
    owners = [row.provision for row in found if row.provision >= 0]
    assert owners == sorted(owners)
    assert [row.kind for row in found[-2:]] == [Kind.UNCOVERED, Kind.CROSSED]
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


def test_a_rebuild_embeds_only_what_is_new_and_gives_the_same_bytes(law: Knowledge, tmp_path: Path) -> None:
    class Counting(WordEmbedder):
        count = 0

        def encode(self, texts: Sequence[str]) -> np.ndarray:  # type: ignore[type-arg]
            self.count += len(texts)
            return super().encode(texts)

    embedder = Counting()
    build.build(tmp_path / "index", law, embedder, tmp_path)
    first, embedder.count = embedder.count, 0
    hearing = replace(law.provisions["L 2"], text="A hearing is held in public at the main office.")
    changed = replace(law, provisions={**law.provisions, "L 2": hearing})
    build.build(tmp_path / "index", changed, embedder, tmp_path)
    assert 0 < embedder.count <= 2 < first
    build.build(tmp_path / "anew", changed, embedder, tmp_path)
    assert fingerprint(tmp_path / "index") == fingerprint(tmp_path / "anew")


def test_vectors_of_another_model_are_not_reused(law: Knowledge, tmp_path: Path) -> None:
    build.build(tmp_path, law, WordEmbedder(), tmp_path / "none")
    assert store.vectors_by_text(tmp_path, "words")
    assert not store.vectors_by_text(tmp_path, "another")
    with (tmp_path / store.VECTORS).open("ab") as file:
        file.write(b"damage")
    assert not store.vectors_by_text(tmp_path, "words")


BUILD_IT = """
import sys
from dataclasses import replace
from pathlib import Path
from index import build
from index.embed import open_embedder
from knowledge.load import load
law = load()
some = dict(list(law.provisions.items())[:40])
build.build(Path(sys.argv[1]), replace(law, provisions=some), open_embedder(), Path("none"))
"""


def test_two_processes_build_the_same_bytes(tmp_path: Path) -> None:
    """On a part of the real law with the real model; sets are ordered differently in each process."""
    seeds = ("1", "2")
    for seed in seeds:
        command = [sys.executable, "-c", BUILD_IT, str(tmp_path / seed)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    one, other = (fingerprint(tmp_path / seed) for seed in seeds)
    assert one == other


def fingerprint(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_uncovered_subjects_are_distinct_lines_without_headings() -> None:
    subjects = build.uncovered()
    assert len(subjects) == len(set(subjects)) > 100
    assert not any(subject.startswith(("#", build.WHO, build.DOES)) for subject in subjects)


def test_what_our_law_decides_is_asked_of_everybody_else() -> None:
    crossed = build.crossed()
    assert len(crossed) == len(set(crossed)) > 100
    assert "Can a federal employee take ethics training?" in crossed


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
