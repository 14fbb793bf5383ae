"""Section A: appraisals as they were given, pledges and duties kept of those due."""

from datetime import date

import pytest

from tests.features.scores.facts import appraisals, facts, line, points, section, sheet


@pytest.mark.parametrize(("grade", "worth"), [("good", 750), ("fairly_good", 600), ("average", 450), ("poor", 0)])
def test_an_appraisal_gives_the_points_of_its_grade(grade, worth):
    assert points("A1", facts("appraisal.quarter", grade=grade)) == worth


def test_four_appraisals_add_up():
    assert points("A1", *appraisals("good", "fairly_good", "average", "poor")) == 1800


def test_a_fifth_appraisal_never_lifts_the_line_above_its_maximum():
    five = line("A1", *appraisals("good", "good", "good", "good"), facts("appraisal.quarter", grade="good"))
    assert (five.points, five.awaited) == (3000, 0)


def test_appraisals_to_come_are_possible_and_no_loss():
    after_one = line("A1", *appraisals("average"), through=date(2026, 3, 31))
    assert (after_one.points, after_one.possible, after_one.awaited) == (450, 450 + 3 * 750, 3)


@pytest.mark.parametrize(
    ("grades", "worth", "possible"),
    [
        (("good", "good", "not_graded", "not_graded"), 3000, 3000),
        (("fairly_good", "not_graded", "not_graded", "not_graded"), 2400, 2400),
        (("good", "average", "poor", "not_graded"), 1600, 1600),
        (("good", "fairly_good", "average"), 1800, 2550),
        (("not_graded", "not_graded", "not_graded"), 0, 3000),
        (("not_graded", "good"), 1000, 3000),
        (("not_graded",) * 4, 3000, 3000),
    ],
)
def test_a_quarter_that_was_not_graded_leaves_the_count_and_one_that_is_missing_does_not(grades, worth, possible):
    so_far = line("A1", *appraisals(*grades))
    assert (so_far.points, so_far.possible) == (worth, possible)
    assert points("A1", *appraisals(*grades), closed=True) == worth


def test_with_nothing_due_the_line_is_full():
    assert points("A2") == 1000


@pytest.mark.parametrize(
    ("kept", "missed", "worth"),
    [(1, 0, 1000), (0, 1, 0), (1, 1, 500), (2, 1, 667), (1, 2, 333), (5, 3, 625), (1, 7, 125), (7, 1, 875)],
)
def test_ten_points_in_the_share_of_what_was_kept(kept, missed, worth):
    assert points("A2", facts("pledge.kept", kept), facts("duty.missed", missed)) == worth


def test_a_half_of_a_hundredth_is_rounded_up():
    assert points("A2", facts("duty.kept", 1), facts("duty.missed", 15)) == 63  # 10 × 1 ÷ 16 = 0.625


def test_pledges_and_duties_weigh_the_same():
    mixed = points("A2", facts("pledge.kept"), facts("duty.kept"), facts("pledge.missed"), facts("duty.missed"))
    assert mixed == 500


def test_an_objective_failure_leaves_both_numbers():
    without = points("A2", facts("pledge.kept", 2), facts("duty.missed"))
    assert points("A2", facts("pledge.kept", 2), facts("duty.missed"), facts("duty.excused", 5)) == without
    assert points("A2", facts("pledge.excused", 3)) == 1000


def test_an_objective_failure_is_shown_on_the_line():
    step = line("A2", facts("pledge.excused", 3)).steps[-1]
    assert (step.found, step.counted, step.points) == (3, 0, 0)


def test_the_section_is_the_sum_of_its_rounded_lines():
    work = section("A", *appraisals("good", "poor"), facts("duty.kept", 2), facts("duty.missed"))
    assert work.points == 750 + 667


def test_facts_of_other_years_and_later_months_are_left_out():
    early = sheet(*appraisals("good", "good", "good", "good"), through=date(2026, 6, 30))
    assert early.sections[0].lines[0].points == 1500
    assert points("A1", *appraisals("good"), through=date(2027, 12, 31)) == 0
