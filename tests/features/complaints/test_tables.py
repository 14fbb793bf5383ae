"""Limits of the box for opinions and complaints, written out once: docs/domain.md, red line 11."""

from datetime import date, timedelta

import pytest

from app.features.complaints import rules
from app.features.complaints.errors import FullError, TooManyTodayError
from app.features.members.rules import Role


def test_limits():
    assert (rules.TEXT_LENGTH, rules.MOST_A_DAY, rules.MOST_WAITING) == (1000, 5, 300)
    assert (10, timedelta(days=365)) == (rules.ANSWERED_WITHIN, rules.KEPT_AFTER)


def test_it_is_answered_within_ten_working_days():
    assert rules.due_on(date(2026, 3, 9)) == date(2026, 3, 23)
    assert rules.due_on(date(2026, 9, 30)) == date(2026, 10, 20)  # a week of holidays, and a Saturday made up


def test_who_answers():
    posts = "secretary deputy organisation discipline committee_officer inspector"
    assert {Role(role) for role in posts.split()} == rules.ANSWERING


@pytest.mark.parametrize(
    ("waiting", "of_sender_today", "refusal"),
    [(299, 4, None), (300, 4, FullError), (299, 5, TooManyTodayError), (300, 5, TooManyTodayError)],
)
def test_how_many_are_taken(waiting, of_sender_today, refusal):
    if refusal is None:
        rules.check_room(waiting=waiting, of_sender_today=of_sender_today)
    else:
        with pytest.raises(refusal):
            rules.check_room(waiting=waiting, of_sender_today=of_sender_today)


@pytest.mark.parametrize(
    ("word", "line"),
    [("2026/B2", (2026, "B2")), ("2026/E", (2026, "E")), ("2026/F1", None), ("1999/A1", None), ("2026/B23", None)],
)
def test_which_line_is_asked_about(word, line):
    assert rules.line_of(word) == line
    assert line is None or str(rules.line_of(word)) == word
