"""Real threads that decide on one thing at one moment."""

from datetime import date

import pytest

from app.features.ledger import queries as ledger
from app.features.reviews import service
from app.features.reviews.errors import AlreadyDecidedError, NotCorrectableError, WithdrawnError
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from tests.features.reviews.makers import make_review, new_review
from tests.races import race

pytestmark = pytest.mark.race
YEAR = {"since": date(2026, 1, 1), "until": date(2026, 12, 1)}


def in_own_unit(database, act):
    def run(number):
        with database.write() as session:
            return act(session, number)

    return run


def facts(database, member):
    with database.read() as session:
        return len(ledger.facts(session, member.id, **YEAR))


def test_twelve_approvals_of_one_record_are_one_fact(database, given, alice, sam, dora):
    review_id = given(make_review, alice)

    def approve(session, number):
        return service.approve(session, (sam, dora)[number % 2].actor, [review_id])

    outcomes = race(12, in_own_unit(database, approve))
    assert sum(len(outcome.done) for outcome in outcomes) == 1
    (winner,) = (outcome.done[0].decided_by_id for outcome in outcomes if outcome.done)
    refusals = [refused.error for outcome in outcomes for refused in outcome.refused]
    assert {type(error) for error in refusals} == {AlreadyDecidedError}
    assert {error.values["name"] for error in refusals} == {sam.name if winner == sam.id else dora.name}
    assert facts(database, alice) == 1


def test_of_an_approval_and_a_return_one_wins(database, given, alice, sam, dora):
    review_id = given(make_review, alice)

    def decide(session, number):
        if number % 2:
            return service.approve(session, sam.actor, [review_id])
        return service.return_to_member(session, dora.actor, [review_id], reason="不清楚")

    outcomes = race(6, in_own_unit(database, decide))
    assert sum(len(outcome.done) for outcome in outcomes) == 1
    with database.read() as session:
        approved = session.get(Review, review_id).status is ReviewStatus.APPROVED
    assert facts(database, alice) == approved


def test_a_withdrawal_and_an_approval_agree_on_what_happened(database, given, alice, sam):
    ids = [given(make_review, alice) for _ in range(4)]

    def act(session, number):
        if number:
            return service.withdraw(session, ids, by_id=alice.id)
        return service.approve(session, sam.actor, ids)

    outcome, refused = race(2, in_own_unit(database, act))
    approved = {review.id for review in outcome.done}
    assert approved == {stays.id for stays in refused}
    assert {type(stays.error) for stays in outcome.refused} <= {WithdrawnError}
    assert facts(database, alice) == len(approved)


def test_two_officers_with_overlapping_lists_never_wait_for_each_other(database, given, alice, bob, sam, dora):
    ids = [given(make_review, person) for person in (alice, bob) * 6]

    def approve(session, number):
        chosen = ids if number % 2 else ids[::-1]
        return service.approve(session, (sam, dora)[number % 2].actor, chosen[:9])

    outcomes = race(4, in_own_unit(database, approve))
    assert sum(len(outcome.done) for outcome in outcomes) == 12
    assert facts(database, alice) + facts(database, bob) == 12


def test_twelve_undos_are_one(database, given, alice, sam):
    decision_id = given(service.approve, sam.actor, [given(make_review, alice)]).decision_id
    outcomes = race(
        12, in_own_unit(database, lambda session, _: service.undo(session, sam.actor, decision_id=decision_id))
    )
    assert sum(len(outcome.done) for outcome in outcomes) == 1
    assert facts(database, alice) == 0
    with database.snapshot() as session:
        assert ledger.verify(session).is_clean


def test_one_record_sent_twelve_times_is_one(database, alice):
    new = new_review(alice)
    submissions = race(12, in_own_unit(database, lambda session, _: service.submit(session, [new])[0].is_new))
    assert sorted(submissions) == [False] * 11 + [True]


def test_of_twelve_corrections_one_takes_the_place(database, given, alice, sam):
    returned = given(make_review, alice)
    given(service.return_to_member, sam.actor, [returned], reason="请改")
    results = race(
        12, in_own_unit(database, lambda session, _: bool(make_review(session, alice, corrects_id=returned)))
    )
    assert results.count(True) == 1
    assert {type(result) for result in results if result is not True} == {NotCorrectableError}
