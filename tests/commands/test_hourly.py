"""The house sweeps by itself, once an hour, and one process at a time, whatever becomes of the others."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update
from typer.testing import CliRunner

from app.cli import commands
from app.core import clock, hourly, leases, pulses
from app.core.ids import new_id
from app.core.leases import Lease
from app.core.settings import settings
from app.sweep import STEPS
from tests.house.sources import PROJECT_DIR

NOT_HERE = "Another process is sweeping just now. Nothing is left to do here.\n"
WITHIN_S = 60


@pytest.fixture
def url(database, monkeypatch, english):
    url = database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("SANLIANG_DATABASE_URL", url)
    settings.cache_clear()
    yield url
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def steps(monkeypatch):
    """How often time was asked to bring something about here; nothing is done."""
    taken = []
    monkeypatch.setattr("app.sweep.STEPS", (replace(STEPS[0], work=lambda _database, _now: taken.append(1) or 0),))
    return taken


@contextmanager
def another(url):
    """Another process that is sweeping, in the middle of it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.commands.sweeping"],
        cwd=PROJECT_DIR,
        env={**os.environ, "SANLIANG_DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "began\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def swept(*options):
    result = CliRunner().invoke(commands, ["sweep", "--yes-the-clock-is-right", *options])
    assert result.exit_code == 0, result.output
    return result.stdout


def last(database, name=hourly.SWEEP):
    with database.read() as session:
        return pulses.last(session, name)


def test_two_at_once_are_one_and_a_dead_one_is_waited_for_no_longer_than_its_lease(url, database, steps):
    with another(url) as process:
        assert (swept(), steps) == (NOT_HERE, [])
        process.kill()
        process.wait()
        assert (swept(), steps) == (NOT_HERE, [])  # nobody knows yet that it is dead
        with database.write() as session:
            session.execute(update(Lease).values(ends_at=clock.now() - timedelta(seconds=2)))
    assert swept() != NOT_HERE
    assert steps == [1]


def test_who_is_done_leaves_it_to_the_next_at_once(url, steps):
    with another(url) as process:
        process.communicate("go on\n", WITHIN_S)
        assert process.returncode == 0
    assert (swept() != NOT_HERE, steps) == (True, [1])


def test_who_is_asked_to_end_ends_and_leaves_it_to_the_next(url, database, steps):
    with another(url) as process:
        process.terminate()
        assert process.wait(WITHIN_S) == hourly.INTERRUPTED
    assert last(database) is None
    assert (swept() != NOT_HERE, steps) == (True, [1])


def test_a_lease_of_the_future_is_none(database):
    """The database's clock was put back: nobody would sweep for years."""
    with database.write() as session:
        session.add(Lease(name="x", holder=new_id(), ends_at=clock.now() + timedelta(days=365)))
        session.flush()
        assert not leases.is_taken(session, "x")
        assert leases.take(session, "x", new_id())
        assert leases.is_taken(session, "x")
        assert not leases.take(session, "x", new_id())


def test_who_began_earlier_and_comes_later_does_not_have_it_too(database):
    """PostgreSQL's time is that of the unit's beginning, so the quicker one's end is farther off than one's own."""
    with database.write() as early:
        if database.is_sqlite:  # which has one writer at a time
            early.add(Lease(name="x", holder=new_id(), ends_at=clock.now() + leases.LASTS + timedelta(seconds=2)))
            early.flush()
        else:
            early.execute(select(1))
            with database.write() as late:
                assert leases.take(late, "x", new_id())
        assert leases.is_taken(early, "x")
        assert not leases.take(early, "x", new_id())


def test_a_lease_is_renewed_and_who_lost_it_is_asked_to_end(database, monkeypatch):
    monkeypatch.setattr(leases, "RENEWED_EVERY_S", 0.01)
    asked = []
    monkeypatch.setattr(os, "kill", lambda _process, number: asked.append(number))
    with leases.held(database, "x") as is_mine:
        assert is_mine
        with database.read() as session:
            first = session.scalar(select(Lease.holder))
        with database.write() as session:
            session.execute(update(Lease).values(holder=new_id()))
        until = time.monotonic() + WITHIN_S
        while not asked and time.monotonic() < until:
            time.sleep(0.01)
    assert len(asked) == 1
    with database.read() as session:
        assert session.scalar(select(Lease.holder)) not in {first, None}  # the other one's stays


def test_it_is_due_once_an_hour_and_not_again_while_it_fails(database):
    now = clock.now()

    def is_due(at):
        with database.read() as session:
            return hourly.is_due(session, at)

    assert is_due(now)
    with database.write() as session:
        pulses.beat(session, hourly.SWEEP, now)
    assert [is_due(now + timedelta(minutes=minutes)) for minutes in (-1, 0, 59, 60)] == [True, False, False, True]
    with database.write() as session:
        pulses.beat(session, hourly.FAILED, now + timedelta(minutes=60))
    assert [is_due(now + timedelta(minutes=minutes)) for minutes in (60, 74, 75)] == [False, False, True]
    with database.write() as session:
        leases.take(session, hourly.SWEEP, new_id())
    assert not is_due(now + timedelta(minutes=75))


@pytest.mark.usefixtures("url")
def test_if_due_does_it_once_an_hour(steps):
    for minutes, times in ((0, 1), (59, 1), (61, 2)):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False):
            swept("--if-due")
        assert len(steps) == times


@pytest.mark.usefixtures("url")
def test_a_step_that_fails_holds_up_no_other_and_is_noted(database, steps, monkeypatch):
    def fail(_database, _now):
        raise ValueError("of no matter")

    monkeypatch.setattr("app.sweep.STEPS", (replace(STEPS[0], work=fail), STEPS[1]))
    result = CliRunner().invoke(commands, ["sweep", "--yes-the-clock-is-right"])
    assert result.exit_code == 1
    assert str(STEPS[1].said)[:20] in result.output
    assert last(database) == last(database, hourly.FAILED)


def test_a_server_sweeps_by_itself(url, database, monkeypatch):
    monkeypatch.setattr(hourly, "FIRST_LOOK_S", 0.0)
    with hourly.running(url):
        until = time.monotonic() + WITHIN_S
        while last(database) is None and time.monotonic() < until:
            time.sleep(0.1)
    assert last(database) is not None
    assert last(database, hourly.FAILED) is None


def test_a_server_says_what_went_wrong_and_ends_its_sweep_with_itself(url, database, monkeypatch, caplog):
    monkeypatch.setattr(hourly, "FIRST_LOOK_S", 0.0)
    monkeypatch.setattr(hourly, "LOOKS_EVERY_S", 0.0)
    wrong = "import sys; sys.exit('it went wrong')"
    monkeypatch.setattr(hourly, "COMMAND", (sys.executable, "-c", wrong))
    with hourly.running(url):
        until = time.monotonic() + WITHIN_S
        while last(database, hourly.FAILED) is None and time.monotonic() < until:
            time.sleep(0.01)
    assert [message for message in caplog.messages if "went wrong" in message] == ["sweep: it went wrong"]
    with database.write() as session:
        pulses.beat(session, hourly.FAILED, clock.now() - timedelta(days=1))
    started = []
    monkeypatch.setattr(subprocess, "Popen", _noting(started))
    monkeypatch.setattr(hourly, "COMMAND", (sys.executable, "-c", "input()"))
    monkeypatch.setattr(subprocess, "DEVNULL", subprocess.PIPE)  # it waits for a word that never comes
    with hourly.running(url):
        until = time.monotonic() + WITHIN_S
        while not started and time.monotonic() < until:
            time.sleep(0.01)
    assert started[0].poll() is not None


def _noting(started):
    popen = subprocess.Popen

    def start(*arguments, **options):
        started.append(popen(*arguments, **options))
        return started[-1]

    return start
