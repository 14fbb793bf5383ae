"""Hours of education: self-study never counts, the same hours count once, a target for whom it is asked."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from app.core.cells import SMALL_CELL
from app.core.errors import ImpossibleError
from app.features.education import rules
from app.features.education.rules import DayHours, HoursClass, hours, target

DAY = date(2026, 3, 9)
ENTRIES = st.lists(
    st.builds(
        lambda kind, minutes, day, title: DayHours(kind, minutes, DAY + timedelta(days=day), title),
        st.sampled_from(HoursClass),
        st.integers(0, 480),
        st.integers(0, 2),
        st.sampled_from(["", "党课", "党 课", "条例"]),
    ),
    max_size=6,
)


@given(ENTRIES)
def test_the_same_hours_count_once_in_whatever_order_they_came(entries):
    found = hours(entries)
    assert found.counted == hours(list(reversed(entries))).counted or found.overlap
    assert found.counted <= sum(one.minutes for one in entries if one.hours_class is HoursClass.ORGANISED)
    assert hours([*entries, *(one for one in entries if one.title)]).counted == found.counted


@given(st.integers(1, 12), st.booleans())
def test_who_arrives_is_asked_for_the_months_that_are_left(month, officer):
    posts = [(date(2026, 1, 1), None)] if officer else []
    whole = target(2026, posts)
    left = target(2026, posts, arrived_on=date(2026, month, 15))
    assert 12 * left >= whole * (13 - month) > 12 * (left - 1)


def test_two_posts_at_once_are_one_time_in_a_post():
    half = (date(2026, 1, 1), date(2026, 5, 1))
    assert target(2026, [half, half]) == 32


def test_limits():
    """Domain, study §5, §6 and §9."""
    assert (rules.MEMBER_HOURS, rules.OFFICER_HOURS, rules.OFFICER_DAYS, SMALL_CELL) == (32, 56, 183, 5)
    assert (rules.MINUTES, rules.HALF_DAY_MINUTES, rules.DAY_MINUTES, rules.DAY_HOURS) == (60, 240, 480, (8, 6))


@pytest.mark.parametrize(
    ("posts", "days", "asked"),
    [
        ([], 0, 32),
        ([(date(2026, 1, 1), date(2026, 7, 1))], 182, 32),
        ([(date(2026, 1, 1), date(2026, 7, 2))], 183, 56),
        ([(date(2025, 1, 1), date(2026, 1, 1))], 1, 32),
        ([(date(2026, 7, 2), None)], 183, 56),
        ([(date(2026, 7, 3), date(2027, 5, 1))], 182, 32),
        ([(date(2026, 1, 1), date(2026, 4, 1)), (date(2026, 4, 1), date(2026, 7, 2))], 183, 56),
        ([(date(2027, 1, 1), None)], 0, 32),
    ],
)
def test_half_a_year_in_a_post_asks_for_the_hours_of_an_officer(posts, days, asked):
    assert (rules.days_in_post(2026, posts), target(2026, posts)) == (days, asked)


@pytest.mark.parametrize(
    ("day", "asked"),
    [(date(2026, 3, 1), 32), (date(2026, 3, 2), 56), (date(2026, 5, 1), 56), (date(2026, 5, 2), 32)],
)
def test_on_a_day_the_post_of_that_day_decides(day, asked):
    assert target(2026, [(date(2026, 3, 2), date(2026, 5, 1))], on=day) == asked
    assert target(2026, [(date(2026, 3, 2), None)], on=date(2026, 12, 31)) == 56


def test_a_post_does_not_end_before_it_begins():
    with pytest.raises(ImpossibleError):
        target(2026, [(date(2026, 3, 2), date(2026, 3, 1))])
    assert rules.days_in_post(2026, [(date(2026, 3, 2), date(2026, 3, 2))]) == 1


@pytest.mark.parametrize(
    ("arrived", "asked"),
    [
        (date(2025, 12, 31), 32),
        (date(2026, 1, 31), 32),
        (date(2026, 2, 1), 30),
        (date(2026, 7, 1), 16),
        (date(2026, 12, 31), 3),
    ],
)
def test_who_arrives_is_asked_for_a_part_rounded_up(arrived, asked):
    assert target(2026, [], arrived_on=arrived) == asked


@pytest.mark.parametrize(
    ("day", "arrived", "minutes"),
    [
        (date(2026, 1, 30), None, 0),
        (date(2026, 1, 31), None, 160),  # a month is over on its last day
        (date(2026, 6, 30), None, 960),
        (date(2026, 12, 31), None, 1920),
        (date(2026, 6, 30), date(2025, 3, 1), 960),
        (date(2026, 6, 30), date(2026, 7, 15), 0),
        (date(2026, 7, 31), date(2026, 7, 15), 320),
        (date(2026, 12, 31), date(2026, 7, 15), 1920),
    ],
)
def test_how_much_is_due_by_a_day(day, arrived, minutes):
    """An even course through the months of the year: of 32 hours 160 minutes a month."""
    assert rules.due_by(32, day, arrived_on=arrived) == minutes


@pytest.mark.parametrize(
    ("members", "on_track", "shown"), [(4, 4, None), (5, 0, 0), (5, 5, 100), (8, 1, 13), (200, 1, 1), (201, 1, 0)]
)
def test_a_share_of_fewer_than_five_is_not_shown(members, on_track, shown):
    assert rules.percent(members, on_track) == shown
    with pytest.raises(ImpossibleError):
        rules.percent(members, members + 1)


def at(hour, minute=0):
    return datetime(2026, 3, 9, hour, minute, tzinfo=clock.zone())


def lesson(begins, ends, kind=HoursClass.ORGANISED, title=""):
    return DayHours(kind, 60, title=title, begins=begins, ends=ends)


def test_the_same_hours_overlap_by_their_times_or_by_their_title():
    morning = lesson(at(9), at(10))
    assert morning.overlaps(lesson(at(9, 59), at(11)))
    assert morning.overlaps(lesson(at(8), at(9, 1)))
    assert not morning.overlaps(lesson(at(10), at(11)))
    assert not morning.overlaps(lesson(at(8), at(9)))
    assert DayHours(HoursClass.ORGANISED, 60, DAY, "党课").overlaps(DayHours(HoursClass.NETWORK, 60, DAY, " 党 课"))
    assert not DayHours(HoursClass.ORGANISED, 60, DAY).overlaps(DayHours(HoursClass.NETWORK, 60, DAY))
    assert not DayHours(HoursClass.ORGANISED, 60, None, "党课").overlaps(DayHours(HoursClass.NETWORK, 60, None, "党课"))
    with pytest.raises(ImpossibleError):
        lesson(at(9), at(9))


def test_of_the_same_hours_the_organised_ones_count_and_online_ones_where_a_committee_says_so():
    online, organised = DayHours(HoursClass.NETWORK, 90, DAY, "党课"), DayHours(HoursClass.ORGANISED, 60, DAY, "党课")
    other = DayHours(HoursClass.NETWORK, 30, DAY, "条例")
    found = hours([online, organised, other])
    assert (found.counted, found.overlap, found.minutes[HoursClass.NETWORK]) == (60, True, 30)
    assert hours([online, organised, other], network_counts=True).counted == 90
    assert not hours([organised, other]).overlap
    assert hours([DayHours(HoursClass.ORGANISED, 32 * 60)]).met(32)
    assert not hours([DayHours(HoursClass.ORGANISED, 32 * 60 - 1)]).met(32)


def test_entries_of_a_year_are_compared_within_their_day_alone(monkeypatch):
    compared = []
    monkeypatch.setattr(DayHours, "overlaps", lambda one, other: compared.append((one, other)))
    a_year = [DayHours(HoursClass.ORGANISED, 60, DAY + timedelta(days=day), "党课") for day in range(300)]
    assert hours([*a_year, *a_year]).counted == 2 * 300 * 60
    assert all(one.day == other.day for one, other in compared)
    assert len(compared) == 300
