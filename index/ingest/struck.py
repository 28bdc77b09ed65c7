"""Marks that carry struck-through formatting from HTML and DOCX into plain text, and what becomes of them.

Private-use characters, because nothing that a register prints uses them. Other formats lose the formatting;
there the document's description says which words were struck (see `amendments`).
"""

from __future__ import annotations

import re

OPEN = "\ue000"
CLOSE = "\ue001"

STRETCH = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
"""One struck stretch; group 1 is its words."""


def marked(text: str) -> str:
    """`text` between the marks; blank text needs none."""
    return f"{OPEN}{text}{CLOSE}" if text.strip() else text


def unmarked(text: str) -> str:
    """`text` as a file may bring it, without characters that would pass for our marks."""
    return text.replace(OPEN, "").replace(CLOSE, "")
