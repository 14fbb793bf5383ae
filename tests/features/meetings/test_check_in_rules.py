"""What becomes of a check-in, and the last days of a make-up: domain, meetings §4 to §6 and §15."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.features.meetings.attendance.rules import State
from app.features.meetings.checkins.rules import (
    SURE,
    Stands,
    Typed,
    flags_of,
    flags_of_reason,
    is_handed_out,
    out_of_order,
    said_by,
    ticks,
)
from app.features.meetings.events.rules import EventState
from app.features.meetings.makeups.rules import DayNotThereError, check_day, confirmed_by, last_day
from app.features.meetings.ticks.rules import Mark, StoredTick
from app.features.meetings.venue_code.rules import CheckIn, Judged, Reason
from app.features.reviews.rules import Flag, ReviewStatus

BEGINS = datetime(2026, 11, 6, 6, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=2)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
PRESENT, ABSENT = StoredTick(State.PRESENT), StoredTick(State.ABSENT)
GOOD, LATE = Judged(CheckIn.GOOD, BEGINS), Judged(CheckIn.LATE, BEGINS)
DOUBTFUL, REFUSED = Judged(CheckIn.DOUBTFUL, BEGINS), Judged(CheckIn.REFUSED, BEGINS)
PENDING, APPROVED = ReviewStatus.PENDING, ReviewStatus.APPROVED


@pytest.mark.parametrize(
    ("now", "state", "handed_out"),
    [
        (BEGINS - 24 * HOUR - SECOND, EventState.PLANNED, False),
        (BEGINS - 24 * HOUR, EventState.PLANNED, True),
        (ENDS + 24 * HOUR, EventState.PLANNED, True),
        (ENDS + 24 * HOUR + SECOND, EventState.PLANNED, False),
        (BEGINS, EventState.RECORDED, False),
        (BEGINS, EventState.CANCELLED, False),
    ],
)
def test_the_organisers_phone_has_the_secret_from_a_day_before_until_it_is_recorded(now, state, handed_out):
    assert is_handed_out(BEGINS, ENDS, state, now=now) is handed_out


def test_a_code_says_late_only_of_whom_that_can_be_said_and_in_doubt_nothing_that_costs():
    assert {CheckIn.GOOD, CheckIn.LATE} == SURE
    assert said_by(LATE, tuple(Mark)) is Mark.LATE
    assert said_by(LATE, (Mark.PRESENT, Mark.NOT_EXPECTED)) is Mark.PRESENT
    assert [said_by(one, tuple(Mark)) for one in (GOOD, DOUBTFUL)] == [Mark.PRESENT, Mark.PRESENT]


def typed(outcome=CheckIn.GOOD, *, minutes=0):
    return Typed(outcome, BEGINS + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("judged", "last", "becomes_a_tick"),
    [
        (GOOD, None, True),
        (REFUSED, None, False),
        (Judged(CheckIn.DOUBTFUL, BEGINS, Reason.CANCELLED), None, False),
        (DOUBTFUL, None, True),
        (GOOD, Stands(PRESENT, None, None), True),  # nobody has handed it in
        (GOOD, Stands(ABSENT, ReviewStatus.RETURNED, None), True),
        (GOOD, Stands(PRESENT, ReviewStatus.WITHDRAWN, typed()), True),
        (GOOD, Stands(PRESENT, PENDING, None), False),  # ticked as the code says
        (GOOD, Stands(ABSENT, APPROVED, None), True),
        (DOUBTFUL, Stands(ABSENT, APPROVED, None), True),
        (DOUBTFUL, Stands(ABSENT, PENDING, typed()), False),
        (GOOD, Stands(PRESENT, PENDING, typed(CheckIn.DOUBTFUL)), True),
        (GOOD, Stands(PRESENT, APPROVED, typed(CheckIn.DOUBTFUL)), False),
        (GOOD, Stands(ABSENT, APPROVED, typed(CheckIn.DOUBTFUL)), True),
        (GOOD, Stands(StoredTick(State.PRESENT, is_late=True), PENDING, typed(CheckIn.LATE, minutes=40)), True),
        (GOOD, Stands(PRESENT, PENDING, typed(minutes=5)), False),  # earlier, and says the same
        (GOOD, Stands(StoredTick(State.PRESENT, is_late=True), PENDING, typed(CheckIn.LATE)), False),  # not earlier
    ],
)
def test_the_earliest_good_one_stays_and_nobody_is_ticked_twice_as_the_code_says(judged, last, becomes_a_tick):
    assert ticks(judged, Mark.PRESENT, last) is becomes_a_tick


@pytest.mark.parametrize(
    ("reason", "flag"),
    [
        (None, None),
        (Reason.AFTER_END, Flag.AFTER_END),
        (Reason.CLOCK_SKEW, Flag.CLOCK_SKEW),
        (Reason.CODE_EXPIRED, Flag.CODE_EXPIRED),
        (Reason.TOO_EARLY, Flag.TOO_EARLY),
        (Reason.UNCHECKED, Flag.UNCHECKED),
        (Reason.NOT_EXPECTED, None),
        (Reason.CANCELLED, None),
        (Reason.TOO_MANY_TRIES, None),
        (Reason.WRONG_CODE, None),
    ],
)
def test_why_an_officer_looks_at_it_alone(reason, flag):
    assert flags_of_reason(reason) == ({flag} if flag else set())


@pytest.mark.parametrize(
    ("last", "confirmed", "differs"),
    [
        (None, False, False),
        (None, True, True),
        (Stands(ABSENT, PENDING, None), False, True),
        (Stands(ABSENT, APPROVED, None), False, True),
        (Stands(ABSENT, ReviewStatus.RETURNED, None), False, False),
        (Stands(PRESENT, PENDING, typed()), False, False),
    ],
)
def test_where_the_organiser_said_otherwise_it_is_marked(last, confirmed, differs):
    found = flags_of(GOOD, last, at_the_door=(), confirmed=confirmed)
    assert found == ({Flag.DIFFERS} if differs else set())


def test_what_the_door_supposes_of_a_clock_the_code_decides():
    door = (Flag.WOULD_BE_REFUSED, Flag.CLOCK_SKEW, Flag.LATE_UPLOAD)
    assert flags_of(GOOD, None, at_the_door=door, confirmed=False) == {Flag.LATE_UPLOAD}
    skewed = Judged(CheckIn.DOUBTFUL, BEGINS, Reason.CLOCK_SKEW, one_device=True)
    assert flags_of(skewed, None, at_the_door=door, confirmed=False) == {
        Flag.LATE_UPLOAD,
        Flag.CLOCK_SKEW,
        Flag.ONE_DEVICE,
    }


@pytest.mark.parametrize(
    ("seq", "minutes", "contradicts"), [(3, 1, False), (3, 0, False), (3, -1, True), (1, 1, True), (1, -1, False)]
)
def test_counter_and_clock_of_one_phone_go_the_same_way(seq, minutes, contradicts):
    """Another check-in has number 2 and was typed at the beginning."""
    assert out_of_order(seq, BEGINS + timedelta(minutes=minutes), [(2, BEGINS)]) is contradicts
    assert not out_of_order(seq, BEGINS + timedelta(minutes=minutes), [])


DAY = date(2026, 1, 31)


def test_the_last_days_of_a_make_up():
    assert (last_day(DAY), confirmed_by(DAY)) == (date(2026, 3, 2), date(2026, 3, 12))


@pytest.mark.parametrize(
    ("done_on", "today", "passes"),
    [
        (DAY, DAY, True),
        (date(2026, 1, 30), DAY, False),
        (date(2026, 2, 1), DAY, False),  # not in advance
        (date(2026, 3, 2), date(2026, 3, 2), True),
        (date(2026, 3, 2), date(2026, 3, 12), True),
        (date(2026, 3, 3), date(2026, 3, 12), False),
    ],
)
def test_it_is_made_up_for_between_its_day_and_thirty_days_later(done_on, today, passes):
    if passes:
        check_day(done_on, day=DAY, today=today)
    else:
        with pytest.raises(DayNotThereError):
            check_day(done_on, day=DAY, today=today)
