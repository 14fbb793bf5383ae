"""Days are kept as exactly as they are known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.members.partial_dates import is_before, partial_date
from app.features.members.rules import masked_phone, phone_number

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
partial = st.builds(lambda day, length: day.isoformat()[:length], days, st.sampled_from([4, 7, 10]))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1998", "1998"),
        ("1998年", "1998"),
        ("1998-7", "1998-07"),
        ("2014.07", "2014-07"),
        ("1998年7月", "1998-07"),
        ("199807", "1998-07"),
        ("1998/7/3", "1998-07-03"),
        ("1998年7月3日", "1998-07-03"),
        ("19980703", "1998-07-03"),
        ("１９９８．７．３", "1998-07-03"),
        (" 1998 年 7 月 ", "1998-07"),
    ],
)
def test_days_are_read_as_people_write_them(typed, kept):
    assert partial_date(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "98", "1998-13", "1998-02-30", "1898", "7月3日", "3.7.1998", "1998-07-03-01", "昨天"]
)
def test_what_is_no_day_is_refused_with_a_sentence(typed):
    with pytest.raises(ValueError, match=r"."):
        partial_date(typed)


@given(partial)
def test_what_is_kept_reads_as_itself(kept):
    assert partial_date(kept) == kept


@given(partial, partial)
def test_one_day_lies_before_another_only_if_that_is_certain(one, other):
    assert not (is_before(one, other) and is_before(other, one))
    if is_before(one, other):
        assert one < other


@pytest.mark.parametrize(
    "typed", ["13800000011", "138 0000 0011", "+86 138-0000-0011", "１３８００００００１１", "0086 13800000011"]
)
def test_phone_numbers_are_read_as_people_write_them(typed):
    assert phone_number(typed) == "13800000011"


@pytest.mark.parametrize("typed", ["1380000001", "138000000111", "12800000011", "010-88886666", "phone"])
def test_what_is_no_mobile_number_is_refused(typed):
    with pytest.raises(ValueError, match=r"."):
        phone_number(typed)


def test_a_masked_number_cannot_be_called():
    assert masked_phone("13800000011") == "138****0011"
    assert masked_phone(None) is None
