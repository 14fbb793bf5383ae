"""A wrong clock loses nothing and passes nothing off as right. Source: docs/sync.md, "Time"."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.features.reviews.rules import Flag
from app.features.study.models import StudyRecord
from tests.features.sync.makers import new_item, phone_time, review_of, row_of, rows_of, send, words

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def record_of(database, item):
    with database.read() as session:
        return session.get_one(StudyRecord, row_of(database, item).id)


@pytest.mark.parametrize("year", [1990, 2099])
def test_clock_at_1990_and_2099_is_put_right_with_one_shift(client, database, alice, year):
    phones_now = datetime(year, 5, 4, 12, 0, tzinfo=UTC)
    items = [new_item(occurred_at=phone_time(phones_now - age)) for age in (3 * HOUR, 2 * HOUR, timedelta(seconds=1))]
    assert words(send(client, alice, *items, sent_at=phone_time(phones_now))) == [("accepted", None)] * 3
    rows = [row_of(database, item) for item in items]
    assert [NOW - row.corrected_at for row in rows] == [3 * HOUR, 2 * HOUR, timedelta(seconds=1)]
    assert [row.occurred_as_sent for row in rows] == [item["occurred_at"] for item in items]
    assert {row.occurred_at.year for row in rows} == {year}
    assert {record_of(database, item).occurred_on for item in items} == {date(2026, 3, 9)}


@pytest.mark.parametrize("year", [1990, 2099])
def test_an_item_of_1990_or_2099_from_a_right_clock_goes_to_an_officer(client, database, alice, year):
    item = new_item(occurred_at=phone_time(datetime(year, 5, 4, tzinfo=UTC)))
    assert words(send(client, alice, item)) == [("review", "clock_skew")]
    assert rows_of(database, item) == (1, 1, 1)
    assert Flag.CLOCK_SKEW in review_of(database, item).flags
    record = record_of(database, item)
    assert (record.occurred_on, record.device_time) == (date(2026, 3, 9), item["occurred_at"])


def test_a_day_that_was_chosen_is_kept_however_long_ago_and_an_officer_sees_it(client, database, alice):
    item = new_item(occurred_at="2019-05-01T12:00:00+08:00")
    item["payload"]["day"] = "2019-05-01"
    assert words(send(client, alice, item)) == [("review", "period_closed")]
    assert record_of(database, item).occurred_on == date(2019, 5, 1)
    assert Flag.CLOCK_SKEW not in review_of(database, item).flags


def chosen(day, occurred_at):
    item = new_item(occurred_at=occurred_at)
    item["payload"]["day"] = day
    return item


@pytest.mark.parametrize("off", [-2, 2])
def test_a_clock_two_days_off_moves_no_chosen_day(client, database, alice, off):
    phones_now = NOW + timedelta(days=off)
    items = [chosen(day, f"{day}T12:00:00+08:00") for day in ("2026-03-09", "2026-03-06", "2025-12-30")]
    items.append(chosen("2026-03-07", phone_time(phones_now) if off < 0 else "2026-03-07T12:00:00+08:00"))
    codes = [code for _verdict, code in words(send(client, alice, *items, sent_at=phone_time(phones_now)))]
    assert codes == [None, None, "period_closed", None]
    assert [record_of(database, item).occurred_on for item in items] == [
        date.fromisoformat(item["payload"]["day"]) for item in items
    ]
    assert all(record_of(database, item).occurred_at <= NOW for item in items)


def test_a_day_chosen_in_another_zone_is_the_day_of_that_calendar(client, database, alice):
    item = chosen("2026-03-06", "2026-03-06T12:00:00-05:00")
    assert words(send(client, alice, item)) == [("accepted", None)]
    assert record_of(database, item).occurred_on == date(2026, 3, 6)


@pytest.mark.parametrize(
    ("day", "occurred_at"),
    [
        ("2026-03-01", "2019-05-01T12:00:00+08:00"),
        ("2019-05-01", "2026-03-09T09:00:00+08:00"),
        ("2026-03-10", "2026-03-10T12:00:00+08:00"),
        ("0001-01-01", "0001-01-01T12:00:00+08:00"),
        ("9999-12-31", "+275760-09-13T00:00:00Z"),
    ],
)
def test_a_day_that_is_not_the_acts_own_or_has_not_come_is_refused_by_name(client, database, alice, day, occurred_at):
    item = chosen(day, occurred_at)
    (verdict,) = send(client, alice, item)
    assert (verdict["verdict"], verdict["code"]) == ("refused", "bad_payload")
    assert "日期" in verdict["message"]
    assert rows_of(database, item) == (1, 0, 0)


@pytest.mark.parametrize(
    "occurred_at",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:60-12:00",
        "+275760-09-13T00:00:00Z",
        "-000001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
    ],
)
@pytest.mark.parametrize("sent_at", ["2026-03-09T10:00:00+08:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"])
def test_absurd_clocks_overflow_nothing(client, database, alice, occurred_at, sent_at):
    item = new_item(occurred_at=occurred_at)
    (verdict,) = send(client, alice, item, sent_at=sent_at)
    assert verdict["verdict"] in ("accepted", "review")
    assert row_of(database, item).occurred_as_sent == occurred_at
    assert rows_of(database, item) == (1, 1, 1)


@pytest.mark.parametrize(
    ("ahead", "code"), [(timedelta(minutes=5), None), (timedelta(minutes=5, milliseconds=1), "clock_skew")]
)
def test_five_minutes_in_the_future_are_too_many(client, alice, ahead, code):
    item = new_item(occurred_at=phone_time(NOW + ahead))
    assert [verdict["code"] for verdict in send(client, alice, item)] == [code]


@pytest.mark.parametrize(("off", "corrected"), [(30, False), (31, True), (-30, False), (-31, True)])
def test_half_a_minute_is_no_difference(client, database, alice, off, corrected):
    item = new_item(occurred_at=phone_time(NOW - HOUR))
    send(client, alice, item, sent_at=phone_time(NOW + timedelta(seconds=off)))
    row = row_of(database, item)
    assert (row.corrected_at != row.occurred_at) is corrected
    assert row.corrected_at == NOW - HOUR - (timedelta(seconds=off) if corrected else timedelta(0))


def test_a_time_without_offset_goes_to_an_officer(client, alice):
    assert words(send(client, alice, new_item(occurred_at="2026-03-09T09:00:00"))) == [("review", "clock_skew")]


def test_another_zone_is_no_other_time(client, database, alice):
    item = new_item(occurred_at="2026-03-08T20:00:00-05:00")
    assert words(send(client, alice, item)) == [("accepted", None)]
    assert record_of(database, item).occurred_on == date(2026, 3, 9)


def test_the_day_is_the_branchs_own(client, database, alice):
    """Half past midnight in Shanghai is still yesterday by UTC, and belongs to the new day."""
    item = new_item(occurred_at="2026-03-08T16:30:00Z")
    send(client, alice, item)
    assert record_of(database, item).occurred_on == date(2026, 3, 9)


def test_the_day_follows_the_corrected_time(client, database, alice):
    item = new_item(occurred_at=phone_time(NOW + timedelta(days=3) - 12 * HOUR))
    assert words(send(client, alice, item, sent_at=phone_time(NOW + timedelta(days=3)))) == [("accepted", None)]
    assert record_of(database, item).occurred_on == date(2026, 3, 8)


@pytest.mark.parametrize(
    ("today", "occurred_at", "code"),
    [
        ("2026-03-09T10:00:00+08:00", "2026-01-01T00:00:00+08:00", "late_upload"),
        ("2026-03-09T10:00:00+08:00", "2025-12-31T23:59:59+08:00", "period_closed"),
        ("2026-01-10T10:00:00+08:00", "2025-12-31T23:59:59+08:00", "late_upload"),
        ("2026-01-02T10:00:00+08:00", "2025-12-31T23:59:59+08:00", "late_upload"),
        ("2026-01-16T10:00:00+08:00", "2025-12-31T23:59:59+08:00", "period_closed"),
        ("2026-01-02T10:00:00+08:00", "2026-01-01T00:00:00+08:00", None),
    ],
)
def test_before_the_cycle_began_an_officer_looks(client, alice, today, occurred_at, code):
    with time_machine.travel(datetime.fromisoformat(today), tick=False):
        assert [verdict["code"] for verdict in send(client, alice, new_item(occurred_at=occurred_at))] == [code]


def test_the_sentence_says_that_an_officer_looks_and_why(client, alice):
    item = new_item(occurred_at="2099-01-01T00:00:00Z", would_be_refused="meeting_over")
    (verdict,) = send(client, alice, item)
    assert verdict["code"] == "would_be_refused"  # the weightiest
    for flag in (Flag.WOULD_BE_REFUSED, Flag.CLOCK_SKEW):
        assert str(flag.label) in verdict["message"]


def test_both_times_are_shown_to_the_officer_where_they_differ(client, database, alice):
    from app.features.study.record import REVIEW

    wrong = new_item(occurred_at=phone_time(NOW - timedelta(days=3)))
    right = new_item(occurred_at=phone_time(NOW - timedelta(minutes=1)))
    send(client, alice, wrong, sent_at=phone_time(NOW - timedelta(days=3) + HOUR / 60))
    send(client, alice, right)
    with database.read() as session:
        shown = [str(REVIEW.particulars(session, row_of(database, item).id)) for item in (wrong, right)]
    assert "手机上的时间" in shown[0]
    assert "3月6日 10:00" in shown[0]
    assert "手机上的时间" not in shown[1]


def test_every_moment_of_the_row_is_aware(client, database, alice):
    item = new_item()
    send(client, alice, item)
    row = row_of(database, item)
    assert all(moment.tzinfo for moment in (row.occurred_at, row.corrected_at, row.received_at))
