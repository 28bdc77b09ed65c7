"""Subsections among references to subsections."""

from __future__ import annotations

from index.ingest.enumerators import find_marks, in_order, path_of


def found(text: str, *paths: str) -> dict[str, str]:
    expected = [path_of(f"X{path}", "X") for path in paths]
    marks = find_marks(text, 0, len(text), expected)
    return {"".join(f"({label})" for label in mark.path): text[mark.position :][:14] for mark in marks.found}


def test_references_are_no_subsections() -> None:
    text = (
        "Pursuant to subsection (b) of section 1-84b (d) and Subsections (a), (b), and (c): (a) one, under "
        "(1), above; (b) two; or (c) three (see (2) here)."
    )
    assert found(text, "(a)", "(b)", "(c)", "(d)") == {
        "(a)": "(a) one, under", "(b)": "(b) two; or (c", "(c)": "(c) three (see",
    }  # fmt: skip


def test_marks_nest_and_may_stand_together() -> None:
    text = "(a) (1) First. (2) Second: (i) x; and (ii) y.\n\n(b) Third (i) within."
    assert list(found(text, "(a)", "(a)(1)", "(a)(2)", "(a)(2)(i)", "(a)(2)(ii)", "(b)")) == [
        "(a)", "(a)(1)", "(a)(2)", "(a)(2)(i)", "(a)(2)(ii)", "(b)",
    ]  # fmt: skip


def test_a_mark_printed_in_the_wrong_case_is_found() -> None:
    assert found("Such are: (A) one; (B) two; and (c) three.", "(A)", "(B)", "(C)")["(C)"] == "(c) three."


def test_a_missing_mark_costs_only_itself() -> None:
    assert list(found("Such are: (1) one; (3) three.", "(1)", "(2)", "(3)")) == ["(1)", "(3)"]


def test_order_of_letters_numbers_and_numerals() -> None:
    def ordered(*labels: str) -> list[str]:
        return [path[0] for path in in_order((label,) for label in labels)]

    assert ordered("v", "ix", "iii", "i", "x", "iv") == ["i", "iii", "iv", "v", "ix", "x"]
    assert ordered("i", "h", "j", "aa", "a") == ["a", "h", "i", "j", "aa"]
    assert ordered("10", "9", "1") == ["1", "9", "10"]


def test_a_path_is_read_from_an_id() -> None:
    assert path_of("RUR 5(b)(12)", "RUR 5") == ("b", "12")
    assert path_of("RUR 5 (second paragraph)", "RUR 5") == ()
    assert path_of("RUR 55(b)", "RUR 5") == ()
    assert path_of("RUR 5", "RUR 5") == ()
