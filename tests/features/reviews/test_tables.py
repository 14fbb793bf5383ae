"""Limits and words of deciding, written out once with the numbers of docs/domain.md §1 and §4."""

from datetime import timedelta

from app.features.approvals import queries
from app.features.reviews import rules
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
