"""Hours of education: self-study never counts, the same hours count once, a target for whom it is asked."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.features.education.rules import Entry, HoursClass, hours, target

DAY = date(2026, 3, 9)
ENTRIES = st.lists(
    st.builds(
        lambda kind, minutes, day, title: Entry(kind, minutes, DAY + timedelta(days=day), title),
        st.sampled_from(HoursClass),
        st.integers(0, 480),
        st.integers(0, 2),
        st.sampled_from(["", "党课", "党 课", "条例"]),
    ),
    max_size=6,
)


@given(ENTRIES)
def test_the_same_hours_count_once_in_whatever_order_they_came(entries):
    found = hours(entries)
    assert found.counted == hours(list(reversed(entries))).counted or found.overlap
    assert found.counted <= sum(one.minutes for one in entries if one.hours_class is HoursClass.ORGANISED)
    assert hours([*entries, *(one for one in entries if one.title)]).counted == found.counted


@given(st.integers(1, 12), st.booleans())
def test_who_arrives_is_asked_for_the_months_that_are_left(month, officer):
    posts = [(date(2026, 1, 1), None)] if officer else []
    whole = target(2026, posts)
    left = target(2026, posts, arrived_on=date(2026, month, 15))
    assert 12 * left >= whole * (13 - month) > 12 * (left - 1)


def test_two_posts_at_once_are_one_time_in_a_post():
    half = (date(2026, 1, 1), date(2026, 5, 1))
    assert target(2026, [half, half]) == 32
