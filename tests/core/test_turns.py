"""Processes that share a SQLite file write in the order in which they came, whatever becomes of one of them."""

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.db import Database
from app.core.turns import Turns
from tests.schema import create_schema

spawning = multiprocessing.get_context("fork")


def take(path, name, said, seconds):
    """What a process does: wait for its turn, say so, and keep it for ``seconds``."""
    with Turns(path).turn(30.0):
        said.put((name, time.monotonic()))
        time.sleep(seconds)


def begin(path, name, said, seconds=0.1):
    process = spawning.Process(target=take, args=(path, name, said, seconds))
    process.start()
    return process


@pytest.fixture
def said():
    queue = spawning.Queue()
    yield queue
    queue.close()


def test_first_come_first_served(tmp_path, said):
    path = str(tmp_path / "turn")
    with Turns(path).turn(1.0):
        waiting = []
        for name in range(4):
            waiting.append(begin(path, name, said))
            time.sleep(0.15)  # so that each has drawn its number
        assert said.empty()
    assert [said.get(timeout=5)[0] for _process in waiting] == [0, 1, 2, 3]
    for process in waiting:
        process.join(5)


def test_whoever_is_killed_holds_nobody_up(tmp_path, said):
    path = str(tmp_path / "turn")
    holder = begin(path, "holder", said, seconds=60)
    assert said.get(timeout=5)[0] == "holder"
    waiter, last = begin(path, "waiter", said), None
    time.sleep(0.15)
    last = begin(path, "last", said)
    time.sleep(0.15)
    for process in (waiter, holder):
        os.kill(process.pid, signal.SIGKILL)
        process.join(5)
    assert said.get(timeout=5)[0] == "last"
    last.join(5)


def test_patience_ends_and_the_database_decides(tmp_path, said):
    path = str(tmp_path / "turn")
    holder = begin(path, "holder", said, seconds=60)
    said.get(timeout=5)
    began = time.monotonic()
    with Turns(path).turn(0.2):
        assert 0.2 <= time.monotonic() - began < 1
    holder.kill()
    holder.join(5)


@pytest.mark.parametrize("path", ["", "/proc/no/such/folder"])
def test_where_no_file_can_be_there_are_no_turns(path):
    began = time.monotonic()
    with Turns(path).turn(5.0):
        assert time.monotonic() - began < 1


def test_the_file_is_its_owner_s_alone_and_does_not_grow(tmp_path):
    url = f"sqlite:///{tmp_path / 'sanliang.db'}"
    create_schema(url)
    database = Database(url)
    for _time in range(20):
        with database.write() as session:
            session.execute(text("SELECT 1"))
    file = Path(tmp_path / "sanliang.db-turn")
    assert (file.stat().st_mode & 0o777, file.stat().st_size) == (0o600, 8)
    database.close()
    with database.write() as session:  # opened again, as after a fork or a test
        session.execute(text("SELECT 1"))
    database.close()


def test_threads_hand_their_turn_on_and_leave_it_to_others_when_nobody_waits(tmp_path, said):
    turns = Turns(str(tmp_path / "turn"))
    given_up = []

    def wait(patience):
        with turns.turn(patience) as is_alone:
            given_up.append(not is_alone)

    with turns.turn(1.0) as is_alone:
        assert is_alone
        threads = [threading.Thread(target=wait, args=(patience,)) for patience in (0.1, 5.0)]
        for thread in threads:
            thread.start()
        threads[0].join(5)
        other = begin(turns._path, "other", said)
        time.sleep(0.2)
        assert said.empty()
    threads[1].join(5)
    assert given_up == [True, False]
    assert said.get(timeout=2)[0] == "other"
    other.join(5)
    turns.close()
