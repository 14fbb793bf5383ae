"""Officers approve and return: good ones go through, the others stay and are named."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.ledger import queries as ledger
from app.features.reviews import service
from app.features.reviews.errors import (
    AlreadyDecidedError,
    FlaggedError,
    OwnRecordError,
    TooManyAtOnceError,
    WithdrawnError,
)
from app.features.reviews.models import Review
from app.features.reviews.rules import BATCH, Flag, ReviewStatus
from tests.features.reviews.makers import make_review, told

YEAR = {"since": date(2026, 1, 1), "until": date(2026, 12, 1)}
pytestmark = pytest.mark.usefixtures("in_march")


@pytest.fixture
def in_march():
    with time_machine.travel(datetime(2026, 3, 10, 2, tzinfo=UTC), tick=False):
        yield


def facts(session, member):
    return ledger.facts(session, member.id, **YEAR)


def refusals(outcome):
    return [(refused.id, type(refused.error)) for refused in outcome.refused]


def test_sam_approves_and_the_fact_stands(session, alice, sam):
    review_id = make_review(session, alice)
    outcome = service.approve(session, sam.actor, [review_id])
    (review,) = outcome.done
    assert (review.status, review.decided_by_id) == (ReviewStatus.APPROVED, sam.id)
    assert (review.decided_at, review.decision_id) == (datetime(2026, 3, 10, 2, tzinfo=UTC), outcome.decision_id)
    (fact,) = facts(session, alice)
    assert (fact.source, fact.source_id) == ("test.record", f"{review_id}:1")
    assert (fact.occurred_on, fact.recorded_by, fact.confirmed_by) == (date(2026, 3, 9), alice.name, sam.name)


def test_an_approval_may_bring_no_fact(session, alice, sam):
    outcome = service.approve(session, sam.actor, [make_review(session, alice, title="无")])
    assert len(outcome.done) == 1
    assert facts(session, alice) == []


def test_sam_returns_with_a_reason(session, alice, sam):
    review_id = make_review(session, alice)
    outcome = service.return_to_member(session, sam.actor, [review_id], reason="请写明学了什么")
    assert outcome.done[0].reason == "请写明学了什么"
    assert outcome.done[0].status is ReviewStatus.RETURNED
    assert ("returned", review_id) in told
    assert facts(session, alice) == []


def test_good_ones_go_through_and_bad_ones_stay_and_are_named(session, alice, bob, sam, dora):
    good = [make_review(session, person) for person in (alice, bob, alice)]
    own = make_review(session, sam)
    entered = make_review(session, bob, recorded_by_id=sam.id)
    flagged = make_review(session, bob, flags=frozenset({Flag.OVERLAP}))
    decided = make_review(session, alice)
    service.approve(session, dora.actor, [decided])
    withdrawn = make_review(session, alice)
    service.withdraw(session, [withdrawn], by_id=alice.id)
    unknown = new_id()

    outcome = service.approve(session, sam.actor, [*good, own, entered, flagged, decided, withdrawn, unknown])

    assert [review.id for review in outcome.done] == good
    assert refusals(outcome) == [
        (own, OwnRecordError),
        (entered, OwnRecordError),
        (flagged, FlaggedError),
        (decided, AlreadyDecidedError),
        (withdrawn, WithdrawnError),
        (unknown, NotFoundError),
    ]
    assert len({review.decision_id for review in outcome.done}) == 1
    assert len(facts(session, alice)) == 3
    assert len(facts(session, bob)) == 1
    assert facts(session, sam) == []


@pytest.mark.usefixtures("english")
def test_who_was_faster_is_named(session, alice, sam, dora):
    review_id = make_review(session, alice)
    service.approve(session, dora.actor, [review_id])
    (refused,) = service.return_to_member(session, sam.actor, [review_id], reason="太晚").refused
    assert refused.title == "《监察法》"
    assert refused.error.sentence == "窦兰 has just decided on this one: approved. There is nothing left to do."


def test_a_secretarys_own_record_goes_to_the_deputy(session, sam, dora):
    review_id = make_review(session, sam)
    assert refusals(service.approve(session, sam.actor, [review_id])) == [(review_id, OwnRecordError)]
    assert len(service.approve(session, dora.actor, [review_id]).done) == 1
    assert len(facts(session, sam)) == 1


@pytest.mark.parametrize("act", [service.approve, service.return_to_member], ids=["approve", "return"])
def test_a_stranger_finds_nothing(session, alice, oscar, act):
    review_id = make_review(session, alice)
    words = {"reason": "x"} if act is service.return_to_member else {}
    with pytest.raises(NotFoundError):
        act(session, oscar.actor, [review_id], **words)
    assert session.get(Review, review_id).status is ReviewStatus.PENDING


def test_a_flagged_record_passes_alone_and_looked_at(session, alice, sam):
    flagged, other = make_review(session, alice, flags=frozenset({Flag.LATE_UPLOAD})), make_review(session, alice)
    assert refusals(service.approve(session, sam.actor, [flagged])) == [(flagged, FlaggedError)]
    together = service.approve(session, sam.actor, [flagged, other], acknowledged=True)
    assert refusals(together) == [(flagged, FlaggedError)]
    assert len(service.approve(session, sam.actor, [flagged], acknowledged=True).done) == 1


def test_a_flagged_record_may_be_returned(session, alice, sam):
    flagged = make_review(session, alice, flags=frozenset({Flag.OVERLAP}))
    assert len(service.return_to_member(session, sam.actor, [flagged], reason="重复").done) == 1


def test_not_more_than_a_batch_at_once(session, sam):
    with pytest.raises(TooManyAtOnceError):
        service.approve(session, sam.actor, [new_id() for _ in range(BATCH + 1)])


def test_fifty_cost_no_more_statements_than_five(session, statements, alice, bob, sam):
    def cost(number):
        ids = [make_review(session, (alice, bob)[index % 2]) for index in range(number)]
        statements.clear()
        service.approve(session, sam.actor, ids)
        return len(statements)

    cost(1)  # the branch's first fact also makes its head
    # two of them ask who the decider is, and by whose hands that account came in; one, whom webhooks tell
    assert cost(5) == cost(50) <= 13
