"""For ten minutes, one tap takes back what one tap decided."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.core.errors import NotFoundError
from app.features.ledger import queries as ledger
from app.features.reviews import service
from app.features.reviews.errors import CorrectedSinceError, NotYourDecisionError, UndoOverError
from app.features.reviews.models import Review
from app.features.reviews.rules import UNDO_LASTS, ReviewStatus
from tests.features.reviews.makers import make_review

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False) as time:
        yield time


def points(session, member):
    totals = ledger.totals(session, [member.id], since=date(2026, 1, 1), until=date(2026, 12, 1))[member.id]
    return [(total.count, total.quantity) for total in totals]


def test_an_approval_is_taken_back_with_its_facts(session, alice, bob, sam):
    ids = [make_review(session, person) for person in (alice, bob)]
    decision_id = service.approve(session, sam.actor, ids).decision_id
    outcome = service.undo(session, sam.actor, decision_id=decision_id)
    assert [(review.status, review.round) for review in outcome.done] == [(ReviewStatus.PENDING, 2)] * 2
    assert {review.decided_by_id for review in outcome.done} == {None}
    assert points(session, alice) == points(session, bob) == []


def test_it_can_be_approved_again_by_another_officer(session, alice, sam, dora):
    review_id = make_review(session, alice)
    for officer in (sam, dora, sam):
        decision_id = service.approve(session, officer.actor, [review_id]).decision_id
        assert points(session, alice) == [(1, 100)]
        service.undo(session, officer.actor, decision_id=decision_id)
        assert points(session, alice) == []
    service.approve(session, dora.actor, [review_id])
    assert points(session, alice) == [(1, 100)]
    assert session.get(Review, review_id).round == 4


def test_a_return_is_taken_back(session, alice, sam):
    review_id = make_review(session, alice)
    decision_id = service.return_to_member(session, sam.actor, [review_id], reason="看错了").decision_id
    (review,) = service.undo(session, sam.actor, decision_id=decision_id).done
    assert (review.status, review.reason) == (ReviewStatus.PENDING, None)


def test_twice_is_once(session, alice, sam):
    decision_id = service.approve(session, sam.actor, [make_review(session, alice)]).decision_id
    service.undo(session, sam.actor, decision_id=decision_id)
    assert service.undo(session, sam.actor, decision_id=decision_id) == (None, (), ())


def test_one_of_two_decisions(session, alice, sam):
    first, second = make_review(session, alice), make_review(session, alice)
    decision_id = service.approve(session, sam.actor, [first]).decision_id
    service.approve(session, sam.actor, [second])
    service.undo(session, sam.actor, decision_id=decision_id)
    assert points(session, alice) == [(1, 100)]
    assert session.get(Review, second).status is ReviewStatus.APPROVED


def test_only_who_decided_takes_it_back(session, alice, sam, dora):
    decision_id = service.approve(session, sam.actor, [make_review(session, alice)]).decision_id
    (refused,) = service.undo(session, dora.actor, decision_id=decision_id).refused
    assert type(refused.error) is NotYourDecisionError
    assert points(session, alice) == [(1, 100)]


def test_a_stranger_finds_nothing(session, alice, sam, oscar):
    decision_id = service.approve(session, sam.actor, [make_review(session, alice)]).decision_id
    with pytest.raises(NotFoundError):
        service.undo(session, oscar.actor, decision_id=decision_id)


@pytest.mark.parametrize(("late", "done"), [(timedelta(0), 1), (timedelta(seconds=1), 0)])
def test_the_time_is_over_after_ten_minutes(session, at_noon, alice, sam, late, done):
    decision_id = service.approve(session, sam.actor, [make_review(session, alice)]).decision_id
    at_noon.move_to(NOON + UNDO_LASTS + late)
    outcome = service.undo(session, sam.actor, decision_id=decision_id)
    assert len(outcome.done) == done
    assert [type(refused.error) for refused in outcome.refused] == [UndoOverError] * (1 - done)


def test_a_return_stays_once_the_member_has_corrected(session, alice, sam):
    returned, other = make_review(session, alice), make_review(session, alice)
    decision_id = service.return_to_member(session, sam.actor, [returned, other], reason="写清楚").decision_id
    correction = make_review(session, alice, corrects_id=returned)
    outcome = service.undo(session, sam.actor, decision_id=decision_id)
    assert [review.id for review in outcome.done] == [other]
    assert [(refused.id, type(refused.error)) for refused in outcome.refused] == [(returned, CorrectedSinceError)]
    service.withdraw(session, [correction], by_id=alice.id)
    assert len(service.undo(session, sam.actor, decision_id=decision_id).done) == 1
