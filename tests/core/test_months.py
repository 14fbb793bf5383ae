"""A day beyond a month's end is its last day."""

from datetime import date

import pytest

from app.core.months import clipped, last_of_month, months_later


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_so_many_months_later(day, months, later):
    assert months_later(day, months) == later


def test_the_last_day_of_a_month():
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert [last_of_month(2026, month).day for month in range(1, 13)] == days
    assert (clipped(2024, 2, 30), clipped(2024, 2, 28)) == (date(2024, 2, 29), date(2024, 2, 28))


def test_no_month_lies_beyond_the_years_there_are():
    with pytest.raises(ValueError, match="year"):
        months_later(date(9999, 12, 1), 1)
