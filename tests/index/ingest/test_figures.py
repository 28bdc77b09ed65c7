"""Figures are told from the names of sections, forms and dates."""

from __future__ import annotations

import pytest

from index.ingest.figures import figures


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("valued at ten dollars or more within thirty (30) days", {"$10", "30 days"}),
        ("two hundred fifty dollars ($250)", {"$250"}),
        ("the $ 2,000 line, or $7.50 for breakfast", {"$2,000", "$7.50"}),
        ("a vote of six of its members, two thirds present", {"6", "2/3"}),
        ("five business days; a 90-day wait; six (6) weeks", {"5 business days", "90 days", "6 weeks"}),
        ("at least twenty-five (25) or more individuals", {"25"}),
        ("more than 5% or fifty percent or over half of it", {"5%", "50%"}),
        ("under age 21, for at least three bids", {"21", "3"}),
        ("one thousand two hundred dollars", {"$1,200"}),
        ("the previous two calendar quarters", {"2 quarters"}),
        ("Sections 1-79 to 1-90, section 152 of title 26", set()),
        ("Opinions Nos. 99-14, 99-15, form ETH-4", set()),
        ("filed July 20, 2005, 1:00 p.m.: 28 IR 3452", set()),
        ("18-20 Trinity Street, Hartford 06106", set()),
        ("from the first to the tenth day of April; December thirty-first", set()),
        ("Part 1 of Chapter Ten; item 12; (3) any", set()),
        ("on a third occasion, three grounds", set()),
    ],
)
def test_what_is_stated(text: str, stated: set[str]) -> None:
    assert {str(figure) for figure in figures(text).states} == stated


@pytest.mark.parametrize(
    ("said", "elsewhere"),
    [
        ("within thirty days", "30 days"),
        ("no more than forty in any one year", "at most 40 in a year"),
        ("a biennial registration", "for two years"),
        ("not later than three days before", "10 days before, the other side 3"),
        ("$100.00", "one hundred dollars"),
        ("within six weeks", "within 42 days"),
        ("within 42 days", "within six weeks"),
    ],
)
def test_one_figure_in_two_wordings(said: str, elsewhere: str) -> None:
    assert all(figure in figures(elsewhere) for figure in figures(said).states)
    assert figures(said).states or figures(said).mentions


def test_units_part_figures() -> None:
    (days,) = figures("30 business days").states
    assert days not in figures("30 days")
    (money,) = figures("$30").states
    assert money not in figures("30 days")
