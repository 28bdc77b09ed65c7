"""Other formats of a text document: what a deployer may hold instead of the text."""

from __future__ import annotations

import html
import io
import re

from docx import Document
from fpdf import FPDF

_LATIN = str.maketrans({
    "“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "•": "*", "\u2002": " ", "\u2003": " ",
})  # fmt: skip


def as_html(text: str) -> bytes:
    """A page with a paragraph for each blank-line-parted block, and what sites put around it."""
    blocks = "".join(f"<p>{html.escape(block)}</p>\n" for block in re.split(r"\n{2,}", text))
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>A page</title>"
        "<style>p{margin:0}</style></head><body><nav><a href='/'>Home</a></nav>"
        f"<div id='main'>{blocks}</div><script>var a = '<p>no</p>';</script></body></html>"
    ).encode()


class _Paged(FPDF):
    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.cell(0, 5, "Downloaded from the agency's site", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("Helvetica", size=8)
        self.cell(0, 5, f"Page {self.page_no()}", align="C")


def as_pdf(text: str, password: str | None = None) -> bytes:
    """Wrapped lines on numbered pages with a running header, in a font of the Latin alphabet only."""
    pdf = _Paged()
    if password:
        pdf.set_encryption(owner_password="owner", user_password=password)
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    pdf.multi_cell(0, 4.6, text.translate(_LATIN))
    return bytes(pdf.output())


def as_docx(text: str) -> bytes:
    """A paragraph for each blank-line-parted block, with a running header."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Downloaded from the agency's site"
    for block in re.split(r"\n{2,}", text):
        document.add_paragraph(block.strip("\n"))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
