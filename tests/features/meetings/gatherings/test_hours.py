"""A confirmed meeting that taught gives hours of education by itself, as it was held, and once."""

from datetime import date, timedelta

from app.core.ids import new_id
from app.features.education import rules, sources
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.makeups import service as make_ups
from app.features.meetings.ticks.rules import How, Mark
from app.features.meetings.ticks.service import cancel_meeting
from app.features.reviews import service as reviews
from app.features.study.rules import StudyKind
from tests.features.meetings.gatherings.makers import FRIDAY, confirm, make_meeting, tick
from tests.features.study.makers import make_approved_study

HALF = {"study": True, "minutes": 90}


def hours_of(session, person, year=2026):
    return [
        (one.entry.day, one.entry.title, one.entry.minutes, one.organiser, one.confirmed_by)
        for one in sources.of_year(session, [person.id], year)[person.id]
    ]


def test_the_minutes_of_what_taught_count_for_who_was_there(session, sam, dora, alice, bob):
    event_id = make_meeting(session, sam, Kind.THEME_DAY, Kind.MEMBERS_MEETING, title="主题党日", **HALF)
    tick(session, sam, event_id, but={bob: Mark.ABSENT})
    assert hours_of(session, alice) == []
    confirm(session, dora, event_id)
    assert hours_of(session, alice) == [(FRIDAY, "主题党日", 90, "第一党支部", dora.name)]
    assert hours_of(session, bob) == []
    assert hours_of(session, alice, 2025) == []


def test_a_theme_day_without_study_and_a_cancelled_lecture_teach_nothing(session, sam, dora, alice):
    event_id = make_meeting(session, sam, Kind.THEME_DAY)
    tick(session, sam, event_id)
    confirm(session, dora, event_id)
    cancelled = make_meeting(session, sam, Kind.LECTURE, day=FRIDAY + timedelta(days=14))
    cancel_meeting(session, sam.actor, event_id=cancelled, reason="主讲人出差")
    assert hours_of(session, alice) == []


def test_what_was_made_up_for_belongs_to_the_day_of_that(session, sam, dora, alice, friday):
    event_id = make_meeting(session, sam, Kind.LECTURE, title="党课", minutes=60)
    tick(session, sam, event_id, but={alice: Mark.PRIVATE})
    confirm(session, dora, event_id)
    assert hours_of(session, alice) == []
    friday.shift(timedelta(days=4))
    done_on = FRIDAY + timedelta(days=3)
    said = {"id": new_id(), "event_id": event_id, "done_on": done_on, "how": How.TOLD}
    review = make_ups.report(session, alice.actor, **said)
    assert hours_of(session, alice) == []
    reviews.approve(session, dora.actor, [review.id])
    assert [(day, minutes) for day, _title, minutes, _by, _whose in hours_of(session, alice)] == [(done_on, 60)]


def test_the_same_hours_recorded_by_hand_count_once(session, sam, dora, alice):
    event_id = make_meeting(session, sam, Kind.STUDY_SESSION, title="条例 学习", minutes=120)
    tick(session, sam, event_id)
    confirm(session, dora, event_id)
    by_hand = {"kind": StudyKind.ORGANISED, "title": "条例学习", "minutes": 120, "occurred_on": FRIDAY}
    make_approved_study(session, alice, sam, **by_hand)
    entries = [one.entry for one in sources.of_year(session, [alice.id], 2026)[alice.id]]
    assert len(entries) == 2
    assert (rules.hours(entries).counted, rules.hours(entries).overlap) == (120, True)


def test_several_people_cost_as_many_statements_as_one(session, statements, sam, dora, alice, bob):
    for week in range(3):
        event_id = make_meeting(session, sam, Kind.LECTURE, day=FRIDAY - timedelta(days=7 * week), reason="补录")
        tick(session, sam, event_id)
        confirm(session, dora, event_id)
    asked = []
    for people in ([alice.id], [alice.id, bob.id, sam.id]):
        statements.clear()
        found = sources.of_year(session, people, 2026)
        asked.append(len(statements))
        assert {len(entries) for entries in found.values()} == {3}
    assert asked[0] == asked[1] <= 4  # meetings, records, what lists bring, and what was made up for
    assert date(2026, 10, 23) in {one.entry.day for one in found[bob.id]}
