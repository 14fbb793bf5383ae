"""A day of volunteering has two halves: docs/domain.md §6 (D2)."""

from uuid import UUID

import pytest
from pydantic import ValidationError

from app.features.volunteering.rules import MOST_HALF_DAYS, Volunteered, length

OTHER = UUID(int=1)


@pytest.mark.parametrize(("half_days", "can_be"), [(0, False), (1, True), (2, True), (3, False)])
def test_a_record_is_of_half_a_day_or_a_whole_one(half_days, can_be):
    assert MOST_HALF_DAYS == 2
    if can_be:
        assert Volunteered(title="社区咨询", half_days=half_days).half_days == half_days
    else:
        with pytest.raises(ValidationError):
            Volunteered(title="社区咨询", half_days=half_days)


@pytest.mark.parametrize(
    ("half_days", "others", "same"),
    [
        (1, [("社区 咨询", 1)], [0]),
        (1, [("清扫", 1)], []),
        (2, [("清扫", 1)], [0]),  # a day has not room for both
        (1, [("清扫", 1), ("巡逻", 1)], [0, 1]),
        (2, [], []),
    ],
)
def test_what_may_be_recorded_twice(half_days, others, same):
    neighbours = {UUID(int=place): Volunteered(title=title, half_days=n) for place, (title, n) in enumerate(others)}
    found = Volunteered.alike(Volunteered(title="社区咨询", half_days=half_days), neighbours)
    assert [one.int for one in found] == same


def test_its_length_in_words(english):
    assert [length(n) for n in (1, 2)] == ["1 half-day", "2 half-days"]
