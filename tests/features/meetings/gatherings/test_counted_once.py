"""A session that Alice recorded and that a meeting's list tells of as well: one title is one session."""

import pytest
from sqlalchemy import select

from app.features.ledger.queries import verify
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.ticks.rules import Mark
from app.features.meetings.ticks.service import confirm_all
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.proof import mismatches
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.study.rules import StudyKind
from tests.features.meetings.gatherings.makers import (
    AFTERWARDS,
    FRIDAY,
    confirm,
    facts_of,
    make_meeting,
    review_of,
    tick,
)
from tests.features.study.makers import make_study_record
from tests.makers import ENGLISH, as_member
from tests.page import page

TITLE = "学习《监察法》"
SESSION = ("study.session", FRIDAY)


def record(session, member, title=TITLE, kind=StudyKind.ORGANISED, **values):
    return make_study_record(session, member, title=title, kind=kind, occurred_at=AFTERWARDS, **values)


def lecture(session, by, title=TITLE):
    event_id = make_meeting(session, by, Kind.LECTURE, title=title)
    tick(session, by, event_id)
    return event_id


def look_and_approve(session, officer, review_id):
    (done,) = reviews.approve(session, officer.actor, [review_id], acknowledged=True).done
    return done


def session_facts(session, member):
    return [fact for fact in facts_of(session, member) if fact == SESSION]


def is_whole(session):
    return verify(session).is_clean and not list(mismatches(session))


def test_a_meeting_after_the_record_is_marked_and_counts_no_second_time(session, sam, dora, alice, bob):
    look_and_approve(session, sam, record(session, alice, title="学习 监察法"))
    event_id = lecture(session, sam)
    hers = review_of(session, event_id, alice)
    assert (hers.flags, review_of(session, event_id, bob).flags) == ((Flag.OVERLAP,), ())
    assert sorted(confirm(session, dora, event_id)) == ["flagged", "own_record"]
    look_and_approve(session, dora, hers.id)
    assert facts_of(session, alice) == [SESSION, ("attendance.present", FRIDAY)]
    assert session_facts(session, bob) == [SESSION]
    assert is_whole(session)


def test_a_record_after_the_meeting_is_marked_and_counts_no_second_time(session, sam, dora, alice):
    confirm(session, dora, lecture(session, sam))
    record_id = record(session, alice)
    assert session.get_one(Review, record_id).flags == (Flag.OVERLAP,)
    look_and_approve(session, sam, record_id)
    assert session_facts(session, alice) == [SESSION]
    assert is_whole(session)


def test_two_sessions_of_one_day_both_count_once_an_officer_has_looked(session, sam, dora, alice):
    confirm(session, dora, lecture(session, sam))
    record_id = record(session, alice, title="区里的培训")
    assert [one.error.code for one in reviews.approve(session, sam.actor, [record_id]).refused] == ["flagged"]
    assert session_facts(session, alice) == [SESSION]
    look_and_approve(session, sam, record_id)
    assert session_facts(session, alice) == [SESSION] * 2
    assert is_whole(session)


def test_of_two_that_wait_the_later_one_is_looked_at(session, sam, dora, alice):
    record_id = record(session, alice)
    event_id = lecture(session, sam)
    ids = [record_id, review_of(session, event_id, alice).id]
    outcome = reviews.approve(session, dora.actor, ids)
    assert ([one.id for one in outcome.done], [one.id for one in outcome.refused]) == (ids[:1], ids[1:])
    look_and_approve(session, dora, ids[1])
    assert session_facts(session, alice) == [SESSION]


def test_what_alice_studied_alone_is_beside_no_meeting(session, sam, dora, alice):
    record_id = record(session, alice, kind=StudyKind.SELF_STUDY)
    event_id = lecture(session, sam)
    assert review_of(session, event_id, alice).flags == session.get_one(Review, record_id).flags == ()


def test_a_meeting_that_teaches_nothing_is_beside_no_record(session, sam, dora, alice):
    look_and_approve(session, sam, record(session, alice))
    event_id = make_meeting(session, sam, Kind.MEMBERS_MEETING, title=TITLE)
    tick(session, sam, event_id)
    assert review_of(session, event_id, alice).flags == ()


def test_the_meeting_counts_when_the_record_is_taken_back(session, sam, dora, alice):
    event_id = lecture(session, sam)
    confirm(session, dora, event_id)
    record_id = record(session, alice)
    of_meeting = review_of(session, event_id, alice)
    reviews.undo(session, dora.actor, decision_id=of_meeting.decision_id)
    look_and_approve(session, sam, record_id)
    confirmed = look_and_approve(session, dora, of_meeting.id)
    assert session_facts(session, alice) == [SESSION]
    reviews.undo(session, sam.actor, decision_id=session.get_one(Review, record_id).decision_id)
    assert confirmed.status is ReviewStatus.APPROVED
    assert session_facts(session, alice) == [SESSION]
    assert is_whole(session)
    look_and_approve(session, sam, record_id)
    assert session_facts(session, alice) == [SESSION]
    assert is_whole(session)


@pytest.mark.parametrize("how", ["undone", "corrected"])
def test_the_record_counts_when_the_meeting_no_longer_does(session, sam, dora, alice, how):
    event_id = lecture(session, sam)
    confirm(session, dora, event_id)
    look_and_approve(session, sam, record(session, alice))
    if how == "undone":
        reviews.undo(session, dora.actor, decision_id=review_of(session, event_id, alice).decision_id)
    else:
        tick(session, sam, event_id, "她没来", but={alice: Mark.ABSENT})
        look_and_approve(session, dora, review_of(session, event_id, alice).id)
    assert session_facts(session, alice) == [SESSION]
    assert is_whole(session)


def test_the_one_tap_for_a_whole_meeting_leaves_out_what_is_marked(session, sam, dora, alice):
    look_and_approve(session, sam, record(session, alice))
    event_id = lecture(session, sam)
    hers = review_of(session, event_id, alice)
    (outcome,) = confirm_all(session, dora.actor, event_id=event_id, seen=2)
    assert (outcome.refused, hers.status) == ((), ReviewStatus.PENDING)


def test_the_officer_reads_what_it_is_marked_for(client, given, sam, dora, alice):
    record_id = given(record, alice)
    event_id = given(lecture, sam)
    review_id = given(lambda session: review_of(session, event_id, alice).id)
    shown = page(client.get(f"/approvals/{review_id}", headers=ENGLISH | as_member(dora)))
    other = shown.select_one(f"a[href='/approvals/{record_id}']")
    assert "the same title: both together count once" in other.get_text()
    assert shown.select_one("input[name=acknowledged]")


def test_a_whole_list_asks_once_what_else_is_told_of_its_day(session, sam, dora, alice, bob, statements):
    event_id = make_meeting(session, sam, Kind.LECTURE)
    statements.clear()
    tick(session, sam, event_id)
    asked = [one for one in statements if "FROM reviews" in one and "occurred_on IN" in one]
    assert len(asked) == 1
    assert len(session.scalars(select(Review)).all()) == 4
