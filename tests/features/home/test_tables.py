"""How long things stand on the page of today, in numbers."""

from datetime import timedelta

from app.features.home import rules


def test_limits():
    assert (timedelta(days=30), timedelta(days=7)) == (rules.RETURNED_SHOWN, rules.APPROVED_SHOWN)
    assert (rules.AHEAD_SHOWN, rules.ROWS_SHOWN, rules.DUE_SHOWN) == (3, 3, 6)


def test_what_people_are_told_about_their_own_account():
    assert {str(action) for action in rules.PASSWORD_ACTIONS} == {"slip_issued", "password_set", "password_changed"}
