"""Leave: halves of days, two at a time, and the day by whose end it is closed."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, workdays
from app.core.errors import ImpossibleError
from app.features.leave.rules import Half, LeaveType, Span, due_on, is_asked_late, may_stand_beside, suggests_unclosed

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 1))
SPANS = st.builds(lambda first, days: Span(first, first + timedelta(days=days)), DAYS, st.integers(0, 40))


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=clock.zone())


@pytest.mark.parametrize(
    ("half", "begins", "covered"),
    [
        (Half.AM, at(4, 11, 59), True),
        (Half.AM, at(4, 12), False),
        (Half.PM, at(4, 17, 59), True),
        (Half.PM, at(4, 18), False),
        (Half.EVENING, at(4, 23, 59), True),
        (Half.EVENING, at(5, 0), False),
    ],
)
def test_the_end_of_a_half_is_no_longer_covered(half, begins, covered):
    assert Span(date(2026, 3, 3), date(2026, 3, 4), last_half=half).covers(begins) is covered


def test_a_day_whose_afternoon_comes_before_its_morning_is_refused():
    with pytest.raises(ImpossibleError):
        Span(date(2026, 3, 4), date(2026, 3, 4), Half.PM, Half.AM)


@given(one=SPANS, other=SPANS, kind=st.sampled_from(LeaveType), other_kind=st.sampled_from(LeaveType))
def test_two_leaves_may_stand_beside_each_other_in_either_order(one, other, kind, other_kind):
    assert may_stand_beside(kind, one, other_kind, other) == may_stand_beside(other_kind, other, kind, one)
    if kind is LeaveType.ANNUAL and other_kind is LeaveType.SICK:
        assert may_stand_beside(kind, one, other_kind, other) != one.overlaps(other)


@given(last=DAYS, later=st.integers(1, 20))
def test_a_better_calendar_moves_the_due_day_only_later(last, later):
    stored = last + timedelta(days=later)
    due = due_on(last, stored=stored)
    assert due >= stored
    assert due == stored or workdays.is_working_day(due)


def test_it_is_suggested_the_day_after_and_never_before():
    due = due_on(date(2026, 5, 8))
    assert due == date(2026, 5, 9)  # a Saturday that is made up
    assert [suggests_unclosed(due, closed_on=None, today=due + timedelta(days=n)) for n in (0, 1)] == [False, True]
    assert suggests_unclosed(due, closed_on=due, today=date(2026, 6, 1)) is False
    assert suggests_unclosed(due, closed_on=None, today=None) is None


@pytest.mark.parametrize(
    ("half", "begins", "covered"),
    [
        (Half.AM, at(2, 23, 59), False),
        (Half.AM, at(3, 0), True),
        (Half.PM, at(3, 11, 59), False),
        (Half.PM, at(3, 12), True),
        (Half.EVENING, at(3, 17, 59), False),
        (Half.EVENING, at(3, 18), True),
    ],
)
def test_the_beginning_of_a_half_is_covered(half, begins, covered):
    assert Span(date(2026, 3, 3), date(2026, 3, 4), first_half=half).covers(begins) is covered


def test_an_illness_and_an_official_trip_alone_may_be_told_of_once_they_have_begun():
    span = Span(date(2026, 3, 3), date(2026, 3, 4))
    late = {leave for leave in LeaveType if is_asked_late(leave, span, asked_at=at(3, 0))}
    assert late == set(LeaveType) - {LeaveType.SICK, LeaveType.OFFICIAL}
    assert not any(is_asked_late(leave, span, asked_at=at(2, 23, 59)) for leave in LeaveType)
