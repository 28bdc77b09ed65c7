"""Cleaning undoes printing and keeps the offsets."""

from __future__ import annotations

import pytest

from index.ingest.clean import clean
from index.ingest.documents import Document
from index.ingest.tracked import Tracked

DESCRIPTION = {
    "id": "x",
    "title": "X",
    "marks": {"enough": 1, "patterns": ["x"]},
    "closing": "x",
    "noise": [r"HEAD OF PAGE(?: \d+)?", r"\*+"],
}


def cleaned(text: str) -> Tracked:
    return clean(Tracked.of(text), Document.model_validate(DESCRIPTION))


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Sec.\u20021.\u2003Gifts\u00a0here", "Sec. 1. Gifts here"),
        ("in accordance with the\n\nHEAD OF PAGE 7\n\nAct of old", "in accordance with the Act of old"),
        ("a sentence.\n\nHEAD OF PAGE\n\nAnother one", "a sentence.\n\nAnother one"),
        ("the valu-\nation, and valuation", "the valuation, and valuation"),
        ("its above- stated address", "its above-stated address"),
        ("pre- and post-hearing", "pre- and post-hearing"),
        ("section 1-\n\n101mm of", "section 1-101mm of"),
        ("The **new** words", "The new words"),
        ("o\ufb03ce \ufb01le", "office file"),
        ("to do:\n\n(1) this; or\n\n(2) that", "to do:\n\n(1) this; or\n\n(2) that"),
        ("drink;\n\nto such a person", "drink;\n\nto such a person"),
        ("reporting;\n\nor (2) Is", "reporting; or (2) Is"),
        ("Siting Council\n\nMembers of it", "Siting Council\n\nMembers of it"),
        ("at http://a.b/c_e\nmployees.pdf.", "at http://a.b/c_employees.pdf."),
        ("at\nhttp://a.b/c.pdf.", "at http://a.b/c.pdf."),
        ("one\r\ntwo".replace("\r\n", "\n"), "one two"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_printed_and_meant(printed: str, meant: str) -> None:
    assert cleaned(printed).text == meant


def test_offsets_lead_back_to_the_file() -> None:
    printed = "one\u2003two\n\nHEAD OF PAGE 3\n\nthree o\ufb03ce four"
    text = cleaned(printed)
    for word in ("one", "two", "three", "four"):
        assert printed[text.offset(text.text.index(word)) :].startswith(word)
    assert text.offset(len(text.text)) == len(printed)


def test_edits_that_overlap_an_earlier_one_are_left_out() -> None:
    text = Tracked.of("abcdef").edited([(1, 3, "X"), (2, 4, "Y"), (5, 6, "")])
    assert text.text == "aXde"
    assert list(text.origin) == [0, 1, 3, 4]
    assert Tracked.of("").offset(0) == 0
