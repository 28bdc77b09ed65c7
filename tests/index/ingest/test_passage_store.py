"""The store of official passages is replaced whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.ingest.pdf import without_margins
from index.ingest.refusal import RefusedError
from index.ingest.store import OfficialPassage, store_document

PASSAGE = OfficialPassage("X 1", "X 1", "Gifts", "Keep ‘it’.\n(a) Or not.", "Keep ‘it’.", "x", "in force")


def test_a_line_holds_what_the_index_reads(tmp_path: Path) -> None:
    assert store_document(tmp_path / "new" / "folder", "x", [PASSAGE])
    (line,) = (tmp_path / "new" / "folder" / "x.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line) == {
        "provision": "X 1", "citation": "X 1", "heading": "Gifts", "text": "Keep ‘it’.\n(a) Or not.",
        "own": "Keep ‘it’.", "document": "x", "status": "in force",
    }  # fmt: skip


def test_the_same_passages_leave_the_file_untouched(tmp_path: Path) -> None:
    store_document(tmp_path, "x", [PASSAGE])
    before = (tmp_path / "x.jsonl").stat()
    assert not store_document(tmp_path, "x", [PASSAGE])
    after = (tmp_path / "x.jsonl").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_failed_write_keeps_the_old_file_and_leaves_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_document(tmp_path, "x", [PASSAGE])
    before = (tmp_path / "x.jsonl").read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.ingest.store.os.fsync", full)
    with pytest.raises(RefusedError, match="cannot be written: No space left"):
        store_document(tmp_path, "x", [PASSAGE, PASSAGE])
    assert (tmp_path / "x.jsonl").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["x.jsonl"]


def test_margins_go_and_lines_that_only_look_alike_stay() -> None:
    sides = ("Left side", "Right side")
    pages = [
        f"State Register\n{sides[n % 2]}\n{n * 7} members vote.\nText {n * n}.\nPage {n + 1} of 9"
        for n in range(9)
    ]
    kept = without_margins(pages)
    assert kept == [f"{n * 7} members vote.\nText {n * n}." for n in range(9)]
    assert without_margins(["Only page\n1"]) == ["Only page\n1"]
