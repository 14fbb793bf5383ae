"""Records come in once, corrections once for each return, and members take back what is undecided."""

from dataclasses import replace

import pytest

from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.reviews import service
from app.features.reviews.errors import AlreadyDecidedError, NotCorrectableError, NotYoursError
from app.features.reviews.kinds import kind_called, kinds, know
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus
from tests.features.reviews.makers import KIND, make_review, new_review, told


def test_a_record_waits(session, alice):
    new = new_review(alice, flags=frozenset({Flag.OVERLAP, Flag.CLOCK_SKEW}), detail={"words": "自学"})
    (submission,) = service.submit(session, [new])
    assert submission.is_new
    review = session.get(Review, new.id)
    session.refresh(review)
    assert (review.status, review.round, review.decided_at) == (ReviewStatus.PENDING, 1, None)
    assert (review.flags, review.detail) == ((Flag.CLOCK_SKEW, Flag.OVERLAP), {"words": "自学"})


def test_twice_is_once(session, alice):
    new = new_review(alice)
    first, again = service.submit(session, [new]) + service.submit(session, [new])
    assert (first.is_new, again.is_new) == (True, False)
    assert first.review is again.review


def test_many_come_in_one_go(session, statements, alice, bob):
    make_review(session, alice)
    statements.clear()
    news = [new_review(person) for person in (alice, bob) * 20]
    assert len(service.submit(session, news)) == 40
    assert len(statements) <= 2


def test_nothing_to_submit_is_nothing(session):
    assert service.submit(session, []) == []


def test_an_id_of_somebody_else_is_refused(session, alice, bob):
    review_id = make_review(session, alice)
    with pytest.raises(NotYoursError):
        make_review(session, bob, id=review_id)


def returned(session, member, officer):
    review_id = make_review(session, member)
    service.return_to_member(session, officer.actor, [review_id], reason="请改")
    return review_id


def test_a_returned_record_is_corrected_once(session, alice, sam):
    review_id = returned(session, alice, sam)
    correction = new_review(alice, corrects_id=review_id)
    assert [submission.is_new for _ in range(2) for submission in service.submit(session, [correction])] == [
        True,
        False,
    ]
    with pytest.raises(NotCorrectableError):
        make_review(session, alice, corrects_id=review_id)
    assert session.get(Review, review_id).status is ReviewStatus.RETURNED


def test_a_withdrawn_correction_makes_room(session, alice, sam):
    review_id = returned(session, alice, sam)
    service.withdraw(session, [make_review(session, alice, corrects_id=review_id)], by_id=alice.id)
    make_review(session, alice, corrects_id=review_id)


def test_only_an_own_returned_record_is_corrected(session, alice, bob, sam):
    for corrected in (make_review(session, alice), returned(session, bob, sam), new_id()):
        with pytest.raises(NotCorrectableError):
            make_review(session, alice, corrects_id=corrected)


def test_alice_withdraws_what_is_undecided(session, alice):
    review_id = make_review(session, alice)
    assert service.withdraw(session, [review_id], by_id=alice.id) == ()
    assert session.get(Review, review_id).status is ReviewStatus.WITHDRAWN
    assert ("withdrawn", review_id) in told


def test_withdrawing_twice_is_once(session, alice):
    review_id = make_review(session, alice)
    service.withdraw(session, [review_id], by_id=alice.id)
    decided_at = session.get(Review, review_id).decided_at
    assert service.withdraw(session, [review_id], by_id=alice.id) == ()
    assert session.get(Review, review_id).decided_at == decided_at
    assert told.count(("withdrawn", review_id)) == 1


def test_whoever_recorded_it_may_withdraw_it_too(session, alice, sam):
    review_id = make_review(session, alice, recorded_by_id=sam.id)
    assert service.withdraw(session, [review_id], by_id=sam.id) == ()


def test_what_is_decided_or_of_others_stays(session, alice, bob, sam):
    approved, other, own = make_review(session, alice), make_review(session, bob), make_review(session, alice)
    service.approve(session, sam.actor, [approved])
    refused = service.withdraw(session, [approved, other, own], by_id=alice.id)
    assert [(stays.id, type(stays.error)) for stays in refused] == [
        (approved, AlreadyDecidedError),
        (other, NotFoundError),
    ]
    assert session.get(Review, own).status is ReviewStatus.WITHDRAWN


def test_a_kind_is_known_by_one_name():
    assert kind_called(KIND.name) is KIND
    assert KIND in kinds()
    with pytest.raises(ValueError, match=r"test\.record"):
        know([replace(KIND)])
