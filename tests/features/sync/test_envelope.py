"""An envelope that cannot be read is refused as a whole; nothing in an item can make it unreadable."""

import json

import pytest

from app.core.errors import TooLargeError
from app.core.ids import new_id
from app.features.sync.errors import ClientTooOldError, NotAnEnvelopeError
from app.features.sync.forms import MAX_BATCH_BYTES, is_too_old, read_envelope

GOOD = {
    "device_id": "phone-1",
    "member_id": str(new_id()),
    "sent_at": "2026-03-09T10:00:00+08:00",
    "app_version": "0.1.0",
    "items": [{}],
}


def body(**changes):
    return json.dumps({name: value for name, value in (GOOD | changes).items() if value is not ...}).encode()


def test_an_envelope_is_read_and_its_items_are_left_alone():
    assert read_envelope(body(items=[None, 7, {"id": "x"}], more="of a newer page")).items == [None, 7, {"id": "x"}]


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"no json",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b"null",
        body(device_id=...),
        body(device_id=""),
        body(device_id="x" * 81),
        body(device_id="a\0b"),
        body(device_id=7),
        body(member_id=...),
        body(member_id="Alice"),
        body(sent_at=...),
        body(sent_at="now"),
        body(sent_at=None),
        body(app_version=...),
        body(items=...),
        body(items=[]),
        body(items={}),
        body().replace(b"phone-1", b"\\ud800"),
    ],
)
def test_what_is_no_envelope_is_refused(bad):
    with pytest.raises(NotAnEnvelopeError):
        read_envelope(bad)


def test_fifty_items_fit_and_one_more_does_not():
    assert len(read_envelope(body(items=[{}] * 50)).items) == 50
    with pytest.raises(TooLargeError):
        read_envelope(body(items=[{}] * 51))


def test_half_a_mebibyte_fits_and_one_byte_more_does_not():
    empty = len(body(items=[""]))
    assert read_envelope(body(items=["x" * (MAX_BATCH_BYTES - empty)]))
    with pytest.raises(TooLargeError):
        read_envelope(body(items=["x" * (MAX_BATCH_BYTES - empty + 1)]))


def test_an_old_page_is_told_so_even_if_its_envelope_is_another():
    with pytest.raises(ClientTooOldError):
        read_envelope(json.dumps({"app_version": "0.0.9", "records": []}).encode())


@pytest.mark.parametrize(
    ("version", "old"),
    [
        ("0.0.9", True),
        ("0", True),
        ("0.1", False),
        ("0.1.0", False),
        ("1", False),
        ("12.0", False),
        ("dev", False),
        (None, False),
    ],
)
def test_versions_are_compared_as_numbers(version, old):
    assert is_too_old(version) is old
