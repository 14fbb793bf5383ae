"""The democratic review: exact means, a third of the full members, nobody marks oneself."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ImpossibleError
from app.features.ballots.rules import (
    DISTRIBUTION_FROM,
    EXCELLENT_OF,
    MEAN_FROM,
    POINTS,
    Broken,
    Cast,
    Grade,
    Shown,
    check_cast,
    check_marks,
    may_be_excellent,
    most_excellent,
    most_marks,
    result,
)

MARKS = st.lists(st.integers(0, 60), min_size=4, max_size=4)


@given(MARKS)
def test_the_mean_is_exact_and_rounded_half_up(marks):
    found = result(marks)
    if sum(marks) < 3:
        assert (found.mean, found.points, found.shown) == (None, None, Shown.NONE)
        return
    exact = (Decimal(10 * marks[0] + 8 * marks[1] + 5 * marks[2])) / sum(marks)
    assert Decimal(found.mean) / 100 == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert (found.shown is Shown.DISTRIBUTION) == (sum(marks) >= 5)


def test_without_votes_the_committees_grade_counts_and_nothing_is_ever_zero_by_itself():
    assert result([1, 1, 0, 0], Grade.QUALIFIED).points == 800
    assert result([0, 0, 0, 0]).points is None


@given(st.integers(0, 300), st.integers(0, 300))
def test_never_more_than_a_third(full, absent):
    if absent <= full:
        assert 3 * most_excellent(full, absent=absent) <= full < 3 * (most_excellent(full) + 1)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 5))
def test_nobody_has_more_marks_than_others_voted(phone, paper, invalid):
    cast = Cast(phone, paper, paper, min(invalid, paper))
    assert check_cast(cast, present=phone + paper, may_take_part=phone + paper) == (phone + paper > 0)
    if phone:
        assert most_marks(cast, subject_voted=True) == max(0, phone + paper - cast.invalid - 1)


@pytest.mark.parametrize(
    ("ballots", "present", "may_take_part", "broken"),
    [
        (Cast(phone=3, issued=5, returned=6), 8, 8, Broken.RETURNED),
        (Cast(phone=3, issued=5, returned=4, invalid=5), 8, 8, Broken.INVALID),
        (Cast(phone=4, issued=5, returned=5), 8, 8, Broken.PRESENT),
        (Cast(phone=0, issued=9, returned=1), 8, 8, Broken.PRESENT),
        (Cast(phone=3, issued=5, returned=5), 8, 7, Broken.TAKE_PART),
    ],
)
def test_numbers_that_cannot_be_are_named(ballots, present, may_take_part, broken):
    with pytest.raises(ImpossibleError) as refused:
        check_cast(ballots, present=present, may_take_part=may_take_part)
    assert refused.value.code == broken.value


@pytest.mark.parametrize(("returned", "valid"), [(1, False), (2, True)])
def test_more_than_half_of_those_who_may_take_part_have_to(returned, valid):
    assert check_cast(Cast(phone=3, issued=5, returned=returned), present=8, may_take_part=8) is valid


def test_limits_are_the_numbers_of_the_field():
    """Quantified §7.4, §7.5; a mean from three marks on, the distribution from five."""
    assert dict(zip(map(str, Grade), POINTS, strict=True)) == {"优秀": 1000, "合格": 800, "基本合格": 500, "不合格": 0}
    assert (MEAN_FROM, DISTRIBUTION_FROM, EXCELLENT_OF) == (3, 5, 3)


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ([1, 1, 0, 0], (None, "none", 500)),  # too few: the committee's grade
        ([1, 1, 1, 0], (767, "mean", 767)),
        ([1, 1, 1, 1], (575, "mean", 575)),
        ([2, 1, 1, 1], (660, "distribution", 660)),
        ([1, 0, 2, 0], (667, "mean", 667)),  # half up, once
    ],
)
def test_what_a_few_marks_come_to(marks, found):
    said = result(marks, Grade.BASICALLY_QUALIFIED)
    assert (said.mean, said.shown, said.points) == found
    assert result([0, 0, 0, 0]).points is None


@pytest.mark.parametrize(("full", "most"), [(2, 0), (3, 1), (5, 1), (6, 2), (50, 16)])
def test_at_most_a_third_is_excellent(full, most):
    assert most_excellent(full, absent=full, exempt=full) == most
    assert may_be_excellent(most, full, consent=False)
    assert not may_be_excellent(most + 1, full, consent=False)
    assert may_be_excellent(most + 1, full, consent=True)
    for wrong in ({"absent": full + 1}, {"exempt": full + 1}):
        with pytest.raises(ImpossibleError):
            most_excellent(full, **wrong)
    with pytest.raises(ImpossibleError):
        may_be_excellent(full + 1, full, consent=True)


@pytest.mark.parametrize(
    ("ballots", "present", "may_take_part", "enough"),
    [
        (Cast(phone=6), 10, 11, True),
        (Cast(phone=5), 10, 10, False),  # half is not more than half
        (Cast(phone=2, issued=4, returned=4, invalid=4), 6, 11, True),  # an invalid ballot takes part
        (Cast(phone=2, issued=4, returned=5), 10, 10, None),
        (Cast(issued=4, returned=3, invalid=4), 10, 10, None),
        (Cast(phone=7, issued=4), 10, 10, None),
        (Cast(phone=6, issued=4, returned=4), 10, 10, True),
        (Cast(phone=6), 12, 11, None),
    ],
)
def test_more_than_half_take_part(ballots, present, may_take_part, enough):
    if enough is None:
        with pytest.raises(ImpossibleError):
            check_cast(ballots, present=present, may_take_part=may_take_part)
    else:
        assert check_cast(ballots, present=present, may_take_part=may_take_part) is enough


def test_nobody_marks_oneself():
    ballots = Cast(phone=3, issued=4, returned=4, invalid=1)
    assert (most_marks(ballots, subject_voted=False), most_marks(ballots, subject_voted=True)) == (6, 5)
    check_marks([5, 0, 0, 0], ballots, subject_voted=True)
    with pytest.raises(ImpossibleError):
        check_marks([5, 0, 0, 1], ballots, subject_voted=True)
    with pytest.raises(ImpossibleError):
        most_marks(Cast(), subject_voted=True)
    assert most_marks(Cast(), subject_voted=False) == 0
