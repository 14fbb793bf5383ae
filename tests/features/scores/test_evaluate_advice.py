"""Advice, double good, vetoes, and the members who are not graded or not scored."""

from datetime import date

import pytest

from app.features.scores.sheet import Advice, ScoreStanding, Veto
from tests.features.scores.facts import appraisals, facts, good_year, section, sheet

GOOD, FAIRLY = ["good"] * 4, ["fairly_good"] * 4
SERVICE = [facts("service.wish_realised", 2), facts("service.half_day", 3)]


def year(review, grades=(), *more):
    """A closed year: 44 points that need no fact, the review in hundredths, appraisals, and whatever more."""
    return sheet(facts("review.result", quantity=review, in_month=12), *appraisals(*grades), *more, closed=True)


@pytest.mark.parametrize(
    ("found", "total", "advice"),
    [
        (year(1000, GOOD, *SERVICE), 9000, Advice.EXCELLENT_SUGGESTED),
        (year(999, GOOD, *SERVICE), 8999, Advice.QUALIFIED),
        (year(700, FAIRLY), 7500, Advice.QUALIFIED),
        (year(699, FAIRLY), 7499, Advice.TALK_SUGGESTED),
        (year(1000, (), *SERVICE), 6000, Advice.TALK_SUGGESTED),
        (year(999, (), *SERVICE), 5999, Advice.HELP),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
def test_the_lines_of_advice(found, total, advice):
    assert (found.total, found.advice) == (total, advice)


def test_ninety_without_sixty_percent_of_every_section_is_not_suggested_as_excellent():
    strong = [*appraisals(*GOOD), facts("study.session", 12), facts("review.result", quantity=1000, in_month=12)]
    strong += [facts("service.wish_realised", 2), facts("task.urgent", 2, quantity=200), facts("service.half_day", 3)]
    whole, weak = sheet(*strong, closed=True), sheet(*strong, facts("leave.overdue", 3), closed=True)
    assert (whole.total, whole.advice) == (10_000, Advice.EXCELLENT_SUGGESTED)
    assert (weak.total, weak.sections[2].points, weak.advice) == (9400, 400, Advice.QUALIFIED)


def test_exactly_sixty_percent_of_a_section_is_enough():
    found = sheet(*good_year(), facts("leave.overdue", 2), closed=True)
    assert (found.sections[2].points, found.advice) == (600, Advice.EXCELLENT_SUGGESTED)


def test_nothing_is_advised_before_the_review_was_held():
    running, over = sheet(*good_year()[:4]), sheet(*good_year()[:4], closed=True)
    assert (running.awaited, running.advice) == (1, None)
    assert (over.awaited, over.total, over.advice) == (0, 7400, Advice.TALK_SUGGESTED)


@pytest.mark.parametrize(
    ("a_missing", "bd_missing", "expected"),
    [(0, 0, True), (600, 0, True), (750, 0, False), (0, 750, True), (0, 800, False)],
    ids=["both", "A 34", "A 32.5", "B+D 42.5", "B+D 42"],
)
def test_double_good_needs_good_work_and_good_conduct(a_missing, bd_missing, expected):
    """A ≥ 34 and B + D ≥ 42.5, of 40 and 50."""
    work = {0: GOOD, 600: FAIRLY, 750: ["good", "good", "good", "poor"]}[a_missing]
    lost = facts("attendance.absent", bd_missing // 200)
    found = sheet(*appraisals(*work), *good_year()[4:], lost, facts("attendance.late", bd_missing % 200 // 50))
    assert found.sections[1].points + found.sections[3].points == 5000 - bd_missing
    assert found.double_good is expected


@pytest.mark.parametrize("veto", Veto)
def test_a_veto_takes_the_double_good_and_sets_the_advice_but_no_points(veto):
    free, vetoed = sheet(*good_year(), closed=True), sheet(*good_year(), closed=True, vetoes=[veto, veto])
    assert (free.double_good, vetoed.double_good) == (True, False)
    assert (vetoed.advice, vetoed.vetoes, vetoed.total) == (Advice.HELP, (veto,), free.total)


def test_a_veto_speaks_before_the_review_was_held():
    assert sheet(through=date(2026, 3, 31), vetoes=[Veto.LIABILITY]).advice is Advice.HELP


def test_a_probationary_member_is_scored_and_not_graded():
    found = sheet(*good_year(), standing=ScoreStanding.PROBATIONARY, closed=True, vetoes=[Veto.FALSIFIED])
    assert (found.total, found.advice, found.double_good) == (10_000, None, False)


def test_an_exempt_member_gets_a_sheet_without_a_score():
    found = sheet(*good_year(), standing=ScoreStanding.EXEMPT, closed=True)
    assert (found.sections, found.base, found.total, found.possible) == ((), None, None, None)
    assert (found.advice, found.double_good, found.version) == (None, False, "2026.1")
    assert (found.awaited, found.double_good_lines) == (0, ())


def test_a_year_without_any_fact():
    found = sheet(through=date(2026, 1, 31))
    assert [one.points for one in found.sections] == [1000, 2400, 1000, 0, 0]
    assert (found.total, found.possible, found.advice) == (4400, 11_000, None)


def test_a_closed_year_holds_no_more_possibilities():
    found = sheet(*good_year()[:2], closed=True)
    assert (found.possible, found.awaited) == (found.total, 0)
    assert section("A", closed=True).possible == 1000
