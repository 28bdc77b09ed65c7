"""Calendar functions at their edges."""

from __future__ import annotations

import datetime as dt

import pytest

from actions.engine import quantities as q
from tests.actions.engine.reference import _business_days

D = dt.date


@pytest.mark.parametrize("start", [D(2026, 5, 29), D(2026, 5, 30), D(2026, 6, 1), D(2024, 2, 29)])
@pytest.mark.parametrize("gap", [0, 1, 2, 3, 5, 8, 30, 365])
def test_business_days_count_as_a_calendar_does(start: dt.date, gap: int) -> None:
    end = start + dt.timedelta(days=gap)
    assert q.business_days(start, end) == _business_days(start, end)
    assert q.business_days(end, start) == -q.business_days(start, end)


def test_business_days_are_added_and_counted_back() -> None:
    friday = D(2026, 5, 29)
    assert q.plus_business_days(friday, 1) == D(2026, 6, 1)
    assert q.plus_business_days(friday, 5) == D(2026, 6, 5)
    assert q.plus_business_days(D(2026, 6, 1), -1) == friday
    assert q.plus_business_days(friday, 0) == friday


def test_years_and_days_move_dates() -> None:
    assert q.plus_years(D(2024, 2, 29), 1) == D(2025, 3, 1)
    assert q.plus_years(D(2024, 2, 29), 4) == D(2028, 2, 29)
    assert q.plus_years(q.LAST_DAY, 1) == q.LAST_DAY
    assert q.plus_years(q.FIRST_DAY, -1) == q.FIRST_DAY
    assert q.plus_days(D(2026, 1, 31), 30) == D(2026, 3, 2)
    assert q.plus_days(q.LAST_DAY, 1) == q.LAST_DAY
    assert q.plus_days(q.FIRST_DAY, -1) == q.FIRST_DAY
    assert q.days(D(2026, 6, 1), D(2026, 6, 1)) == 0


def test_dividing_by_nothing_is_more_than_any_sum() -> None:
    assert q.divide(10, 0) == q.MANY
    assert q.divide(10, 4) == q.Decimal("2.5")


def test_business_days_run_over_a_weekend_and_stand_still_at_none() -> None:
    assert q.plus_business_days(D(2026, 5, 28), 2) == D(2026, 6, 1)
    assert q.plus_business_days(D(2026, 5, 30), 1) == D(2026, 6, 1)
    assert q.plus_business_days(D(2026, 6, 3), -3) == D(2026, 5, 29)


def test_years_stop_at_the_ends_of_the_calendar() -> None:
    assert q.plus_years(D(9998, 6, 1), 1) == D(9999, 6, 1)
    assert q.plus_years(D(9998, 6, 1), 2) == q.LAST_DAY
    assert q.plus_years(D(2, 6, 1), -1) == D(1, 6, 1)
    assert q.plus_years(D(2, 6, 1), -2) == q.FIRST_DAY
