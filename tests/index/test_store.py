from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from index import build, store
from index.search import Index
from index.store import IndexError_
from knowledge.model import Knowledge
from tests.index.conftest import WordEmbedder, provision


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_input_gives_the_same_bytes(law: Knowledge, embedder: WordEmbedder, folder: Path) -> None:
    again = folder.parent / "again"
    build.build(again, law, embedder, folder.parent / "official")
    assert contents(again) == contents(folder)


def test_the_manifest_hashes_every_file_and_source(folder: Path) -> None:
    manifest = json.loads((folder / store.MANIFEST).read_text())
    assert set(manifest["files"]) == set(contents(folder)) - {store.MANIFEST}
    assert set(manifest["sources"]) == {"knowledge", "official", "model", "code"}


@pytest.mark.parametrize("name", [store.PASSAGES, store.ROWS, store.VECTORS, "words/data.csc.index.npy"])
def test_a_damaged_file_is_refused_and_named(
    law: Knowledge, embedder: WordEmbedder, folder: Path, name: str
) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(IndexError_, match=f"{name} is damaged"):
        Index.open(folder, law, embedder, folder.parent / "official")
    (folder / name).unlink()
    with pytest.raises(IndexError_, match=f"{name} is missing"):
        Index.open(folder, law, embedder, folder.parent / "official")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}'])
def test_a_damaged_manifest_is_refused(
    law: Knowledge, embedder: WordEmbedder, folder: Path, content: str
) -> None:
    (folder / store.MANIFEST).write_text(content)
    with pytest.raises(IndexError_, match=r"manifest\.json is damaged"):
        Index.open(folder, law, embedder, folder.parent / "official")


def test_a_missing_index_is_refused(law: Knowledge, embedder: WordEmbedder, tmp_path: Path) -> None:
    with pytest.raises(IndexError_, match="is missing"):
        Index.open(tmp_path, law, embedder, tmp_path)


def test_a_stale_index_says_what_changed(law: Knowledge, embedder: WordEmbedder, folder: Path) -> None:
    official = folder.parent / "official"
    changed = replace(law, provisions={**law.provisions, "N": provision("N", "h", "t")})
    with pytest.raises(IndexError_, match="knowledge changed"):
        Index.open(folder, changed, embedder, official)
    embedder.identity = "another"
    with pytest.raises(IndexError_, match="model changed"):
        Index.open(folder, law, embedder, official)
    embedder.identity = "words"
    official.mkdir()
    (official / "code.jsonl").write_text('{"provision": "L 2", "text": "Official."}\n')
    with pytest.raises(IndexError_, match="official changed"):
        Index.open(folder, law, embedder, official)


def test_rules_and_facts_do_not_make_an_index_stale(
    law: Knowledge, embedder: WordEmbedder, folder: Path
) -> None:
    Index.open(folder, replace(law, fingerprint="another"), embedder, folder.parent / "official")
