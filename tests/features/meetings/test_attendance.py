"""Attendance: one gathering, one loss at most, whatever it contained and however it was split."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ImpossibleError
from app.features.ledger.rules import FactType
from app.features.meetings.attendance.rules import (
    EXPECTED_AT,
    Attended,
    ConfirmedBy,
    Item,
    Kind,
    Leave,
    MadeUp,
    State,
    posted_on,
)
from app.features.meetings.attendance.rules import given as what_it_gives

BEGINS = datetime(2026, 11, 6, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def evening(*kinds, state=State.ABSENT, **values):
    return Attended(BEGINS, BEGINS + 2 * HOUR, [Item(kind) for kind in kinds], state, **values)


def losses(*events, as_of=None):
    return [loss.fact_type for loss in what_it_gives(events, as_of).losses]


attended = st.builds(
    lambda items, state, kind, by, late: Attended(
        BEGINS,
        BEGINS + 2 * HOUR,
        [Item(item) for item in items],
        state,
        arrived=BEGINS + timedelta(minutes=late),
        leave=kind if state is State.LEAVE else None,
        confirmed_by=by,
    ),
    st.sets(st.sampled_from(Kind), min_size=1),
    st.sampled_from(State),
    st.sampled_from(Leave),
    st.sampled_from(ConfirmedBy),
    st.integers(0, 119),
)


@given(events=st.lists(attended, max_size=3))
def test_never_more_than_one_loss_and_never_without_an_own_officer(events):
    found = what_it_gives(events).losses
    assert len(found) <= 1
    if found:
        own = [one for one in events if one.confirmed_by is ConfirmedBy.OWN]
        assert any(one.kinds & EXPECTED_AT and one.state in {State.ABSENT, State.LEAVE, State.PRESENT} for one in own)


@given(one=attended)
def test_linked_twice_is_once(one):
    assert what_it_gives([one, one]).losses == what_it_gives([one]).losses


def test_the_heaviest_of_a_linked_evening_decides():
    committee = evening(Kind.COMMITTEE, state=State.PRESENT, arrived=BEGINS + HOUR)
    assert losses(committee, evening(Kind.ORG_LIFE)) == [FactType.ATTENDANCE_ABSENT_KEY]
    assert losses(committee) == [FactType.ATTENDANCE_LATE]


def test_late_and_early_is_one():
    both = evening(Kind.THEME_DAY, state=State.PRESENT, arrived=BEGINS + 0.8 * HOUR, left=BEGINS + 1.2 * HOUR)
    assert losses(both) == [FactType.ATTENDANCE_LATE]


def test_what_only_the_host_confirmed_costs_nothing_and_still_teaches():
    lecture = evening(Kind.LECTURE, state=State.PRESENT, arrived=BEGINS + HOUR, confirmed_by=ConfirmedBy.HOST)
    found = what_it_gives([lecture])
    assert (list(found.losses), found.study_sessions) == ([], 1)


def test_an_unexcused_absence_stays_though_its_content_was_made_up():
    found = what_it_gives([evening(Kind.LECTURE, made_up_on=date(2026, 11, 20))])
    assert [loss.fact_type for loss in found.losses] == [FactType.ATTENDANCE_ABSENT]
    assert found.study_sessions == 1


def test_private_leave_waits_thirty_days():
    leave = evening(Kind.THEME_DAY, state=State.LEAVE, leave=Leave.PRIVATE)
    assert losses(leave, as_of=date(2026, 12, 6)) == []
    assert losses(leave, as_of=date(2026, 12, 7)) == [FactType.ATTENDANCE_PRIVATE_LEAVE]


def test_a_loss_confirmed_after_the_closing_keeps_its_day_and_counts_in_the_open_year():
    december = datetime(2026, 12, 20, 6, 0, tzinfo=UTC)
    one = Attended(december, december + HOUR, [Item(Kind.GROUP)], State.ABSENT, confirmed_on=date(2027, 1, 15))
    (loss,) = what_it_gives([one]).losses
    assert (loss.occurred_on, loss.counts_in) == (date(2026, 12, 20), date(2027, 1, 1))


ABSENT, KEY = [FactType.ATTENDANCE_ABSENT], [FactType.ATTENDANCE_ABSENT_KEY]
LATE, PRIVATE = [FactType.ATTENDANCE_LATE], [FactType.ATTENDANCE_PRIVATE_LEAVE]
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
EVENT = date(2026, 11, 6)
USUAL = {"begins": BEGINS, "ends": BEGINS + 2 * HOUR, "items": [Item(Kind.GROUP)], "state": State.PRESENT}


@pytest.mark.parametrize(
    ("kind", "absence"),
    [
        (Kind.MEMBERS_MEETING, ABSENT),
        (Kind.COMMITTEE, ABSENT),
        (Kind.GROUP, ABSENT),
        (Kind.LECTURE, ABSENT),
        (Kind.THEME_DAY, ABSENT),
        (Kind.ORG_LIFE, KEY),
        (Kind.REVIEW, KEY),
        (Kind.STUDY_SESSION, []),
        (Kind.VOLUNTEERING, []),
        (Kind.JOINT, []),
        (Kind.OTHER, []),
    ],
)
def test_what_an_absence_gives_of_each_kind(kind, absence):
    assert losses(evening(kind)) == absence
    assert losses(evening(Kind.OTHER, kind)) == absence
    late = evening(kind, state=State.PRESENT, arrived=BEGINS + HOUR)
    assert losses(late) == (LATE if absence else [])
    private = evening(kind, state=State.LEAVE, leave=Leave.PRIVATE)
    assert losses(private) == (PRIVATE if absence else [])


@pytest.mark.parametrize(
    ("leave", "loss"),
    [(Leave.OFFICIAL, []), (Leave.SICK, []), (Leave.STATUTORY, []), (Leave.ASKED, []), (Leave.PRIVATE, PRIVATE)],
)
def test_private_leave_alone_costs(leave, loss):
    assert losses(evening(Kind.ORG_LIFE, state=State.LEAVE, leave=leave)) == loss


@pytest.mark.parametrize(
    ("stay", "loss"),
    [
        ({}, []),
        ({"arrived": 30 * MINUTE}, []),
        ({"arrived": 30 * MINUTE + SECOND}, LATE),
        ({"left": 90 * MINUTE}, []),
        ({"left": 90 * MINUTE - SECOND}, LATE),
        ({"arrived": 30 * MINUTE, "left": 90 * MINUTE}, []),
    ],
)
def test_late_is_more_than_thirty_minutes_and_so_is_early(stay, loss):
    moments = {name: BEGINS + after for name, after in stay.items()}
    assert losses(evening(Kind.LECTURE, state=State.PRESENT, **moments)) == loss


@pytest.mark.parametrize(
    "said",
    [
        {"ends": BEGINS},
        {"ends": BEGINS + 24 * HOUR + SECOND},
        {"items": []},
        {"left": BEGINS - SECOND},
        {"arrived": BEGINS + HOUR, "left": BEGINS + HOUR - SECOND},
        {"arrived": BEGINS + 2 * HOUR + SECOND},
        {"arrived": BEGINS + 2 * HOUR + SECOND, "left": BEGINS + 3 * HOUR},
        {"state": State.LEAVE},
        {"leave": Leave.SICK},
        {"made_up_on": EVENT - DAY},
    ],
)
def test_what_cannot_be_is_refused(said):
    with pytest.raises(ImpossibleError):
        Attended(**(USUAL | said))


@pytest.mark.parametrize(
    "said",
    [
        {"ends": BEGINS + SECOND},
        {"ends": BEGINS + 24 * HOUR},
        {"arrived": BEGINS + HOUR, "left": BEGINS + HOUR},
        {"arrived": BEGINS + 2 * HOUR},
        {"arrived": BEGINS - HOUR},
        {"left": BEGINS + 3 * HOUR},
        {"made_up_on": EVENT},
    ],
)
def test_what_can_just_be_is_taken(said):
    assert Attended(**(USUAL | said))


@pytest.mark.parametrize(
    ("days", "made_up", "loss"), [(0, True, []), (30, True, []), (31, False, PRIVATE), (None, False, PRIVATE)]
)
def test_it_is_made_up_for_within_thirty_days(days, made_up, loss):
    """§5: the day of the event is 0, the last one is included."""
    done_on = None if days is None else EVENT + days * DAY
    one = evening(Kind.LECTURE, state=State.LEAVE, leave=Leave.PRIVATE, made_up_on=done_on)
    assert (one.made_up, losses(one), what_it_gives([one]).study_sessions) == (made_up, loss, int(made_up))


@pytest.mark.parametrize(
    ("loss", "confirmed", "posted"),
    [
        ("attendance.private_leave", None, 31),
        ("attendance.private_leave", 31, 31),
        ("attendance.private_leave", 32, 32),
        ("attendance.absent", None, 0),
        ("attendance.absent", 3, 3),
        ("attendance.late", 3, 3),
    ],
)
def test_a_loss_stands_from_its_confirmation_and_one_of_private_leave_from_day_31(loss, confirmed, posted):
    one = evening(Kind.LECTURE, confirmed_on=None if confirmed is None else EVENT + confirmed * DAY)
    assert posted_on(one, FactType(loss)) == EVENT + posted * DAY


@pytest.mark.parametrize(
    ("reported", "confirmed", "today", "keeps_off"),
    [
        (30, None, 40, True),
        (30, None, 41, False),
        (31, None, 31, False),
        (31, 40, 99, True),  # done in time, confirmed in time
        (5, 41, 99, False),
    ],
)
def test_what_waits_holds_the_loss_until_day_40(reported, confirmed, today, keeps_off):
    """§15: reported by day 30 and decided by day 40."""
    said = MadeUp(EVENT, EVENT + reported * DAY, None if confirmed is None else EVENT + confirmed * DAY)
    assert said.keeps_off(EVENT, EVENT + today * DAY) is keeps_off


@pytest.mark.parametrize(
    ("items", "teaches", "minutes"),
    [
        ([Item(Kind.LECTURE, 45)], 1, 45),
        ([Item(Kind.STUDY_SESSION, 30)], 1, 30),
        ([Item(Kind.THEME_DAY, 60)], 0, 0),
        ([Item(Kind.THEME_DAY, 60, study=True)], 1, 60),
        ([Item(Kind.GROUP, 60, study=True)], 0, 0),
        ([Item(Kind.LECTURE, 45), Item(Kind.MEMBERS_MEETING, 60), Item(Kind.STUDY_SESSION, 15)], 1, 60),
    ],
)
def test_what_teaches_is_one_session_and_its_minutes(items, teaches, minutes):
    """§4: lecture, organised study and a theme day with its tick; once, however many items teach."""
    found = what_it_gives([Attended(BEGINS, BEGINS + 2 * HOUR, items, State.PRESENT)])
    assert (found.study_sessions, found.education_minutes) == (teaches, minutes)


@pytest.mark.parametrize(
    ("said", "sessions"),
    [
        ({"state": State.PRESENT}, 1),
        ({"state": State.PRESENT, "arrived": BEGINS + HOUR}, 1),
        ({"state": State.PRESENT, "confirmed_by": ConfirmedBy.NOBODY}, 0),
        ({"state": State.ABSENT}, 0),
        ({"state": State.LEAVE, "leave": Leave.SICK}, 0),
        ({"state": State.LEAVE, "leave": Leave.SICK, "made_up_on": EVENT + 30 * DAY}, 1),
        ({"state": State.LEAVE, "leave": Leave.SICK, "made_up_on": EVENT + 31 * DAY}, 0),
        ({"state": State.NOT_EXPECTED}, 0),
        ({"state": State.NOT_EXPECTED, "made_up_on": EVENT + DAY}, 0),
    ],
)
def test_who_was_there_or_made_up_for_it_was_taught(said, sessions):
    assert what_it_gives([evening(Kind.LECTURE, **said)]).study_sessions == sessions


def test_nothing_is_given_before_the_day_of_its_confirmation():
    there = evening(Kind.LECTURE, state=State.PRESENT, arrived=BEGINS + HOUR, confirmed_on=EVENT + 2 * DAY)
    found = [what_it_gives([there], EVENT + days * DAY) for days in (1, 2)]
    assert [(one.study_sessions, len(one.losses)) for one in found] == [(0, 0), (1, 1)]
    unsaid = what_it_gives([evening(Kind.LECTURE, state=State.PRESENT)], EVENT)
    assert (unsaid.study_sessions, what_it_gives([evening(Kind.GROUP)], EVENT).losses[0].occurred_on) == (1, EVENT)


def test_of_two_equal_losses_the_earlier_day_is_posted():
    """One gathering of two days, linked: the loss keeps the first of them."""
    second = Attended(BEGINS + 24 * HOUR, BEGINS + 26 * HOUR, [Item(Kind.GROUP)], State.ABSENT)
    (loss,) = what_it_gives([second, evening(Kind.GROUP)]).losses
    assert loss.occurred_on == EVENT
