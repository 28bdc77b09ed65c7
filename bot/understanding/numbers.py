"""Numbers as people write them: "12", "a dozen", "four hundred fifty", "400k", "2,500.00"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge import numerals
from knowledge.numerals import UNITS

TENS = numerals.TENS | {"fourty": 40}
SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "k": 1000, "million": 1_000_000, "mil": 1_000_000}
VAGUE = frozenset({"few", "several", "many", "some", "couple", "of"})  # of a scale: no figure
GROUPS = ("dozen", "couple")
HUNDRED = 100
LARGEST = Decimal(10) ** 12
_DIGITS = re.compile(r"^(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(k|m)?$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in tokens `start` to `end` (exclusive)."""

    value: Decimal
    start: int
    end: int


def digits(word: str) -> Decimal | None:
    """The value of a token in digits ("2,500.00", "400k"), or `None`."""
    found = _DIGITS.match(word)
    if not found or len(word) > 15:
        return None
    value = Decimal(found[1].replace(",", "") + (found[2] or ""))
    return value * {"k": 1000, "m": 1_000_000}.get(found[3] or "", 1)


def numbers(words: Sequence[str]) -> list[Number]:
    """All numbers in a text's tokens, left to right, none overlapping."""
    found = []
    at = 0
    while at < len(words):
        number = _at(words, at)
        if number is None:
            at += 1
        else:
            found.append(number)
            at = number.end
    return found


def _at(words: Sequence[str], at: int) -> Number | None:
    value = digits(words[at])
    if value is not None:
        end = at + 1
        if end < len(words) and words[end] in SCALES and value < SCALES["thousand"]:
            return Number(value * SCALES[words[end]], at, end + 1)
        return Number(value, at, end) if value <= LARGEST else None
    return _spelled(words, at)


def _spelled(words: Sequence[str], at: int) -> Number | None:
    if list(words[at : at + 3]) == ["half", "a", "dozen"]:
        return Number(Decimal(6), at, at + 3)
    if list(words[at : at + 2]) == ["a", "dozen"]:
        return Number(Decimal(12), at, at + 2)
    if list(words[at : at + 2]) == ["a", "couple"]:
        end = at + 3 if list(words[at + 2 : at + 3]) == ["of"] else at + 2
        if words[end : end + 1] and words[end] in SCALES:
            return Number(Decimal(2 * SCALES[words[end]]), at, end + 1)
        return Number(Decimal(2), at, at + 2)
    if words[at] == "dozen":
        return Number(Decimal(12), at, at + 1)
    if (
        words[at] in SCALES
        and (at == 0 or words[at - 1] not in VAGUE)
        and (
            list(words[at + 1 : at + 3]) == ["-", "dollar"]
            or words[at + 1 : at + 2] in (("bucks",), ("dollars",))
        )
    ):
        return Number(Decimal(SCALES[words[at]]), at, at + 1)
    if words[at] == "a":
        return _sum(words, at, at + 1) if words[at + 1 : at + 2] and words[at + 1] in SCALES else None
    return _sum(words, at, at)


def _sum(words: Sequence[str], at: int, start: int) -> Number | None:
    total, current, seen, end = 0, 1 if start > at else 0, start > at, start
    while end < len(words):
        word = words[end]
        if word in UNITS and current % 10 == 0:
            current, seen = current + UNITS[word], True
        elif word in TENS and current % HUNDRED == 0:
            current, seen = current + TENS[word], True
        elif word in SCALES and seen:
            scale = SCALES[word]
            if scale == HUNDRED:
                current *= scale
            else:
                total, current = total + current * scale, 0
        elif not (
            seen
            and word in ("and", "-")
            and end + 1 < len(words)
            and _continues(words[end + 1], current, thousands=total > 0 and word == "and")
        ):
            break
        end += 1
    return Number(Decimal(total + current), at, end) if seen else None


def _continues(word: str, current: int, *, thousands: bool) -> bool:
    """Whether "and" or a hyphen goes on with the number: "twenty-five", "one thousand and one"."""
    begun = current > 0 or thousands
    return begun and ((word in UNITS and current % 10 == 0) or (word in TENS and current % HUNDRED == 0))
