"""A phone's clock may say anything; one shift for the whole batch puts it right, and nothing overflows."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import phone_time
from app.features.sync import times

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.just(UTC))
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-09T10:00:00+08:00", NOW),
        ("2026-03-09T02:00:00Z", NOW),
        ("2026-03-09t02:00:00z", NOW),
        ("2026-03-09 10:00+0800", NOW),
        ("2026-03-08T21:00:00-05:00", NOW),
        ("2026-03-09T10:00:00.123+08:00", NOW + timedelta(milliseconds=123)),
        ("2026-03-09T10:00:00.123456789+08:00", NOW + timedelta(microseconds=123456)),
        ("2026-03-09T10:00:00,5+08:00", NOW + timedelta(milliseconds=500)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2024-02-29T23:59:59+00:00", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_phones_write_them(text, moment):
    assert phone_time.read(text)[:2] == (moment, True)


def test_a_time_without_offset_is_the_branchs_and_says_so():
    assert phone_time.read("2026-03-09T10:00:00")[:2] == (NOW, False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "1773021600",
        "2026-03-09",
        "10:00",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-03-09T24:00:00Z",
        "2026-03-09T10:61:00Z",
        "2026-03-09T10:00:61Z",
        "2026-03-09T10:00:00+99:00",
        "2026-03-09T10:00:00+08:00 or so",
        "２０２６-03-09T10:00:00Z",
    ],
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 (several sentences)
        phone_time.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "9999-12-31T23:59:60Z",
        "0000-01-01T00:00:00Z",
        "+275760-09-13T00:00:00Z",
        "-000001-01-01T00:00:00Z",
    ],
)
def test_absurd_years_are_kept_within_what_a_database_holds(text):
    moment = times.corrected(phone_time.read(text).moment, timedelta(0))
    assert moment in (times.EARLIEST, times.LATEST)
    assert times.is_implausible(moment, received_at=NOW)


@given(MOMENTS, OFFSETS)
def test_every_moment_in_every_zone_is_read_exactly(moment, offset):
    try:
        local = (moment + offset).replace(tzinfo=None)
    except OverflowError:
        return
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    text = f"{local.isoformat()}{'-' if offset < timedelta(0) else '+'}{hours:02}:{minutes:02}"
    assert phone_time.read(text)[:2] == (moment, True)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_nothing_overflows(occurred, sent_at, now):
    corrected = times.corrected(occurred, times.shift(sent_at=sent_at, now=now))
    assert times.EARLIEST <= corrected <= times.LATEST


@pytest.mark.parametrize("seconds", [0, 30, -30])
def test_a_clock_that_is_right_is_left_alone(seconds):
    assert times.shift(sent_at=NOW + timedelta(seconds=seconds), now=NOW) == timedelta(0)


@pytest.mark.parametrize("sent_at", [datetime(1990, 1, 1, tzinfo=UTC), datetime(2099, 6, 1, tzinfo=UTC)])
def test_a_wrong_clock_is_put_right_and_gaps_survive(sent_at):
    by = times.shift(sent_at=sent_at, now=NOW)
    hour_before, minute_before = sent_at - timedelta(hours=1), sent_at - timedelta(minutes=1)
    assert times.corrected(hour_before, by) == NOW - timedelta(hours=1)
    assert times.corrected(minute_before, by) == NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("age", "implausible"),
    [
        (timedelta(minutes=-5), False),
        (timedelta(minutes=-5, seconds=-1), True),
        (timedelta(days=366), False),
        (timedelta(days=367), True),
    ],
)
def test_the_future_and_the_far_past_are_implausible(age, implausible):
    assert times.is_implausible(NOW - age, received_at=NOW) is implausible
