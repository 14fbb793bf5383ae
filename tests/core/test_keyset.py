"""Where a page ended, there and back, and what somebody may have made of it."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import keyset

ROW = UUID("01a20161-9e5c-72cb-9f82-1763ee869acf")
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES), st.uuids())  # noqa: DTZ001
def test_a_moment_comes_back_exactly(moment, row_id):
    word = keyset.end_of(moment, row_id)
    assert keyset.read(word, datetime) == (moment.astimezone(UTC), row_id)
    assert set(word) <= set("0123456789abcdef-:.TZ_")


@given(st.dates(), st.uuids())
def test_a_day_comes_back(day, row_id):
    assert keyset.read(keyset.end_of(day, row_id), date) == (day, row_id)


BEYOND = [f"0001-01-01T00:00:00+14:00_{ROW}", f"9999-12-31T23:59:59-14:00_{ROW}"]


@pytest.mark.parametrize("word", ["", "_", f"yesterday_{ROW}", "2026-03-09_1", f"2026-03-09T10:00:00_{ROW}", *BEYOND])
@pytest.mark.parametrize("kind", [date, datetime])
def test_anything_else_is_the_first_page(word, kind):
    assert keyset.read(word, kind) is None
