"""A whole conversation on the terminal, against a desk that is really served."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from service.channels import wording
from service.cli import calendar, render, values
from service.cli.line import Line
from service.cli.talk import Talk
from service.parts import Parts
from service.ports import free_port
from tests.browser.serve import serving
from tests.service.answers import MOST, in_words

GIFT = "a vendor gave me a gift of $75"
ANSWER = "answer whatever is asked, until there is an answer"
Terminal = Callable[..., str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("terminal")


@pytest.fixture
def address(talking: Callable[..., Parts], folder: Path) -> Iterator[str]:
    with serving(talking(var_dir=folder), free_port()) as made:
        yield made


def typing(talk: Talk, lines: list[str]) -> Iterator[str]:
    """The lines one after another, `ANSWER` as the answers to what is asked."""
    for line in lines:
        if line != ANSWER:
            yield line
            continue
        for _ in range(MOST):
            pending = talk._state["pending"]
            if pending is None or pending.get("fact") == "received_date":
                break
            yield in_words(pending)


@pytest.fixture
def terminal(address: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Types lines and gives what the terminal showed."""

    def type_(*lines: str, kept: str = "terminal.json") -> str:
        console = Console(record=True, width=100)
        with httpx.Client(base_url=address, timeout=30) as client:
            line = Line(client, folder / kept, "here")
            line.open()
            talk = Talk(console, line, "ct-state", folder)
            typed = typing(talk, [*lines, "quit"])
            monkeypatch.setattr(console, "input", lambda _: next(typed))
            talk.run()
        return " ".join(console.export_text().replace("│", " ").split())

    return type_


def test_question_facts_correction_determination_passages_and_a_person(terminal: Terminal) -> None:
    shown = terminal(
        GIFT, "/facts", "/why", ANSWER, "/open 1", "/set 1 20", "/set 1 lots", "/set 99 no", "/back",
        "/person", "/help",
    )  # fmt: skip
    assert "Before we start" in shown
    assert "1 Cost for one person: $75" in shown, "the facts, numbered"
    assert "questions left" in shown
    assert "What to do" in shown
    assert "What would change the answer" in shown
    assert "return it or repay its full value" in shown
    assert "(in our own words)" in shown
    assert "Cost for one person: $20" in shown, "the corrected fact is decided on"
    assert "Expected: an amount like $40" in shown
    assert "/facts shows the numbers" in shown
    assert "Whom to ask" in shown
    assert "put fact 2 right" in shown


def test_a_day_to_keep_becomes_a_calendar_file(terminal: Terminal, folder: Path) -> None:
    shown = terminal("/calendar", GIFT, ANSWER, "2026-11-20", "/calendar")
    assert "No day is set" in shown
    [path] = folder.glob("*.ics")
    lines = path.read_bytes().decode().split("\r\n")
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "DTSTART;VALUE=DATE:20261220" in lines
    assert max(len(line.encode()) for line in lines) <= 75
    assert "2026-12-20" in shown


def test_past_cases_are_found_again_and_deleted(terminal: Terminal, folder: Path) -> None:
    mine = "past.json"
    assert "None from this terminal." in terminal("/past", kept=mine)
    terminal(GIFT, ANSWER, kept=mine)
    assert stat.S_IMODE((folder / mine).stat().st_mode) == 0o600
    again = terminal("/past", "/past 1", "/open 1", "/new", "/facts", kept=mine)
    assert "Gifts" in again
    assert f"you> {GIFT}" in again
    assert "We begin anew." in again
    assert "I know no facts yet." in again
    assert "None from this terminal." in terminal("/past", kept="another.json"), "only one's own"
    kept = terminal("/delete", "no", "/past", kept=mine)
    assert "Nothing was deleted." in kept
    assert "Gifts" in kept
    gone = terminal("/delete", "delete", "/past", kept=mine)
    assert "1 deleted." in gone
    assert "None from this terminal." in gone


def test_a_late_reply_is_waited_for(terminal: Terminal) -> None:
    shown = terminal("a vendor slowly gave me a gift of $75")
    assert "still working on it" in shown
    assert "What is your role?" in shown
    assert shown.count("Before we start") == 1


def test_what_is_typed_and_said_is_text_and_never_markup(terminal: Terminal) -> None:
    shown = terminal("[bold]gift[/bold] [link=x]y", "/past", "/past 1", "/unknown thing")
    assert "you> [bold]gift[/bold] [link=x]y" in shown


def test_a_question_says_how_many_are_left_only_where_that_is_known() -> None:
    assert wording.left({"at_most": 0}) == ""
    assert wording.left({}) == ""
    assert wording.left({"at_most": 1}) == "This is the last question."
    console = Console(record=True, width=100)
    render.show(console, {"type": "question", "text": "Which topic?", "at_most": 0, "options": []})
    assert "question" not in console.export_text().replace("Which topic?", "").lower()


@pytest.mark.parametrize(
    ("fact", "entered", "value"),
    [
        ({"type": "bool"}, "Yes", True),
        ({"type": "bool"}, "perhaps", None),
        ({"type": "money"}, "$1,200.50", 1200.5),
        ({"type": "money"}, "much", None),
        ({"type": "integer"}, "3", 3),
        ({"type": "integer"}, "3.5", None),
        ({"type": "date"}, "2026-11-20", "2026-11-20"),
        ({"type": "date"}, "soon", None),
        ({"type": "choice", "options": [{"value": "a", "label": "An A"}]}, "1", "a"),
        ({"type": "choice", "options": [{"value": "a", "label": "An A"}]}, "an a", "a"),
        ({"type": "choice", "options": [{"value": "a", "label": "An A"}]}, "2", None),
    ],
)
def test_a_typed_value_is_read_by_the_facts_type(
    fact: dict[str, object], entered: str, value: object
) -> None:
    assert values.read({"fact": "one", **fact}, entered) == value
    assert values.expected({"fact": "one", **fact})


def test_a_long_line_of_the_calendar_is_folded_between_characters() -> None:
    import datetime as dt

    item = {"text": "Gib es zurück; sofort, " + "ä" * 60, "due": "2026-02-28"}
    text = calendar.calendar([item], "a\nb", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert "DTEND;VALUE=DATE:20260301" in text
    assert "DESCRIPTION:a\\nb" in text
    assert "ä" * 60 in text.replace("\r\n ", "")
    assert "zurück\\; sofort\\, " in text.replace("\r\n ", "")
