"""Recording: what is stored, what is refused, twice is once, and why an officer should look."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.errors import ContentDiffersError, NotFoundError
from app.core.ids import new_id
from app.features.members.models import Member
from app.features.records import service as records
from app.features.records.rules import FutureDayError, LongAgoError
from app.features.reviews.errors import NotCorrectableError, NotYoursError
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.study.models import StudyRecord
from app.features.study.record import RECORD
from app.features.study.rules import StudyKind
from tests.features.study.makers import MORNING, make_returned_study, make_study_record, new_study
from tests.races import race


@pytest.fixture(autouse=True)
def on_a_march_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


def record(session, person, **values):
    return records.record(
        session,
        person.actor,
        RECORD,
        **{
            "id": new_id(),
            "kind": StudyKind.SELF_STUDY,
            "title": "《监察法》",
            "minutes": 30,
            "takeaway": None,
            "day": date(2026, 3, 9),
            **values,
        },
    )


def test_alice_records_what_she_studied(session, alice):
    review = record(session, alice, takeaway="第三章最有用")
    stored = session.get(StudyRecord, review.id)
    assert (stored.title, stored.minutes, stored.takeaway) == ("《监察法》", 30, "第三章最有用")
    assert (stored.occurred_on, stored.occurred_at, stored.received_at) == (date(2026, 3, 9), MORNING, MORNING)
    assert stored.device_time == "2026-03-09T10:00:00+08:00"
    assert (review.status, review.kind, review.flags) == (ReviewStatus.PENDING, "study.record", ())
    assert (review.member_id, review.recorded_by_id, review.branch_id) == (alice.id, alice.id, alice.branch_id)


def test_a_past_day_lies_at_its_noon(session, alice):
    review = record(session, alice, day=date(2026, 3, 5))
    stored = session.get(StudyRecord, review.id)
    assert (stored.occurred_on, stored.device_time) == (date(2026, 3, 5), "2026-03-05T12:00:00+08:00")


def test_without_words_the_kind_is_the_title(session, alice):
    assert record(session, alice, title="", kind=StudyKind.LECTURE).title


def test_the_same_form_twice_is_one_record(session, alice):
    record_id = new_id()
    first = record(session, alice, id=record_id)
    with time_machine.travel(MORNING + timedelta(minutes=3), tick=False):
        assert record(session, alice, id=record_id) is first
    assert len(session.scalars(select(StudyRecord)).all()) == 1


@pytest.mark.parametrize(
    "other",
    [{"title": "《宪法》"}, {"minutes": 60}, {"kind": StudyKind.COURSE}, {"takeaway": "有"}, {"day": date(2026, 3, 8)}],
    ids=lambda other: next(iter(other)),
)
def test_the_same_id_with_other_content_is_refused(session, alice, other):
    record_id = record(session, alice).id
    with pytest.raises(ContentDiffersError):
        record(session, alice, id=record_id, **other)


def test_the_id_of_somebody_else_is_refused(session, alice, bob):
    with pytest.raises(NotYoursError):
        record(session, bob, id=record(session, alice).id)


def test_sam_records_for_bob(session, sam, bob):
    review = record(session, sam, member_id=bob.id)
    assert (review.member_id, review.recorded_by_id) == (bob.id, sam.id)


@pytest.mark.parametrize("whose", ["olga", "nobody"])
def test_sam_records_for_nobody_elsewhere(session, request, sam, whose):
    member_id = new_id() if whose == "nobody" else request.getfixturevalue(whose).id
    with pytest.raises(NotFoundError):
        record(session, sam, member_id=member_id)


def test_alice_records_for_nobody_else(session, alice, bob):
    with pytest.raises(NotFoundError):
        record(session, alice, member_id=bob.id)


def test_nobody_records_for_who_has_left(session, sam, bob):
    session.get(Member, bob.id).left_on = date(2026, 3, 9)
    session.flush()
    with pytest.raises(NotFoundError):
        record(session, sam, member_id=bob.id)


@pytest.mark.parametrize(("day", "refusal"), [(date(2026, 3, 10), FutureDayError), (date(2024, 5, 1), LongAgoError)])
def test_a_day_that_cannot_be_meant_is_refused(session, alice, day, refusal):
    with pytest.raises(refusal):
        record(session, alice, day=day)


def test_a_correction_takes_the_place_of_a_returned_record(session, alice, sam):
    returned = make_returned_study(session, alice, sam)
    correction = record(session, alice, corrects_id=returned.id)
    assert correction.corrects_id == returned.id
    assert correction.flags == ()
    with pytest.raises(NotCorrectableError):
        record(session, alice, corrects_id=returned.id, title="再来一次")


def test_flags_at_recording(session, alice):
    make_study_record(session, alice, title="《监察法》")
    assert record(session, alice).flags == (Flag.OVERLAP,)
    assert record(session, alice, title="《宪法》", day=date(2026, 2, 1)).flags == (Flag.LATE_UPLOAD,)
    assert record(session, alice, day=date(2025, 12, 1)).flags == (Flag.LATE_UPLOAD, Flag.PERIOD_CLOSED)


def test_what_was_returned_or_withdrawn_overlaps_nothing(session, alice, sam):
    make_returned_study(session, alice, sam, title="《监察法》")
    records.withdraw(session, alice.actor, RECORD, record_id=make_study_record(session, alice, title="《监察法》"))
    assert record(session, alice).flags == ()


def test_records_of_one_batch_overlap_each_other(session, alice, bob):
    studies = [new_study(alice), new_study(alice), new_study(bob)]
    assert [review.flags for review in records.record_all(session, RECORD, studies)] == [(), (Flag.OVERLAP,), ()]


def test_a_batch_costs_as_much_as_one(session, statements, alice, bob):
    make_study_record(session, alice)
    statements.clear()
    made = records.record_all(session, RECORD, [new_study(alice, title=f"第{number}章") for number in range(40)])
    assert len(made) == 40
    assert len(statements) <= 4


@pytest.mark.race
def test_twelve_times_the_same_form_is_one_record(database, alice):
    record_id = new_id()

    def send(_number):
        with time_machine.travel(datetime(2026, 3, 9, 2, tzinfo=UTC), tick=False), database.write() as session:
            return record(session, alice, id=record_id).id

    assert race(12, send) == [record_id] * 12
    with database.read() as session:
        assert len(session.scalars(select(StudyRecord)).all()) == len(session.scalars(select(Review)).all()) == 1
