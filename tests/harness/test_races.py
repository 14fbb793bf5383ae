"""A race really is one: all start together, and each one's outcome is told."""

from threading import Barrier

import pytest

from tests.races import race

pytestmark = pytest.mark.race


def test_all_run_at_once():
    together = Barrier(8)
    race(8, lambda _number: together.wait(10))  # would break if one waited for another to end


def test_outcomes_keep_their_order():
    def act(number: int) -> int:
        if number == 2:
            raise ValueError(number)
        return number

    outcomes = race(4, act)
    assert [outcomes[0], outcomes[1], outcomes[3]] == [0, 1, 3]
    assert isinstance(outcomes[2], ValueError)
