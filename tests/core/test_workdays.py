"""Working days: the published calendar, and what is assumed beyond it."""

from datetime import date

import pytest

from app.core import workdays

A_YEAR_NOBODY_KNOWS = 2190


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),  # a Friday
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # a Saturday that is made up
        (date(A_YEAR_NOBODY_KNOWS, 10, 1), True),  # a Friday
        (date(A_YEAR_NOBODY_KNOWS, 10, 2), False),
    ],
)
def test_who_works_when(day, works):
    assert workdays.is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "count", "end"),
    [
        (date(2026, 11, 16), 3, date(2026, 11, 19)),
        (date(2026, 11, 19), 3, date(2026, 11, 24)),  # over a weekend
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over a holiday
        (date(2026, 11, 19), 0, date(2026, 11, 19)),
    ],
)
def test_working_days_are_counted_from_the_day_after(day, count, end):
    assert workdays.after(day, count) == end
