"""Codes of an app: those of the standard, around now, and each step once."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.sign_in.factors.rules import (
    RECOVERY_ALPHABET,
    STEP_S,
    address_for,
    new_recovery_codes,
    new_secret,
    read_code,
    readable,
    spelled,
    step_of,
)

RFC_6238_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The key 12345678901234567890 of RFC 6238, appendix B, in base 32."""


@pytest.mark.parametrize(
    ("at", "eight_digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
    ],
)
def test_the_vectors_of_the_standard(at, eight_digits):
    moment = datetime.fromtimestamp(at, UTC)
    assert step_of(RFC_6238_SECRET, eight_digits[2:], moment) == at // STEP_S


@given(st.integers(1_000, 4_000_000_000), st.integers(-5, 5))
def test_one_step_to_either_side_is_taken_and_no_more(at, away):
    secret = RFC_6238_SECRET
    code = pyotp.TOTP(secret).generate_otp(at // STEP_S + away)
    found = step_of(secret, code, datetime.fromtimestamp(at, UTC))
    if abs(away) <= 1:
        assert found is not None
    elif found is not None:  # by chance, one in a million
        assert pyotp.TOTP(secret).generate_otp(found) == code


def test_secrets_differ_and_are_spelled_in_fours():
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(first) == 32  # 160 bits in base 32
    assert spelled(first).replace(" ", "") == first
    assert {len(group) for group in spelled(first).split()} == {4}


def test_the_picture_says_who_and_where():
    address = address_for(RFC_6238_SECRET, name="艾莉", issuer="三亮")
    parsed = pyotp.parse_uri(address)
    assert (parsed.name, parsed.issuer, parsed.secret) == ("艾莉", "三亮", RFC_6238_SECRET)


@pytest.mark.parametrize(
    ("typed", "meant", "is_of_app"),
    [
        ("123456", "123456", True),
        ("123 456", "123456", True),
        ("abcd-efgh-jklm", "ABCDEFGHJKLM", False),
        (" ABCD EFGH JKLM ", "ABCDEFGHJKLM", False),
        ("12345", "12345", False),
        ("", "", False),
    ],
)
def test_codes_are_read_however_they_are_typed(typed, meant, is_of_app):
    assert read_code(typed) == (meant, is_of_app)


def test_recovery_codes_are_long_different_and_legible():
    codes = list(new_recovery_codes())
    assert len(set(codes)) == len(codes) == 10
    assert all(set(code) <= set(RECOVERY_ALPHABET) for code in codes)
    assert len(RECOVERY_ALPHABET) ** len(codes[0]) > 2**59
    assert read_code(readable(codes[0]))[0] == codes[0]


def test_time_goes_on():
    now = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
    code = pyotp.TOTP(RFC_6238_SECRET).at(now)
    assert step_of(RFC_6238_SECRET, code, now + timedelta(seconds=STEP_S)) is not None
    assert step_of(RFC_6238_SECRET, code, now + timedelta(seconds=3 * STEP_S)) is None


@pytest.mark.parametrize("away", [-3, -2, -1, 0, 1, 2, 3])
def test_a_code_of_a_minute_ago_is_over(away):
    """Half a minute to either side: the step that is found is the one of the code."""
    at = 1_111_111_109
    step = at // STEP_S + away
    code = pyotp.TOTP(RFC_6238_SECRET).generate_otp(step)
    found = step_of(RFC_6238_SECRET, code, datetime.fromtimestamp(at, UTC))
    assert found == (step if abs(away) <= 1 else None)
