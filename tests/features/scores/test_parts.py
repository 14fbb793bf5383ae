"""What a kind of counting says is still possible, by itself and without the rule around it."""

from datetime import date

import pytest

from app.features.scores.parts.counting import CountPart, QuantityPart, SequencePart, ShownPart
from app.features.scores.parts.exact import capped, figure, half_up, quotient
from app.features.scores.parts.tally import Tally
from app.features.scores.sheet import Limit, LimitKind
from tests.features.scores.facts import facts

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


def test_halves_are_rounded_up_and_only_real_rests_are_fractions():
    assert [half_up(quotient(number, 2)) for number in (0, 1, 2, 3, 5)] == [0, 1, 1, 2, 3]
    assert isinstance(quotient(6, 3), int)
    assert (capped(700, 500), capped(-700, 500), capped(700, None)) == (500, -500, 700)
    assert [figure(value) for value in (750, -200, 0, quotient(2000, 3))] == ["7.5", "−2", "0", "6.67"]
