"""Attendance: one gathering, one loss at most, whatever it contained and however it was split."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.features.ledger.rules import FactType
from app.features.meetings.attendance.rules import (
    EXPECTED_AT,
    Attended,
    ConfirmedBy,
    Item,
    Kind,
    Leave,
    State,
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
