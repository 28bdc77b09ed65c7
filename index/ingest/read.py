"""Read a file into text, whatever its format, or refuse it with a reason.

Size is asked of the file system before a byte is read; the format is told by the first bytes, not by the
name.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.ingest import html, pdf, plain, word
from index.ingest.refusal import RefusedError

MAX_BYTES = 50 * 1024 * 1024
MAX_CHARACTERS = 20_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """What a file said: its text, the format it came in, and the sha256 of its bytes."""

    path: Path
    text: str
    format: str
    digest: str


def read(path: Path, max_bytes: int = MAX_BYTES) -> Source:
    """Read `path` as text, HTML, PDF or DOCX.

    Raises:
        RefusedError: not a regular file, larger than `max_bytes`, empty, damaged, encrypted, or in no format
            or encoding that is read.
    """
    raw = _bytes(path, max_bytes)
    name, reader = _reader(raw)
    text = reader(raw)
    if len(text) > MAX_CHARACTERS:
        raise RefusedError(f"it unfolds to {len(text):,} characters; the limit is {MAX_CHARACTERS:,}")
    if not text.strip():
        raise RefusedError("it holds no text")
    return Source(path, text, name, hashlib.sha256(raw).hexdigest())


def _bytes(path: Path, max_bytes: int) -> bytes:
    try:
        # O_NONBLOCK: a named pipe must be refused, not waited for.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise RefusedError(f"it cannot be opened: {error.strerror or error}") from error
    try:
        _check(os.fstat(handle), max_bytes)
        with os.fdopen(handle, "rb", closefd=False) as file:
            raw = file.read(max_bytes + 1)
    finally:
        os.close(handle)
    if len(raw) > max_bytes:
        raise RefusedError(f"it grew past {_mib(max_bytes)} while being read")
    return raw


def _check(found: os.stat_result, max_bytes: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError("it is not a regular file")
    if found.st_size == 0:
        raise RefusedError("it is empty")
    if found.st_size > max_bytes:
        raise RefusedError(f"it is {_mib(found.st_size)}; the limit is {_mib(max_bytes)}")


def _reader(raw: bytes) -> tuple[str, Callable[[bytes], str]]:
    if raw.startswith(b"%PDF-"):
        return "pdf", pdf.text
    if raw.startswith(b"PK\x03\x04"):
        return "docx", word.text
    if raw.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise RefusedError(
            "it is an old or password-protected Office file; save it as .docx without a password"
        )
    if html.looks_like(raw):
        return "html", html.text
    return "text", plain.text


def _mib(size: int) -> str:
    return f"{size / (1024 * 1024):,.0f} MiB"
