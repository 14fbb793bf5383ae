"""Upward, nothing can be computed that is about fewer than five people: domain, study §5 and §9."""

from datetime import date

import pytest

from app.features.board.reports import rules
from app.features.board.reports.rules import Cell, Missed, Numbers, Share, above, sums, upward
from app.features.members.rules import Role
from app.features.scores.publicity.rules import Period


def test_limits():
    assert (rules.REMARK_LENGTH, rules.REASONS_SHOWN, rules.MISSED_SHOWN) == (300, 3, 3)


def of(part, whole, *, people=None, rest=None, everybody=None, each=1):
    """Each of ``whole`` is there once, unless said otherwise."""
    return Share(
        part,
        whole,
        part if people is None else people,
        whole - part if rest is None else rest,
        whole if everybody is None else everybody,
        each,
    )


@pytest.mark.parametrize(
    ("share", "cell"),
    [
        (of(0, 0), "–"),
        (of(2, 4), "<5"),
        (of(5, 10), ("5/10 · 50%", 5, 10)),
        (of(12, 17), ("12/17 · 71%", 12, 17)),
        (of(3, 5), "…/5"),  # of fewer than ten one side is always of a few
        (of(5, 9), "…/9"),
        (of(4, 10), "<5/10"),
        (of(4, 10, each=2), "…/10"),
        (of(6, 10), "≥6/10"),
        (of(10, 10), "≥6/10"),
        (of(18, 20, people=10, rest=2, everybody=10, each=2), "≥12/20"),
        (of(8, 8, people=10, rest=0, everybody=10, each=2), "…/8"),
        (of(9, 10, people=9, rest=1, everybody=10, each=0), "…/10"),
    ],
)
def test_how_a_share_goes_upward(share, cell):
    assert above(share) == (Cell(cell) if isinstance(cell, str) else Cell(*cell))


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (of(0, 0), "–"),
        (of(2, 4), "<5"),
        (of(2, 5), "2/5 · 40%"),
        (of(1, 8), "1/8 · 13%"),
        (of(1, 3, everybody=5), "1/3 · 33%"),
    ],
)
def test_the_branch_itself_knows_its_people(share, words):
    """Half a percent is rounded up."""
    assert share.words == words


def numbers(**said):
    usual = {
        "planned": (3, 4),
        "sessions": 2,
        "present": of(15, 20),
        "confirmed": of(12, 20, people=12, rest=8),
        "returned": of(5, 20, people=5, rest=15),
        "waiting": 5,
        "reasons": (),
        "quizzes": 1,
        "taken": of(15, 20),
        "passed": of(8, 15),
        "missed": (Missed("?", 1, 2),),
        "on_track": of(10, 20),
        "made_up": 6,
        "made_up_people": 5,
    }
    return Numbers(**(usual | said))


USUAL = [
    "3/4",
    "2",
    "15/20 · 75%",
    "20",
    "12/20 · 60%",
    "5/20 · 25%",
    "1",
    "15/20 · 75%",
    "8/15 · 53%",
    "10/20 · 50%",
    "6",
]


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ({}, {}),
        ({"planned": None}, {0: "–"}),
        ({"confirmed": of(2, 4), "returned": of(1, 4)}, {3: "<5", 4: "<5", 5: "<5"}),
        ({"returned": of(4, 20, people=4, rest=16)}, {5: "…/20"}),  # with what is confirmed it tells the rest
        ({"waiting": 4}, {5: "…/20"}),
        ({"taken": of(4, 20), "passed": of(2, 4)}, {7: "<5/20", 8: "<5"}),
        ({"taken": of(16, 20), "passed": of(8, 16)}, {7: "≥16/20", 8: "…"}),  # its denominator is who took part
        ({"quizzes": 0, "taken": of(0, 0), "passed": of(0, 0)}, {6: "0", 7: "–", 8: "–"}),
        ({"made_up_people": 4}, {10: "<5"}),
    ],
)
def test_the_row_of_a_branch(said, other):
    expected = [other.get(place, word) for place, word in enumerate(USUAL)]
    assert [cell.words for cell in upward(numbers(**said))] == expected


def test_the_last_line_adds_what_is_exact_above_it():
    rows = [
        [Cell("3/4", 3, 4), Cell("<5"), Cell("2", 2), Cell("5/10", 5, 10)],
        [Cell("…/9"), Cell("<5"), Cell("3", 3), Cell("6/20", 6, 20)],
    ]
    assert sums(rows) == ["3/4", "–", "5", "11/30"]


def test_a_quarter_is_reported_on_when_it_is_over():
    rules.check_over(Period(2026, 1), date(2026, 4, 1))
    with pytest.raises(rules.NotOverError):
        rules.check_over(Period(2026, 1), date(2026, 3, 31))


@pytest.mark.parametrize("role", Role)
def test_who_gives_out_a_report(role):
    if role in {Role.SECRETARY, Role.DEPUTY, Role.PUBLICITY}:
        rules.check_roles(frozenset({role}))
    else:
        with pytest.raises(rules.NotGiverError):
            rules.check_roles(frozenset({role}))
