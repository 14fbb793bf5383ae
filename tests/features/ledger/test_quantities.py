"""Numbers as typed become hundredths and come back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.ledger.quantities import LARGEST, parse_hundredths, two_places


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1", 100), ("7.5", 750), (" 0.05 ", 5), ("-2", -200), ("9.40", 940), ("１.5", 150), ("1e2", 10_000)],
)
def test_a_number_is_read(typed, value):
    assert parse_hundredths(typed) == value


@pytest.mark.parametrize("typed", ["", "two", "1,5", "nan", "inf", "1.005", "1e9", "1e999999"])
def test_what_is_no_number_of_hundredths_is_refused(typed):
    with pytest.raises(ValueError, match="“"):
        parse_hundredths(typed)


@given(st.integers(-LARGEST, LARGEST))
def test_there_and_back(value):
    assert parse_hundredths(two_places(value)) == value


def test_columns_always_have_two_places():
    assert [two_places(value) for value in (0, 5, 750, -1205)] == ["0.00", "0.05", "7.50", "-12.05"]
