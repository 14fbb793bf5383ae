"""Limits and words of deciding, written out once with the numbers of docs/domain.md §1 and §4."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.features.approvals import queries
from app.features.reviews import rules
from app.features.reviews.errors import (
    AlreadyDecidedError,
    FlaggedError,
    NotYourDecisionError,
    OwnRecordError,
    UndoOverError,
    WithdrawnError,
)
from app.features.reviews.rules import Flag, ReviewStatus


def test_limits():
    assert timedelta(minutes=10) == rules.UNDO_LASTS
    assert (rules.BATCH, queries.PAGE) == (100, 50)
    assert rules.REASON_LENGTH == 200


def test_words_are_kept_as_they_are():
    assert [status.value for status in ReviewStatus] == ["pending", "approved", "returned", "withdrawn"]


def test_the_weightiest_flag_is_named_first():
    assert list(rules.reasons(list(Flag))) == [
        "would_be_refused",
        "predecessor_missing",
        "differs",
        "code_expired",
        "unchecked",
        "too_early",
        "after_end",
        "one_device",
        "clock_skew",
        "period_closed",
        "late_upload",
        "overlap",
        "handed_over",
    ]


SAM, DORA, ALICE = (UUID(int=number) for number in (1, 2, 3))
NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("member", "recorded_by", "may"),
    [(ALICE, ALICE, True), (ALICE, SAM, False), (SAM, DORA, False), (ALICE, DORA, True)],
)
def test_nobody_decides_on_what_is_about_them_or_what_they_entered(member, recorded_by, may):
    """Sam decides."""
    if may:
        rules.check_four_eyes(decider_id=SAM, member_id=member, recorded_by_id=recorded_by)
    else:
        with pytest.raises(OwnRecordError):
            rules.check_four_eyes(decider_id=SAM, member_id=member, recorded_by_id=recorded_by)


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        ("pending", None),
        ("approved", AlreadyDecidedError),
        ("returned", AlreadyDecidedError),
        ("withdrawn", WithdrawnError),
    ],
)
def test_what_waits_is_decided(status, refusal):
    if refusal is None:
        rules.check_open(ReviewStatus(status), decided_by="Dora")
    else:
        with pytest.raises(refusal):
            rules.check_open(ReviewStatus(status), decided_by="Dora")


def test_what_is_flagged_is_approved_by_somebody_who_has_looked():
    rules.check_looked_at([], acknowledged=False)
    rules.check_looked_at([Flag.OVERLAP], acknowledged=True)
    with pytest.raises(FlaggedError):
        rules.check_looked_at([Flag.OVERLAP], acknowledged=False)


@pytest.mark.parametrize(
    ("decided_by", "decided_at", "refusal"),
    [
        (SAM, NOON - timedelta(minutes=10), None),
        (SAM, NOON - timedelta(minutes=10, seconds=1), UndoOverError),
        (SAM, None, UndoOverError),
        (DORA, NOON, NotYourDecisionError),
        (None, NOON, NotYourDecisionError),
    ],
)
def test_who_decided_takes_it_back_for_ten_minutes(decided_by, decided_at, refusal):
    said = {"decided_by_id": decided_by, "decided_at": decided_at, "actor_id": SAM, "now": NOON}
    if refusal is None:
        rules.check_undo(**said)
    else:
        with pytest.raises(refusal):
            rules.check_undo(**said)


def test_a_title_is_compared_without_what_people_write_now_this_way_and_now_that():
    assert rules.plain("《ＡＢ 条例》（学习）") == "ab条例学习"
