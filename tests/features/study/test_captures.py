"""Records out of phones' queues: each is stored and its phone hears what an officer will look at."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from app.core.errors import ContentDiffersError, NotFoundError
from app.features.records import service as records
from app.features.reviews.errors import AlreadyDecidedError
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.study.models import StudyRecord
from app.features.study.record import CAPTURED, RECORD
from app.features.study.rules import StudyKind
from app.features.sync.rules import Verdict
from tests.features.study.makers import MORNING, make_approved_study, make_study_record
from tests.features.sync.items import item_at_its_turn
from tests.makers import as_member
from tests.page import page

KIND = CAPTURED


def captured(person, payload=None, **values):
    content = {"title": "《监察法》", "minutes": 30, "takeaway": None} | (payload or {})
    values = {"occurred_at": MORNING} | values
    return item_at_its_turn(person, KIND.payload.model_validate(content), **values)


def take(session, *items):
    outcomes = KIND.take(session, items)
    return [outcomes[item.id] for item in items]


def test_an_item_becomes_a_record(session, alice):
    item = captured(alice)
    assert take(session, item)[0].verdict is Verdict.ACCEPTED
    stored = session.get(StudyRecord, item.id)
    assert (stored.kind, stored.title, stored.made_offline) == (StudyKind.SELF_STUDY, "《监察法》", True)
    assert (stored.device_time, stored.occurred_on) == ("2026-03-09T10:00:00.123+08:00", date(2026, 3, 9))


def test_signs_that_nobody_sees_are_not_kept(session, alice):
    item = captured(alice, {"title": "\u200b\u202e", "takeaway": "\ufeff"})
    take(session, item)
    stored = session.get(StudyRecord, item.id)
    assert (stored.title, stored.takeaway) == (str(StudyKind.SELF_STUDY.label), None)


def test_the_kind_may_be_another(session, alice):
    item = captured(alice, {"kind": "course", "title": ""})
    take(session, item)
    stored = session.get(StudyRecord, item.id)
    assert stored.kind is StudyKind.COURSE
    assert stored.title


def test_the_day_is_the_branchs(session, alice):
    item = captured(
        alice, occurred_at=datetime(2026, 3, 9, 17, tzinfo=UTC), received_at=datetime(2026, 3, 9, 18, tzinfo=UTC)
    )
    take(session, item)
    assert session.get(StudyRecord, item.id).occurred_on == date(2026, 3, 10)


def test_the_phone_hears_of_every_flag(session, alice):
    plain, again = captured(alice, flags=frozenset({Flag.CLOCK_SKEW})), captured(alice)
    first, second = take(session, plain, again)
    assert (first.verdict, first.code) == (Verdict.REVIEW, "clock_skew")
    assert (second.verdict, second.code) == (Verdict.REVIEW, "overlap")
    assert session.get(Review, plain.id).flags == (Flag.CLOCK_SKEW,)


def test_a_record_that_came_by_the_form_is_the_same(session, alice):
    item = captured(alice)
    make_study_record(session, alice, id=item.id, title="《监察法》")
    assert take(session, item)[0].verdict is Verdict.ACCEPTED
    records.withdraw(session, alice.actor, RECORD, record_id=item.id)
    assert take(session, item)[0].verdict is Verdict.WITHDRAWN


def test_other_content_under_the_same_id_is_refused(session, alice):
    item = captured(alice)
    make_study_record(session, alice, id=item.id, title="《宪法》")
    with pytest.raises(ContentDiffersError):
        take(session, item)


def test_what_is_undecided_is_taken_back(session, alice, bob, sam):
    waiting, foreign = make_study_record(session, alice), make_study_record(session, bob)
    approved = make_approved_study(session, alice, sam, title="《宪法》").id
    refusals = KIND.take_back(session, [waiting, approved, foreign], alice.id)
    assert {name: type(refusal) for name, refusal in refusals.items()} == {
        approved: AlreadyDecidedError,
        foreign: NotFoundError,
    }
    assert session.get(Review, waiting).status is ReviewStatus.WITHDRAWN


@pytest.mark.parametrize(
    "payload",
    [
        {"minutes": 0},
        {"minutes": 1441},
        {"minutes": "30"},
        {"title": "字" * 121},
        {"takeaway": "字" * 1001},
        {"kind": "nap"},
    ],
    ids=str,
)
def test_a_payload_has_limits(payload):
    with pytest.raises(ValidationError):
        KIND.payload.model_validate({"title": "x", "minutes": 30, "takeaway": None} | payload)


@pytest.mark.parametrize("missing", ["title", "minutes"])
def test_a_payload_is_whole(missing):
    content = {"title": "x", "minutes": 30, "takeaway": None}
    del content[missing]
    with pytest.raises(ValidationError):
        KIND.payload.model_validate(content)


@pytest.mark.parametrize(
    ("kind", "fields", "cleared"),
    [
        ("study.record", {"title", "minutes:number", "takeaway?", "kind"}, {"title", "takeaway"}),
        ("service.half_day", {"title", "half_days:number"}, {"title"}),
    ],
)
def test_a_phone_sends_every_field_and_empties_what_was_written_after_each_record(client, alice, kind, fields, cleared):
    part = page(client.get("/study/new", headers=as_member(alice))).find("capture-form", {"data-kind": kind})
    assert set(part["data-fields"].split()) == fields
    assert set(part["data-clear"].split()) == cleared
