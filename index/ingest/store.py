"""The store of official passages: one JSON Lines file a document, replaced whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from index.ingest.refusal import RefusedError


@dataclass(frozen=True, slots=True)
class OfficialPassage:
    """One line of the store: `text` is the whole provision, `own` leaves out what its parts have."""

    provision: str
    citation: str
    heading: str
    text: str
    own: str
    document: str
    status: str


def store_document(store: Path, document: str, passages: Iterable[OfficialPassage]) -> bool:
    """Write a document's passages under `store`; True when the file changed.

    The file is written beside its place and moved there, so that a reader or a crash never sees half of it.
    The same passages leave it untouched, modification time included, since the index rebuilds on a change.

    Raises:
        RefusedError: the folder cannot be written.
    """
    content = "".join(json.dumps(asdict(p), ensure_ascii=False) + "\n" for p in passages).encode()
    path = store / f"{document}.jsonl"
    try:
        store.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == content:
            return False
        _replace(path, content)
    except OSError as error:
        raise RefusedError(f"{path} cannot be written: {error.strerror or error}") from error
    return True


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
