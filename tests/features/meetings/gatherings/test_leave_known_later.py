"""A leave that is approved after somebody was said to be absent: attendance follows by itself, and back again."""

from datetime import UTC, date, datetime

import pytest

from app.features.leave import service as leaves
from app.features.leave.rules import LeaveType, Span
from app.features.ledger.queries import verify
from app.features.meetings.due import news_for_all, news_words
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.rules import Mark, Source
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.proof import mismatches
from app.features.reviews.rules import ReviewStatus
from tests.features.leave.makers import approved, ask
from tests.features.meetings.gatherings.makers import FRIDAY, confirm, facts_of, make_meeting, review_of, tick
from tests.races import race

WEEK = Span(date(2026, 11, 4), date(2026, 11, 6))
ABSENT = [("attendance.absent", FRIDAY)]


@pytest.fixture
def absent(session, sam, dora, alice):
    """Alice was absent on Friday, and that is confirmed."""
    event_id = make_meeting(session, sam)
    tick(session, sam, event_id, but={alice: Mark.ABSENT})
    confirm(session, dora, event_id)
    assert facts_of(session, alice) == ABSENT
    return event_id


def marks(session, event_id, person):
    return [(one.mark, one.source, one.status) for one in ticks.history(session, event_id, person.id)]


@pytest.mark.parametrize(
    ("leave", "mark"),
    [(LeaveType.SICK, Mark.SICK), (LeaveType.OFFICIAL, Mark.OFFICIAL), (LeaveType.BEREAVEMENT, Mark.STATUTORY)],
)
def test_a_posted_absence_goes_when_the_leave_is_approved(session, absent, sam, dora, alice, leave, mark):
    approved(session, alice, dora, WEEK, leave)
    assert facts_of(session, alice) == []
    assert marks(session, absent, alice) == [
        (Mark.ABSENT, Source.TICK, ReviewStatus.APPROVED),
        (mark, Source.LEAVE, ReviewStatus.APPROVED),
    ]
    assert ticks.last_ticks(session, absent)[alice.id].mark is mark
    told = [one for one in news_for_all(session, datetime.now(UTC)) if one.member_id == alice.id]
    assert [one.details["mark"] for one in told] == [mark]
    assert news_words(told[0].details)
    assert not list(mismatches(session))
    assert verify(session).is_clean


def test_an_absence_that_waits_is_confirmed_as_the_leave_that_stands(session, sam, dora, alice):
    event_id = make_meeting(session, sam)
    tick(session, sam, event_id, but={alice: Mark.ABSENT})
    approved(session, alice, dora, WEEK, LeaveType.SICK)
    assert len(marks(session, event_id, alice)) == 1
    confirm(session, dora, event_id)
    confirm(session, dora, event_id)
    assert facts_of(session, alice) == []
    assert [mark for mark, source, status in marks(session, event_id, alice)] == [Mark.ABSENT, Mark.SICK]


def test_an_undone_approval_brings_the_absence_back_and_a_new_one_takes_it_away(session, absent, dora, alice):
    leave_id = approved(session, alice, dora, WEEK, LeaveType.SICK)
    for _ in range(2):
        reviews.undo(session, dora.actor, decision_id=session.get_one(Review, leave_id).decision_id)
        assert facts_of(session, alice) == ABSENT
        assert ticks.last_ticks(session, absent)[alice.id].mark is Mark.ABSENT
        assert not list(mismatches(session))
        reviews.approve(session, dora.actor, [leave_id])
        assert facts_of(session, alice) == []
    assert ticks.last_ticks(session, absent)[alice.id].mark is Mark.SICK


def test_who_was_back_before_the_meeting_was_not_on_leave(session, absent, dora, alice):
    leave_id = approved(session, alice, dora, Span(WEEK.first, date(2026, 11, 10)), LeaveType.SICK)
    assert facts_of(session, alice) == []
    leaves.close(session, alice.actor, leave_id=leave_id, returned_on=date(2026, 11, 5))
    assert facts_of(session, alice) == ABSENT
    leaves.reopen(session, alice.actor, leave_id=leave_id)
    assert facts_of(session, alice) == []


def test_private_leave_asked_for_after_the_meeting_needs_an_officers_word(session, absent, sam, dora, alice, friday):
    leave_id = approved(session, alice, dora, WEEK, LeaveType.PERSONAL)
    assert facts_of(session, alice) == ABSENT
    tick(session, sam, absent, note="孩子住院", but={alice: Mark.PRIVATE})
    confirm(session, dora, absent)
    assert facts_of(session, alice) == []
    reviews.undo(session, dora.actor, decision_id=session.get_one(Review, leave_id).decision_id)
    assert ticks.last_ticks(session, absent)[alice.id].mark is Mark.PRIVATE  # that was an officer's word of its own


def test_private_leave_asked_for_before_it_and_extended_after_it_excuses(session, sam, dora, alice, friday):
    friday.move_to(datetime(2026, 11, 3, 1, tzinfo=UTC))
    leave_id = approved(session, alice, dora, Span(WEEK.first, date(2026, 11, 8)), LeaveType.PERSONAL)
    friday.move_to(datetime(2026, 11, 7, 1, tzinfo=UTC))
    event_id = make_meeting(session, sam, reason="补录")
    tick(session, sam, event_id, but={alice: Mark.ABSENT})
    longer = Span(WEEK.first, date(2026, 11, 12))
    reviews.approve(session, dora.actor, [ask(session, alice, longer, LeaveType.PERSONAL, extends_id=leave_id)])
    confirm(session, dora, event_id)
    assert ticks.last_ticks(session, event_id)[alice.id].mark is Mark.PRIVATE
    assert facts_of(session, alice) == []


def test_a_correction_that_waits_is_decided_first(session, absent, sam, dora, alice):
    tick(session, sam, absent, note="迟到", but={alice: Mark.LATE})
    waiting = review_of(session, absent, alice).id
    approved(session, alice, dora, WEEK, LeaveType.SICK)
    assert facts_of(session, alice) == ABSENT
    reviews.return_to_member(session, dora.actor, [waiting], reason="当天请了病假")
    assert facts_of(session, alice) == []
    assert ticks.last_ticks(session, absent)[alice.id].mark is Mark.SICK


@pytest.mark.race
def test_leave_and_attendance_are_approved_at_one_moment(database, given, sam, dora, alice):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id, but={alice: Mark.ABSENT})
    of_meeting = given(lambda session: review_of(session, event_id, alice).id)
    leave_id = given(ask, alice, WEEK, LeaveType.SICK)
    decisions = [(dora, of_meeting), (sam, leave_id)]

    def decide(number):
        officer, review_id = decisions[number]
        with database.write() as session:
            return reviews.approve(session, officer.actor, [review_id]).done

    assert all(not isinstance(answer, Exception) for answer in race(2, decide))
    with database.read() as session:
        assert facts_of(session, alice) == []
        assert ticks.last_ticks(session, event_id)[alice.id].mark is Mark.SICK
        assert not list(mismatches(session))
