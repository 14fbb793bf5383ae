"""A whole hall at once: none lost, none doubled, nobody asked to wait; and an officer who saves the list meanwhile."""

from collections import Counter

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.features.meetings.attendance.rules import Kind
from app.features.meetings.checkins.models import MeetingCheckIn
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.models import AttendanceTick
from app.features.meetings.ticks.rules import Source
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from tests.features.meetings.gatherings.codes import BEGINS, check_in, code_of
from tests.features.meetings.gatherings.makers import confirm, make_meeting, tick
from tests.features.sync.makers import envelope
from tests.makers import as_member, make_member
from tests.races import race

HALL, LINES = 300, 75
"""So many phones, on so many lines to the server: all begin at one moment, and each line brings the next at once."""


@pytest.mark.race
def test_300_check_ins_at_once_are_300(app, database, given, branch, sam):
    people = given(lambda session: [make_member(session, branch, f"党员{number}") for number in range(HALL)])
    event_id = given(make_meeting, sam, Kind.MEMBERS_MEETING)
    code = given(code_of, event_id, BEGINS)
    batches = [
        envelope(one, [check_in(event_id, code, BEGINS)], device_id=f"phone-{number}")
        for number, one in enumerate(people)
    ]

    phones = [TestClient(app, headers=as_member(one)) for one in people]

    def arrive(number):
        answer = phones[number].post("/sync", json=batches[number])
        return answer.status_code, answer.json()["verdicts"][0]["verdict"]

    lines = race(LINES, lambda line: [arrive(number) for number in range(line, HALL, LINES)])
    assert Counter(answer for line in lines for answer in line) == {(200, "accepted"): HALL}
    assert {arrive(number) for number in range(0, HALL, 10)} == {(200, "duplicate")}
    with database.read() as session:
        kept = session.scalars(select(MeetingCheckIn.member_id).where(MeetingCheckIn.event_id == event_id)).all()
        ticked = session.scalars(select(AttendanceTick.member_id).where(AttendanceTick.event_id == event_id)).all()
        waiting = session.scalars(select(Review.member_id).where(Review.status == ReviewStatus.PENDING)).all()
        assert sorted(kept) == sorted(ticked) == sorted(waiting) == sorted(one.id for one in people)


@pytest.mark.race
def test_a_list_that_is_saved_and_confirmed_while_codes_arrive_loses_nobody(
    app, database, given, branch, sam, dora, alice, bob
):
    event_id = given(make_meeting, sam)
    code = given(code_of, event_id, BEGINS)
    people = [alice, bob, dora]

    def act(number):
        if number == 0:
            with database.write() as session:
                return tick(session, sam, event_id)
        if number == 1:
            with database.write() as session:
                return ticks.last_ticks(session, event_id) and confirm(session, dora, event_id)
        one = people[number - 2]
        phone = TestClient(app, headers=as_member(one))
        batch = envelope(one, [check_in(event_id, code, BEGINS)], device_id=f"phone-{number}")
        return phone.post("/sync", json=batch).json()["verdicts"][0]["verdict"]

    outcomes = race(5, act)
    assert outcomes[2:] == ["accepted"] * 3
    with database.read() as session:
        last = ticks.last_ticks(session, event_id)
        assert {alice.id, bob.id, dora.id} <= last.keys()
        open_ = select(Review.member_id).where(Review.status == ReviewStatus.PENDING)
        assert max(Counter(session.scalars(open_)).values(), default=1) == 1  # nobody waits twice
        assert {one.source for one in last.values()} <= {Source.CODE, Source.TICK}
