"""Reading a text as an answer: exactly, or not at all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.desk.answers import lead, read_reply
from actions.desk.messages import Choice
from actions.desk.state import Asked, Hint
from actions.desk.turn import Reply
from knowledge.model import Example, Fact, Option

TODAY = dt.date(2026, 11, 24)
FACTS = {
    "lobbyist": Fact("lobbyist", "bool", "Is it?", "why", "p"),
    "cost": Fact("cost", "money", "How much?", "why", "p"),
    "other": Fact("other", "money", "What else?", "why", "p", examples=(Example("nothing", Decimal(0)),)),
    "count": Fact("count", "integer", "How many?", "why", "p"),
    "when": Fact("when", "date", "When?", "why", "p"),
    "kind": Fact(
        "kind",
        "choice",
        "What?",
        "why",
        "p",
        options=(
            Option("none", "No tie"),
            Option("food_beverage", "Food or drink", ("dinner",)),
            Option("loan", "A loan"),
        ),
    ),
}
KINDS = (
    Choice("none", "No tie", "opt-1"),
    Choice("food_beverage", "Food or drink"),
    Choice("loan", "A loan"),
)
YES_NO = (Choice(True, "Yes"), Choice(False, "No"))
LIST = Asked("checklist", ("lobbyist", "cost", "kind"), "risks")
LIST_OPTIONS = (
    Choice("lobbyist", "The giver lobbies"),
    Choice("cost", "It is food and drink"),
    Choice("kind", "It is food"),
)


def read(name: str, text: str, hint: Hint | None = None) -> Reply | None:
    options = {"kind": KINDS, "lobbyist": YES_NO}.get(name, ())
    return read_reply(Asked("fact", (name,)), text, FACTS, options, {name: hint} if hint else {}, TODAY)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("lobbyist", "Yes.", True),
        ("lobbyist", "nope", False),
        ("lobbyist", "1", True),
        ("lobbyist", "2", False),
        ("lobbyist", "YES, THEY DO!", True),
        ("lobbyist", "that’s right", True),
        ("cost", "$75", Decimal(75)),
        ("cost", "1,250.50", Decimal("1250.50")),
        ("cost", "40 bucks", Decimal(40)),
        ("other", "nothing", Decimal(0)),
        ("cost", "zero", Decimal(0)),
        ("cost", "twelve", Decimal(12)),
        ("cost", "$30.00", Decimal("30.00")),
        ("count", "3", 3),
        ("count", "three", 3),
        ("when", "2026-03-04", dt.date(2026, 3, 4)),
        ("when", "3/4/2026", dt.date(2026, 3, 4)),
        ("when", "yesterday", dt.date(2026, 11, 23)),
        ("kind", "food or drink", "food_beverage"),
        ("kind", "food beverage", "food_beverage"),
        ("kind", "dinner", "food_beverage"),
        ("kind", "3", "loan"),
        ("kind", "option 2", "food_beverage"),
        ("kind", "#3", "loan"),
        ("kind", "no", "none"),
        ("kind", "opt-1", "none"),
    ],
)
def test_answers_are_read(name: str, text: str, value: object) -> None:
    assert read(name, text) == Reply(facts={name: value})


@pytest.mark.parametrize("text", ["I don't know", "idk", "not sure", "Dunno.", "I’m not sure"])
@pytest.mark.parametrize("name", list(FACTS))
def test_not_knowing_is_an_answer(name: str, text: str) -> None:
    assert read(name, text) == Reply(unknown=True)


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("cost", "-5", "below zero"),
        ("cost", "minus 5 dollars", "below zero"),
        ("cost", "9999999999999", "most"),
        ("count", "2.5", "whole number"),
        ("when", "2026-02-30", "no such day"),
        ("when", "13/45/2026", "no such day"),
        ("when", "1850-01-01", "year 1850"),
        ("when", "2200-01-01", "year 2200"),
        ("kind", "9", "1 to 3"),
    ],
)
def test_what_is_wrong_is_named(name: str, text: str, part: str) -> None:
    reply = read(name, text)
    assert reply is not None
    assert reply.problem is not None
    assert part in reply.problem


@pytest.mark.parametrize("text", ["my boss sends his regards", "", "$", "five hundred and a half", "/yes"])
@pytest.mark.parametrize("name", list(FACTS))
def test_anything_else_is_left_to_the_understanding(name: str, text: str) -> None:
    assert read(name, text) is None


def test_a_guess_is_confirmed_or_denied() -> None:
    hint = Hint(Decimal(30), "thirty-ish")
    assert read("cost", "yes", hint) == Reply(facts={"cost": Decimal(30)})
    assert read("cost", "no", hint) == Reply(denied=True)
    assert read("cost", "$35", hint) == Reply(facts={"cost": Decimal(35)})


def test_a_yes_to_a_yes_no_question_is_no_confirmation() -> None:
    assert read("lobbyist", "no", Hint(True, "he lobbies?")) == Reply(facts={"lobbyist": False})


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("none of these", set()),
        ("No", set()),
        ("The giver lobbies", {"lobbyist"}),
        ("1 and 3", {"lobbyist", "kind"}),
        ("1,2", {"lobbyist", "cost"}),
        ("2", {"cost"}),
        ("It is food and drink and It is food", {"cost", "kind"}),
        ("it is food, the giver lobbies", {"kind", "lobbyist"}),
        ("all of them", {"lobbyist", "cost", "kind"}),
    ],
)
def test_a_checklist_takes_labels_and_numbers(text: str, chosen: set[str]) -> None:
    reply = read_reply(LIST, text, FACTS, LIST_OPTIONS, {}, TODAY)
    assert reply == Reply(facts={name: name in chosen for name in LIST.facts})


def test_a_bare_yes_to_a_checklist_asks_which() -> None:
    reply = read_reply(LIST, "yes", FACTS, LIST_OPTIONS, {}, TODAY)
    assert reply is not None
    assert reply.problem is not None


@given(st.text(max_size=60), st.sampled_from(sorted(FACTS)))
def test_reading_never_raises_and_keeps_to_the_type(text: str, name: str) -> None:
    reply = read(name, text)
    if reply is not None and reply.facts:
        types = {"bool": bool, "money": Decimal, "integer": int, "date": dt.date, "choice": str}
        assert type(reply.facts[name]) is types[FACTS[name].type]


@pytest.mark.parametrize("text", ["not yet", "Never.", "it hasn’t happened"])
def test_a_day_that_has_not_come_leaves_the_date_open(text: str) -> None:
    assert read("when", text) == Reply(absent=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes he has a contract with us", True),
        ("No, they never sold us anything", False),
        ("no idea what that is", None),
        ("yes but only last year", None),
        ("yes? is that bad?", None),
        ("my yes man", None),
    ],
)
def test_a_yes_or_no_may_lead_a_sentence(text: str, value: bool | None) -> None:
    reply = lead(Asked("fact", ("lobbyist",)), text, FACTS["lobbyist"])
    assert reply == (None if value is None else Reply(facts={"lobbyist": value}))


def test_a_no_may_lead_an_answer_to_a_checklist() -> None:
    reply = lead(LIST, "no, nothing like that", FACTS["lobbyist"])
    assert reply == Reply(facts=dict.fromkeys(LIST.facts, False))
    assert lead(LIST, "no except the second", FACTS["lobbyist"]) is None
