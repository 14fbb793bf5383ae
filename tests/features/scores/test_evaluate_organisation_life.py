"""Section B: attendance starts full and loses, study starts at nothing and gains."""

from datetime import date

import pytest

from tests.features.scores.facts import facts, line, points, section


@pytest.mark.parametrize(
    ("kind", "count", "worth"),
    [
        ("attendance.absent", 1, 2200),
        ("attendance.absent", 6, 1200),
        ("attendance.absent", 7, 1200),
        ("attendance.absent_key", 1, 1900),
        ("attendance.absent_key", 5, 0),
        ("attendance.late", 1, 2350),
        ("attendance.late", 4, 2200),
        ("attendance.late", 5, 2200),
        ("attendance.private_leave", 1, 2300),
        ("attendance.private_leave", 4, 2000),
        ("attendance.private_leave", 9, 2000),
        ("attendance.present", 30, 2400),
    ],
)
def test_each_kind_of_absence_costs_its_points_up_to_its_cap(kind, count, worth):
    assert points("B1", facts(kind, count)) == worth


def test_everything_at_once_never_falls_below_zero():
    everything = [
        facts("attendance.absent", 9),
        facts("attendance.absent_key", 2),
        facts("attendance.late", 9),
        facts("attendance.private_leave", 9),
    ]
    assert points("B1", *everything) == 0
    assert section("B", *everything).points == 0


def test_what_was_lost_by_attendance_is_not_possible_again():
    absent = line("B1", facts("attendance.absent"), through=date(2026, 3, 31))
    assert (absent.points, absent.possible) == (2200, 2200)


@pytest.mark.parametrize(
    ("kind", "count", "worth"),
    [
        ("study.session", 3, 150),
        ("study.session", 13, 600),
        ("study.item", 1, 20),
        ("study.item", 2, 40),
        ("study.item", 9, 40),
        ("study.quiz_passed", 4, 200),
        ("study.quiz_passed", 5, 200),
        ("study.training_day", 2, 200),
        ("study.training_day", 4, 300),
    ],
)
def test_each_kind_of_study_gives_its_points_up_to_its_limit(kind, count, worth):
    assert points("B2", facts(kind, count)) == worth


def test_two_items_of_each_calendar_month_count():
    months = [facts("study.item", count, in_month=number) for number, count in enumerate([0, 1, 2, 3], 1)]
    assert points("B2", *months) == (1 + 2 + 2) * 20


def test_training_counts_by_days_not_by_facts():
    assert points("B2", facts("study.training_day", 1, quantity=250)) == 250


def test_study_gives_at_most_six():
    everything = [facts("study.session", 5), facts("study.quiz_passed", 4), facts("study.training_day", 3)]
    assert points("B2", *everything) == 600


def test_a_reversed_fact_gives_nothing_and_is_not_shown():
    reversed_item = [facts("study.item", 1), facts("study.item", -1)]
    assert line("B2", *reversed_item) == line("B2")


def test_a_reversal_in_a_later_month_takes_one_back():
    assert points("B2", facts("study.item", 2, in_month=3), facts("study.item", -1, in_month=5)) == 20


def test_a_reversal_of_a_fact_of_another_year_never_gives_points():
    assert points("B1", facts("attendance.absent", -1)) == 2400
    assert points("B2", facts("study.item", -1)) == 0
