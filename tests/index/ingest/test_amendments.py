"""Struck words told from the rule as amended."""

from __future__ import annotations

import pytest

from index.ingest.amendments import Strike, doubts, without_described, without_marked
from index.ingest.documents import Document
from index.ingest.phrase import phrase, strike
from index.ingest.struck import marked
from index.ingest.tracked import Tracked

DOCUMENT = Document.model_validate({
    "id": "x", "title": "X", "marks": {"enough": 1, "patterns": ["x"]}, "closing": "x", "amendment": True,
    "struck": [
        {"words": "may [not take … a duke,] never take [any] gifts", "of": "old"},
        {"words": "[absent] words"},
    ],
})  # fmt: skip
PRINTED = "Staff may not take a thing from a duke, never take any gifts.  Nobody’s dog may."


def test_described_strikes_are_taken_out() -> None:
    amended = without_described(Tracked.of(PRINTED), DOCUMENT)
    assert " ".join(amended.text.text.split()) == "Staff may never take gifts. Nobody’s dog may."
    assert [(one.words, one.of) for one in amended.struck] == [
        ("not take a thing from a duke,", "old"), ("any", "old"),
    ]  # fmt: skip
    assert PRINTED[amended.struck[0].offset :].startswith("not take")
    assert amended.not_found == ("[absent] words",)


def test_formatting_decides_and_the_description_names_the_provision() -> None:
    page = f"Staff may {marked('not take a thing from a duke,')} never take {marked('any')} gifts."
    amended = without_marked(Tracked.of(page), DOCUMENT)
    assert " ".join(amended.text.text.split()) == "Staff may never take gifts."
    assert [one.of for one in amended.struck] == ["old", "old"]


def test_a_strike_that_our_restatement_still_has_is_doubted() -> None:
    words = (
        "employee shall receive lodging transport meals payment sponsor conference written approval"
        " authority month"
    )
    assert doubts([Strike(0, words)], words, {}) == [words]
    assert doubts([Strike(0, words)], "something entirely different", {}) == []
    assert doubts([Strike(0, words, "old")], words, {"old": words}) == []


def test_phrases_match_other_quotes_dashes_and_spaces() -> None:
    assert phrase("the office's “Part 1 – Scope”").search('the office’s "Part\n1 - Scope"')
    assert phrase("No … shall take").search("No employee of this office shall take")
    assert not phrase("No … shall take").search("No " + "x" * 200 + " shall take")


@pytest.mark.parametrize("words", ["", "  ", "…"])
def test_an_empty_phrase_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="needs words"):
        phrase(words)


@pytest.mark.parametrize("words", ["no brackets", "[open", "open] [x]"])
def test_a_strike_needs_brackets(words: str) -> None:
    with pytest.raises(ValueError, match="brackets"):
        strike(words)
