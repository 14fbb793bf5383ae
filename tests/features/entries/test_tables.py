"""Quarters, grades and what a decided entry has to say, written out once: docs/domain.md §6, quantified §1, §2, §8."""

from datetime import date

import pytest

from app.core.errors import BadInputError
from app.features.entries.appraisals import rules as appraisals
from app.features.entries.appraisals.rules import Quarter
from app.features.entries.decided import rules as decided
from app.features.entries.decided.rules import What

TODAY = date(2026, 3, 31)


def test_limits():
    assert (appraisals.NOTE_LENGTH, decided.DOCUMENT_LENGTH, decided.MOST_POINTS) == (200, 60, 2)


def test_words_of_the_yearly_assessment_are_no_grades_of_a_quarter():
    words = "优 优秀 称职 基本称职 不称职 合格 基本合格 不合格 excellent"
    assert set(words.split()) == appraisals.YEARLY
    assert [appraisals.is_yearly(word) for word in ("优秀", " 优 秀 ", "Excellent", "好", "")] == [
        True, False, True, False, False,
    ]  # fmt: skip
    assert all(appraisals.grade_of(word) is None for word in words.split())


@pytest.mark.parametrize(
    ("word", "grade"),
    [
        ("好", "good"),
        ("较好", "fairly_good"),
        ("一般", "average"),
        ("较差", "poor"),
        ("不确定等次", "not_graded"),
        ("不定等次", "not_graded"),
        ("未确定等次", "not_graded"),
        ("不评定等次", "not_graded"),
        ("GOOD", "good"),
        ("还行", None),
    ],
)
def test_which_grade_a_cell_says(word, grade):
    assert appraisals.grade_of(word) == grade


def test_a_quarter_is_over_on_its_last_day():
    assert appraisals.quarters_over(TODAY) == [(2026, 1), (2025, 4), (2025, 3), (2025, 2), (2025, 1)]
    assert appraisals.quarters_over(date(2026, 3, 30)) == [(2025, 4), (2025, 3), (2025, 2), (2025, 1)]
    assert appraisals.latest_over(1, TODAY) == (2026, 1)
    assert appraisals.latest_over(1, date(2026, 3, 30)) == (2025, 1)


@pytest.mark.parametrize(
    ("quarter", "passes"), [((2026, 1), True), ((2026, 2), False), ((2025, 1), True), ((2024, 4), False)]
)
def test_grades_are_entered_of_this_year_and_the_last(quarter, passes):
    if passes:
        appraisals.check_quarter(Quarter(*quarter), TODAY)
    else:
        with pytest.raises(appraisals.QuarterNotOverError):
            appraisals.check_quarter(Quarter(*quarter), TODAY)


@pytest.mark.parametrize(
    ("text", "quarter"),
    [
        ("1", (2026, 1)),
        ("1.0", (2026, 1)),
        ("一季度", (2026, 1)),
        ("第四季", (2025, 4)),
        ("Q2", (2025, 2)),
        ("2026年第一季度", (2026, 1)),
        ("2026-3", (2026, 3)),
        ("2025/4", (2025, 4)),
        ("5", None),
        ("季度", None),
        ("1999年1季度", None),
    ],
)
def test_which_quarter_is_meant(text, quarter):
    assert appraisals.quarter_of(text, TODAY) == quarter


SAID = {"day": TODAY, "decided_on": TODAY, "points": 1, "level": "unit", "document": "3号"}
WANTED = {
    What.TASK: {"points", "decided_on"},
    What.SUGGESTION: {"decided_on"},
    What.COMMENDATION: {"level", "document"},
}


@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize("missing", ["points", "decided_on", "level", "document"])
def test_what_each_entry_has_to_say(what, missing):
    said = SAID | {missing: None}
    if missing not in WANTED[what]:
        decided.check_said(what, today=TODAY, **said)
    else:
        with pytest.raises(decided.NotSaidError) as refusal:
            decided.check_said(what, today=TODAY, **said)
        assert refusal.value.field == missing


@pytest.mark.parametrize("field", ["day", "decided_on"])
def test_its_days_have_come(field):
    with pytest.raises(BadInputError):
        decided.check_said(What.TASK, today=TODAY, **SAID | {field: date(2026, 4, 1)})
