"""The numbers of signing in, written out once more: docs/domain.md §9, not what the code says."""

from datetime import timedelta

import pytest

from app.features.sign_in import password_rules, rules
from app.features.sign_in.factors import rules as factors
from app.features.sign_in.outside import rules as outside

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)


@pytest.mark.parametrize(
    ("limit", "number"),
    [
        (password_rules.MIN_LENGTH, 10),
        (password_rules.NOT_AGAIN, 5),
        (password_rules.LEFT_OVER, 5),
        (password_rules.SHORTEST_RUN, 3),
        (rules.PHONE_SESSION, timedelta(days=30)),
        (rules.DESK_IDLE, timedelta(minutes=30)),
        (rules.ADMINISTRATOR_IDLE, timedelta(minutes=15)),
        (rules.CONFIRMATION_LASTS, timedelta(minutes=10)),
        (rules.DEVICE_KNOWN, timedelta(days=400)),
        (rules.CLOCKS_DIFFER, timedelta(minutes=5)),
        (rules.TOUCH_EVERY, timedelta(minutes=1)),
        (rules.FAILURES_MATTER, timedelta(minutes=75)),
        (factors.AWAITED_FOR, timedelta(minutes=10)),
        (factors.MOST, 10),
        (factors.RECOVERY_CODES, 10),
        (factors.RECOVERY_LENGTH, 12),
        (factors.RESET_LASTS, timedelta(days=7)),
        (factors.STEP_S, 30),
        (factors.STEPS_AROUND, 1),
        (outside.TRIP_LASTS, timedelta(minutes=10)),
        (outside.TRIPS_AN_HOUR, 3000),
        (outside.CLOCKS_DIFFER_S, 60),
        (outside.PROVED_WITHIN, timedelta(minutes=2)),
        ((outside.LABEL_LENGTH, outside.NEXT_LENGTH), (60, 500)),
    ],
)
def test_limits_are_the_numbers_of_the_field(limit, number):
    assert limit == number


@pytest.mark.parametrize(
    ("limit", "failures", "within"),
    [
        (rules.HERE_LIMIT, 5, QUARTER),
        (rules.CAREFUL_LIMIT, 1, QUARTER),
        (rules.ACCOUNT_LIMIT, 50, HOUR),
        (rules.ADDRESS_LIMIT, 100, HOUR),
        (rules.ACCOUNT_CEILING, 500, HOUR),
        (rules.ADDRESS_CEILING, 600, HOUR),
    ],
    ids=["here", "careful", "account", "address", "account's ceiling", "address's ceiling"],
)
def test_so_many_wrong_passwords_close_the_door_for_a_quarter_of_an_hour(limit, failures, within):
    assert limit == rules.FailureLimit(failures, within=within, lock=QUARTER)


def test_nothing_on_paper_is_mistaken_for_something_else():
    assert factors.RECOVERY_ALPHABET == "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
