"""Plain text, and the decoding that HTML shares."""

from __future__ import annotations

import codecs
import re

from index.ingest.refusal import RefusedError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What UTF-8 looks like after it was read as Windows-1252 and saved again.
_TWICE = re.compile("â€[œ™\x9d“”]|Â[§ ]|Ã[©¨¤¶¼]")


def text(raw: bytes) -> str:
    """Decode a text file.

    Raises:
        RefusedError: not UTF-8 (or UTF-16 with its mark), binary, or encoded twice.
    """
    return decode(raw, "utf-8")


def decode(raw: bytes, encoding: str) -> str:
    """Decode by the byte-order mark where there is one, else by `encoding`; line ends become `\\n`."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            encoding = name
    try:
        found = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusedError(
            f"it is not {encoding.upper()}: byte {error.start:,} does not fit; save it in UTF-8"
        ) from error
    except LookupError as error:
        raise RefusedError(f"it names an encoding that does not exist: {encoding[:40]!r}") from error
    if "\0" in found:
        raise RefusedError("it is a binary file, not text")
    if _TWICE.search(found):
        raise RefusedError("its characters were encoded twice (“â€™” for an apostrophe); fetch it again")
    return found.replace("\r\n", "\n").replace("\r", "\n")
