"""Nobody puts a wish of their own into the ledger alone, with accounts that they made or whose slip they printed."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from app.core import clock
from app.features.ledger.models import Fact
from app.features.members.models import Member
from app.features.members.standing import VOUCHED_AFTER
from app.features.wishes import service
from app.features.wishes.carrying import fulfilment, revisits, slips
from app.features.wishes.carrying.errors import SlipVoidError, UnknownSlipError
from app.features.wishes.desk import service as desk
from app.features.wishes.models import Wish
from app.features.wishes.rules import BoundByAccountError, Helped, Origin, Status
from app.features.wishes.wisher.service import confirm_by_link
from tests.features.members.makers import audit_rows
from tests.features.wishes.makers import make_collector, make_community, make_draft, make_fulfilled, make_wish

TWO_WEEKS = timedelta(days=14)
EITHER_WAY = pytest.mark.parametrize("bind", ["added", "slip"])


@pytest.fixture
def time():
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def place(session, branch):
    return make_community(session, branch)


@pytest.fixture
def collector(session, place):
    return make_collector(session, place)


@pytest.fixture
def handed_over(time, session, place, branch, collector, dora, alice):
    return make_fulfilled(session, make_wish(session, place, branch, collector, dora), alice)


def bound(session, person, to, how):
    """The account of ``person`` is the work of ``to``, and of today."""
    now = clock.now()
    values = {
        "added": {"added_by_id": to.id, "created_at": now},
        "slip": {"opened_by_id": to.id, "opened_at": now},
    }[how]
    session.execute(update(Member).where(Member.id == person.id).values(**values))
    session.expire_all()


def status(session, wish):
    return session.get_one(Wish, wish.id).status


@EITHER_WAY
@pytest.mark.parametrize("say", [fulfilment.confirm_realised, fulfilment.not_yet])
def test_a_puppet_says_nothing_at_the_desk_and_a_colleague_does(session, handed_over, collector, sam, alice, bind, say):
    bound(session, sam, alice, bind)
    with pytest.raises(BoundByAccountError):
        say(session, sam.actor, wish_id=handed_over.id)
    assert status(session, handed_over) is Status.TO_CONFIRM
    say(session, collector.actor, wish_id=handed_over.id)


@EITHER_WAY
def test_after_ninety_days_the_account_stands_for_itself(session, time, handed_over, sam, alice, bind):
    bound(session, sam, alice, bind)
    time.shift(VOUCHED_AFTER - timedelta(minutes=1))
    with pytest.raises(BoundByAccountError):
        fulfilment.confirm_realised(session, sam.actor, wish_id=handed_over.id)
    time.shift(timedelta(minutes=1))
    fulfilment.confirm_realised(session, sam.actor, wish_id=handed_over.id)


def test_a_puppet_of_a_puppet_is_one_too(session, handed_over, sam, bob, alice):
    bound(session, bob, alice, "added")
    bound(session, sam, bob, "added")
    with pytest.raises(BoundByAccountError):
        fulfilment.confirm_realised(session, sam.actor, wish_id=handed_over.id)


@EITHER_WAY
def test_a_puppets_slip_does_not_speak_for_the_wisher(session, handed_over, collector, sam, alice, bind):
    bound(session, collector, alice, bind)
    slip = slips.issue_slip(session, collector.actor, wish_id=handed_over.id)
    with pytest.raises(UnknownSlipError):
        confirm_by_link(session, token=slip.token)
    with pytest.raises(SlipVoidError):
        fulfilment.confirm_with_code(session, alice.actor, wish_id=handed_over.id, typed=slip.code)
    slip = slips.issue_slip(session, sam.actor, wish_id=handed_over.id)
    confirm_by_link(session, token=slip.token)
    assert status(session, handed_over) is Status.REALISED


@EITHER_WAY
def test_a_puppet_does_not_look_back_and_a_colleague_does(
    session, time, handed_over, collector, alice, bob, dora, bind
):
    fulfilment.confirm_realised(session, collector.actor, wish_id=handed_over.id)
    time.shift(TWO_WEEKS)
    bound(session, bob, alice, bind)
    with pytest.raises(BoundByAccountError):
        revisits.take_over(session, bob.actor, wish_id=handed_over.id)
    with pytest.raises(BoundByAccountError):
        revisits.revisit(session, bob.actor, wish_id=handed_over.id, helped=Helped.YES)
    assert not session.query(Fact).count()
    revisits.take_over(session, dora.actor, wish_id=handed_over.id)
    revisits.revisit(session, dora.actor, wish_id=handed_over.id, helped=Helped.YES)
    assert session.query(Fact).one().member_id == alice.id
    action, subject, changes = audit_rows(session)[-1]
    assert (action, subject, changes) == ("wish_counted", handed_over.code, {"people": [None, "1"]})


@EITHER_WAY
def test_after_ninety_days_bob_looks_back(session, time, handed_over, collector, alice, bob, bind):
    fulfilment.confirm_realised(session, collector.actor, wish_id=handed_over.id)
    bound(session, bob, alice, bind)
    time.shift(VOUCHED_AFTER)
    revisits.take_over(session, bob.actor, wish_id=handed_over.id)
    revisits.revisit(session, bob.actor, wish_id=handed_over.id, helped=Helped.YES)
    assert session.query(Fact).count() == 1


@EITHER_WAY
@pytest.mark.parametrize("puppet", ["collector", "sam"])
def test_who_enters_and_who_publishes_are_two(session, time, place, branch, collector, sam, dora, bind, puppet):
    one, other = (collector, sam) if puppet == "collector" else (sam, collector)
    draft, late = (make_draft(session, place, branch, collector) for _ in range(2))
    for wish in (draft, late):
        service.submit(session, wish_id=wish.id, by_id=collector.id)
    bound(session, one, other, bind)
    desk.set_day(session, dora.actor, day=15)
    for publish in (desk.publish, desk.publish_in_round):
        with pytest.raises(BoundByAccountError):
            publish(session, sam.actor, wish_id=draft.id)
    desk.publish(session, dora.actor, wish_id=draft.id)
    time.shift(VOUCHED_AFTER)
    desk.publish(session, sam.actor, wish_id=late.id)


@EITHER_WAY
def test_who_takes_up_and_who_verifies_are_two(session, time, place, branch, collector, sam, dora, bind):
    public = {"origin": Origin.PUBLIC, "entered_by_id": None, "accepted_by_id": collector.id}
    wish = make_draft(session, place, branch, collector, **public)
    service.submit(session, wish_id=wish.id, by_id=None)
    bound(session, collector, sam, bind)
    with pytest.raises(BoundByAccountError):
        service.verify(session, wish_id=wish.id, by_id=sam.id)
    service.verify(session, wish_id=wish.id, by_id=dora.id)
