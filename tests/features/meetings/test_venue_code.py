"""The code of the room: the same on every phone, and worth what the table says."""

import hmac
import struct
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ImpossibleError
from app.features.meetings.venue_code.rules import CheckIn, CheckInFacts, Moment, Reason, code_at, judge, typed

BEGINS = datetime(2026, 3, 16, 6, 30, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=2)
SECRET = b"12345678901234567890"
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(secret=st.binary(min_size=20, max_size=20), at=MOMENTS)
def test_it_is_the_code_of_the_standard(secret, at):
    digest = hmac.digest(secret, struct.pack(">Q", int(at.timestamp()) // 60), "sha1")  # RFC 4226, 5.3
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    assert code_at(secret, at) == f"{number % 1_000_000:06}"


def judged(after_begin, *, typed_at=None, **values):
    at = BEGINS + after_begin
    code = code_at(SECRET, typed_at or at)
    return judge(SECRET, code, starts=BEGINS, ends=ENDS, moment=values.pop("moment", Moment(at)), **values)


@pytest.mark.parametrize(
    ("after_begin", "outcome", "reason"),
    [
        (timedelta(minutes=-60, seconds=-1), CheckIn.DOUBTFUL, Reason.TOO_EARLY),
        (timedelta(minutes=-60), CheckIn.GOOD, None),
        (timedelta(minutes=30), CheckIn.GOOD, None),
        (timedelta(minutes=30, seconds=1), CheckIn.LATE, None),
        (timedelta(hours=2), CheckIn.LATE, None),
        (timedelta(hours=2, seconds=1), CheckIn.DOUBTFUL, Reason.AFTER_END),
    ],
)
def test_a_right_code_is_worth_its_minute(after_begin, outcome, reason):
    found = judged(after_begin)
    assert (found.outcome, found.reason) == (outcome, reason)


def test_a_file_handed_over_says_nothing_about_the_clock():
    late = BEGINS + timedelta(minutes=50)
    found = judged(timedelta(), typed_at=BEGINS + timedelta(minutes=20), moment=Moment(BEGINS, None, late))
    assert (found.outcome, found.reason) == (CheckIn.DOUBTFUL, Reason.CLOCK_SKEW)
    assert judged(timedelta(), moment=Moment(BEGINS, None, late)).outcome is CheckIn.GOOD


def test_a_corrected_time_ahead_of_the_server_is_doubtful():
    at = BEGINS + timedelta(minutes=10)
    found = judged(timedelta(minutes=10), moment=Moment(at, BEGINS, BEGINS))
    assert (found.outcome, found.reason) == (CheckIn.DOUBTFUL, Reason.CLOCK_SKEW)


def test_who_is_not_expected_learns_nothing_about_the_code():
    for code in ("000000", code_at(SECRET, BEGINS)):
        found = judge(
            SECRET, code, starts=BEGINS, ends=ENDS, moment=Moment(BEGINS), standing=CheckInFacts(expected=False)
        )
        assert (found.outcome, found.reason) == (CheckIn.REFUSED, Reason.NOT_EXPECTED)


def test_the_eleventh_try_is_not_looked_at():
    found = judged(timedelta(), standing=CheckInFacts(wrong_before=10))
    assert (found.outcome, found.reason) == (CheckIn.REFUSED, Reason.TOO_MANY_TRIES)


@pytest.mark.parametrize("text", ["６２０ ０２６", " 620026 ", "6 2 0 0 2 6"])
def test_what_was_typed_is_read_as_people_type(text):
    assert hmac.compare_digest(typed(text), "620026")


@pytest.mark.parametrize("text", ["62002", "6200261", "62002x", "", "六二零零二六", "٦٢٠٠٢٦"])
def test_what_is_not_six_digits_is_never_padded(text):
    with pytest.raises(ImpossibleError):
        typed(text)


def test_1000_random_secrets_and_moments_give_what_phones_compute():
    """The same digest stands in ``tests/scripts/totp.test.js``."""
    drawn = [sha256(str(number).encode()).digest() for number in range(1000)]
    moments = [datetime.fromtimestamp(int.from_bytes(one[20:24], "big"), UTC) for one in drawn]
    codes = "".join(code_at(one[:20], moment) for one, moment in zip(drawn, moments, strict=True))
    assert sha256(codes.encode()).hexdigest() == ("e7fd6ebc9e8540464a0f41f5a7f9306d386f8bdea74b2d8f3b0493a74c10dc2b")


def test_the_first_step_there_is():
    """Domain, meetings §13: t=0 gives 755224."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert hmac.compare_digest(code_at(SECRET, epoch), "755224")
    found = judge(SECRET, "755224", starts=epoch, ends=epoch + timedelta(hours=2), moment=Moment(epoch))
    assert found.outcome is CheckIn.GOOD
    with pytest.raises(ImpossibleError):
        code_at(SECRET, epoch - timedelta(seconds=1))


@pytest.mark.parametrize(("seconds", "outcome"), [(300, CheckIn.GOOD), (301, CheckIn.DOUBTFUL)])
def test_a_corrected_time_may_lie_five_minutes_ahead_of_the_server(seconds, outcome):
    at = BEGINS + timedelta(seconds=seconds)
    assert judged(timedelta(seconds=seconds), moment=Moment(at, BEGINS, BEGINS)).outcome is outcome


@pytest.mark.parametrize(
    ("minutes", "outcome", "reason", "off"),
    [
        (-1, CheckIn.GOOD, None, None),
        (1, CheckIn.GOOD, None, None),
        (2, CheckIn.DOUBTFUL, Reason.CODE_EXPIRED, 2),
        (-30, CheckIn.DOUBTFUL, Reason.CODE_EXPIRED, 30),
        (30, CheckIn.DOUBTFUL, Reason.CODE_EXPIRED, 30),
        (31, CheckIn.REFUSED, Reason.WRONG_CODE, None),
    ],
)
def test_the_code_of_another_minute(minutes, outcome, reason, off):
    """§6: one step beside it is taken, thirty are told apart from a code of nowhere."""
    found = judged(timedelta(minutes=5), typed_at=BEGINS + timedelta(minutes=5 + minutes))
    assert (found.outcome, found.reason, found.minutes_off) == (outcome, reason, off)


@pytest.mark.parametrize(("seconds", "late"), [(-60, 0), (59, 0), (60, 1), (31 * 60 + 59, 31)])
def test_minutes_late_are_whole_ones(seconds, late):
    assert judged(timedelta(seconds=seconds)).minutes_late == late


@pytest.mark.parametrize(("seconds", "corrected"), [(30, 0), (31, 31), (-30, 0), (-31, -31)])
def test_a_clock_that_is_off_by_half_a_minute_is_believed(seconds, corrected):
    moment = Moment(BEGINS, BEGINS, BEGINS + timedelta(seconds=seconds))
    assert moment.corrected_at == BEGINS + timedelta(seconds=corrected)


@pytest.mark.parametrize(("people", "marked"), [(2, False), (3, True)])
def test_three_people_on_one_phone_are_marked(people, marked):
    assert judged(timedelta(), standing=CheckInFacts(people_on_device=people)).one_device is marked


def test_the_tenth_try_is_looked_at():
    assert judged(timedelta(), standing=CheckInFacts(wrong_before=9)).outcome is CheckIn.GOOD


@pytest.mark.parametrize(("standing", "outcome"), [({"cancelled": True}, CheckIn.DOUBTFUL), ({}, CheckIn.GOOD)])
def test_of_a_cancelled_meeting_it_is_doubtful(standing, outcome):
    assert judged(timedelta(), standing=CheckInFacts(**standing)).outcome is outcome


def test_a_meeting_ends_after_it_begins():
    with pytest.raises(ImpossibleError):
        judge(SECRET, "620026", starts=BEGINS, ends=BEGINS, moment=Moment(BEGINS))
