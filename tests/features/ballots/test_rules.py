"""The democratic review: exact means, a third of the full members, nobody marks oneself."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.features.ballots.rules import Cast, Grade, Shown, check_cast, most_excellent, most_marks, result

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
