"""How much goes onto paper, in numbers."""

from app.features.shows.wall import rules


def test_limits():
    assert rules.MOST_PRINTED == 100
    assert (rules.DUTIES_ON_SHEET, rules.DUTIES_WHEN_FULL) == (6, 4)
    assert rules.BADGES_ON_PAGE == 10


def test_words_are_kept_as_they_are():
    assert [form.value for form in rules.PrintForm] == ["sheet", "plate", "small_plate", "badges", "badge"]
