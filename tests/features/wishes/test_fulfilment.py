"""Handing over, and the word of somebody else: the desk, the wisher's code, the wisher's link."""

from datetime import date, timedelta

import pytest

from app.core import clock
from app.core.errors import NotFoundError
from app.features.wishes.carrying import claims, rules, slips
from app.features.wishes.carrying import fulfilment as service
from app.features.wishes.carrying import queries as carrying
from app.features.wishes.carrying.errors import (
    HandedOverDayError,
    NotYoursError,
    OwnClaimError,
    SlipVoidError,
    UnknownSlipError,
)
from app.features.wishes.models import Wish, WishSlip
from app.features.wishes.rules import MOST_FAILURES, ClaimEnd, ConfirmedHow, Status, StepRefusedError
from app.features.wishes.wisher import service as withdrawal
from app.features.wishes.wisher.service import confirm_by_link, not_yet_by_link
from tests.features.wishes.makers import make_claimed, make_collector, make_community, make_fulfilled, make_wish


@pytest.fixture
def place(session, branch):
    return make_community(session, branch)


@pytest.fixture
def collector(session, place):
    return make_collector(session, place)


@pytest.fixture
def claimed(session, place, branch, collector, sam, alice):
    return make_claimed(session, make_wish(session, place, branch, collector, sam), alice)


@pytest.fixture
def handed_over(session, claimed, alice):
    return make_fulfilled(session, claimed, alice)


def status(session, wish):
    return session.get_one(Wish, wish.id).status


def test_one_sentence_is_enough(session, claimed, alice):
    service.fulfil(session, alice.actor, wish_id=claimed.id, sentence="收音机已送到。", day=clock.today())
    assert status(session, claimed) is Status.TO_CONFIRM
    claim = carrying.current_claim(session, claimed.id)
    assert (claim.sentence, claim.fulfilled_on, claim.fulfilled_by_id) == ("收音机已送到。", clock.today(), alice.id)
    assert claim.contacted_at is not None, "nobody hands over what was never talked about"


def test_only_those_who_hold_it_hand_it_over(session, claimed, bob):
    with pytest.raises(NotYoursError):
        service.fulfil(session, bob.actor, wish_id=claimed.id, sentence="已送到。", day=clock.today())


@pytest.mark.parametrize("days", [-1, 1], ids=["before the claim", "tomorrow"])
def test_the_day_lies_between_the_claim_and_today(session, claimed, alice, days):
    with pytest.raises(HandedOverDayError):
        service.fulfil(
            session, alice.actor, wish_id=claimed.id, sentence="已送到。", day=clock.today() + timedelta(days=days)
        )
    assert status(session, claimed) is Status.CLAIMED


def test_who_was_only_asked_takes_no_part_any_more(session, claimed, alice, bob):
    claims.invite(session, alice.actor, wish_id=claimed.id, member_ids=[bob.id])
    make_fulfilled(session, claimed, alice)
    assert [row.name for row in carrying.people_of(session, carrying.current_claim(session, claimed.id).id)] == [
        alice.name
    ]


@pytest.mark.parametrize("who", ["collector", "sam"])
def test_the_desk_confirms(session, handed_over, collector, sam, who):
    person = {"collector": collector, "sam": sam}[who]
    service.confirm_realised(session, person.actor, wish_id=handed_over.id)
    assert status(session, handed_over) is Status.REALISED
    claim = carrying.current_claim(session, handed_over.id)
    assert (claim.confirmed_how, claim.confirmed_by_id) == (ConfirmedHow.DESK, person.id)


@pytest.mark.parametrize("who", ["alice", "bob", "olga", "oscar", "carl"])
def test_nobody_else_confirms(session, handed_over, alice, bob, olga, oscar, carl, who):
    person = {"alice": alice, "bob": bob, "olga": olga, "oscar": oscar, "carl": carl}[who]
    with pytest.raises(NotFoundError):
        service.confirm_realised(session, person.actor, wish_id=handed_over.id)


def test_a_secretary_does_not_confirm_the_own_wish(session, place, branch, collector, dora, sam):
    wish = make_fulfilled(session, make_wish(session, place, branch, collector, dora), sam)
    with pytest.raises(OwnClaimError):
        service.confirm_realised(session, sam.actor, wish_id=wish.id)
    service.confirm_realised(session, dora.actor, wish_id=wish.id)


def test_nothing_is_confirmed_before_it_is_handed_over(session, claimed, collector):
    with pytest.raises(StepRefusedError):
        service.confirm_realised(session, collector.actor, wish_id=claimed.id)


def test_the_desk_says_what_is_missing_and_it_goes_back(session, handed_over, collector, alice):
    service.not_yet(session, collector.actor, wish_id=handed_over.id, note="还缺电池")
    claim = carrying.current_claim(session, handed_over.id)
    assert status(session, handed_over) is Status.IN_PROGRESS
    assert (claim.sentence, claim.fulfilled_on) == (None, None)
    service.fulfil(session, alice.actor, wish_id=handed_over.id, sentence="电池也送到了。", day=clock.today())
    assert status(session, handed_over) is Status.TO_CONFIRM


def test_the_wisher_says_the_code_aloud(session, handed_over, collector, alice):
    slip = slips.issue_slip(session, collector.actor, wish_id=handed_over.id)
    spoken = f"{slip.code[:3]} {slip.code[3:]}"
    assert service.confirm_with_code(session, alice.actor, wish_id=handed_over.id, typed=spoken)
    claim = carrying.current_claim(session, handed_over.id)
    assert (claim.confirmed_how, claim.confirmed_by_id) == (ConfirmedHow.CODE, None)


def test_a_code_is_not_guessed(session, handed_over, collector, alice):
    slip = slips.issue_slip(session, collector.actor, wish_id=handed_over.id)
    wrong = f"{(int(slip.code) + 1) % 10**6:06}"
    for _ in range(MOST_FAILURES):
        assert not service.confirm_with_code(session, alice.actor, wish_id=handed_over.id, typed=wrong)
    with pytest.raises(SlipVoidError):
        service.confirm_with_code(session, alice.actor, wish_id=handed_over.id, typed=slip.code)
    assert status(session, handed_over) is Status.TO_CONFIRM


def test_a_new_slip_ends_the_one_before(session, handed_over, collector, alice):
    first = slips.issue_slip(session, collector.actor, wish_id=handed_over.id)
    second = slips.issue_slip(session, collector.actor, wish_id=handed_over.id)
    with pytest.raises(UnknownSlipError):
        confirm_by_link(session, token=first.token)
    confirm_by_link(session, token=second.token)
    assert status(session, handed_over) is Status.REALISED


def test_only_digests_of_a_slip_are_kept(session, handed_over, collector):
    slip = slips.issue_slip(session, collector.actor, wish_id=handed_over.id)
    row = session.query(WishSlip).one()
    assert slip.token not in (row.token_digest, row.code_digest)
    assert slip.code not in row.code_digest


def test_members_issue_no_slips(session, handed_over, alice, bob):
    for person in (alice, bob):
        with pytest.raises(NotFoundError):
            slips.issue_slip(session, person.actor, wish_id=handed_over.id)


def test_the_wisher_says_that_nothing_has_come(session, handed_over, collector):
    slip = slips.issue_slip(session, collector.actor, wish_id=handed_over.id)
    not_yet_by_link(session, token=slip.token)
    assert status(session, handed_over) is Status.IN_PROGRESS
    with pytest.raises(StepRefusedError):
        confirm_by_link(session, token=slip.token)


def test_a_withdrawn_wish_never_comes_back(session, handed_over, collector, alice):
    slip = slips.issue_slip(session, collector.actor, wish_id=handed_over.id)
    claim = carrying.current_claim(session, handed_over.id)
    withdrawal.withdraw(session, wish_id=handed_over.id, by_id=collector.id)
    assert (claim.ended_as, status(session, handed_over)) == (ClaimEnd.WITHDRAWN, Status.WITHDRAWN)
    assert carrying.active_claims(session, alice.id) == 0
    with pytest.raises(UnknownSlipError):
        confirm_by_link(session, token=slip.token)
    with pytest.raises(StepRefusedError):
        withdrawal.withdraw(session, wish_id=handed_over.id, by_id=collector.id)
    with pytest.raises(StepRefusedError):
        claims.claim(session, alice.actor, wish_id=handed_over.id)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("482913", "482913"),
        ("482 913", "482913"),
        ("４８２－９１３".replace("－", "-"), "482913"),
        ("4829", None),
        ("48291a", None),
        ("²48291", None),
        ("", None),
    ],
)
def test_codes_are_read_as_people_write_them(typed, meant):
    assert rules.read_code(typed) == meant


def test_a_day_of_handing_over():
    rules.check_handed_over_on(date(2026, 3, 9), claimed_on=date(2026, 3, 9), today=date(2026, 3, 9))


def test_nobody_confirms_the_own_work_with_a_slip_of_their_own(session, place, branch, collector, sam, dora):
    wish = make_wish(session, place, branch, collector, dora)
    slip = slips.issue_slip(session, sam.actor, wish_id=wish.id)
    make_fulfilled(session, wish, sam)
    with pytest.raises(OwnClaimError):
        slips.issue_slip(session, sam.actor, wish_id=wish.id)
    with pytest.raises(SlipVoidError):
        service.confirm_with_code(session, sam.actor, wish_id=wish.id, typed=slip.code)
    with pytest.raises(UnknownSlipError):
        confirm_by_link(session, token=slip.token)
    assert status(session, wish) is Status.TO_CONFIRM
