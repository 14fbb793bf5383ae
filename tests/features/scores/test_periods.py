"""Which part of which year an address asks for."""

from datetime import date

import pytest

from app.core.errors import NotFoundError
from app.features.scores.periods import choices, period_of, years_beside

NOVEMBER = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("asked", "through", "running", "closed"),
    [
        ({}, NOVEMBER, True, False),
        ({"year": 2026}, NOVEMBER, True, False),
        ({"through": "2026-11"}, NOVEMBER, True, False),
        ({"through": "2026-06"}, date(2026, 6, 30), False, False),
        ({"year": 2025}, date(2025, 12, 31), False, True),
        ({"year": 2024, "through": "2024-02"}, date(2024, 2, 29), False, False),
    ],
)
def test_the_period_of_an_address(asked, through, running, closed):
    period = period_of(NOVEMBER, **asked)
    assert (period.through, period.is_running, period.is_closed) == (through, running, closed)
    assert (period.year, period.since) == (through.year, date(through.year, 1, 1))


@pytest.mark.parametrize(
    "asked",
    [
        {"year": 2027},
        {"year": 0},
        {"year": -1},
        {"year": 99999},
        {"through": "2026-12"},
        {"through": "2026-13"},
        {"through": "0000-01"},
        {"through": "last"},
        {"through": ""},
        {"year": 2025, "through": "2026-03"},
    ],
)
def test_there_is_no_such_period(asked):
    with pytest.raises(NotFoundError):
        period_of(NOVEMBER, **asked)


@pytest.mark.parametrize(
    ("today", "takes_facts", "closed"),
    [
        (date(2027, 1, 14), True, False),
        (date(2027, 1, 15), False, False),
        (date(2027, 3, 31), False, False),
        (date(2027, 4, 1), False, True),
    ],
)
def test_a_year_takes_facts_until_15_january_and_is_archived_by_31_march(today, takes_facts, closed):
    period = period_of(today, year=2026)
    assert (period.takes_facts, period.is_closed) == (takes_facts, closed)


def test_the_last_day_of_a_month_is_still_running():
    assert period_of(date(2026, 6, 30)).is_running
    assert period_of(date(2026, 12, 31)).is_running
    assert not period_of(date(2027, 1, 1), year=2026).is_running


def quarters(today, **asked):
    return [(one.through, one.is_chosen) for one in choices(period_of(today, **asked), today)]


def test_quarters_that_are_over_and_the_year_to_date():
    assert quarters(NOVEMBER) == [("2026-03", False), ("2026-06", False), ("2026-09", False), (None, True)]
    assert quarters(NOVEMBER, through="2026-06")[1:] == [("2026-06", True), ("2026-09", False), (None, False)]
    assert quarters(date(2026, 5, 31)) == [("2026-03", False), (None, True)]
    assert quarters(date(2026, 3, 31)) == [(None, True)]


def test_a_year_that_is_over_ends_with_the_whole_of_it():
    past = choices(period_of(NOVEMBER, year=2025), NOVEMBER)
    assert [one.through for one in past] == ["2025-03", "2025-06", "2025-09", None]
    assert [one.is_running for one in past] == [False] * 4
    assert past[-1].is_chosen


def test_the_years_beside():
    assert years_beside(period_of(NOVEMBER), NOVEMBER, 2024) == [2025]
    assert years_beside(period_of(NOVEMBER, year=2025), NOVEMBER, 2024) == [2024, 2026]
    assert years_beside(period_of(NOVEMBER), NOVEMBER, 2026) == []
