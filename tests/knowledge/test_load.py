"""The knowledge loads, and each kind of mistake in it is named with file, key, found and expected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from knowledge.load import HERE, load, read
from knowledge.problems import KnowledgeError, Problem

Edit = Callable[[str, Callable[[dict[str, object]], object]], list[Problem]]


def test_everything_in_the_repository_loads() -> None:
    knowledge = load()
    assert set(knowledge.packs) == {
        "ct-state", "ct-dss", "ct-opm", "ct-dds-contractor", "ct-lobbyist", "in-state",
    }  # fmt: skip
    assert len(knowledge.topics) == 20
    assert knowledge.outcomes["prohibited"].rank > knowledge.outcomes["permitted"].rank


def test_money_in_cases_is_exact() -> None:
    case = next(case for case in load().cases if case.facts.get("item_value") == Decimal("49.99"))
    assert isinstance(case.facts["item_value"], Decimal)


def test_loading_twice_reads_the_same() -> None:
    first, _ = read(HERE)
    second, _ = read(HERE)
    assert first == second
    assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize(
    ("file", "key", "value", "expected"),
    [
        ("CT-GIFT-13*.yml", "outcome", "allowed", "one of"),
        ("CT-GIFT-13*.yml", "layer", "ct-custom", "one of"),
        ("CT-GIFT-13*.yml", "topics", ["gifts"], "one of"),
        ("CT-GIFT-13*.yml", "cites", ["CGS 9-99"], "the id of a provision"),
        ("CT-GIFT-13*.yml", "when", "counts_as_gift and donor_is_a_lobyist", "the name of a fact"),
        ("CT-GIFT-13*.yml", "when", "person_role == 'boss'", "an option of person_role"),
        ("CT-GIFT-13*.yml", "when", "item_value == 'much'", "a number"),
        ("CT-GIFT-13*.yml", "when", "item_value", "a yes/no condition"),
        ("CT-GIFT-13*.yml", "when", "__import__('os')", "an expression"),
        ("CT-GIFT-13*.yml", "when", "item_value < ", "an expression"),
        ("CT-GIFT-13*.yml", "duties", [{"do": "x", "due": {"after": "item_value", "days": 3}}], "date fact"),
        ("facts/donor_present.yml", "case_default", "no", "true or false"),
        ("facts/gift_recipient.yml", "presume", "dog", "one of"),
        ("facts/item_value.yml", "question", "The value", "a question"),
    ],
)
def test_a_mistake_is_named(edited: Edit, file: str, key: str, value: object, expected: str) -> None:
    problems = edited(file, lambda entry: entry.__setitem__(key, value))
    assert any(expected in problem.expected for problem in problems), problems


def test_an_unknown_key_is_refused(edited: Edit) -> None:
    problems = edited("facts/donor_present.yml", lambda entry: entry.__setitem__("quesiton", "?"))
    assert any("quesiton" in problem.key for problem in problems)


def test_a_missing_key_is_named(edited: Edit) -> None:
    problems = edited("CT-GIFT-13*.yml", lambda entry: entry.pop("basis"))
    assert any(problem.key.endswith("basis") for problem in problems)


def test_a_figure_that_no_cited_provision_states_is_named(edited: Edit) -> None:
    problems = edited("CT-GIFT-21*.yml", lambda entry: entry.__setitem__("when", "per_person_value >= 11"))
    assert any(problem.found == "11" for problem in problems), problems


def test_all_problems_come_at_once() -> None:
    with pytest.raises(KnowledgeError) as caught:
        load(HERE.parent / "tests" / "knowledge" / "broken")
    assert len(caught.value.problems) > 3


def test_dates_are_dates() -> None:
    case = next(case for case in load().cases if "received_date" in case.facts)
    assert isinstance(case.facts["received_date"], dt.date)
