"""PDF with a text layer, page by page, without the lines that every page repeats at its margin."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from index.ingest.refusal import RefusedError
from index.ingest.struck import unmarked

MAX_PAGES = 3000
MAX_CHARACTERS = 20_000_000
# Lines looked at on each margin, and the share of pages on which one must recur to be a header or footer
# (those of left and right pages may differ).
_MARGIN = 3
_SHARE = 0.4
_FEWEST_PAGES = 2
_NUMBER = re.compile(r"(?<!\d)\d{1,6}(?!\d)")
# A damaged file makes pypdf fail in whatever it was doing; each of these is what cut or altered files raised.
_DAMAGE = (
    PyPdfError, AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError, OverflowError,
    NotImplementedError, AssertionError, MemoryError,
)  # fmt: skip
_LOG = logging.getLogger("pypdf")


def text(raw: bytes) -> str:
    """The text of all pages, a blank line between pages.

    Raises:
        RefusedError: encrypted, cut short, damaged, too many pages, or scanned without a text layer.
    """
    if b"%%EOF" not in raw[-2048:]:
        raise RefusedError("the PDF is cut short: it has no end mark")
    level = _LOG.level
    _LOG.setLevel(logging.CRITICAL)
    try:
        pages = _pages(raw)
    except _DAMAGE as error:
        raise RefusedError(f"the PDF is damaged ({type(error).__name__})") from error
    finally:
        _LOG.setLevel(level)
    if not any(page.strip() for page in pages):
        raise RefusedError("the PDF has no text layer (a scan?); run it through text recognition first")
    return unmarked("\n\n".join(without_margins(pages)))


def _pages(raw: bytes) -> list[str]:
    reader = PdfReader(io.BytesIO(raw))
    # Many official PDFs are locked against changes with an empty password; those may be read.
    if reader.is_encrypted and not reader.decrypt(""):
        raise RefusedError("the PDF is encrypted; save it without a password")
    if len(reader.pages) > MAX_PAGES:
        raise RefusedError(f"the PDF has {len(reader.pages):,} pages; the limit is {MAX_PAGES:,}")
    pages: list[str] = []
    size = 0
    for page in reader.pages:
        pages.append(page.extract_text())
        size += len(pages[-1])
        if size > MAX_CHARACTERS:
            raise RefusedError(f"the PDF unfolds to more than {MAX_CHARACTERS:,} characters")
    return pages


def without_margins(pages: Sequence[str]) -> list[str]:
    """The pages without headers and footers: marginal lines that recur but for a number that counts pages."""
    lines = [page.strip().splitlines() for page in pages]
    heads = Counter(shape for n, page in enumerate(lines) for shape in _shapes(page[:_MARGIN], n))
    feet = Counter(shape for n, page in enumerate(lines) for shape in _shapes(page[-_MARGIN:], n))
    enough = max(_FEWEST_PAGES, len(lines) * _SHARE)
    kept = []
    for number, page in enumerate(lines):
        top = _run(page[:_MARGIN], number, heads, enough)
        bottom = _run(page[top:][::-1][:_MARGIN], number, feet, enough)
        kept.append("\n".join(page[top : len(page) - bottom]))
    return kept


def _run(lines: Sequence[str], page: int, seen: Counter[str], enough: float) -> int:
    """How many lines, from the margin inwards, end in a recurring one."""
    recurring = (
        n for n, line in enumerate(lines, 1) if any(seen[s] >= enough for s in _shapes([line], page))
    )
    return max(recurring, default=0)


def _shapes(lines: Sequence[str], page: int) -> set[str]:
    """Each line as it is, and with each of its numbers told by how far it is from the page's own count."""
    found = set()
    for line in lines:
        text = " ".join(line.split())
        found.add(text)
        for number in _NUMBER.finditer(text):
            found.add(f"{text[: number.start()]}#{int(number.group()) - page}{text[number.end() :]}")
    return found - {""}
