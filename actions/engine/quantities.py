"""Amounts, counts and dates of which only a range may be known, and the calendar functions of the
rulebook."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

ZERO = Decimal(0)
# More than any sum, count or number of days that a case could hold.
MANY = Decimal(10) ** 12
FIRST_DAY = dt.date(1, 1, 1)
LAST_DAY = dt.date(9999, 12, 31)


def days(start: dt.date, end: dt.date) -> int:
    """Calendar days from `start` to `end`; 0 on the same day (RCSA 1-92-12(o))."""
    return (end - start).days


def business_days(start: dt.date, end: dt.date) -> int:
    """Mondays to Fridays after `start` up to and including `end`; negative when `end` comes first."""
    return _weekdays_through(end.toordinal()) - _weekdays_through(start.toordinal())


def _weekdays_through(ordinal: int) -> int:
    # Ordinal 1 is a Monday.
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


def plus_days(day: dt.date, number: int | Decimal) -> dt.date:
    """The date `number` calendar days later; stops at the ends of the calendar."""
    ordinal = min(max(day.toordinal() + int(number), 1), LAST_DAY.toordinal())
    return dt.date.fromordinal(ordinal)


def plus_business_days(day: dt.date, number: int) -> dt.date:
    """The date `number` business days later, or earlier when negative."""
    step = 1 if number >= 0 else -1
    left = abs(number)
    while left:
        day += dt.timedelta(days=step)
        left -= day.weekday() < 5
    return day


def plus_years(day: dt.date, number: int | Decimal) -> dt.date:
    """The same day `number` years later; 29 February becomes 1 March where the year has none."""
    year = day.year + int(number)
    if not 1 <= year <= LAST_DAY.year:
        return LAST_DAY if year > 1 else FIRST_DAY
    try:
        return day.replace(year=year)
    except ValueError:
        return dt.date(year, 3, 1)


def divide(dividend: Decimal | int, divisor: Decimal | int) -> Decimal:
    """The quotient; dividing by nothing gives more than any sum."""
    return Decimal(dividend) / divisor if divisor else MANY
