"""What the database refuses, whatever code should one day try it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.core.ids import new_id
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from tests.features.reviews.makers import make_review

NOW = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.fixture
def change(database, given, alice, dora):
    """Sets columns of a record of Alice that Dora entered."""
    review_id = given(make_review, alice, recorded_by_id=dora.id)

    def run(**values):
        with database.write() as session:
            session.execute(update(Review).where(Review.id == review_id).values(**values))

    return run


def approved(officer):
    return {
        "status": ReviewStatus.APPROVED,
        "decided_by_id": officer.id,
        "decided_at": NOW,
        "decision_id": new_id(),
    }


def refused(name):
    return pytest.raises(IntegrityError, match=f"ck_reviews_{name}")


def test_a_whole_decision_is_let_in(change, sam):
    change(**approved(sam))


def test_nobody_decides_on_oneself(change, alice):
    with refused("not_decided_by_oneself"):
        change(**approved(alice))


def test_nobody_decides_on_what_they_entered(change, dora):
    with refused("not_decided_by_recorder"):
        change(**approved(dora))


@pytest.mark.parametrize(
    ("without", "rule"),
    [
        ("decided_by_id", "decider_iff_decided"),
        ("decided_at", "time_iff_not_pending"),
        ("decision_id", "decision_iff_decided"),
    ],
)
def test_a_decision_has_an_officer_a_time_and_an_id(change, sam, without, rule):
    with refused(f"({rule}|decision_iff_decided)"):
        change(**approved(sam) | {without: None})


def test_what_waits_was_not_decided(change, sam):
    with refused("(decider_iff_decided|time_iff_not_pending)"):
        change(**approved(sam) | {"status": ReviewStatus.PENDING})


@pytest.mark.parametrize("reason", [None, " ", "字" * 201], ids=["none", "blank", "long"])
def test_a_return_has_a_reason(change, sam, reason):
    with pytest.raises(Exception, match=r"ck_reviews_reason|too long"):
        change(**approved(sam) | {"status": ReviewStatus.RETURNED, "reason": reason})


def test_an_approval_has_none(change, sam):
    with refused("reason_iff_returned"):
        change(**approved(sam) | {"reason": "很好"})


@pytest.mark.parametrize(("column", "value", "rule"), [("title", " ", "has_title"), ("round", 0, "round_from_one")])
def test_values_have_limits(change, column, value, rule):
    with refused(rule):
        change(**{column: value})


def test_nothing_corrects_itself(change, database):
    with database.read() as session:
        (review_id,) = session.scalars(select(Review.id))
    with refused("not_own_correction"):
        change(corrects_id=review_id)
