"""When people may be reminded: red line 7, for every moment and every order of sweeps."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies

from app.core import clock
from app.core.workdays import is_working_day
from app.features.notices.rules import EVERY, is_polite, may_remind

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = strategies.integers(0, 2 * 365 * 24 * 3600).map(lambda seconds: BEGINNING + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("moment", "polite"),
    [
        ("2026-11-20T08:00:00+08:00", True),  # a Friday
        ("2026-11-20T07:59:59+08:00", False),
        ("2026-11-20T19:59:59+08:00", True),
        ("2026-11-20T20:00:00+08:00", False),
        ("2026-11-20T23:00:00+00:00", False),  # seven on Saturday morning, here
        ("2026-11-21T10:00:00+08:00", False),  # a Saturday
        ("2026-10-02T10:00:00+08:00", False),  # National Day, on a Friday
        ("2026-10-10T10:00:00+08:00", True),  # a Saturday that is made up: everybody is at work
    ],
)
def test_by_day_and_on_working_days(moment, polite):
    assert is_polite(datetime.fromisoformat(moment)) is polite


@given(MOMENTS)
def test_nobody_is_reminded_at_night_or_on_a_free_day(moment):
    if may_remind(moment, last=None):
        local = clock.local_time(moment)
        assert 8 <= local.hour < 20
        assert is_working_day(local.date())


@given(strategies.lists(MOMENTS, max_size=60))
def test_whatever_the_sweeps_no_item_is_said_twice_in_three_days(sweeps):
    reminded: list[datetime] = []
    for now in sweeps:  # not even in order: the clock of a server may be set back
        if may_remind(now, last=reminded[-1] if reminded else None):
            reminded.append(now)
    assert all(later - earlier >= timedelta(days=3) for earlier, later in pairwise(reminded))
    assert all(is_polite(moment) for moment in reminded)


@given(MOMENTS)
def test_a_reminder_comes_within_a_fortnight(since):
    """Politeness delays: no run of free days is longer than the longest holiday and its weekends."""
    hours = (since + EVERY + timedelta(hours=number) for number in range(14 * 24))
    assert any(may_remind(moment, last=since) for moment in hours)
