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
        (date(A_YEAR_NOBODY_KNOWS, 10, 1), False),  # a Friday, and off by law
        (date(A_YEAR_NOBODY_KNOWS, 10, 8), True),
        (date(A_YEAR_NOBODY_KNOWS, 10, 9), False),
        (date(2027, 1, 1), False),  # a Friday of a year that was not published yet
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


def test_a_loaded_list_overrules_single_days_but_no_statutory_one():
    friday, saturday, new_year = date(2027, 2, 5), date(2027, 2, 13), date(2027, 1, 1)
    loaded = workdays.Calendar(working=frozenset({saturday, new_year}), off=frozenset({friday}))
    assert [workdays.is_working_day(day, loaded) for day in (friday, saturday, new_year)] == [False, True, False]
    assert [workdays.is_working_day(day) for day in (friday, saturday)] == [True, False]


@pytest.mark.parametrize(
    ("month", "fixed", "day"),
    [
        ((2026, 11), 6, date(2026, 11, 6)),
        ((2026, 11), 7, date(2026, 11, 9)),  # a Saturday: the next working day
        ((2026, 5), 31, date(2026, 5, 29)),  # a Sunday, and no day left in the month
        ((2026, 2), 31, date(2026, 2, 28)),  # a Saturday that is made up
        ((2026, 10), 1, date(2026, 10, 8)),
    ],
)
def test_a_fixed_day_of_the_month_moves_within_it(month, fixed, day):
    assert workdays.in_month(*month, fixed) == day
