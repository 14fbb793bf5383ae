"""Guessing is slow: by account, by address, and however many guess at once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.core.db import Database
from app.features.sign_in import lockout
from app.features.sign_in.errors import LockedError
from app.features.sign_in.models import SignInFailure
from app.features.sign_in.rules import (
    ACCOUNT_CEILING,
    ACCOUNT_LIMIT,
    ADDRESS_CEILING,
    ADDRESS_LIMIT,
    CAREFUL_LIMIT,
    HERE_LIMIT,
)
from app.features.sign_in.service import sweep
from tests.features.sign_in.makers import make_failures
from tests.races import race

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)


def fail(database: Database, times: int, *, account: str = "alice", network: str = "10.0.0.1") -> None:
    for _ in range(times):
        lockout.begin(database, account=account, network=network)


def counted(database: Database) -> int:
    with database.read() as session:
        return session.query(SignInFailure).count()


def test_the_sixth_attempt_waits_fifteen_minutes_from_the_fifth(database):
    with time_machine.travel(NOON, tick=False) as travel:
        fail(database, 4)
        travel.shift(timedelta(minutes=14))
        fail(database, 1)
        with pytest.raises(LockedError) as refusal:
            fail(database, 1)
        assert refusal.value.values == {"minutes": 15}
        travel.shift(timedelta(minutes=14, seconds=30))
        with pytest.raises(LockedError) as refusal:
            fail(database, 1)
        assert refusal.value.values == {"minutes": 1}
        travel.shift(timedelta(seconds=30))
        fail(database, 1)
        assert counted(database) == 6  # what was tried at a locked door was not counted


def test_other_accounts_and_other_addresses_are_not_locked_with_it(database):
    fail(database, HERE_LIMIT.failures)
    fail(database, 1, account="bob")
    fail(database, 1, network="10.0.0.2")


def test_right_in_the_end_forgets_what_was_counted_here_only(database):
    fail(database, 4)
    fail(database, 1, network="10.0.0.2")
    attempt = lockout.begin(database, account="alice", network="10.0.0.1")
    with database.write() as session:
        lockout.forgive(session, attempt)
    assert counted(database) == 1
    fail(database, HERE_LIMIT.failures)


def test_when_many_addresses_guess_together_each_new_one_has_a_single_attempt(database):
    for address in range(ACCOUNT_LIMIT.failures // 5):
        fail(database, 5, network=f"10.0.0.{address}")
    fail(database, 1, network="10.9.9.9")
    with pytest.raises(LockedError):
        fail(database, 1, network="10.9.9.9")
    fail(database, HERE_LIMIT.failures, account="bob", network="10.9.9.9")


def test_when_an_address_tries_everybody_each_account_has_a_single_attempt_there(database):
    for account in range(ADDRESS_LIMIT.failures // 4):
        fail(database, 4, account=f"member {account}")
    fail(database, 1)
    with pytest.raises(LockedError):
        fail(database, 1)
    fail(database, HERE_LIMIT.failures, network="10.0.0.2")


def test_the_single_attempt_comes_again_with_time(database):
    with time_machine.travel(NOON, tick=False) as travel:
        for address in range(ACCOUNT_LIMIT.failures // 5):
            fail(database, 5, network=f"10.0.0.{address}")
        fail(database, 1, network="10.9.9.9")
        travel.shift(CAREFUL_LIMIT.lock)
        fail(database, 1, network="10.9.9.9")
        with pytest.raises(LockedError):
            fail(database, 1, network="10.9.9.9")  # somebody goes on guessing
        travel.shift(ACCOUNT_LIMIT.within)
        fail(database, HERE_LIMIT.failures, network="10.9.9.9")


@pytest.mark.parametrize(
    ("limit", "of"),
    [(ACCOUNT_CEILING, {"account": "alice"}), (ADDRESS_CEILING, {"network": "10.9.9.9"})],
    ids=["account", "address"],
)
def test_beyond_the_ceiling_strangers_wait_and_known_devices_do_not(database, given, limit, of):
    given(make_failures, limit.failures - 1, **of)
    fail(database, 1, network="10.9.9.9")
    given(make_failures, 1, **of)
    with pytest.raises(LockedError):
        lockout.begin(database, account="alice", network="10.9.9.9")
    lockout.begin(database, account="alice", network="10.9.9.9", known="the phone in alice's pocket")


def test_a_known_device_has_attempts_of_its_own_and_no_more(database):
    fail(database, HERE_LIMIT.failures)
    for _ in range(HERE_LIMIT.failures):
        lockout.begin(database, account="alice", network="10.0.0.1", known="phone")
    with pytest.raises(LockedError):
        lockout.begin(database, account="alice", network="10.0.0.1", known="phone")
    lockout.begin(database, account="alice", network="10.0.0.1", known="desk")


@pytest.mark.race
def test_of_many_at_once_no_more_than_the_limit_get_through(database):
    outcomes = race(12, lambda _: fail(database, 1))
    assert sum(outcome is None for outcome in outcomes) <= HERE_LIMIT.failures
    assert all(outcome is None or isinstance(outcome, LockedError) for outcome in outcomes)
    assert counted(database) == sum(outcome is None for outcome in outcomes)


def test_nothing_that_was_typed_is_kept(database):
    fail(database, 1, account="13800000011", network="10.0.0.1")
    with database.read() as session:
        kept = session.query(SignInFailure).one()
    assert "13800000011" not in kept.account_digest
    assert "10.0.0.1" not in kept.address_digest


def test_failures_that_can_lock_nothing_are_swept(database):
    with time_machine.travel(NOON, tick=False) as travel:
        fail(database, 2)
        travel.shift(timedelta(hours=1))
        fail(database, 1)
        with database.write() as session:
            assert sweep(session, NOON + timedelta(minutes=75)) == 0
            assert sweep(session, NOON + timedelta(minutes=76)) == 2
            assert sweep(session, NOON + timedelta(minutes=76)) == 0
    assert counted(database) == 1


def test_a_clock_that_was_ahead_locks_nobody_once_it_is_right(database):
    with time_machine.travel(NOON + timedelta(days=365), tick=False):
        fail(database, 5)
    with time_machine.travel(NOON, tick=False):
        fail(database, 5)
        with database.write() as session:
            assert sweep(session, NOON) == 5
        with pytest.raises(LockedError):
            fail(database, 1)
