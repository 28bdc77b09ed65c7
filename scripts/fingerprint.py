"""Fingerprints of inputs: a step runs again when what it reads changed, whatever the timestamps say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

IGNORED_PARTS = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache"})


def files_of(root: Path, patterns: Iterable[str]) -> list[Path]:
    """Every file under `root` that a pattern matches, sorted, each once; a folder means all of its files."""
    found: set[Path] = set()
    for pattern in patterns:
        for path in root.glob(pattern):
            inside = path.rglob("*") if path.is_dir() else (path,)
            found.update(p for p in inside if p.is_file() and not IGNORED_PARTS & set(p.parts))
    return sorted(found)


def file_hash(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def fingerprint(root: Path, patterns: Iterable[str], extra: Iterable[str] = ()) -> str:
    """One sha256 over the names and contents of the matched files and the `extra` strings."""
    digest = hashlib.sha256()
    for text in extra:
        digest.update(f"extra {text}\n".encode())
    for path in files_of(root, patterns):
        digest.update(f"{path.relative_to(root).as_posix()} {file_hash(path)}\n".encode())
    return digest.hexdigest()


class Ledger:
    """Which fingerprint each step last succeeded with, kept in one JSON file under var/."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, str]:
        """All entries; an absent or damaged ledger counts as empty, so that steps run again."""
        try:
            entries = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return {str(k): str(v) for k, v in entries.items()} if isinstance(entries, dict) else {}

    def record(self, step: str, value: str | None) -> None:
        """Remembers (or with None forgets) a step's fingerprint; the file is replaced in one move."""
        entries = self.read()
        entries.pop(step, None)
        if value is not None:
            entries[step] = value
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(entries, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        fresh.replace(self._path)
