"""Of which years a list is of any use, and which days are worth a look: docs/domain.md, meetings §14."""

from datetime import date

import pytest

from app.core.workdays import DayKind
from app.features.holidays import rules
from app.features.holidays.rules import ProblemCode

TODAY = date(2026, 3, 9)


def test_limits():
    assert (rules.YEARS_BACK, rules.YEARS_AHEAD, rules.FEW_DAYS_OFF) == (1, 2, 20)


@pytest.mark.parametrize(
    ("day", "kind", "code"),
    [
        (date(2024, 12, 31), DayKind.OFF, ProblemCode.YEAR_TOO_FAR),
        (date(2025, 1, 1), DayKind.OFF, None),
        (date(2028, 12, 31), DayKind.OFF, None),
        (date(2029, 1, 1), DayKind.OFF, ProblemCode.YEAR_TOO_FAR),
        (date(2027, 10, 2), DayKind.WORKING, ProblemCode.STATUTORY),
        (date(2027, 10, 2), DayKind.OFF, None),
        (date(2027, 10, 4), DayKind.WORKING, None),
    ],
)
def test_what_is_wrong_with_a_day(day, kind, code):
    problem = rules.problem_of(day, kind, today=TODAY)
    assert (problem and problem.code) == code


@pytest.mark.parametrize(
    ("day", "kind", "is_odd"),
    [
        (date(2027, 2, 6), DayKind.WORKING, False),  # a Saturday
        (date(2027, 2, 8), DayKind.WORKING, True),  # a Monday
        (date(2027, 2, 8), DayKind.OFF, False),
    ],
)
def test_a_make_up_day_is_a_saturday_or_a_sunday(day, kind, is_odd):
    assert (rules.note_of(day, kind) is not None) is is_odd
