"""DOCX: paragraphs and tables of the body in reading order, without headers and footers."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from docx import Document
from docx.document import Document as DocumentType
from docx.opc.exceptions import OpcError
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from index.ingest.refusal import RefusedError
from index.ingest.struck import marked, unmarked

MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 120
MAX_PARTS = 5000
# Below this size a high ratio is only repetitive XML.
_RATIO_MATTERS = 10 * 1024 * 1024
# What zip, XML (`lxml` raises `SyntaxError`s) and Word's parts raise on altered files.
_DAMAGE = (
    zipfile.BadZipFile,
    OpcError,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
    EOFError,
    OSError,
)


def text(raw: bytes) -> str:
    """The document's text, a blank line between paragraphs; struck words keep their marks.

    Raises:
        RefusedError: no Word document, encrypted, cut short or damaged, or a zip that unfolds beyond
            `MAX_UNPACKED` bytes or `MAX_RATIO` times its size.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            _check(package, len(raw))
        return "\n\n".join(_blocks(Document(io.BytesIO(raw)))) + "\n"
    except zipfile.BadZipFile as error:
        raise RefusedError("the file is a damaged or cut-short .docx") from error
    except _DAMAGE as error:
        raise RefusedError(f"the .docx is damaged ({type(error).__name__})") from error


def _check(package: zipfile.ZipFile, packed: int) -> None:
    """Refuse before anything is unpacked; `zipfile` never reads more of a part than its stated size."""
    parts = package.infolist()
    if "word/document.xml" not in package.namelist():
        raise RefusedError("it is a zip file but no Word document")
    if any(part.flag_bits & 0x1 for part in parts):
        raise RefusedError("the .docx is encrypted; save it without a password")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        raise RefusedError(
            f"the .docx would unfold to {unpacked / 2**20:,.0f} MiB in {len(parts):,} parts; "
            f"the limits are {MAX_UNPACKED // 2**20} MiB and {MAX_PARTS:,}"
        )
    if unpacked > _RATIO_MATTERS and unpacked > packed * MAX_RATIO:
        raise RefusedError(
            f"the .docx would unfold to {unpacked // packed:,} times its size, as zip bombs do"
        )


def _blocks(within: DocumentType | _Cell) -> Iterator[str]:
    for block in within.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                # A merged cell is listed once for every column it spans.
                for cell in dict.fromkeys(row.cells):
                    yield from _blocks(cell)
        else:
            yield _words(block)


def _words(paragraph: Paragraph) -> str:
    parts = []
    for run in paragraph.iter_inner_content():
        words = unmarked(run.text)
        font = getattr(run, "font", None)
        parts.append(marked(words) if font is not None and (font.strike or font.double_strike) else words)
    return "".join(parts)
