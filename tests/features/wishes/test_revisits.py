"""Looking back after two weeks, by somebody who took no part; and only then a fact."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from app.core.errors import NotFoundError
from app.features.ledger.models import Fact
from app.features.ledger.rules import FactType
from app.features.members.rules import Role
from app.features.wishes.carrying import claims, fulfilment, queries, slips
from app.features.wishes.carrying import queries as carrying
from app.features.wishes.carrying import revisits as service
from app.features.wishes.carrying.errors import OwnClaimError, OwnRevisitError, TakenByOtherError, TooEarlyError
from app.features.wishes.models import Wish, WishClaim, WishEvent, WishParticipant, WishRevisit
from app.features.wishes.rules import ClaimEnd, ClaimKind, Helped, Status, StepRefusedError
from app.features.wishes.wisher.service import confirm_by_link
from tests.features.wishes.makers import make_collector, make_community, make_fulfilled, make_realised, make_wish
from tests.makers import make_member

NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)


@pytest.fixture
def time():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def place(session, branch, other_branch):
    return make_community(session, branch, other_branch)


@pytest.fixture
def collector(session, place):
    return make_collector(session, place)


@pytest.fixture
def realised(time, session, place, branch, collector, sam, alice):
    return make_realised(session, make_wish(session, place, branch, collector, sam), alice, collector)


def facts(session):
    return session.execute(select(Fact).order_by(Fact.branch_id, Fact.seq)).scalars().all()


def status(session, wish):
    return session.get_one(Wish, wish.id).status


def later(time, days):
    time.move_to(NOON + timedelta(days=days))


@pytest.mark.parametrize("helped", [Helped.YES, Helped.PARTLY])
def test_bob_looks_back_and_the_wish_counts_for_alice(session, time, realised, alice, bob, collector, helped):
    assert not facts(session)
    later(time, 14)
    service.revisit(session, bob.actor, wish_id=realised.id, helped=helped, sentence="天天听戏。")
    (fact,) = facts(session)
    assert (fact.fact_type, fact.member_id, fact.branch_id) == (
        FactType.SERVICE_WISH_REALISED,
        alice.id,
        alice.branch_id,
    )
    assert (fact.recorded_by_id, fact.confirmed_by_id) == (collector.id, bob.id)
    assert fact.occurred_on == NOON.date()
    assert realised.code in fact.note
    assert status(session, realised) is Status.CLOSED
    assert session.scalars(select(WishClaim.ended_as)).one() is ClaimEnd.CLOSED


def test_two_weeks_have_to_pass(session, time, realised, bob):
    later(time, 13)
    with pytest.raises(TooEarlyError):
        service.revisit(session, bob.actor, wish_id=realised.id, helped=Helped.YES)
    assert not facts(session)


def test_a_late_revisit_is_still_worth_making(session, time, realised, bob):
    later(time, 60)
    service.revisit(session, bob.actor, wish_id=realised.id, helped=Helped.YES)
    assert len(facts(session)) == 1


def test_nobody_revisits_the_own_wish(session, time, realised, alice):
    later(time, 20)
    for attempt in (
        lambda: service.take_over(session, alice.actor, wish_id=realised.id),
        lambda: service.revisit(session, alice.actor, wish_id=realised.id, helped=Helped.YES),
    ):
        with pytest.raises(OwnRevisitError):
            attempt()


def test_the_database_refuses_an_own_revisit(session, realised, alice, bob):
    claim = carrying.current_claim(session, realised.id)
    own = {"claim_id": claim.id, "attempt": 1, "taken_by_id": alice.id}
    with pytest.raises(DBAPIError, match="nobody revisits the own wish"), session.begin_nested():
        session.execute(insert(WishRevisit), own)
    service.take_over(session, bob.actor, wish_id=realised.id)
    with pytest.raises(DBAPIError, match="nobody revisits the own wish"), session.begin_nested():
        session.execute(update(WishRevisit).values(taken_by_id=alice.id))


def test_who_has_left_the_claim_took_part_too(session, time, place, branch, collector, sam, alice, bob):
    wish = make_wish(session, place, branch, collector, sam)
    claims.claim(session, alice.actor, wish_id=wish.id)
    claims.invite(session, alice.actor, wish_id=wish.id, member_ids=[bob.id])
    claims.join(session, bob.actor, wish_id=wish.id)
    claims.release(session, bob.actor, wish_id=wish.id)
    fulfilment.fulfil(session, alice.actor, wish_id=wish.id, sentence="已送到。", day=NOON.date())
    fulfilment.confirm_realised(session, collector.actor, wish_id=wish.id)
    later(time, 14)
    with pytest.raises(OwnRevisitError):
        service.revisit(session, bob.actor, wish_id=wish.id, helped=Helped.YES)


@pytest.fixture
def asked_again(session, time, place, branch, collector, sam, alice):
    """Sam's wish, which Alice joined; Sam left it and was asked again without answering."""
    wish = make_wish(session, place, branch, collector, make_member(session, branch, "孙立", roles=(Role.SECRETARY,)))
    claims.claim(session, sam.actor, wish_id=wish.id)
    claims.invite(session, sam.actor, wish_id=wish.id, member_ids=[alice.id])
    claims.join(session, alice.actor, wish_id=wish.id)
    claims.contacted(session, sam.actor, wish_id=wish.id)
    claims.release(session, sam.actor, wish_id=wish.id)
    claims.invite(session, alice.actor, wish_id=wish.id, member_ids=[sam.id])
    return wish


def test_asking_again_whoever_left_leaves_them_somebody_who_took_part(
    session, time, asked_again, sam, alice, collector
):
    with pytest.raises(OwnClaimError):
        slips.issue_slip(session, sam.actor, wish_id=asked_again.id)
    fulfilment.fulfil(session, alice.actor, wish_id=asked_again.id, sentence="已送到。", day=NOON.date())
    for attempt in (fulfilment.confirm_realised, fulfilment.not_yet):
        with pytest.raises(OwnClaimError):
            attempt(session, sam.actor, wish_id=asked_again.id)
    fulfilment.confirm_realised(session, collector.actor, wish_id=asked_again.id)
    later(time, 14)
    for look_back in (service.take_over, partial(service.revisit, helped=Helped.YES)):
        with pytest.raises(OwnRevisitError):
            look_back(session, sam.actor, wish_id=asked_again.id)
    assert not queries.to_revisit(session, sam.actor)


def test_the_database_knows_who_ever_took_part(session, asked_again, sam):
    part = carrying.participant(session, carrying.current_claim(session, asked_again.id).id, sam.id)
    assert (part.joined_at, part.left_at) == (None, None)
    own = {"claim_id": part.claim_id, "attempt": 1, "taken_by_id": sam.id}
    with pytest.raises(DBAPIError, match="nobody revisits the own wish"), session.begin_nested():
        session.execute(insert(WishRevisit), own)
    of_sam = WishParticipant.member_id == sam.id
    for statement in (
        update(WishParticipant).where(of_sam).values(took_part_from=None),
        delete(WishParticipant).where(of_sam),
    ):
        with pytest.raises(DBAPIError, match="who took part did so"), session.begin_nested():
            session.execute(statement)


def test_strangers_find_nothing_to_look_back_at(session, time, realised, carl):
    later(time, 14)
    with pytest.raises(NotFoundError):
        service.revisit(session, carl.actor, wish_id=realised.id, helped=Helped.YES)


def test_bob_takes_it_over_and_lets_it_go(session, time, realised, bob, olga):
    service.take_over(session, bob.actor, wish_id=realised.id)
    service.take_over(session, bob.actor, wish_id=realised.id)
    with pytest.raises(TakenByOtherError) as refusal:
        service.take_over(session, olga.actor, wish_id=realised.id)
    assert bob.name in refusal.value.sentence
    later(time, 14)
    with pytest.raises(TakenByOtherError):
        service.revisit(session, olga.actor, wish_id=realised.id, helped=Helped.YES)
    service.let_go(session, bob.actor, wish_id=realised.id)
    service.revisit(session, olga.actor, wish_id=realised.id, helped=Helped.YES)
    assert len(facts(session)) == 1


def test_the_desk_may_look_back_for_whoever_has_taken_it_over(session, time, realised, bob, collector):
    service.take_over(session, bob.actor, wish_id=realised.id)
    later(time, 14)
    service.revisit(session, collector.actor, wish_id=realised.id, helped=Helped.YES)
    assert [row.by for row in queries.revisits_made(session, session.scalars(select(WishClaim.id)).one())] == [
        collector.name
    ]


def test_no_gives_it_back_to_who_held_it_and_brings_no_fact(session, time, realised, alice, bob, collector):
    later(time, 14)
    service.revisit(session, bob.actor, wish_id=realised.id, helped=Helped.NO, sentence="收不到台。")
    claim = carrying.current_claim(session, realised.id)
    assert status(session, realised) is Status.IN_PROGRESS
    assert (claim.attempt, claim.fulfilled_on, claim.confirmed_at) == (2, None, None)
    assert not facts(session)
    day = (NOON + timedelta(days=14)).date()
    fulfilment.fulfil(session, alice.actor, wish_id=realised.id, sentence="换了一台。", day=day)
    fulfilment.confirm_realised(session, collector.actor, wish_id=realised.id)
    with pytest.raises(TooEarlyError):
        service.revisit(session, bob.actor, wish_id=realised.id, helped=Helped.YES)
    later(time, 28)
    service.revisit(session, bob.actor, wish_id=realised.id, helped=Helped.YES)
    assert [row.helped for row in queries.revisits_made(session, claim.id)] == [Helped.NO, Helped.YES]
    assert [fact.occurred_on for fact in facts(session)] == [day]


def test_each_who_took_part_has_a_fact_in_the_own_ledger(
    session, time, place, branch, collector, sam, alice, bob, olga
):
    wish = make_wish(session, place, branch, collector, sam)
    claims.claim(session, alice.actor, wish_id=wish.id, kind=ClaimKind.TEAM)
    claims.invite(session, alice.actor, wish_id=wish.id, member_ids=[bob.id, olga.id])
    claims.join(session, olga.actor, wish_id=wish.id)
    fulfilment.fulfil(session, olga.actor, wish_id=wish.id, sentence="已送到。", day=NOON.date())
    fulfilment.confirm_realised(session, collector.actor, wish_id=wish.id)
    later(time, 14)
    service.revisit(session, bob.actor, wish_id=wish.id, helped=Helped.YES)
    assert {(fact.member_id, fact.branch_id) for fact in facts(session)} == {
        (alice.id, alice.branch_id),
        (olga.id, olga.branch_id),
    }


def test_where_the_wisher_confirmed_the_one_who_looked_back_has_recorded_it(
    session, time, place, branch, collector, sam, alice, bob
):
    wish = make_fulfilled(session, make_wish(session, place, branch, collector, sam), alice)
    slip = slips.issue_slip(session, collector.actor, wish_id=wish.id)
    confirm_by_link(session, token=slip.token)
    later(time, 14)
    service.revisit(session, bob.actor, wish_id=wish.id, helped=Helped.YES)
    (fact,) = facts(session)
    assert (fact.recorded_by_id, fact.confirmed_by_id) == (bob.id, bob.id)


def test_closed_is_closed(session, time, realised, bob, collector):
    later(time, 14)
    service.revisit(session, bob.actor, wish_id=realised.id, helped=Helped.YES)
    with pytest.raises(StepRefusedError):
        service.revisit(session, collector.actor, wish_id=realised.id, helped=Helped.YES)
    assert len(facts(session)) == 1


@pytest.mark.parametrize("end", [Status.CLOSED, Status.WITHDRAWN, Status.REFERRED])
def test_the_database_holds_the_end_of_a_wish(session, realised, end):
    wish = session.get_one(Wish, realised.id)
    wish.status, wish.channel = end, "社区服务中心" if end is Status.REFERRED else None
    session.flush()
    for status in (Status.PUBLISHED, Status.DRAFT):
        with pytest.raises(DBAPIError, match="the end of a wish is final"), session.begin_nested():
            session.execute(update(Wish).where(Wish.id == realised.id).values(status=status, channel=None))


def test_the_history_cannot_be_changed(session, realised):
    for statement in (
        update(WishEvent).values(note="改写"),
        WishEvent.__table__.delete(),
    ):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(statement)


def test_what_is_to_be_looked_back_at_is_listed_for_others(session, realised, alice, bob):
    assert [row.code for row in queries.to_revisit(session, bob.actor)] == [realised.code]
    assert not queries.to_revisit(session, alice.actor)
    service.take_over(session, bob.actor, wish_id=realised.id)
    assert [row.taken_by for row in queries.revisits_taken(session, bob.id)] == [bob.name]
