"""Each line says in words how it came about."""

from datetime import date

import pytest

from app.features.ledger.rules import FactType
from app.features.scores.words import (
    line_words,
    next_words,
    section_words,
    withheld_words,
)
from tests.features.scores.facts import RULES, appraisals, facts, good_year, line, section

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("rule_id", "totals", "words"),
    [
        (
            "A1",
            appraisals("good", "good", "poor"),
            ["Quarterly appraisal, good: 2 × 7.5 = 15", "Quarterly appraisal, poor: 1 × 0 = 0"],
        ),
        (
            "A1",
            appraisals("good", "average", "not_graded"),
            [
                "Quarterly appraisal, good: 1 × 7.5 = 7.5",
                "Quarterly appraisal, average: 1 × 4.5 = 4.5",
                "Quarterly appraisal, quarter not graded: 30 × 12 ÷ 22.5 = 16 (left out of the quarters that count)",
            ],
        ),
        (
            "A1",
            appraisals(*["not_graded"] * 4),
            ["Quarterly appraisal, quarter not graded: 30 (took no part in the appraisals)"],
        ),
        ("A2", [], ["Kept of those due: nothing was due, so 10"]),
        (
            "A2",
            [facts("duty.kept", 6), facts("duty.missed", 3), facts("duty.excused")],
            [
                "Kept of those due: 10 × 6 ÷ 9 = 6.67",
                "Left out for an objective reason: 1 (shown only, without points)",
            ],
        ),
        ("B1", [facts("attendance.absent", 3)], ["Starts at 24", "Absent without excuse: 3 × −2 = −6"]),
        (
            "B1",
            [facts("attendance.absent", 8)],
            ["Starts at 24", "Absent without excuse: 8 × −2 = −16 (at most −12)"],
        ),
        ("B2", [facts("study.item", 5)], ["Approved study item: 2 × 0.2 = 0.4 (of 5, at most 2 a month count)"]),
        (
            "B2",
            [facts("study.quiz_passed", 5), facts("study.training_day", 1, quantity=450)],
            [
                "Organised quiz passed: 4 × 0.5 = 2 (of 5, at most 4 a year count)",
                "Training days: 4.5 × 1 = 4.5 (at most 3)",
            ],
        ),
        (
            "B2",
            [facts("study.session", 6), facts("study.training_day", 3), facts("study.item", 2)],
            [
                "Organised study session: 6 × 0.5 = 3",
                "Approved study item: 2 × 0.2 = 0.4",
                "Training days: 3 × 1 = 3",
                "6.4 in all, at most 6 count",
            ],
        ),
        (
            "C1",
            [facts("leave.unreported", 4), facts("leave.overdue", 4)],
            [
                "Starts at 10",
                "Leave not reported or not closed: 4 × −1 = −4",
                "Back late without a reason: 4 × −2 = −8",
                "−2 in all; it never falls below 0",
            ],
        ),
        ("D1", [facts("review.result", quantity=940)], ["Mean of the votes: 9.4"]),
        ("D2", [facts("service.wish_realised")], ["Wish realised and revisited: 2"]),
        (
            "D2",
            [facts("service.wish_realised", 3)],
            ["Wish realised and revisited: 2 + 1 = 3 (3 there are, the first 2 count)"],
        ),
        (
            "E3",
            [
                facts("bonus.commendation", grade="unit"),
                facts("bonus.commendation", 2, grade="unit", matter="flood"),
                facts("bonus.commendation", grade="province", matter="flood"),
            ],
            [
                "Commendation, unit level: 1 × 1 = 1",
                "Commendation, province level for “flood”: 1 × 5 = 5 (3 for one matter, the highest counts)",
            ],
        ),
    ],
)
def test_a_line_in_words(rule_id, totals, words):
    assert line_words(line(rule_id, *totals)) == words


def still(rule_id, *totals, is_running=True, is_over=False, **due):
    part = section(rule_id[0], *totals, through=date(2026, 9, 30), **due)
    line = next(one for one in part.lines if one.rule_id == rule_id)
    return next_words(part, line, is_running=is_running, is_over=is_over)


def test_what_can_still_become_of_a_line():
    assert still("A1", *appraisals("good", "good", "good")) == "1 result is still to come: up to 30 possible"
    assert still("A1") == "4 results are still to come: up to 30 possible"
    assert still("D2") == "One more: Wish realised and revisited +2, Half-days of volunteering +1"
    assert still("D2", is_running=False) == "up to 6 possible"
    assert still("B1", facts("attendance.late")) == ""
    due = {"to_come": {FactType.DUTY_KEPT: 4}}
    assert still("A2", **due) == "Keep 4 more by the end of the year, so that it stays at 10"
    missed = [facts("duty.kept", 4), facts("duty.missed")]
    assert still("A2", *missed, is_running=False, is_over=True, **due) == "4 are not settled yet: up to 8.89 possible"


def test_withheld_points_say_why():
    assert withheld_words(section("E", facts("bonus.lecture"))).startswith("2 noted")
    assert withheld_words(section("E", *good_year(), facts("bonus.lecture"))) == ""


def test_a_section_says_why_it_counts_less_than_its_lines():
    assert section_words(section("B")) == []
    assert section_words(section("E", facts("bonus.lecture")))[0].startswith("2 noted")
    much = [facts("bonus.commendation", grade="nation", matter=matter) for matter in ("flood", "fire")]
    extra = section("E", *good_year(), *much, facts("bonus.lecture"), facts("bonus.suggestion"))
    assert extra.points < sum(line.points for line in extra.lines)
    assert section_words(extra) == [f"{sum(line.points for line in extra.lines) // 100} in all, at most 10 count"]


def test_every_fact_type_stands_on_a_line_of_the_sheet():
    assert {kind for rule in RULES.rules() for kind in rule.fact_types} == set(FactType)
