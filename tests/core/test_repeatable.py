"""A past can be invented: the clock stands where it is put, and ids come again for the same seed."""

from datetime import UTC, date, datetime, timedelta, timezone
from random import Random

import pytest

from app.core import clock, ids
from app.core.ids import new_id

THEN = datetime(2026, 3, 8, 17, 30, tzinfo=UTC)


def test_the_clock_stands_inside_the_block_only():
    with clock.standing_at(THEN):
        assert clock.now() == THEN
        assert clock.today() == date(2026, 3, 9)  # it is half past one in Shanghai
        with clock.standing_at(THEN + timedelta(days=1)):
            assert clock.today() == date(2026, 3, 10)
        assert clock.now() == THEN
    assert clock.now() != THEN


def test_a_moment_of_another_zone_is_kept_as_utc():
    with clock.standing_at(datetime(2026, 3, 9, 1, 30, tzinfo=timezone(timedelta(hours=8)))):
        assert clock.now() == THEN
        assert clock.now().tzinfo is UTC


def test_a_fault_does_not_stop_the_clock():
    with pytest.raises(ZeroDivisionError), clock.standing_at(THEN):
        _ = 1 / 0
    assert clock.now() != THEN


def test_the_same_seed_and_time_give_the_same_ids():
    def some() -> list[str]:
        with ids.repeatable(Random(7)), clock.standing_at(THEN):
            return [str(new_id()) for _ in range(5)]

    assert some() == some()
    assert len(set(some())) == 5
    assert str(new_id()) not in some()


def test_repeatable_ids_are_ordered_by_time_and_well_formed():
    with ids.repeatable(Random(7)):
        with clock.standing_at(THEN):
            early = new_id()
        with clock.standing_at(THEN + timedelta(milliseconds=1)):
            late = new_id()
    assert early < late
    assert {early.version, late.version} == {7}
    assert early.variant == new_id().variant
