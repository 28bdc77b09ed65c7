"""Amounts of money in a message, each with how it was said: exact, a limit, a range, for each, in all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.understanding.numbers import Number, numbers
from bot.understanding.text import STOPS, Text

SIGNS = frozenset(["$", "usd"])
UNITS = frozenset(["dollars", "dollar", "bucks", "buck", "usd", "cents"])
ABOUT = frozenset(
    [
        "about",
        "around",
        "roughly",
        "maybe",
        "approximately",
        "like",
        "probably",
        "nearly",
        "almost",
        "approx",
        "~",
        "say",
        "some",
    ]
)
BELOW = (
    ("under",),
    ("below",),
    ("less", "than"),
    ("fewer", "than"),
    ("up", "to"),
    ("at", "most"),
    ("no", "more", "than"),
)
ABOVE = (("over",), ("above",), ("more", "than"), ("at", "least"), ("upwards", "of"), ("north", "of"))
EACH = tuple(
    tuple(phrase.split())
    for phrase in (
        "each", "apiece", "a piece", "a head", "per head", "a person", "per person", "a plate", "per plate",
        "a guest",
        "per guest", "a pop", "every", "a ticket", "per ticket", "a seat", "per seat",
    )
)  # fmt: skip
TOTAL = tuple(
    tuple(phrase.split())
    for phrase in (
        "total", "altogether", "in all", "all told", "all together", "combined", "overall", "for everybody",
        "for everyone", "for all of us", "bill came to", "tab came to", "came to",
    )
)  # fmt: skip
PRICED = (
    ("cost",), ("costs",), ("costing",), ("worth",), ("spent",), ("spend",), ("came", "to"), ("comes", "to"),
    ("come", "to"), ("paid",), ("pays",), ("charged",), ("charges",),
)  # fmt: skip
COUNTED = frozenset(
    [
        "people",
        "persons",
        "of",
        "days",
        "weeks",
        "months",
        "years",
        "hours",
        "guests",
        "tickets",
        "others",
        "percent",
        "%",
        "nights",
        "miles",
        "run",
        "race",
        "walk",
    ]
)
HALVES = (("half", "of", "a"), ("half", "of", "the"), ("half", "of"), ("half", "a"), ("half", "the"))
CENTS = re.compile(r"[0-9]{1,5}\.[0-9]{2}")
THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9])?k")
APIECE = tuple(
    (article, unit)
    for article in ("a", "per")
    for unit in ("head", "plate", "person", "pop", "ticket", "seat", "guest")
)
PAYING = (
    ("pay", "me"), ("pays", "me"), ("paying", "me"), ("paid", "me"), ("offered", "me"), ("offering", "me"),
    ("offered",), ("offering",), ("charging",),
)  # fmt: skip
SPAN = frozenset(("last", "this", "a", "per", "altogether", "total", "annually", "yearly", "each"))
LEAST_EACH = 5  # "two each" counts things
BILLS = frozenset(map(Decimal, (5, 10, 20, 50, 100)))  # "slipped me a twenty"
GIVEN = frozenset(("me", "us", "him", "her", "them"))
ALONE = frozenset(("for", "to", "when", "in", "and", "at", "from", "as", "after", "bill", "if", "but"))
NEAR = 4


@dataclass(frozen=True, slots=True)
class Amount:
    """US dollars in tokens `start` to `end` (exclusive). `low` and `high` bound what was said.

    `open` is set where the person gave a limit ("under a hundred") rather than a figure.
    """

    low: Decimal
    high: Decimal
    start: int
    end: int
    each: bool = False
    total: bool = False
    open: bool = False
    approximate: bool = False
    bare: bool = False

    @property
    def exact(self) -> bool:
        """Whether the figure may be used without asking."""
        return self.low == self.high and not self.open


def amounts(text: Text, *, bare: bool = False) -> list[Amount]:
    """Every amount of money in `text`; with `bare`, plain numbers count as dollars as well."""
    words = text.words
    found: list[Amount] = []
    all_numbers = numbers(words)
    for number in all_numbers:
        signed = number.start > 0 and words[number.start - 1] in SIGNS
        unit, past_unit = _unit(words, number.end)
        if not (signed or unit or bare or _by_partner(words, all_numbers, number) or _by_form(words, number)):
            continue
        value = number.value / 100 if unit == "cents" else number.value
        start = number.start - (1 if signed else 0)
        if any(tuple(words[max(0, start - len(half)) : start]) == half for half in HALVES):
            value /= 2
        end = past_unit if unit else number.end
        found.append(_qualified(words, Amount(value, value, start, end, bare=not (signed or unit))))
    return _multiplied(words, all_numbers, _ranges(words, found))


def _unit(words: Sequence[str], at: int) -> tuple[str | None, int]:
    """The unit after a number and where it ends: "sixty bucks", "an eighty-dollar dinner"."""
    if words[at : at + 1] == ("-",):
        at += 1
    return (words[at], at + 1) if at < len(words) and words[at] in UNITS else (None, at)


def _by_form(words: Sequence[str], number: Number) -> bool:
    """A plain number that can only be money: "11.40", "it came to 160 total", "500 altogether"."""
    if number.end - number.start == 1 and CENTS.fullmatch(words[number.start]):
        return True
    before, after = (
        tuple(words[max(0, number.start - 3) : number.start]),
        tuple(words[number.end : number.end + 2]),
    )
    thousands = words[number.end - 1] == "grand" or THOUSANDS.fullmatch(words[number.end - 1])
    if (thousands and not _counts(after)) or after in APIECE or after[:1] == ("apiece",):
        return True
    if after[:1] == ("each",) and number.value >= LEAST_EACH:
        return True
    if number.value in BILLS and before[-1:] == ("a",) and not GIVEN.isdisjoint(before) and _ends(after):
        return True
    if (
        not ABOUT.isdisjoint(before[-1:])
        and number.value >= LEAST_EACH
        and _ends(after)
        and not _year(words, number)
    ):
        return True
    if (
        ("," in words[number.start] or before[-2:] in PAYING or before[-1:] in PAYING)
        and number.value >= LEAST_EACH
        and (_ends(after) or after[0] in SPAN)
    ):
        return True
    priced = before[-2:] in PRICED or before[-1:] in PRICED
    return (priced and not _counts(after)) or (_has(after, TOTAL) and not _counts(after))


def _year(words: Sequence[str], number: Number) -> bool:
    """Whether a number may be a year: "since about 2019"."""
    return (
        len(words[number.start]) == 4
        and words[number.start].isdigit()
        and words[number.start][:2] in ("19", "20")
    )


def _ends(after: Sequence[str]) -> bool:
    """Whether a number stands alone, with no noun behind it."""
    return not after or not after[0].isalpha() or after[0] in ALONE


def _counts(after: Sequence[str]) -> bool:
    """Whether a number counts people or things: "came to 12 people"."""
    return bool(after) and after[0] in COUNTED


def _by_partner(words: Sequence[str], found: Sequence[Number], number: Number) -> bool:
    """A plain number in a range with an amount: the "60" of "60 to 75 dollars", the "30" of "$20-30"."""
    if words[number.start - 1 : number.start] in (("-",), ("to",)) and any(
        one.end == number.start - 1 and words[one.start - 1 : one.start] in (("$",), ("usd",))
        for one in found
    ):
        return True
    at = number.end
    if at >= len(words) or words[at] not in ("to", "or", "-", "and"):
        return False
    partner = next((one for one in found if one.start in (at + 1, at + 2)), None)
    if partner is None:
        return False
    signed = words[partner.start - 1] in SIGNS
    return _unit(words, partner.end)[0] is not None or (signed and words[at] != "and")


def _qualified(words: Sequence[str], amount: Amount) -> Amount:
    before = tuple(words[max(0, amount.start - NEAR) : amount.start])
    after = tuple(words[amount.end : amount.end + NEAR])
    after = after[: next((at for at, word in enumerate(after) if word in STOPS or word == ","), len(after))]
    below = any(before[-len(phrase) :] == phrase for phrase in BELOW)
    above = any(before[-len(phrase) :] == phrase for phrase in ABOVE) or after[:2] in (
        ("or", "more"),
        ("and", "up"),
    )
    return Amount(
        Decimal(0) if below else amount.low,
        amount.high,
        amount.start,
        amount.end,
        each=_has(after[:3], EACH) or before[-1:] == ("each",),
        total=_has(after, TOTAL) or _has(before, TOTAL),
        open=below or above,
        approximate=not ABOUT.isdisjoint(before[-2:]),
        bare=amount.bare,
    )


def _has(words: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> bool:
    return any(
        tuple(words[at : at + len(phrase)]) == phrase
        for phrase in phrases
        for at in range(len(words) - len(phrase) + 1)
    )


def _ranges(words: Sequence[str], found: Sequence[Amount]) -> list[Amount]:
    """Join "60 to 75", "between $40 and $60", "$20 or $30" into one amount with two bounds."""
    joined: list[Amount] = []
    for amount in found:
        last = joined[-1] if joined else None
        between = tuple(words[last.end : amount.start]) if last else ()
        linked = between in (("to",), ("-",), ("or",)) or (
            between == ("and",)
            and last is not None
            and "between" in words[max(0, last.start - 2) : last.start]
        )
        if last is not None and linked and last.low < amount.high:
            joined[-1] = Amount(
                last.low, amount.high, last.start, amount.end, amount.each, amount.total, last.open
            )
        else:
            joined.append(amount)
    return joined


def _multiplied(words: Sequence[str], found: Sequence[Number], joined: Sequence[Amount]) -> list[Amount]:
    """Mark "2 at $45" as a price for each."""
    marked = []
    for amount in joined:
        counted = any(
            number.end == amount.start - 1 and words[amount.start - 1] in ("at", "@", "x") for number in found
        )
        marked.append(
            Amount(
                amount.low,
                amount.high,
                amount.start,
                amount.end,
                True,
                amount.total,
                amount.open,
                amount.approximate,
            )
            if counted
            else amount
        )
    return marked
