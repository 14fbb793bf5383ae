"""Limits and tables of the door for phones, written out once more: docs/sync.md, not what the code says."""

from datetime import timedelta

import pytest

from app.features.sync import forms, rules, times
from app.features.sync.rules import ItemState, Verdict


@pytest.mark.parametrize(
    ("limit", "number"),
    [
        (forms.MAX_ITEMS, 50),
        (forms.MAX_BATCH_BYTES, 524_288),
        (forms.MAX_FILE_ITEMS, 1_000),
        (forms.MAX_FILE_BYTES, 4_194_304),
        (rules.MAX_PAYLOAD_BYTES, 8_192),
        (rules.RETRY_SECONDS, 60),
        (rules.HELD_FOR, timedelta(days=5)),
        ((rules.KIND_LENGTH, rules.DEVICE_LENGTH, rules.OCCURRED_LENGTH, rules.MESSAGE_LENGTH), (40, 80, 40, 300)),
        (times.TOLERATED, timedelta(seconds=30)),
        (times.MOST_AHEAD, timedelta(minutes=5)),
        (times.OLDEST_UPLOAD, timedelta(days=366)),
    ],
)
def test_limits_are_the_numbers_of_the_protocol(limit, number):
    assert limit == number


def test_what_is_known_of_an_item():
    assert {ItemState.ACCEPTED, ItemState.REVIEW} == rules.TAKEN
    assert {ItemState.WITHDRAWN, ItemState.ERASED} == rules.TOMBSTONES
    assert {Verdict.ACCEPTED, Verdict.REVIEW, Verdict.REFUSED} == rules.STORED
    assert {Verdict.ACCEPTED, Verdict.REVIEW} == rules.GOES_ON
    assert {Verdict.RETRY, Verdict.CONFLICT} == rules.LEAVES_NOTHING
