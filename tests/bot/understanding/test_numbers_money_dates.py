from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from bot.understanding.dates import dates
from bot.understanding.money import amounts
from bot.understanding.numbers import numbers
from bot.understanding.text import Text
from tests.bot.understanding.conftest import TODAY

Read = Callable[[str], Text]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("a dozen of us", 12), ("half a dozen", 6), ("twenty-five people", 25), ("2,500", 2500),
        ("four hundred fifty", 450), ("two hundred and fifty", 250), ("a hundred and twenty", 120),
        ("400k", 400_000),
        ("one thousand and one dollars", 1001), ("a couple of hundred", 200),
        ("a couple hundred", 200), ("three thousand", 3000), ("a couple of guys", 2),
    ],
)  # fmt: skip
def test_numbers_in_words_and_digits(read: Read, text: str, value: int) -> None:
    assert numbers(read(text).words)[0].value == value


@pytest.mark.parametrize("text", ["a friend", "and", "second hand", ""])
def test_no_number(read: Read, text: str) -> None:
    assert numbers(read(text).words) == []


@pytest.mark.parametrize(
    ("text", "low", "high", "exact"),
    [
        ("fifty bucks", "50", "50", True),
        ("it was about $40 each", "40", "40", True),
        ("under a hundred dollars", "0", "100", False),
        ("somewhere between 60 and 75 dollars", "60", "75", False),
        ("$20 or $30", "20", "30", False),
        ("a 40 to 60 dollar bottle", "40", "60", False),
        ("worth 35", "35", "35", True),
        ("breakfast was 11.40", "11.40", "11.40", True),
        ("half of a $90 bottle", "45", "45", True),
        ("99 cents", "0.99", "0.99", True),
        ("an eighty-dollar dinner", "80", "80", True),
        ("a hundred-dollar headset", "100", "100", True),
        ("something like five grand", "5000", "5000", True),
        ("I get 5k a year", "5000", "5000", True),
        ("thirty a head", "30", "30", True),
        ("$20-30", "20", "30", False),
    ],
)
def test_amounts(read: Read, text: str, low: str, high: str, exact: bool) -> None:
    (amount,) = amounts(read(text))
    assert (amount.low, amount.high, amount.exact) == (Decimal(low), Decimal(high), exact)


@pytest.mark.parametrize("text", ["ran a 5k race", "five people a year", "20 to 30 guests"])
def test_no_amount(read: Read, text: str) -> None:
    assert amounts(read(text)) == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("came March 1 and went back on the 20th", [dt.date(2026, 3, 1), dt.date(2026, 3, 20)]),
        ("came March 20 and went back on the 5th", [dt.date(2026, 3, 20), dt.date(2026, 4, 5)]),
        ("on the 20th", []),
        ("January 30, paid the 31st", [dt.date(2026, 1, 30), dt.date(2026, 1, 31)]),
        ("on the first of March", [dt.date(2026, 3, 1)]),
    ],
)
def test_a_day_alone_follows_the_date_before_it(text: str, days: list[dt.date]) -> None:
    assert [when.date for when in dates(text, dt.date(2026, 6, 1)) if when.exact] == days


@pytest.mark.parametrize("text", ["it's been two weeks", "a week from Friday"])
def test_a_length_of_time_gives_a_date_to_confirm(text: str) -> None:
    (when,) = dates(text, dt.date(2026, 6, 1))
    assert not when.exact


def test_each_and_total(read: Read) -> None:
    assert amounts(read("$40 a head"))[0].each
    assert amounts(read("2 at $45"))[0].each
    assert amounts(read("it came to 160 total"))[0].total
    assert not amounts(read("$40"))[0].each


def test_plain_numbers_are_no_money(read: Read) -> None:
    assert amounts(read("twelve of us met at 5")) == []
    assert amounts(read("it came to 12 people")) == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-08-03", "2026-08-03"), ("8/3/2026", "2026-08-03"), ("August 3rd", "2026-08-03"),
        ("the 30th of June 2025", "2025-06-30"), ("yesterday", "2026-06-02"), ("last Tuesday", "2026-06-02"),
        ("last Friday", "2026-05-29"), ("14 months ago", "2025-04-03"), ("two weeks ago", "2026-05-20"),
        ("by the end of June", "2026-06-30"), ("in three months", "2026-09-03"),
        ("half a year ago", "2025-12-03"),
        ("since March", "2026-03-01"),
    ],
)  # fmt: skip
def test_dates_are_made_absolute(text: str, date: str) -> None:
    (when,) = dates(text, TODAY)
    assert when.date == dt.date.fromisoformat(date)
    assert text[when.start : when.end]


@pytest.mark.parametrize(
    "text", ["may I", "$12/3", "I sat in the sun", "31/31/2026", "99999 years ago", "a march"]
)
def test_no_dates(text: str) -> None:
    assert dates(text, TODAY) == []


def test_month_and_span_are_vague() -> None:
    assert not dates("last month", TODAY)[0].exact
    assert dates("on June 2", TODAY)[0].exact
