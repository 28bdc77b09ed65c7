"""Dates as people write them ("last Tuesday", "14 months ago", "by the end of June") made absolute."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.numerals import UNITS

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
DAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
DAYS |= {name.lower(): number for number, name in enumerate(calendar.day_abbr)} | {
    "tues": 1,
    "thur": 3,
    "thurs": 3,
}
SMALL = dict(UNITS)
SMALL |= {
    "a": 1,
    "an": 1,
    "couple": 2,
    "few": 3,
    "eighteen": 18,
    "fourteen": 14,
    "fifteen": 15,
    "thirty": 30,
    "ninety": 90,
}
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_COUNT = (
    r"(?P<count>\d{1,3}|(?:a )?couple(?: of)?|(?:a )?few|"
    + "|".join(sorted(SMALL, key=len, reverse=True))
    + ")"
)
_UNIT = r"(?P<unit>day|week|month|year)s?"
_WEEKDAY = "(?P<weekday>" + "|".join(sorted(DAYS, key=len, reverse=True)) + ")"
_AGO = r"(?:ago|back|earlier|now since)(?: today)?"
ORDINALS = {
    word: number
    for number, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 1
    )
}
_ORDINAL = "(?P<ordinal>" + "|".join(ORDINALS) + ")"
FORMS = tuple(
    (name, re.compile(r"(?<![\w$])" + form + r"(?!\w)", re.IGNORECASE))
    for name, form in (
        ("iso", r"(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})"),
        ("slashed", r"(?P<number>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?"),
        ("month_day", _MONTH + r" (?:the )?" + _DAY + r"(?:,? (?P<year>\d{4}))?"),
        ("month_day", _DAY + r"(?: of)? " + _MONTH + r"(?:,? (?P<year>\d{4}))?"),
        ("month_day", _ORDINAL + " of " + _MONTH + r"(?:,? (?P<year>\d{4}))?"),
        (
            "end_of",
            r"(?:the )?end of (?P<which>this |last |next |the )?(?:"
            + _MONTH
            + r"|(?P<span>month|year))(?:,? (?P<year>\d{4}))?",
        ),
        ("month_year", _MONTH + r"(?: of)?,? (?P<year>\d{4})"),
        ("ago", r"(?P<half>half a year|a year and a half) " + _AGO),
        ("ago", _COUNT + " " + _UNIT + " " + _AGO),
        ("ahead", r"in " + _COUNT + " " + _UNIT),
        ("ahead", _COUNT + " " + _UNIT + r" from (?:now|today)"),
        ("since", r"(?:it'?s|it has|has) been (?:about |over |around |almost )?" + _COUNT + " " + _UNIT),
        ("from_weekday", _COUNT + " " + r"(?P<unit>week)s? from " + _WEEKDAY),
        (
            "relative_day",
            r"(?P<word>today|yesterday|tomorrow|day before yesterday|this morning|tonight|last night)",
        ),
        ("weekday", r"(?:(?P<which>last|this past|past|next|this|on|this coming) )?" + _WEEKDAY),
        ("relative_span", r"(?P<which>last|next) (?P<span>week|month|year)"),
    )
)
# "The 20th": of the month of the date before it, or of the next when that day lies behind it.
DAY_ALONE = re.compile(r"(?<!\w)the (?P<day>\d{1,2})(?:st|nd|rd|th)(?!\w)", re.IGNORECASE)
MONTH_ALONE = re.compile(
    r"(?<!\w)(?:(?P<which>last|next|this|in|since|during) )" + _MONTH + r"(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class When:
    """A date in characters `start` to `end`. `exact` is false where only a week, month or year was named."""

    date: dt.date
    start: int
    end: int
    exact: bool


def dates(text: str, today: dt.date) -> list[When]:
    """Every date in `text`, in order, none overlapping; the year nearest to `today` where none is named."""
    found: list[When] = []
    for name, form in (*FORMS, ("month", MONTH_ALONE)):
        for match in form.finditer(text):
            if any(match.start() < when.end and when.start < match.end() for when in found):
                continue
            date = _date(name, match, today)
            if date is not None:
                vague = name in ("relative_span", "month", "month_year", "since", "from_weekday") or (
                    name == "ago" and match["unit"] != "day" if "unit" in match.groupdict() else name == "ago"
                )
                found.append(When(date, match.start(), match.end(), not vague))
    found.sort(key=lambda when: when.start)
    for match in DAY_ALONE.finditer(text):
        before = [when for when in found if when.exact and when.end <= match.start()]
        if before and not any(match.start() < when.end and when.start < match.end() for when in found):
            date = _following(before[-1].date, int(match["day"]))
            if date is not None:
                found.append(When(date, match.start(), match.end(), True))
                found.sort(key=lambda when: when.start)
    return found


def durations(text: str) -> Iterator[tuple[int, str, int, int]]:
    """Lengths of time ("17 days", "two weeks") as (count, unit, start, end)."""
    for match in re.finditer(r"(?<![\w$])" + _COUNT + " " + _UNIT + r"(?!\w)", text, re.IGNORECASE):
        yield _count(match["count"]), match["unit"].lower(), match.start(), match.end()


def shift(date: dt.date, count: int, unit: str) -> dt.date | None:
    """`date` moved by `count` days, weeks, months or years; `None` outside the calendar."""
    try:
        if unit in ("day", "week"):
            return date + dt.timedelta(days=count * (7 if unit == "week" else 1))
        months = date.year * 12 + date.month - 1 + count * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        return None


def _following(date: dt.date, day: int) -> dt.date | None:
    """The first day numbered `day` that is not before `date`; `None` where that month has no such day."""
    month = date if day >= date.day else shift(date.replace(day=1), 1, "month")
    try:
        return month.replace(day=day) if month else None
    except ValueError:
        return None


def _count(word: str) -> int:
    word = word.lower().removeprefix("a ").removesuffix(" of")
    return int(word) if word.isdigit() else SMALL[word]


def _date(name: str, match: re.Match[str], today: dt.date) -> dt.date | None:
    given = {key: value.lower() for key, value in match.groupdict().items() if value}
    try:
        return _BUILD[name](given, today)
    except ValueError:
        return None


def _dated(given: dict[str, str], today: dt.date) -> dt.date | None:
    month = MONTHS[given["month"]] if "month" in given else int(given["number"])
    day = ORDINALS[given["ordinal"]] if "ordinal" in given else int(given.get("day", "1"))
    if "year" in given:
        year = int(given["year"])
        return dt.date(year + (2000 if year < 100 else 0), month, day)
    return _nearest(today, month, day)


def _nearest(today: dt.date, month: int, day: int) -> dt.date:
    years = [dt.date(year, month, day) for year in (today.year - 1, today.year, today.year + 1)]
    return min(years, key=lambda date: abs((date - today).days))


def _end_of(given: dict[str, str], today: dt.date) -> dt.date | None:
    which = given.get("which", "").strip()
    step = {"last": -1, "next": 1}.get(which, 0)
    if given.get("span") == "year":
        return dt.date(today.year + step, 12, 31)
    if "month" in given:
        start = _dated(
            {"month": given["month"], **({"year": given["year"]} if "year" in given else {})}, today
        )
    else:
        start = shift(today.replace(day=1), step, "month")
    return start and start.replace(day=calendar.monthrange(start.year, start.month)[1])


def _ago(given: dict[str, str], today: dt.date) -> dt.date | None:
    if "half" in given:
        return shift(today, -6 if given["half"].startswith("half") else -18, "month")
    return shift(today, -_count(given["count"]), given["unit"])


def _ahead(given: dict[str, str], today: dt.date) -> dt.date | None:
    return shift(today, _count(given["count"]), given["unit"])


def _relative_day(given: dict[str, str], today: dt.date) -> dt.date | None:
    steps = {"yesterday": -1, "tomorrow": 1, "day before yesterday": -2, "last night": -1}
    return shift(today, steps.get(given["word"], 0), "day")


def _weekday(given: dict[str, str], today: dt.date) -> dt.date | None:
    which = given.get("which", "on")
    if len(given["weekday"]) <= 4 and "which" not in given:
        return None  # "sun", "wed", "mon" alone are words of their own
    behind = (today.weekday() - DAYS[given["weekday"]]) % 7
    if which in ("next", "this", "this coming"):
        return today + dt.timedelta(days=(7 - behind) if behind else 7)
    return today - dt.timedelta(days=behind or (7 if which in ("last", "this past", "past") else 0))


def _from_weekday(given: dict[str, str], today: dt.date) -> dt.date | None:
    return today + dt.timedelta(
        days=(DAYS[given["weekday"]] - today.weekday()) % 7 + 7 * _count(given["count"])
    )


def _relative_span(given: dict[str, str], today: dt.date) -> dt.date | None:
    return shift(today, -1 if given["which"] == "last" else 1, given["span"])


def _month(given: dict[str, str], today: dt.date) -> dt.date | None:
    month = MONTHS[given["month"]]
    near = _nearest(today, month, 1)
    if given["which"] in ("last", "since") and near > today:
        return near.replace(year=near.year - 1)
    if given["which"] == "next" and near < today:
        return near.replace(year=near.year + 1)
    return near


_BUILD = {
    "iso": _dated, "slashed": _dated, "month_day": _dated, "month_year": _dated, "end_of": _end_of,
    "ago": _ago, "since": _ago, "from_weekday": _from_weekday,
    "ahead": _ahead, "relative_day": _relative_day, "weekday": _weekday, "relative_span": _relative_span,
    "month": _month,
}  # fmt: skip
