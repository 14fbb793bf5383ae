"""What a kind of counting says is still possible, by itself and without the rule around it."""

from datetime import date
from fractions import Fraction

import pytest
from pydantic import ValidationError

from app.features.ledger.rules import FactType
from app.features.scores.parts.counting import CountPart, QuantityPart, SequencePart, ShownPart
from app.features.scores.parts.exact import capped, figure, half_up, quotient
from app.features.scores.parts.tally import Tally
from app.features.scores.parts.weighing import GradesPart, HighestPerMatterPart, MeanPart, RatioPart
from app.features.scores.sheet import FactMark, Limit, LimitKind
from tests.features.scores.facts import YEAR_END, facts

ITEMS = CountPart(kind="count", label="Item", facts=["study.item"], each="0.2", per_month=2)
QUIZZES = CountPart(kind="count", label="Quiz", facts=["study.quiz_passed"], each="0.5", per_year=4)
SESSIONS = CountPart(kind="count", label="Session", facts=["study.session"], each="0.5")
ABSENCES = CountPart(kind="count", label="Absent", facts=["attendance.absent"], each="-2", cap="12")
DAYS = QuantityPart(kind="quantity", label="Days", facts=["study.training_day"], each="1", cap="3")
WISHES = SequencePart(kind="sequence", label="Wish", facts=["service.wish_realised"], points=["2", "1"])
PRESENT = ShownPart(kind="shown", label="Present", facts=["attendance.present"])


def outcome(part, *totals, through):
    return part.outcome(Tally(totals, through=through))


@pytest.mark.parametrize(
    ("totals", "through", "value", "possible"),
    [
        ([], date(2026, 1, 31), 0, 24 * 20),
        ([], date(2026, 11, 30), 0, 4 * 20),
        ([], date(2026, 12, 31), 0, 2 * 20),
        ([facts("study.item", 1, in_month=11)], date(2026, 11, 30), 20, 4 * 20),
        ([facts("study.item", 5, in_month=11)], date(2026, 11, 30), 40, 4 * 20),
        ([facts("study.item", 1, in_month=3)], date(2026, 11, 30), 20, 5 * 20),
    ],
)
def test_the_room_of_a_month_that_is_over_is_gone(totals, through, value, possible):
    found = outcome(ITEMS, *totals, through=through)
    assert (found.value, found.possible) == (value, possible)


@pytest.mark.parametrize(("passed", "value"), [(0, 0), (3, 150), (9, 200)])
def test_the_room_of_a_year_lasts_all_year(passed, value):
    found = outcome(QUIZZES, facts("study.quiz_passed", passed), through=date(2026, 12, 31))
    assert (found.value, found.possible) == (value, 200)


@pytest.mark.parametrize(
    ("months", "value", "limits"),
    [
        ({1: 2}, 40, ()),
        ({1: 5}, 40, (Limit(LimitKind.PER_MONTH, 2),)),
        ({1: 5, 2: 5}, 60, (Limit(LimitKind.PER_YEAR, 3),)),
    ],
    ids=["all count", "two a month", "three a year"],
)
def test_of_two_limits_the_one_is_named_that_made_the_difference(months, value, limits):
    both = CountPart(kind="count", label="Item", facts=["study.item"], each="0.2", per_month=2, per_year=3)
    found = outcome(
        both,
        *(facts("study.item", count, in_month=month) for month, count in months.items()),
        through=date(2026, 3, 31),
    )
    assert (found.value, found.steps[0].limits) == (value, limits)


def test_without_a_limit_there_is_no_end_to_what_is_possible():
    assert outcome(SESSIONS, through=date(2026, 12, 31)).possible is None
    assert (SESSIONS.top, ITEMS.top, QUIZZES.top, ABSENCES.top) == (None, 480, 200, 0)


def test_a_deduction_is_never_possible_to_win_back():
    found = outcome(ABSENCES, facts("attendance.absent", 8), through=date(2026, 3, 31))
    assert (found.value, found.possible) == (-1200, -1200)


def test_a_cap_ends_what_is_possible():
    assert outcome(DAYS, facts("study.training_day"), through=date(2026, 3, 31)).possible == 300
    assert outcome(WISHES, facts("service.wish_realised"), through=date(2026, 3, 31)).possible == 300


def test_what_is_only_shown_gives_nothing_and_is_counted():
    found = outcome(PRESENT, facts("attendance.present", 7), through=date(2026, 3, 31))
    assert (found.value, found.possible, found.steps[0].found) == (0, 0, 7)
    assert (found.steps[0].counted, found.steps[0].limits) == (0, (Limit(LimitKind.SHOWN, 0),))


def test_halves_are_rounded_up_and_only_real_rests_are_fractions():
    assert [half_up(quotient(number, 2)) for number in (0, 1, 2, 3, 5)] == [0, 1, 1, 2, 3]
    assert isinstance(quotient(6, 3), int)
    assert (capped(700, 500), capped(-700, 500), capped(700, None)) == (500, -500, 700)
    assert [figure(value) for value in (750, -200, 0, quotient(2000, 3))] == ["7.5", "−2", "0", "6.67"]


LOST_DAYS = QuantityPart(kind="quantity", label="Days", facts=["study.training_day"], each="-1")
OPEN_DAYS = QuantityPart(kind="quantity", label="Days", facts=["study.training_day"], each="1")
BOTH_LIMITS = CountPart(kind="count", label="Item", facts=["study.item"], each="0.2", per_month=1, per_year=20)
GRADES = GradesPart(
    kind="grades",
    label="Appraisal",
    facts=["appraisal.quarter"],
    points={"good": "7.5", "fairly_good": "6", "average": "4.5", "poor": "0"},
    expected=4,
)
RATIO = RatioPart(kind="ratio", label="Kept", kept=["pledge.kept"], missed=["pledge.missed"], points="10")
MEAN = MeanPart(kind="mean", label="Review", facts=["review.result"], points="5", full="10")


@pytest.mark.parametrize(
    ("part", "top"),
    [
        (LOST_DAYS, 0),
        (OPEN_DAYS, None),
        (DAYS, 300),
        (WISHES, 300),
        (PRESENT, 0),
        (BOTH_LIMITS, 12 * 20),
        (GRADES, 3000),
        (RATIO, 1000),
        (MEAN, 500),
    ],
)
def test_the_most_a_whole_year_can_give(part, top):
    assert part.top == top


@pytest.mark.parametrize(
    ("part", "gains"),
    [
        (SESSIONS, True),
        (ABSENCES, False),
        (DAYS, True),
        (LOST_DAYS, False),
        (WISHES, True),
        (PRESENT, False),
        (RATIO, False),
    ],
)
def test_what_somebody_can_bring_about_to_gain_something(part, gains):
    """One fact of the part's first type, in the month that is asked about."""
    found = part.one_more(date(2026, 3, 1))
    assert found == (facts(part.fact_types[0], 1, in_month=3) if gains else None)


@pytest.mark.parametrize(
    ("each", "cap", "can_be"),
    [
        ("1", "1", True),
        ("1", "0.99", False),
        ("-2", "2", True),
        ("-2", "1.99", False),
        ("0", None, False),
        ("1", None, True),
    ],
)
def test_a_cap_holds_at_least_one_fact_and_nothing_counts_for_nothing(each, cap, can_be):
    said = {"kind": "count", "label": "Item", "facts": ["study.item"], "each": each, "cap": cap}
    if can_be:
        assert CountPart(**said)
    else:
        with pytest.raises(ValidationError):
            CountPart(**said)


def test_what_has_no_quantity_is_counted_and_a_mean_fits_its_whole():
    with pytest.raises(ValidationError):
        QuantityPart(kind="quantity", label="Item", facts=["study.item"], each="1")
    with pytest.raises(ValidationError):
        MeanPart(kind="mean", label="Review", facts=["review.result"], points="5", full="9.99")
    for points in ({"good": "7.5"}, {**GRADES.points, "best": "8"}):
        with pytest.raises(ValidationError):
            GradesPart(kind="grades", label="A", facts=["appraisal.quarter"], points=points)


@pytest.mark.parametrize(("count", "limits"), [(5, ()), (6, ()), (7, (Limit(LimitKind.POINTS, -1200),))])
def test_a_limit_of_points_is_named_where_it_made_the_difference(count, limits):
    found = outcome(ABSENCES, facts("attendance.absent", count), through=date(2026, 3, 31))
    assert (found.value, found.steps[0].limits) == (max(-200 * count, -1200), limits)


def test_of_a_sequence_the_first_facts_count():
    one, two, three = (
        outcome(WISHES, facts("service.wish_realised", count), through=date(2026, 3, 31)) for count in (1, 2, 3)
    )
    assert [(found.value, found.steps[0].formula) for found in (one, two, three)] == [
        (200, "2"), (300, "2 + 1 = 3"), (300, "2 + 1 = 3"),
    ]  # fmt: skip
    assert [found.steps[0].limits for found in (two, three)] == [(), (Limit(LimitKind.FIRST, 2),)]
    assert outcome(WISHES, through=date(2026, 3, 31)).steps == ()


@pytest.mark.parametrize(
    ("kept", "missed", "value", "formula"),
    [
        (0, 0, 1000, "10"),
        (3, 0, 1000, "10 × 3 ÷ 3 = 10"),
        (1, 2, Fraction(1000, 3), "10 × 1 ÷ 3 = 3.33"),
        (0, 2, 0, "10 × 0 ÷ 2 = 0"),
    ],
)
def test_a_share_of_what_was_due_and_of_nothing_all(kept, missed, value, formula):
    totals = [facts("pledge.kept", kept), facts("pledge.missed", missed)]
    found = outcome(RATIO, *totals, through=date(2026, 3, 31))
    assert (found.value, found.steps[0].formula) == (value, formula)


def test_a_mean_is_awaited_until_it_is_in():
    before = outcome(MEAN, through=date(2026, 3, 31))
    assert (before.value, before.possible, before.awaited) == (0, 500, 1)


def test_what_lies_before_the_year_or_after_its_month_does_not_count():
    totals = [facts("study.session", 1, in_month=month) for month in (1, 3, 4)]
    last_year = facts("study.session", 1, in_month=12)._replace(month=date(2025, 12, 1))
    tally = Tally([*totals, last_year], through=date(2026, 3, 31), to_come={FactType.PLEDGE_KEPT: 2})
    assert (tally.count([FactType.STUDY_SESSION]), tally.months_left) == (2, 9)
    assert tally.to_come([FactType.PLEDGE_KEPT, FactType.DUTY_KEPT]) == 2
    more = tally.with_one(facts("study.session", 1, in_month=3))
    assert (more.count([FactType.STUDY_SESSION]), more.to_come([FactType.PLEDGE_KEPT])) == (3, 2)


@pytest.mark.parametrize(
    ("share", "verdict"), [(None, None), (0, FactMark.NEUTRAL), (1, FactMark.KEPT), (-1, FactMark.MISSED)]
)
def test_how_a_fact_is_marked(share, verdict):
    """By what it gave or cost; of a ratio by what the rule calls it."""
    assert ITEMS.verdict(FactType.STUDY_ITEM, share) is verdict
    assert RATIO.verdict(FactType.PLEDGE_KEPT, share) is FactMark.KEPT
    assert RATIO.verdict(FactType.PLEDGE_MISSED, share) is FactMark.MISSED


def test_nothing_is_awaited_of_what_people_bring_about():
    for part in (ITEMS, DAYS, WISHES, PRESENT):
        found = outcome(part, through=date(2026, 3, 31))
        assert (found.awaited, found.to_come, part.adds_up) == (0, 0, True)
    assert [part.adds_up for part in (RATIO, MEAN)] == [False, False]
    assert [part.counts for part in (PRESENT, ITEMS)] == [False, True]


def test_a_part_reads_facts_and_a_weighing_one_type_each_once():
    said = {"kind": "count", "label": "Item", "each": "1"}
    for facts_read in ([], ["study.item", "study.item"], ["app.opened"]):
        with pytest.raises(ValidationError):
            CountPart(**said, facts=facts_read)
    assert CountPart(**said, facts=["study.item", "study.session"])
    with pytest.raises(ValidationError):
        MeanPart(kind="mean", label="Review", facts=["review.result", "task.urgent"], points="5", full="10")


def test_facts_are_named_by_their_type_and_grade_where_there_are_grades():
    totals = [facts("appraisal.quarter", 1, grade=grade) for grade in ("poor", "good")] + [facts("study.item", 2)]
    kinds = [FactType.STUDY_ITEM, FactType.APPRAISAL_QUARTER, FactType.STUDY_SESSION]
    assert Tally(totals, through=date(2026, 3, 31)).keys(kinds) == (
        (FactType.STUDY_ITEM, ""),
        (FactType.APPRAISAL_QUARTER, "good"),
        (FactType.APPRAISAL_QUARTER, "poor"),
    )


def test_what_was_not_graded_leaves_the_denominator_and_the_others_stand_for_the_whole():
    """Quantified §2: three quarters of 19.5 points stand for four with 26."""
    totals = [
        facts("appraisal.quarter", count, grade=grade)
        for grade, count in (("good", 2), ("average", 1), ("not_graded", 1))
    ]
    found = outcome(GRADES, *totals, through=YEAR_END)
    assert (found.value, found.awaited, sum(step.points for step in found.steps)) == (2600, 0, 2600)
    last = found.steps[-1]
    assert (last.grade, last.found, last.counted, last.points) == ("not_graded", 1, 0, 650)
    assert (last.formula, last.limits) == ("30 × 19.5 ÷ 22.5 = 26", (Limit(LimitKind.NOT_GRADED, 3),))


def test_of_one_matter_the_highest_counts_once():
    part = HighestPerMatterPart(
        kind="highest_per_matter",
        label="Commendation",
        facts=["bonus.commendation"],
        points={"unit": "1", "division": "2", "department": "3", "province": "5", "nation": "8"},
    )
    totals = [
        facts("bonus.commendation", 1, grade="unit", matter="防汛"),
        facts("bonus.commendation", 1, grade="province", matter="防汛"),
        facts("bonus.commendation", 2, grade="unit"),
    ]
    found = outcome(part, *totals, through=YEAR_END)
    assert (found.value, found.possible, part.top) == (700, None, None)
    assert [(step.matter, step.grade, step.found, step.counted, step.points) for step in found.steps] == [
        ("", "unit", 2, 2, 200),
        ("防汛", "province", 2, 1, 500),
    ]
    assert [step.limits for step in found.steps] == [(), (Limit(LimitKind.HIGHEST, 1),)]
    assert found.steps[1].keys == (("bonus.commendation", "unit"), ("bonus.commendation", "province"))
