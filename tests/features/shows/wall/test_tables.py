"""How much goes onto paper, in numbers."""

import pytest

from app.features.shows.wall import rules


def test_limits():
    assert rules.MOST_PRINTED == 100
    assert (rules.DUTIES_ON_SHEET, rules.DUTIES_WHEN_FULL) == (6, 4)
    assert rules.BADGES_ON_PAGE == 10


def test_words_are_kept_as_they_are():
    assert [form.value for form in rules.PrintForm] == ["sheet", "plate", "small_plate", "badges", "badge"]


@pytest.mark.parametrize(
    ("entries", "room"),
    [
        ([], "ample"),
        ([(30, 0)] * 12, "ample"),  # a line of 30 signs at 16 points is 7.9 mm high, and 3.5 mm follow it
        ([(30, 0)] * 13, "usual"),
        ([(31, 0)] * 7, "ample"),  # a sign more is a second line
        ([(31, 0)] * 8, "usual"),
        ([(30, 0)] * 22, "usual"),  # at 12 points 5.9 mm, and 1.5 mm
        ([(30, 0)] * 23, "full"),
        ([(30, 0)] * 14 + [(30, 37)] * 5, "usual"),  # 164.8 mm
        ([(30, 0)] * 19 + [(30, 37)] * 2, "full"),  # 165.4 mm
        ([(30, 37)] * 7, "ample"),  # of the small text 37 signs stand in a line
        ([(30, 38)] * 7, "usual"),
    ],
)
def test_the_largest_type_in_which_all_fits(entries, room):
    """A line is 171 mm long; on a sheet there are 140 mm for large type and 165 mm for usual one."""
    assert rules.room(entries) == room
