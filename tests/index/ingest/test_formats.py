"""The five documents as HTML, PDF and DOCX give the provisions and words that they give as text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from index.ingest import IngestReport, ingest
from index.ingest.amendments import without_described
from index.ingest.clean import clean
from index.ingest.documents import Document
from index.ingest.tracked import Tracked
from knowledge.model import Knowledge
from tests.index.ingest import renderings

pytestmark = pytest.mark.sources


FORMATS: dict[str, Callable[[str], bytes]] = {
    "html": renderings.as_html,
    "pdf": renderings.as_pdf,
    "docx": renderings.as_docx,
}
QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "•": "*"})


def bare(text: str) -> str:
    """Words without what a format changes: spaces, line ends, quotation marks, hyphens at line ends."""
    return re.sub(r"[\s-]+", "", text.translate(QUOTES))


def rows(store: Path, document: str) -> dict[str, dict[str, str]]:
    lines = (store / f"{document}.jsonl").read_text("utf-8").splitlines()
    return {row["provision"]: row for row in map(json.loads, lines)}


@pytest.mark.parametrize("format_", sorted(FORMATS))
@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_a_rendering_gives_what_the_text_gives(
    format_: str,
    number: str,
    sources: dict[str, Path],
    reports: dict[str, IngestReport],
    store: Path,
    knowledge: Knowledge,
    tmp_path: Path,
) -> None:
    path = tmp_path / f"document.{format_}"
    path.write_bytes(FORMATS[format_](sources[number].read_text("utf-8")))
    (report,) = ingest([path], tmp_path / "official", knowledge)
    assert report.refused is None
    original = reports[report.document]
    assert report.matched == original.matched
    assert report.sections == original.sections
    assert report.unknown == ()
    mine, theirs = rows(tmp_path / "official", report.document), rows(store, report.document)
    other = {name: (bare(row["text"]), bare(theirs[name]["text"])) for name, row in mine.items()}
    assert {name: pair for name, pair in other.items() if pair[0] != pair[1]} == {}


def test_struck_formatting_decides_where_the_file_has_it(
    sources: dict[str, Path],
    store: Path,
    reports: object,
    knowledge: Knowledge,
    documents: dict[str, Document],
    tmp_path: Path,
) -> None:
    document = documents["28-ir-3452"]
    text = clean(Tracked.of(sources["004"].read_text("utf-8")), document).text
    struck = without_described(Tracked.of(text), document).struck
    page = text
    for one in sorted(struck, key=lambda s: s.offset, reverse=True):
        end = one.offset + len(
            re.match(r"\s+".join(map(re.escape, one.words.split())), text[one.offset :]).group()
        )  # type: ignore[union-attr]
        page = f"{page[: one.offset]}\ue000{page[one.offset : end]}\ue001{page[end:]}"
    raw = renderings.as_html(page).decode().replace("\ue000", "<s>").replace("\ue001", "</s>")
    raw = re.sub(r"<s>((?:(?!</s>).)*?)</p>\n<p>", r"<s>\1</s></p>\n<p><s>", raw, flags=re.S)
    path = tmp_path / "register.html"
    path.write_text(raw, "utf-8")
    bare_documents = {
        document.id: document.model_copy(update={"struck": [s for s in document.struck if s.of]})
    }
    (report,) = ingest([path], tmp_path / "official", knowledge, bare_documents)
    assert report.refused is None
    mine, theirs = rows(tmp_path / "official", document.id), rows(store, document.id)
    current = [name for name in theirs if "(deleted" not in name]
    assert {name: mine[name]["text"] for name in current} == {name: theirs[name]["text"] for name in current}
    assert set(mine) == set(theirs)
