"""The democratic review: exact means, a third of the full members, nobody marks oneself."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ImpossibleError
from app.features.ballots.rules import Broken, Cast, Grade, Shown, check_cast, most_excellent, most_marks, result

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
