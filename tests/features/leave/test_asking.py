"""Asking: what is stored, what overlaps, half-days, extensions, twice is once."""

from datetime import date

import pytest

from app.core.errors import ContentDiffersError, NotFoundError
from app.core.ids import new_id
from app.features.leave import queries, service
from app.features.leave.errors import (
    AddressError,
    EndedLongAgoError,
    FarAheadError,
    FarBackError,
    NotLongerError,
    NotStandingError,
    OverlapsError,
    TooLateToExtendError,
)
from app.features.leave.life import Approval, State
from app.features.leave.models import Leave
from app.features.leave.rules import Half, LeaveType, Span
from app.features.reviews import service as reviews
from app.features.reviews.errors import NotYoursError, OwnRecordError
from app.features.reviews.models import Review
from tests.features.leave.makers import NEXT_WEEK, approved, ask, at, days
from tests.races import race


def state(session, person, leave_id):
    return queries.card(session, person.actor, leave_id).state


def test_alice_reports_what_her_unit_approved_and_sam_acknowledges_it(session, alice, sam):
    leave_id = ask(session, alice, leave=LeaveType.OFFICIAL, destination="杭州", approved_by="王处长")
    assert state(session, alice, leave_id) is State.ASKED
    assert reviews.approve(session, sam.actor, [leave_id]).refused == ()
    shown = queries.card(session, alice.actor, leave_id)
    assert (shown.state, shown.decided_by, shown.due_on) == (State.KNOWN, sam.name, date(2026, 3, 19))


def test_what_nobody_has_approved_yet_is_approved_here(session, alice, sam):
    assert state(session, alice, approved(session, alice, sam, approval=Approval.HERE)) is State.APPROVED


def test_who_approved_elsewhere_is_not_kept_of_what_is_approved_here(session, alice):
    assert session.get(Leave, ask(session, alice, approval=Approval.HERE, approved_by="王处长")).approved_by is None


def test_twice_is_once_and_other_days_under_one_id_are_refused(session, alice):
    name = ask(session, alice)
    assert ask(session, alice, id=name) == name
    assert session.query(Leave).count() == 1
    with pytest.raises(ContentDiffersError):
        ask(session, alice, days((4, 20), (4, 21)), id=name)


def test_the_id_of_somebody_else_is_refused(session, alice, bob):
    with pytest.raises(NotYoursError):
        ask(session, bob, id=ask(session, alice))


@pytest.mark.parametrize(
    ("span", "fits"),
    [
        (days((3, 18), (3, 18)), False),
        (days((3, 18), (3, 20)), False),
        (days((3, 10), (3, 16), last_half=Half.AM), False),
        (days((3, 10), (3, 15)), True),
        (days((3, 19), (3, 20)), True),
    ],
    ids=["inside", "touching the end", "touching the beginning", "before", "after"],
)
def test_two_leaves_of_one_person_do_not_overlap(session, alice, bob, span, fits):
    ask(session, alice)
    ask(session, bob, span)
    if fits:
        ask(session, alice, span, LeaveType.PERSONAL)
        return
    with pytest.raises(OverlapsError) as refusal:
        ask(session, alice, span, LeaveType.PERSONAL)
    assert refusal.value.values["leave"] == LeaveType.ANNUAL.label
    assert refusal.value.values["days"] == "3月16日 – 3月18日"


def test_half_a_day_each_fits_on_one_day(session, alice):
    ask(session, alice, days((3, 16), (3, 16), last_half=Half.AM), LeaveType.PERSONAL)
    ask(session, alice, days((3, 16), (3, 16), Half.PM), LeaveType.OFFICIAL)
    with pytest.raises(OverlapsError):
        ask(session, alice, days((3, 16), (3, 16), Half.EVENING), LeaveType.OFFICIAL)


def test_a_secondment_contains_others(session, alice):
    ask(session, alice, days((3, 10), (6, 30)), LeaveType.SECONDMENT)
    ask(session, alice, NEXT_WEEK, LeaveType.SICK)
    with pytest.raises(OverlapsError):
        ask(session, alice, days((6, 29), (7, 2)), LeaveType.ANNUAL)


def test_what_is_returned_or_cancelled_takes_no_days(session, alice, sam):
    reviews.return_to_member(session, sam.actor, [ask(session, alice)], reason="日期写错了")
    service.cancel(session, alice.actor, leave_id=ask(session, alice))
    service.cancel(session, alice.actor, leave_id=approved(session, alice, sam))
    ask(session, alice)


def test_a_returned_one_is_corrected_once(session, alice, sam):
    first = ask(session, alice)
    reviews.return_to_member(session, sam.actor, [first], reason="日期写错了")
    again = ask(session, alice, corrects_id=first)
    assert queries.card(session, alice.actor, first).is_corrected
    assert session.get(Review, again).corrects_id == first


def test_sick_leave_is_entered_three_working_days_after_the_return_and_closed_with_it(session, time, alice, sam):
    sick = days((3, 4), (3, 6))  # until Friday
    time.move_to(at(3, 11, 23))
    leave_id = approved(session, alice, sam, sick, LeaveType.SICK)
    shown = queries.card(session, alice.actor, leave_id)
    assert (shown.state, shown.returned_on) == (State.CLOSED, date(2026, 3, 6))
    time.move_to(at(3, 12, 0))
    with pytest.raises(EndedLongAgoError):
        ask(session, alice, days((3, 2), (3, 2)), LeaveType.SICK)
    ask(session, sam, days((3, 2), (3, 2)), LeaveType.SICK, member_id=alice.id)
    time.move_to(at(4, 1))
    assert queries.missed(session, sam.actor, date(2026, 4, 1)) == []


@pytest.mark.parametrize(("leave", "late"), [(LeaveType.PERSONAL, True), (LeaveType.SICK, False)])
def test_private_leave_after_it_began_wants_a_look(session, alice, leave, late):
    leave_id = ask(session, alice, days((3, 6), (3, 10)), leave)
    assert session.get(Review, leave_id).detail["late"] is late


@pytest.mark.usefixtures("english")
def test_what_lies_too_long_ago_is_refused_as_that(session, alice, sam):
    with pytest.raises(FarBackError) as refusal:
        ask(session, alice, Span(date(2016, 3, 16), date(2026, 3, 18)))
    assert "too long ago" in str(refusal.value.sentence)
    with pytest.raises(FarBackError):  # and no officer is sent to an officer
        ask(session, sam, Span(date(2025, 3, 3), date(2025, 3, 7)), LeaveType.SICK, member_id=alice.id)


def test_a_year_far_away_and_an_address_are_refused(session, alice):
    with pytest.raises(FarAheadError):
        ask(session, alice, days((3, 16), (3, 18)).__class__(date(2036, 3, 16), date(2036, 3, 18)))
    with pytest.raises(AddressError):
        ask(session, alice, destination="文三路１２号")


def test_sam_enters_it_for_alice_and_another_officer_decides(session, alice, sam, dora):
    leave_id = ask(session, sam, member_id=alice.id)
    assert queries.card(session, alice.actor, leave_id).entered_by == sam.name
    refused = reviews.approve(session, sam.actor, [leave_id]).refused
    assert isinstance(refused[0].error, OwnRecordError)
    assert reviews.approve(session, dora.actor, [leave_id]).refused == ()


def test_nobody_else_enters_it(session, alice, bob, oscar):
    for person in (bob, oscar):
        with pytest.raises(NotFoundError):
            ask(session, person, member_id=alice.id)


def test_sams_own_leave_is_decided_by_another_officer(session, sam, dora):
    leave_id = ask(session, sam)
    assert isinstance(reviews.approve(session, sam.actor, [leave_id]).refused[0].error, OwnRecordError)
    assert reviews.approve(session, dora.actor, [leave_id]).refused == ()


def test_an_extension_takes_the_place_of_the_leave_when_it_is_approved(session, alice, sam):
    leave_id = approved(session, alice, sam)
    longer = ask(session, alice, days((3, 1), (3, 20)), LeaveType.SICK, extends_id=leave_id)
    row = session.get(Leave, longer)
    assert (row.leave, row.first_on, row.last_on) == (LeaveType.ANNUAL, date(2026, 3, 16), date(2026, 3, 20))
    assert state(session, alice, leave_id) is State.KNOWN
    decision = reviews.approve(session, sam.actor, [longer]).decision_id
    assert (state(session, alice, leave_id), row.due_on) == (State.EXTENDED, date(2026, 3, 23))
    assert [leave.id for leave in queries.around(session, [alice.id], row.first_on, row.last_on)[alice.id]] == [longer]
    reviews.undo(session, sam.actor, decision_id=decision)
    assert state(session, alice, leave_id) is State.KNOWN


def test_an_extension_is_asked_for_before_the_end_and_is_longer(session, time, alice, bob, sam):
    leave_id = approved(session, alice, sam, days((3, 9), (3, 18), last_half=Half.PM))
    with pytest.raises(NotLongerError):
        ask(session, alice, days((3, 9), (3, 17)), extends_id=leave_id)
    with pytest.raises(NotFoundError):
        ask(session, bob, days((3, 9), (3, 20)), extends_id=leave_id)
    time.move_to(at(3, 18, 18))
    with pytest.raises(TooLateToExtendError):
        ask(session, alice, days((3, 9), (3, 20)), extends_id=leave_id)


def test_of_one_leave_one_extension_waits_even_of_a_secondment(session, alice, sam):
    leave_id = approved(session, alice, sam, leave=LeaveType.SECONDMENT)
    ask(session, alice, days((3, 16), (3, 20)), extends_id=leave_id)
    with pytest.raises(OverlapsError):
        ask(session, alice, days((3, 16), (3, 27)), extends_id=leave_id)


def test_what_waits_is_not_extended_and_a_waiting_extension_goes_with_its_leave(session, time, alice, sam):
    leave_id = ask(session, alice, days((3, 9), (3, 18)))
    with pytest.raises(NotStandingError):
        ask(session, alice, days((3, 9), (3, 20)), extends_id=leave_id)
    reviews.approve(session, sam.actor, [leave_id])
    longer = ask(session, alice, days((3, 9), (3, 20)), extends_id=leave_id)
    service.close(session, alice.actor, leave_id=leave_id)
    assert state(session, alice, longer) is State.CANCELLED


@pytest.mark.parametrize("together", [False, True])
def test_what_was_returned_by_mistake_stays_beside_its_successor_and_the_others_are_approved(
    session, alice, bob, sam, together
):
    first = ask(session, alice)
    decision = reviews.return_to_member(session, sam.actor, [first], reason="再看看").decision_id
    second, other = ask(session, alice, leave=LeaveType.OFFICIAL), ask(session, bob)
    if not together:
        reviews.approve(session, sam.actor, [second])
    reviews.undo(session, sam.actor, decision_id=decision)
    outcome = reviews.approve(session, sam.actor, [first, second, other] if together else [first, other])
    assert {review.id for review in outcome.done} == ({first, other} if together else {other})
    (refused,) = outcome.refused
    assert (refused.id, type(refused.error)) == (second if together else first, OverlapsError)
    assert reviews.return_to_member(session, sam.actor, [refused.id], reason="已有另一条").refused == ()


def test_a_leave_and_its_extension_are_approved_again_in_any_order(session, alice, sam):
    leave_id = ask(session, alice)
    decision = reviews.approve(session, sam.actor, [leave_id]).decision_id
    longer = approved(session, alice, sam, days((3, 16), (3, 20)), extends_id=leave_id)
    reviews.undo(session, sam.actor, decision_id=decision)
    assert reviews.approve(session, sam.actor, [leave_id]).refused == ()
    assert (state(session, alice, leave_id), state(session, alice, longer)) == (State.EXTENDED, State.KNOWN)


@pytest.mark.race
def test_of_eight_overlapping_at_one_moment_one_stands(database, alice):
    def send(number):
        with database.write() as session:
            return ask(session, alice, days((3, 16), (3, 16 + number % 3)), id=new_id())

    results = race(8, send)
    assert sum(isinstance(result, OverlapsError) for result in results) == 7
