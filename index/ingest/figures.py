"""The figures of a legal text: money, periods, percentages and shares, counts; in digits or in words.

Numbers of sections, forms, opinions, dates and telephone lines are names, not figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class Figure(NamedTuple):
    """A value with its unit: `$`, `%`, `share`, `count`, or a period such as `day` or `business day`."""

    unit: str
    value: Decimal | Fraction

    def __str__(self) -> str:
        shown = f"{self.value:,}" if isinstance(self.value, Decimal) else str(self.value)
        if self.unit in ("count", "share"):
            return shown
        if self.unit == "$":
            return f"${shown}"
        return f"{shown}{self.unit}" if self.unit == "%" else f"{shown} {self.unit}{'s' * (self.value != 1)}"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a text `states` as a rule's figure, and numbers and periods that it merely `mentions`.

    A mention is too vague to be missed elsewhere ("three grounds", "a year") but enough to answer a figure
    stated elsewhere.
    """

    states: frozenset[Figure]
    mentions: frozenset[Figure]

    def __contains__(self, figure: Figure) -> bool:
        alike = {figure, Figure("count", figure.value)}
        if figure.unit == "week":
            alike.add(Figure("day", figure.value * 7))
        if figure.unit == "day" and figure.value % 7 == 0:
            alike.add(Figure("week", figure.value / 7))
        return not alike.isdisjoint(self.states | self.mentions)

    def __or__(self, other: Figures) -> Figures:
        return Figures(self.states | other.states, self.mentions | other.mentions)


_UNITS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMERALS = {word: value for value, word in enumerate(_UNITS, 1)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_WORD = "|".join(sorted((*_NUMERALS, *_SCALES), key=len, reverse=True))
_SPELLED = rf"(?:{_WORD})(?:(?:\s+and)?[\s-]+(?:{_WORD}))*"
_DIGITS = r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[1-9]\d*(?:\.\d+)?"
_PERIOD = r"(?P<unit>day|week|month|quarter|year|hour|minute)s?\b"
_FIGURE = re.compile(
    rf"(?P<money>(?:US)?\$\s?)?(?<![\w.§/-])(?P<number>\b(?:{_SPELLED})\b|(?<![\d,])(?:{_DIGITS}))"
    rf"(?P<again>\s+\((?:\$\s?)?(?:{_DIGITS})\))?"
    rf"(?:(?P<percent>\s*(?:%|per\s?cent\b))|(?P<dollars>[\s-]+dollars?\b)"
    rf"|[\s-]+(?:full\s+)?(?:(?P<kind>business|working|calendar)[\s-]+)?{_PERIOD})?",
    re.I,
)
_SHARE = re.compile(r"\b(?:(one|two|three)[\s-])?(half|thirds?|fourths?|fifths?)\b(?!\s+(?:of|day))", re.I)
_PARTS = {"half": 2, "third": 3, "fourth": 4, "fifth": 5}
_ONE_PERIOD = re.compile(
    rf"\b(?:an?|each|every|any|per|the|that|one|calendar)\s+(?:calendar\s+)?{_PERIOD}", re.I
)
_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    "|Nov(?:ember)?|Dec(?:ember)?"
)
_NUMBERED = re.compile(
    rf"(?:\b(?:sub)?(?:section|division|paragraph|part|title|chapter|article|item|form|page|number|volume|step|room|"
    rf"suite|opinion|rule|prohibition)s?|\bnos?\.|\b(?:IC|IR|IAC|Sec\.|ETH)|§|#|\b(?:{_MONTHS})\.?|\()\s*(?:No\.\s*)?$",
    re.I,
)
_LINKED = re.compile(r"\d[\w.()-]*\s*(?:to|through|and|or|,|–)\s*$", re.I)
_GOES_ON = re.compile(
    rf"[\w(§:/]|-(?:\d|first\b|second\b|third\b|\w+th\b)|\.\d|\.\s+[A-Z]|\s*(?:IR|IAC|C\.F\.R|U\.S\.C)\b"
    rf"|\s*[ap]\.m\.|\s+(?:{_MONTHS})\b"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_ITEM = re.compile(r"^\(\w{1,4}\)\s*", re.M)
_LIMITS = re.compile(
    r"\b(?:at least|at most|(?:no|not) (?:more|less|fewer|later) than|up to|minimum of|maximum of|more than"
    r"|fewer than|less than|over|under|age|vote of|quorum of|from|or more|majority of)\s+$",
    re.I,
)
_COUNTED = re.compile(
    r"\s+(?:or more\s+)?(?:of its\s+)?(?:\w+\s+)?(?:members|votes|copies|bids|individuals|persons)\b", re.I
)


def figures(text: str) -> Figures:
    """All figures of `text`. A bare "one" is an article, not a figure."""
    text = _ITEM.sub("", text)
    states: set[Figure] = set()
    mentions = {Figure(found["unit"].lower(), Decimal(1)) for found in _ONE_PERIOD.finditer(text)}
    if "biennial" in text.lower():
        mentions.add(Figure("year", Decimal(2)))
    shares = list(_SHARE.finditer(text))
    states.update(figure for found in shares for figure in _share(found))
    taken = {position for found in shares for position in range(*found.span())}
    for match in _FIGURE.finditer(text):
        if match.start("number") in taken or _names(text, match):
            continue
        figure = _figure(match)
        (states if _limits(text, match, figure) else mentions).add(figure)
    return Figures(frozenset(states), frozenset(mentions))


def _share(found: re.Match[str]) -> list[Figure]:
    part = _PARTS[found[2].lower().removesuffix("s")]
    if part == 2:
        return [Figure("%", Decimal(50))]
    # "a third person", "the fourth quarter" are ordinals.
    return [Figure("share", Fraction(_NUMERALS[found[1].lower()], part))] if found[1] else []


def _figure(match: re.Match[str]) -> Figure:
    value = _value(match["number"])
    if match["money"] or match["dollars"]:
        return Figure("$", value)
    if match["percent"]:
        return Figure("%", value)
    if match["unit"]:
        working = (match["kind"] or "").lower() in ("business", "working")
        return Figure("business " * working + match["unit"].lower(), value)
    return Figure("count", value)


def _limits(text: str, match: re.Match[str], figure: Figure) -> bool:
    """Whether a number is a rule's figure: it has a unit, is written twice, or bounds or counts something."""
    if figure.unit != "count":
        return True
    if figure.value <= 1:
        return False
    before = text[max(0, match.start() - 30) : match.start()]
    return bool(match["again"] or _LIMITS.search(before) or _COUNTED.match(text, match.end()))


def _names(text: str, match: re.Match[str]) -> bool:
    """Whether a number is the name of a section, form, date, year or telephone line."""
    if match["money"] or match["dollars"] or match["percent"] or match["unit"] or match["again"]:
        return False
    before = text[max(0, match.start() - 40) : match.start()]
    if _GOES_ON.match(text, match.end()) or _NUMBERED.search(before):
        return True
    # "Sections 1-79 to 90", "99-14, 15": a number linked to one that is a name.
    return match["number"][0].isdigit() and bool(_YEAR.fullmatch(match["number"]) or _LINKED.search(before))


def _value(number: str) -> Decimal:
    if number[0].isdigit():
        return Decimal(number.replace(",", ""))
    total = current = 0
    for word in re.findall(r"[a-z]+", number.lower()):
        if word in _SCALES:
            current = max(current, 1) * _SCALES[word]
            if word != "hundred":
                total, current = total + current, 0
        else:
            current += _NUMERALS.get(word, 0)
    return Decimal(total + current)
