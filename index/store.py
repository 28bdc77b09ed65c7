"""The index on disk, with a manifest that says from what it was made and what each file hashes to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.dense import Dense
from index.embed import Vectors
from index.lexical import Lexical
from index.passages import Passage
from index.subject import Subject
from knowledge.model import Knowledge

FORMAT = 3
MANIFEST = "manifest.json"
PASSAGES, ROWS, TEXTS, VECTORS, WORDS = "passages.jsonl", "rows.npy", "texts.npy", "vectors.faiss", "words"
SUBJECT, FORMS, FORM_VECTORS = "subject.npy", "forms.txt", "forms.npy"
DIGEST = 32  # hexadecimal digits


class IndexError_(Exception):
    """The index on disk cannot be used: missing, damaged, or made from something else. Names the file."""


@dataclass(frozen=True, slots=True)
class Stored:
    """All that an index is made of; `forms` are the words of the law, with a vector each."""

    passages: Sequence[Passage]
    rows: NDArray[np.int32]
    dense: Dense
    lexical: Lexical
    subject: Subject
    forms: Sequence[str]
    form_vectors: Vectors


def fingerprints(knowledge: Knowledge, official: Path, embedder: str) -> dict[str, str]:
    """What an index is made from, each by its hash: rules and facts do not touch it, provisions do."""
    ours = hashlib.sha256()
    for provision in knowledge.provisions.values():
        ours.update(repr(provision).encode())
    for pack in knowledge.packs.values():
        ours.update(repr((pack.id, pack.title, pack.extends)).encode())
    digest = hashlib.sha256()
    for path in sorted(official.glob("*.jsonl")) if official.is_dir() else []:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    code = hashlib.sha256()
    for name in ("passages.py", "rows.py", "lexical.py", "subject.py", "uncovered.txt"):
        code.update(Path(__file__).with_name(name).read_bytes())
    return {
        "knowledge": ours.hexdigest(),
        "official": digest.hexdigest(),
        "model": embedder,
        "code": code.hexdigest(),
    }


def write(folder: Path, sources: Mapping[str, str], stored: Stored, texts: Sequence[str]) -> None:
    """Write all files, then the manifest; a folder without a manifest is no index.

    Args:
        texts: what each row embeds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    lines = [json.dumps(asdict(passage), ensure_ascii=False, sort_keys=True) for passage in stored.passages]
    (folder / PASSAGES).write_text("\n".join(lines) + "\n", "utf-8")
    np.save(folder / ROWS, stored.rows)
    np.save(folder / TEXTS, np.array([digest(text) for text in texts], f"S{DIGEST}"))
    stored.dense.write(folder / VECTORS)
    stored.lexical.write(folder / WORDS)
    np.save(folder / SUBJECT, stored.subject.weights)
    (folder / FORMS).write_text("".join(f"{form}\n" for form in stored.forms), "utf-8")
    np.save(folder / FORM_VECTORS, stored.form_vectors)
    files = {path: _hash(folder / path) for path in _files(folder)}
    manifest = {
        "format": FORMAT,
        "sources": dict(sources),
        "passages": len(stored.passages),
        "rows": len(stored.rows),
        "files": files,
    }
    partial = folder / f"{MANIFEST}.part"
    partial.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", "utf-8")
    partial.replace(folder / MANIFEST)


def is_current(folder: Path, sources: Mapping[str, str]) -> bool:
    """Whether the folder holds a sound index made from these sources."""
    try:
        verify(folder, sources)
    except IndexError_:
        return False
    return True


def verify(folder: Path, sources: Mapping[str, str]) -> None:
    """Refuse a missing, stale or damaged index.

    Raises:
        IndexError_: names the file and what is wrong with it.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text("utf-8"))
        files, made_from, number = manifest["files"], manifest["sources"], manifest["format"]
    except FileNotFoundError as error:
        raise IndexError_(f"{path} is missing: build the index") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexError_(f"{path} is damaged: build the index again") from error
    if number != FORMAT:
        raise IndexError_(f"{path} has format {number}, expected {FORMAT}: build the index again")
    for name, digest in files.items():
        if not (folder / name).is_file():
            raise IndexError_(f"{folder / name} is missing: build the index again")
        if _hash(folder / name) != digest:
            raise IndexError_(f"{folder / name} is damaged: build the index again")
    stale = [name for name in sources if made_from.get(name) != sources[name]]
    if stale:
        raise IndexError_(f"{path} is stale ({', '.join(stale)} changed): build the index again")


def read(folder: Path, documents: int) -> Stored:
    """All of a verified folder, which was made of so many provisions."""
    lines = (folder / PASSAGES).read_text("utf-8").splitlines()
    passages = [Passage(**json.loads(line)) for line in lines if line]
    return Stored(
        passages,
        np.load(folder / ROWS),
        Dense.read(folder / VECTORS),
        Lexical.read(folder / WORDS, documents),
        Subject(np.load(folder / SUBJECT)),
        _forms(folder),
        np.load(folder / FORM_VECTORS),
    )


def _forms(folder: Path) -> list[str]:
    return (folder / FORMS).read_text("utf-8").splitlines()


def _files(folder: Path) -> list[str]:
    words = sorted(path.relative_to(folder).as_posix() for path in (folder / WORDS).iterdir())
    return [PASSAGES, ROWS, TEXTS, VECTORS, SUBJECT, FORMS, FORM_VECTORS, *words]


def digest(text: str) -> bytes:
    """What a row's text is known by in the next build."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST].encode()


def vectors_by_text(folder: Path, model: str) -> dict[bytes, Vectors]:
    """The vectors that an earlier build left, by their texts' or words' digests; none of another model's."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        sound = all(
            _hash(folder / name) == manifest["files"][name] for name in (TEXTS, VECTORS, FORMS, FORM_VECTORS)
        )
        if not sound or (manifest["format"], manifest["sources"]["model"]) != (FORMAT, model):
            return {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # nothing usable is there: everything is embedded
    texts: list[bytes] = np.load(folder / TEXTS).tolist()
    forms = [digest(form) for form in _forms(folder)]
    dense = Dense.read(folder / VECTORS)  # the rows are FAISS's memory and die with it
    vectors = np.vstack([dense.vectors, np.load(folder / FORM_VECTORS)])
    return dict(zip((*texts, *forms), vectors, strict=True))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
