"""How large the type of a sheet for the wall may be: as large as everything on it fits."""

from hypothesis import given as whatever
from hypothesis import strategies as st

from app.features.shows.wall.rules import Room, room

ENTRIES = st.lists(st.tuples(st.integers(1, 100), st.integers(1, 80)), max_size=11)
SIZES = list(Room)


def test_little_is_said_large_and_much_small():
    assert room([]) is Room.AMPLE
    assert room([(20, 30)] * 6) is Room.AMPLE
    assert room([(20, 30)] * 11) is Room.USUAL
    assert room([(60, 80)] * 5 + [(100, 24)] * 6) is Room.FULL


@whatever(ENTRIES, st.tuples(st.integers(1, 100), st.integers(1, 80)))
def test_more_is_never_set_larger(entries, one_more):
    assert SIZES.index(room([*entries, one_more])) >= SIZES.index(room(entries))
