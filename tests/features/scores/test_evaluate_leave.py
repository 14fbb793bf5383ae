"""Section C: leave starts full; not reported and not closed share one cap, overdue has none."""

import pytest

from tests.features.scores.facts import facts, section


@pytest.mark.parametrize(
    ("unreported", "unclosed", "overdue", "worth"),
    [
        (0, 0, 0, 1000),
        (1, 0, 0, 900),
        (0, 1, 0, 900),
        (2, 2, 0, 600),
        (4, 4, 0, 600),
        (0, 0, 1, 800),
        (1, 0, 1, 700),
        (4, 0, 3, 0),
        (9, 9, 9, 0),
    ],
)
def test_leave_loses_what_was_neglected(unreported, unclosed, overdue, worth):
    leave = section(
        "C", facts("leave.unreported", unreported), facts("leave.unclosed", unclosed), facts("leave.overdue", overdue)
    )
    assert leave.points == worth
    assert leave.possible == worth
