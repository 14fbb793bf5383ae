"""Two officers decide at one moment on one session of Alice: the second waits, and sees what the first has posted."""

from threading import Event, Thread

import pytest

from app.features.members import service as members
from app.features.members.rules import Role
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from tests.features.meetings.gatherings.makers import review_of
from tests.features.meetings.gatherings.test_counted_once import SESSION, is_whole, lecture, record, session_facts
from tests.makers import make_member

pytestmark = pytest.mark.race
A_MOMENT = 0.3
"""Seconds in which somebody who need not wait would be done."""


def at_once(database, first, second):
    """``second`` comes while ``first`` has done its work and not yet committed it; errors of either are raised."""
    errors, is_done = [], Event()

    def come():
        try:
            with database.write() as session:
                second(session)
        except Exception as error:  # noqa: BLE001 (raised below, in the test's own thread)
            errors.append(error)
        is_done.set()

    with database.write() as session:
        first(session)
        other = Thread(target=come)
        other.start()
        is_done.wait(A_MOMENT)
    other.join()
    for error in errors:
        raise error


def approving(officer, review_id):
    return lambda session: reviews.approve(session, officer.actor, [review_id], acknowledged=True)


@pytest.fixture(params=["in one branch", "of somebody who moved"])
def two(request, database, given, sam, dora, oscar, alice, committee, other_branch):
    """The attendance and the own record, each with the officer who decides on it."""
    event_id = given(lecture, sam)
    place = {}
    if request.param != "in one branch":
        place["branch_id"] = other_branch.id
        root = given(make_member, other_branch, roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)
        given(members.move_member, root.actor, member_id=alice.id, **place)
    record_id = given(record, alice, **place)
    of_meeting = given(lambda session: review_of(session, event_id, alice).id)
    return (dora, of_meeting), (oscar if place else sam, record_id)


@pytest.mark.parametrize("order", [1, -1], ids=["meeting first", "record first"])
def test_a_meeting_and_a_record_of_one_moment_count_once(database, two, alice, order):
    first, second = two[::order]
    at_once(database, approving(*first), approving(*second))
    with database.read() as session:
        assert session_facts(session, alice) == [SESSION]
        assert is_whole(session)


@pytest.mark.parametrize("order", [1, -1], ids=["meeting first", "record first"])
def test_what_stood_back_counts_although_both_are_decided_at_one_moment(database, given, two, alice, order):
    (officer, counted), standing_back = two[::order]
    given(approving(officer, counted))
    with database.read() as session:
        decision_id = session.get_one(Review, counted).decision_id
    at_once(
        database,
        lambda session: reviews.undo(session, officer.actor, decision_id=decision_id),
        approving(*standing_back),
    )
    with database.read() as session:
        assert session_facts(session, alice) == [SESSION]
        assert is_whole(session)


def test_both_taken_back_at_one_moment_count_not_at_all(database, given, two, alice):
    decisions = [given(approving(*one)).done[0].decision_id for one in two]
    undoing = [
        lambda session, who=officer, what=decision: reviews.undo(session, who.actor, decision_id=what)
        for (officer, _id), decision in zip(two, decisions, strict=True)
    ]
    at_once(database, *undoing)
    with database.read() as session:
        assert session_facts(session, alice) == []
        assert is_whole(session)
