"""Section E: additional points outside the base, which count once the base has reached 60."""

from datetime import date

import pytest

from tests.features.scores.facts import facts, good_year, points, section, sheet


def praise(grade, count=1, matter=""):
    return facts("bonus.commendation", count, grade=grade, matter=matter)


@pytest.mark.parametrize(
    ("grade", "worth"), [("unit", 100), ("division", 200), ("department", 300), ("province", 500), ("nation", 800)]
)
def test_a_commendation_gives_the_points_of_its_level(grade, worth):
    assert points("E3", praise(grade)) == worth
    assert points("E3", praise(grade, matter="flood")) == worth


def test_commendations_for_one_matter_count_once_the_highest():
    for_the_flood = [praise("unit", matter="flood"), praise("province", matter="flood"), praise("division", 2, "flood")]
    assert points("E3", *for_the_flood) == 500


def test_different_matters_and_those_without_a_matter_each_count():
    assert points("E3", praise("unit", matter="flood"), praise("unit", matter="report"), praise("unit", 3)) == 500


def test_the_highest_reversed_leaves_the_next():
    assert (
        points("E3", praise("unit", matter="flood"), praise("nation", 1, "flood"), praise("nation", -1, "flood")) == 100
    )


def test_lectures_give_two_and_suggestions_one():
    assert points("E1", facts("bonus.lecture", 2)) == 400
    assert points("E2", facts("bonus.suggestion", 3)) == 300


def test_additional_points_lie_outside_the_base_and_end_at_ten():
    found = sheet(*good_year(), facts("bonus.lecture", 9), praise("nation"))
    assert (found.base, found.sections[-1].points, found.total) == (10_000, 1000, 11_000)


def base_of(hundredths):
    """Facts that give exactly this base above the 44 a year without any fact has."""
    assert 4400 <= hundredths <= 5400
    return facts("review.result", quantity=hundredths - 4400)


def exactly(hundredths):
    return [facts("service.wish_realised", 2), facts("service.half_day", 3), base_of(hundredths - 600)]


@pytest.mark.parametrize(("base", "counted", "withheld"), [(5999, 0, 200), (6000, 200, 0)])
def test_they_count_once_the_base_has_reached_sixty(base, counted, withheld):
    found = sheet(*exactly(base), facts("bonus.lecture"))
    extra = found.sections[-1]
    assert (found.base, extra.points, extra.withheld) == (base, counted, withheld)
    assert found.total == base + counted
    assert extra.lines[0].points == 200


def test_they_stay_possible_while_the_base_can_still_reach_sixty():
    assert section("E", through=date(2026, 3, 31)).possible == 1000
    too_late = section("E", facts("bonus.lecture"), closed=True)
    assert (too_late.possible, too_late.withheld) == (0, 200)
