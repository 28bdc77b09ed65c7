"""What cannot be read is refused with a reason, costs nothing, and leaves the store as it was."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from index.ingest import ingest
from index.ingest.read import MAX_BYTES, read
from index.ingest.refusal import RefusedError
from knowledge.model import Knowledge
from tests.index.ingest import renderings

WORDS = "\n\n".join(
    f"Paragraph {n} of a text that nobody enacted, long enough to fill pages." for n in range(200)
)


def refusal(tmp_path: Path, raw: bytes, name: str = "file") -> str:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(RefusedError) as caught:
        read(path)
    assert str(caught.value) == caught.value.reason
    return caught.value.reason


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def test_whole_files_are_read(tmp_path: Path) -> None:
    for name, raw in {
        "a": WORDS.encode(),
        "b": renderings.as_html(WORDS),
        "c": renderings.as_pdf(WORDS),
        "d": renderings.as_docx(WORDS),
    }.items():
        (tmp_path / name).write_bytes(raw)
        text = read(tmp_path / name).text
        assert text.count("nobody") == 200
        assert "Downloaded" not in text
        assert "Page" not in text
        assert "no</p>" not in text


def test_empty(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"") == "it is empty"
    assert refusal(tmp_path, b" \n\n\t\n") == "it holds no text"


def test_a_200_mb_file_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)

    def forbidden(*_: object, **__: object) -> object:
        raise AssertionError("the file was read")

    monkeypatch.setattr("index.ingest.read.os.fdopen", forbidden)
    with pytest.raises(RefusedError, match="200 MiB; the limit is 50 MiB"):
        read(path)
    assert MAX_BYTES == 50 * 1024 * 1024


def test_missing_folder_and_pipe(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="cannot be opened: No such file"):
        read(tmp_path / "absent")
    with pytest.raises(RefusedError, match=r"not a regular file"):
        read(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RefusedError, match="not a regular file"):
        read(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("caf\u00e9 §".encode("latin-1"), "not UTF-8"),
        ("Citizen’s Board".encode("cp1252"), "not UTF-8"),
        ("the office’s".encode().decode("cp1252").encode(), "encoded twice"),
        (b"\x7fELF\x00\x00\x01\x02", "binary"),
        ("plain".encode("utf-16-le"), "binary"),
        (b"<html><head><meta charset='klingon'></head><body>x</body></html>", "encoding that does not exist"),
        (b"<html><head><meta charset='utf-8'></head><body>\xe9</body></html>", "not UTF-8"),
    ],
)
def test_wrong_encoding(tmp_path: Path, raw: bytes, reason: str) -> None:
    assert reason in refusal(tmp_path, raw)


def test_declared_encodings_are_followed(tmp_path: Path) -> None:
    page = "<html><head><meta charset='windows-1252'></head><body><p>Citizen’s</p></body></html>"
    (tmp_path / "page").write_bytes(page.encode("cp1252"))
    assert read(tmp_path / "page").text.strip() == "Citizen’s"
    (tmp_path / "text").write_bytes("Citizen’s".encode("utf-16"))
    assert read(tmp_path / "text").text == "Citizen’s"


def test_encrypted_pdf(tmp_path: Path) -> None:
    assert "encrypted" in refusal(tmp_path, renderings.as_pdf(WORDS, password="secret"))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_truncated_files(tmp_path: Path, share: float) -> None:
    for raw in (renderings.as_pdf(WORDS), renderings.as_docx(WORDS), renderings.as_html(WORDS)):
        reason = refusal(tmp_path, raw[: int(len(raw) * share)])
        assert "cut" in reason or "damaged" in reason


@pytest.mark.parametrize("at", range(0, 100, 7))
def test_altered_pdf_and_docx_are_read_or_refused_but_never_crash(tmp_path: Path, at: int) -> None:
    for raw in (renderings.as_pdf(WORDS), renderings.as_docx(WORDS)):
        place = len(raw) * at // 100 + 20
        (tmp_path / "file").write_bytes(raw[:place] + b"\xff\x00\x80(<<" * 8 + raw[place + 48 :])
        with contextlib.suppress(RefusedError):
            read(tmp_path / "file")


def test_scanned_pdf_has_no_text_layer(tmp_path: Path) -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.rect(10, 10, 50, 50, style="F")
    assert "text recognition" in refusal(tmp_path, bytes(pdf.output()))


def test_zip_bombs(tmp_path: Path) -> None:
    nested = zipped({"word/document.xml": b"0" * (250 * 1024 * 1024)})
    assert len(nested) < 1024 * 1024
    assert "would unfold to 250 MiB" in refusal(tmp_path, nested)
    dense = zipped({"word/document.xml": b"0" * (40 * 1024 * 1024)})
    assert "zip bombs" in refusal(tmp_path, dense)
    many = zipped({"word/document.xml": b"<x/>", **{f"word/{n}.xml": b"" for n in range(5001)}})
    assert "5,002 parts" in refusal(tmp_path, many)


def test_zip_that_is_no_word_document_and_old_word(tmp_path: Path) -> None:
    assert "no Word document" in refusal(tmp_path, zipped({"content.xml": b"<x/>"}))
    assert "Office file" in refusal(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "damaged" in refusal(tmp_path, zipped({"word/document.xml": b"<w:document"}))


def test_an_entity_bomb_in_a_docx_unfolds_to_nothing(tmp_path: Path) -> None:
    raw = renderings.as_docx("A text.")
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    entities = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    body = parts["word/document.xml"].decode()
    head, rest = body.split("?>", 1)
    bomb = f"{head}?><!DOCTYPE w:document [<!ENTITY l0 'ha'>{entities}]>{rest.replace('A text.', '&l11;')}"
    parts["word/document.xml"] = bomb.encode()
    (tmp_path / "bomb.docx").write_bytes(zipped(parts))
    with contextlib.suppress(RefusedError):
        assert len(read(tmp_path / "bomb.docx").text) < 1000


def test_deeply_nested_html_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    (tmp_path / "nested").write_bytes(b"<html><body>" + b"<div>" * 1000 + b"word" + b"</body></html>")
    assert read(tmp_path / "nested").text.strip() == "word"
    assert "nested deeper" in refusal(tmp_path, b"<html><body>" + b"<div>" * 200_000 + b"</body></html>")
    (tmp_path / "list").write_bytes(b"<html><body>" + b"<p>word<br>" * 100_000 + b"</body></html>")
    assert read(tmp_path / "list").text.count("word") == 100_000


def test_an_unknown_text_is_refused_and_the_others_go_on(tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / "a.txt").write_text(WORDS)
    (tmp_path / "b.txt").write_bytes(b"")
    reports = ingest([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "official", knowledge)
    assert "none of the known documents" in str(reports[0].refused)
    assert reports[1].refused == "it is empty"
    assert not (tmp_path / "official").exists()


@pytest.mark.sources
@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
@pytest.mark.parametrize("share", [0.6, 0.98])
def test_a_truncated_document_does_not_replace_a_whole_one(
    sources: dict[str, Path], knowledge: Knowledge, tmp_path: Path, number: str, share: float
) -> None:
    store = tmp_path / "official"
    (whole,) = ingest([sources[number]], store, knowledge)
    before = (store / f"{whole.document}.jsonl").read_bytes()
    text = sources[number].read_text("utf-8")
    # What stands at the very end of these files is their sites' own, not the document's.
    end = text.rindex("Attachments") if number == "002" else len(text)
    (tmp_path / "cut.txt").write_text(text[: int(end * share)], "utf-8")
    (cut,) = ingest([tmp_path / "cut.txt"], store, knowledge)
    assert "cut short" in str(cut.refused) or "known documents" in str(cut.refused)
    assert (store / f"{whole.document}.jsonl").read_bytes() == before
