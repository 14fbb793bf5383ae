"""Codes that people copy from paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.slips.rules import ALPHABET, CODE_LENGTH, new_code, read_code, readable

CODES = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


def test_a_code_has_at_least_60_bits_and_no_signs_that_look_alike():
    assert len(set(ALPHABET)) ** CODE_LENGTH >= 2**60
    assert not set("ILOU") & set(ALPHABET)
    assert len({new_code() for _ in range(500)}) == 500


@given(CODES)
def test_what_is_printed_is_read(code):
    assert read_code(readable(code)) == code


@given(CODES, st.data())
def test_what_is_typed_is_read(code, data):
    """Small letters, full-width signs, any spaces and dashes, O for 0, I and l for 1."""
    alike = {"0": "0Oo０", "1": "1Il１"}
    signs = [data.draw(st.sampled_from(alike.get(sign, sign + sign.lower()))) for sign in code]
    between = data.draw(st.lists(st.sampled_from(["", " ", "-", "—", "　"]), min_size=len(code), max_size=len(code)))
    assert read_code("".join(part for pair in zip(between, signs, strict=True) for part in pair)) == code


@pytest.mark.parametrize("typed", ["", "K7QM-2XNB", "K7QM-2XNB-9DFH-1", "K7QM-2XNB-9DFU", "密码密码密码密码密码密码"])
def test_what_is_no_code(typed):
    assert read_code(typed) is None


@given(st.text(max_size=50))
def test_any_text_is_a_code_or_none(typed):
    code = read_code(typed)
    assert code is None or (len(code) == CODE_LENGTH and set(code) <= set(ALPHABET))
