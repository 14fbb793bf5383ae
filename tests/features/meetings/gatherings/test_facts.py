"""What confirmed attendance brings: at most one loss a gathering, on the day it was held."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.features.ledger.models import Fact
from app.features.ledger.queries import verify
from app.features.ledger.rules import FactType
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import service
from app.features.meetings.ticks.rules import Mark, NoteMissingError
from app.features.reviews import service as reviews
from app.features.reviews.proof import mismatches
from app.features.reviews.rules import ReviewStatus
from tests.features.meetings.gatherings.makers import FRIDAY, confirm, facts_of, make_meeting, review_of, tick
from tests.makers import make_member


def test_nothing_is_a_fact_before_another_officer_has_confirmed(session, sam, dora, alice, bob):
    event_id = make_meeting(session, sam)
    assert tick(session, sam, event_id, but={alice: Mark.ABSENT, bob: Mark.LATE}) == 4
    assert facts_of(session, alice) == []
    assert confirm(session, sam, event_id) == ["own_record"] * 4
    assert confirm(session, dora, event_id) == ["own_record"]
    assert facts_of(session, alice) == [("attendance.absent", FRIDAY)]
    assert facts_of(session, bob) == [("attendance.late", FRIDAY)]
    assert facts_of(session, sam) == [("attendance.present", FRIDAY)]
    assert facts_of(session, dora) == []  # the deputy's own row waits for another


def test_a_merged_evening_is_one_absence(session, sam, dora, alice, bob):
    event_id = make_meeting(session, sam, Kind.THEME_DAY, Kind.LECTURE, Kind.MEMBERS_MEETING)
    tick(session, sam, event_id, but={alice: Mark.ABSENT})
    confirm(session, dora, event_id)
    assert facts_of(session, alice) == [("attendance.absent", FRIDAY)]
    assert facts_of(session, bob) == [("attendance.present", FRIDAY), ("study.session", FRIDAY)]


def test_organisation_life_and_review_on_one_evening_weigh_once(session, sam, dora, alice):
    event_id = make_meeting(session, sam, Kind.ORG_LIFE, Kind.REVIEW)
    tick(session, sam, event_id, but={alice: Mark.ABSENT})
    confirm(session, dora, event_id)
    assert facts_of(session, alice) == [("attendance.absent_key", FRIDAY)]


def test_leave_brings_nothing(session, branch, sam, dora):
    marks = (Mark.OFFICIAL, Mark.SICK, Mark.STATUTORY, Mark.PRIVATE, Mark.NOT_EXPECTED)
    away = {make_member(session, branch, f"党员{mark}"): mark for mark in marks}
    event_id = make_meeting(session, sam, Kind.MEMBERS_MEETING, Kind.LECTURE)
    tick(session, sam, event_id, but=away)
    confirm(session, dora, event_id)
    assert [facts_of(session, person) for person in away] == [[]] * 5


def test_of_linked_meetings_the_heaviest_loss_counts_whatever_is_confirmed_first(session, sam, dora, alice):
    first = make_meeting(session, sam, Kind.MEMBERS_MEETING, begins=time(14), ends=time(15))
    second = make_meeting(session, sam, Kind.ORG_LIFE, begins=time(15), ends=time(17), linked_to_id=first)
    for event_id in (first, second):
        tick(session, sam, event_id, but={alice: Mark.ABSENT})
    confirm(session, dora, first)
    assert facts_of(session, alice) == [("attendance.absent", FRIDAY)]
    confirm(session, dora, second)
    assert facts_of(session, alice) == [("attendance.absent_key", FRIDAY)]
    tick(session, sam, second, "她到了", but={alice: Mark.PRESENT})
    confirm(session, dora, second)
    assert sorted(facts_of(session, alice)) == [("attendance.absent", FRIDAY), ("attendance.present", FRIDAY)]


def test_a_correction_is_history_a_reversal_and_a_new_fact(session, sam, dora, alice):
    event_id = make_meeting(session, sam)
    tick(session, sam, event_id, but={alice: Mark.ABSENT})
    confirm(session, dora, event_id)
    with pytest.raises(NoteMissingError):
        tick(session, sam, event_id, but={alice: Mark.OFFICIAL})
    assert tick(session, sam, event_id, "出差审批晚到", but={alice: Mark.OFFICIAL}) == 1
    assert facts_of(session, alice) == [("attendance.absent", FRIDAY)]  # it stands until another has confirmed
    confirm(session, dora, event_id)
    assert facts_of(session, alice) == []
    rows = session.execute(text("SELECT count(*) FROM attendance_ticks WHERE note IS NOT NULL")).scalar()
    assert rows == 1
    assert verify(session).is_clean
    assert [found.sentence for found in mismatches(session)] == []


def test_a_decision_taken_back_takes_its_facts_along_and_brings_back_what_stood_before(session, sam, dora, alice):
    event_id = make_meeting(session, sam, Kind.LECTURE)
    tick(session, sam, event_id)
    confirm(session, dora, event_id)
    tick(session, sam, event_id, "没来", but={alice: Mark.ABSENT})
    confirm(session, dora, event_id)
    assert facts_of(session, alice) == [("attendance.absent", FRIDAY)]
    review = review_of(session, event_id, alice)
    reviews.undo(session, dora.actor, decision_id=review.decision_id)
    assert review.status is ReviewStatus.PENDING
    assert sorted(facts_of(session, alice)) == [("attendance.present", FRIDAY), ("study.session", FRIDAY)]
    confirm(session, dora, event_id)
    assert facts_of(session, alice) == [("attendance.absent", FRIDAY)]


@pytest.mark.parametrize("decision", ["approved", "returned"])
def test_what_a_newer_tick_took_the_place_of_does_not_wait_again(session, sam, dora, alice, decision):
    event_id = make_meeting(session, sam)
    tick(session, sam, event_id, but={alice: Mark.ABSENT})
    first = review_of(session, event_id, alice)
    if decision == "approved":
        reviews.approve(session, dora.actor, [first.id])
    else:
        reviews.return_to_member(session, dora.actor, [first.id], reason="她出差")
    decision_id = first.decision_id
    tick(session, sam, event_id, "出差", but={alice: Mark.OFFICIAL})
    reviews.undo(session, dora.actor, decision_id=decision_id)
    assert (first.status, facts_of(session, alice)) == (ReviewStatus.WITHDRAWN, [])
    assert review_of(session, event_id, alice).status is ReviewStatus.PENDING


def test_what_is_recorded_after_its_year_was_closed_brings_no_facts(session, sam, dora, alice):
    event_id = make_meeting(session, sam, day=date(2025, 12, 30), reason="记录本找到了")
    tick(session, sam, event_id, but={alice: Mark.ABSENT})
    confirm(session, dora, event_id)
    assert facts_of(session, alice) == []


def test_a_meeting_that_is_put_into_a_closed_year_brings_no_facts_either(session, friday, sam, dora, alice):
    event_id = make_meeting(session, sam)
    friday.move_to(datetime(2027, 6, 1, 2, tzinfo=UTC))
    said = {"kinds": [Kind.ORG_LIFE], "day": date(2026, 3, 6), "begins": time(14), "ends": time(15)}
    service.change_meeting(session, sam.actor, event_id=event_id, reason="记错了日子", **said)
    tick(session, sam, event_id, but={alice: Mark.ABSENT})
    confirm(session, dora, event_id)
    assert facts_of(session, alice) == []


def test_a_private_leave_that_was_not_made_up_for_outweighs_that_somebody_was_late(session, friday, sam, dora, alice):
    first = make_meeting(session, sam, begins=time(14), ends=time(15))
    second = make_meeting(session, sam, Kind.LECTURE, begins=time(15), ends=time(17), linked_to_id=first)
    tick(session, sam, first, but={alice: Mark.LATE})
    tick(session, sam, second, but={alice: Mark.PRIVATE})
    confirm(session, dora, first)
    friday.move_to(datetime(2026, 12, 21, 2, tzinfo=UTC))
    confirm(session, dora, second)
    assert facts_of(session, alice) == [("attendance.private_leave", FRIDAY)]


def test_what_a_correction_says_again_keeps_the_month_it_counts_in(session, friday, sam, dora, alice):
    event_id = make_meeting(session, sam, Kind.LECTURE)
    tick(session, sam, event_id)
    confirm(session, dora, event_id)
    friday.move_to(datetime(2027, 2, 1, 2, tzinfo=UTC))
    tick(session, sam, event_id, "迟到", but={alice: Mark.LATE})
    confirm(session, dora, event_id)
    assert sorted(facts_of(session, alice)) == [("attendance.late", FRIDAY), ("study.session", FRIDAY)]
    sessions = session.query(Fact).filter_by(member_id=alice.id, fact_type=FactType.STUDY_SESSION).all()
    assert [fact.counts_in for fact in sessions] == [date(2026, 11, 1)]


@pytest.mark.usefixtures("english")
def test_a_fact_says_nothing_that_its_tick_does_not(session, sam, dora, alice):
    event_id = make_meeting(session, sam)
    tick(session, sam, event_id, but={alice: Mark.LEFT_EARLY})
    confirm(session, dora, event_id)
    (fact,) = session.query(Fact).filter_by(member_id=alice.id)
    assert str(fact.fact_type.label) == "More than 30 minutes late, or left so early"


def test_ticks_stay_for_ever(database, given, sam):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id)
    for change in ("UPDATE attendance_ticks SET note = 'x'", "DELETE FROM attendance_ticks"):
        with pytest.raises(DatabaseError, match="append-only"), database.write() as session:
            session.execute(text(change))
