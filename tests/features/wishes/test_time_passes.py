"""What time brings about: polite reminders, the way back to the board, the end of a wish's days."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.core import clock
from app.features.wishes import due
from app.features.wishes.carrying import claims, queries, revisits, rules
from app.features.wishes.carrying.errors import PastItsDayError
from app.features.wishes.carrying.past import past_claims
from app.features.wishes.due import NextKind
from app.features.wishes.models import Wish
from app.features.wishes.rules import ClaimEnd, Status, Step
from app.features.wishes.service import advance
from app.features.wishes.wisher import service as withdrawal
from tests.features.wishes.makers import make_claimed, make_collector, make_community, make_realised, make_wish

MONDAY = datetime(2026, 3, 9, 2, tzinfo=UTC)
DAY = date(2026, 3, 9)


@pytest.fixture
def time():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def place(session, branch):
    return make_community(session, branch)


@pytest.fixture
def collector(session, place):
    return make_collector(session, place)


@pytest.fixture
def wish(time, session, place, branch, collector, sam):
    return make_wish(session, place, branch, collector, sam)


def later(time, days):
    time.move_to(MONDAY + timedelta(days=days))


def due_now(session, alice):
    return [(line.title, line.due_on, line.is_late) for line in due.due(session, alice.actor, clock.today())]


def said(kind, wish, by=None, *, is_late=False):
    """A line of the page of today: what comes next, by when, and whether it is late."""
    return (due.sentence(kind, wish.title, by), by or clock.today(), is_late)


def reminded(session):
    return [(one.member_id, one.details["kind"]) for one in due.WISHES.due(session, clock.now())]


def test_today_says_what_comes_next(session, time, wish, alice):
    assert due_now(session, alice) == []
    make_claimed(session, wish, alice)
    assert due_now(session, alice) == [said(NextKind.CONTACT, wish, date(2026, 3, 16))]
    claims.contacted(session, alice.actor, wish_id=wish.id)
    assert due_now(session, alice) == [said(NextKind.FULFIL, wish, date(2026, 4, 8))]
    claims.extend(session, alice.actor, wish_id=wish.id)
    assert due_now(session, alice) == [said(NextKind.FULFIL, wish, date(2026, 4, 22))]
    later(time, 45)
    assert due_now(session, alice) == [said(NextKind.FULFIL, wish, date(2026, 4, 22), is_late=True)]


def test_an_invitation_is_shown_and_nobody_is_pressed(session, time, wish, alice, bob):
    make_claimed(session, wish, alice)
    claims.invite(session, alice.actor, wish_id=wish.id, member_ids=[bob.id])
    assert due_now(session, bob) == [said(NextKind.ANSWER, wish)]
    later(time, 40)
    assert {member_id for member_id, _kind in reminded(session)} == {alice.id}


@pytest.mark.parametrize(("days", "kinds"), [(6, []), (7, ["contact"]), (20, ["contact"])])
def test_after_seven_days_somebody_is_reminded_to_call(session, time, wish, alice, days, kinds):
    make_claimed(session, wish, alice)
    later(time, days)
    assert reminded(session) == [(alice.id, kind) for kind in kinds]


@pytest.mark.parametrize(("days", "kinds"), [(29, []), (30, ["fulfil"])])
def test_after_thirty_days_somebody_is_reminded_to_fulfil(session, time, wish, alice, days, kinds):
    make_claimed(session, wish, alice)
    claims.contacted(session, alice.actor, wish_id=wish.id)
    later(time, days)
    assert reminded(session) == [(alice.id, kind) for kind in kinds]


def test_who_took_the_revisit_is_reminded_when_the_day_has_come(session, time, wish, alice, bob, collector):
    make_realised(session, wish, alice, collector)
    revisits.take_over(session, bob.actor, wish_id=wish.id)
    assert (reminded(session), due_now(session, bob)) == ([], [])
    later(time, 14)
    assert reminded(session) == [(bob.id, "revisit")]
    assert due_now(session, bob) == [said(NextKind.REVISIT, wish, date(2026, 4, 8))]


def test_the_claimer_is_told_that_the_wish_was_taken_back(session, time, wish, alice, collector):
    make_claimed(session, wish, alice)
    withdrawal.withdraw(session, wish_id=wish.id, by_id=collector.id)
    assert reminded(session) == [(alice.id, "over")]
    assert [row.ended_as for row in past_claims(session, alice.id)] == [ClaimEnd.WITHDRAWN]
    later(time, 15)
    assert reminded(session) == []


def test_every_reminder_has_its_sentence(session, time, wish, alice):
    make_claimed(session, wish, alice)
    later(time, 7)
    (one,) = due.WISHES.due(session, clock.now())
    assert wish.title in due.WISHES.words(one.details)
    assert one.address == f"/wishes/{wish.id}"


@pytest.mark.parametrize(
    ("days", "is_extended", "returned"), [(44, False, 0), (45, False, 1), (45, True, 0), (59, True, 1)]
)
def test_what_nobody_fulfils_goes_back_after_time_and_grace(session, time, wish, alice, days, is_extended, returned):
    make_claimed(session, wish, alice)
    if is_extended:
        claims.extend(session, alice.actor, wish_id=wish.id)
    later(time, days)
    assert claims.return_overdue(session, clock.now()) == returned
    assert claims.return_overdue(session, clock.now()) == 0
    expected = Status.PUBLISHED if returned else Status.CLAIMED
    assert session.get_one(Wish, wish.id).status is expected
    assert queries.active_claims(session, alice.id) == (0 if returned else 1)


def test_what_was_handed_over_never_goes_back_by_itself(session, time, wish, alice, collector):
    make_realised(session, wish, alice, collector)
    later(time, 300)
    assert claims.return_overdue(session, clock.now()) == 0


def test_a_wish_past_its_day_leaves_the_board(session, time, place, branch, collector, sam):
    wanted = make_wish(session, place, branch, collector, sam, wanted_by=DAY)
    make_wish(session, place, branch, collector, sam)
    assert claims.expire(session, clock.now()) == 0
    later(time, 1)
    assert claims.expire(session, clock.now()) == 1
    assert claims.expire(session, clock.now()) == 0
    assert session.get_one(Wish, wanted.id).status is Status.EXPIRED


def test_the_days_are_those_of_the_domain():
    by = rules.fulfil_by(DAY, None)
    assert rules.contact_by(DAY, by) == DAY + timedelta(days=7)
    assert by == DAY + timedelta(days=30)
    assert rules.fulfil_by(DAY, None, is_extended=True) == DAY + timedelta(days=44)
    assert rules.returns_on(by) == DAY + timedelta(days=45)


@pytest.mark.parametrize(
    ("wanted", "contact", "fulfil", "extended"),
    [
        (None, 7, 30, 44),
        (60, 7, 30, 44),  # what is promised comes first
        (40, 7, 30, 40),
        (30, 7, 30, 30),
        (18, 7, 18, 18),  # the wisher's day does
        (3, 3, 3, 3),  # and nobody calls after it
        (0, 0, 0, 0),
        (-1, 7, 30, 44),  # it had passed when these days began: new days after a revisit that found no help
    ],
)
def test_of_the_promise_and_the_wishers_day_the_earlier_one_holds(wanted, contact, fulfil, extended):
    wanted_by = None if wanted is None else DAY + timedelta(days=wanted)
    by = rules.fulfil_by(DAY, wanted_by)
    assert (rules.contact_by(DAY, by) - DAY).days == contact
    assert (by - DAY).days == fulfil
    assert (rules.fulfil_by(DAY, wanted_by, is_extended=True) - DAY).days == extended


def test_a_wish_that_helps_no_more_is_promised_to_nobody(session, time, place, branch, collector, sam, alice):
    wish = make_wish(session, place, branch, collector, sam, wanted_by=DAY)
    later(time, 1)
    with pytest.raises(PastItsDayError):
        claims.claim(session, alice.actor, wish_id=wish.id)


def test_what_the_wisher_wants_sooner_goes_back_sooner(session, time, place, branch, collector, sam, alice):
    wish = make_wish(session, place, branch, collector, sam, wanted_by=DAY + timedelta(days=3))
    make_claimed(session, wish, alice)
    later(time, 17)
    assert claims.return_overdue(session, clock.now()) == 0
    later(time, 18)
    assert claims.return_overdue(session, clock.now()) == 1


def test_a_step_by_time_alone_names_nobody(session, time, wish, alice):
    make_claimed(session, wish, alice)
    held = session.get_one(Wish, wish.id)
    advance(session, held, Step.OVERDUE, by_id=None)
    assert held.status is Status.PUBLISHED
