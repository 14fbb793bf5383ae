"""Leave: halves of days, two at a time, and the day by whose end it is closed."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, workdays
from app.core.errors import ImpossibleError
from app.features.leave.rules import (
    CLOSED_WITHIN,
    LONG_STAY,
    MAY_COME_LATER,
    MAY_CONTAIN_OTHERS,
    Away,
    Half,
    LeaveType,
    Span,
    asks_for_move,
    closing_due,
    covers,
    cut,
    days_of,
    due_on,
    excuses_by_itself,
    is_asked_late,
    may_stand_beside,
    suggests_unclosed,
)

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


def test_limits_and_sets():
    assert (1, timedelta(days=182)) == (CLOSED_WITHIN, LONG_STAY)  # working days; half a year
    assert {LeaveType.SICK, LeaveType.OFFICIAL} == MAY_COME_LATER
    assert {LeaveType.SECONDMENT, LeaveType.TRAINING} == MAY_CONTAIN_OTHERS


@pytest.mark.parametrize(("days", "asks"), [(181, False), (182, True)])
def test_half_a_year_at_one_place_asks_whether_the_relation_moves(days, asks):
    span = Span(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=days))
    assert {leave: asks_for_move(leave, span) for leave in LeaveType} == {
        leave: asks and leave in {"secondment", "training"} for leave in LeaveType
    }


def test_two_leaves_that_touch_do_not_overlap_and_one_may_fill_the_other():
    morning = Span(date(2026, 3, 4), date(2026, 3, 4), Half.AM, Half.AM)
    afternoon = Span(date(2026, 3, 4), date(2026, 3, 4), Half.PM, Half.PM)
    assert not morning.overlaps(afternoon)
    assert not afternoon.overlaps(morning)
    assert morning.contains(morning)
    training = Span(date(2026, 3, 4), date(2026, 3, 6))
    assert may_stand_beside(LeaveType.TRAINING, training, LeaveType.SICK, morning)
    longer = Span(date(2026, 3, 4), date(2026, 3, 7))
    assert not may_stand_beside(LeaveType.TRAINING, training, LeaveType.SICK, longer)
    assert not may_stand_beside(LeaveType.SICK, training, LeaveType.TRAINING, morning)


@pytest.mark.parametrize(
    ("first", "first_half", "last", "last_half", "natural", "working"),
    [
        (9, Half.AM, 9, Half.EVENING, 2, 2),  # a Monday
        (9, Half.PM, 9, Half.EVENING, 1, 1),
        (9, Half.AM, 9, Half.AM, 1, 1),
        (9, Half.PM, 11, Half.AM, 4, 4),
        (13, Half.PM, 14, Half.AM, 2, 1),  # Friday afternoon and Saturday morning
        (13, Half.AM, 15, Half.PM, 6, 2),
    ],
)
def test_days_are_counted_in_halves(first, first_half, last, last_half, natural, working):
    span = Span(date(2026, 3, first), date(2026, 3, last), first_half, last_half)
    assert days_of(span) == (natural, working)


def test_who_comes_back_early_is_covered_through_the_day_of_the_return():
    span = Span(date(2026, 3, 4), date(2026, 3, 6), Half.PM, Half.AM)
    assert cut(span, None) == cut(span, span.last) == cut(span, date(2026, 3, 9)) == span
    assert cut(span, date(2026, 3, 5)) == Span(date(2026, 3, 4), date(2026, 3, 5), Half.PM)


def test_of_several_leaves_the_one_that_excuses_best_is_shown():
    """Decided before asked for, what excuses before a report of leaving town, the inner one before the outer."""
    week, day = Span(date(2026, 3, 2), date(2026, 3, 6)), Span(date(2026, 3, 4), date(2026, 3, 4))
    seconded = Away(LeaveType.SECONDMENT, week, is_decided=True)
    sick = Away(LeaveType.SICK, day, is_decided=True)
    reported = Away(LeaveType.REPORT_ONLY, day, is_decided=True)
    asked = Away(LeaveType.PERSONAL, day, is_decided=False)
    assert covers([seconded, asked], at(4, 9)) is seconded
    assert covers([reported, seconded], at(4, 9)) is seconded
    assert covers([seconded, sick], at(4, 9)) is sick
    assert covers([seconded, sick], at(5, 9)) is seconded
    assert covers([asked, reported], at(4, 9)) is reported
    assert covers([sick], at(5, 9)) is None


def test_private_leave_excuses_by_itself_only_when_it_was_asked_for_before():
    begins = at(4, 14)
    assert not excuses_by_itself(LeaveType.PERSONAL, asked_at=begins, begins=begins)
    assert excuses_by_itself(LeaveType.PERSONAL, asked_at=begins - timedelta(seconds=1), begins=begins)
    others = set(LeaveType) - {LeaveType.PERSONAL}
    assert all(excuses_by_itself(leave, asked_at=begins, begins=begins) for leave in others)


def test_what_is_decided_after_its_end_is_closed_after_that():
    last, decided = date(2026, 3, 6), date(2026, 3, 11)  # a Friday, a Wednesday
    assert closing_due(last, decided_on=date(2026, 3, 1)) == date(2026, 3, 9)
    assert closing_due(last, decided_on=decided) == date(2026, 3, 12)
    assert closing_due(last, decided_on=decided, stored=decided) == date(2026, 3, 12)
    assert closing_due(last, decided_on=decided, stored=date(2026, 3, 20)) == date(2026, 3, 20)


def test_a_due_day_is_stored_for_a_day_after_the_last_one():
    last = date(2026, 3, 6)
    with pytest.raises(ImpossibleError):
        due_on(last, stored=last)
    assert due_on(last, stored=date(2026, 3, 7)) == date(2026, 3, 9)


def test_nothing_is_closed_on_a_day_that_has_not_come():
    today = date(2026, 3, 9)
    assert suggests_unclosed(today, closed_on=today, today=today) is False
    with pytest.raises(ImpossibleError):
        suggests_unclosed(today, closed_on=date(2026, 3, 10), today=today)
    assert suggests_unclosed(today, closed_on=date(2026, 3, 10), today=None) is True
