"""Real processes and real requests: whoever else tells, and whoever is killed on the way, nobody is told twice."""

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.features.outward import telling
from app.features.outward.models import OutwardNotice
from app.features.outward.rules import ChannelKind, NoticeState
from tests.features.notices.makers import make_reminder
from tests.features.outward.makers import MONDAY, make_channel
from tests.features.outward.services import APPLICATION
from tests.house.sources import PROJECT_DIR
from tests.makers import make_member

WAIT_S = 120
NUMBER = 6


@pytest.fixture
def teller(database, outside):
    """Starts a process that tells on Monday morning."""
    environment = os.environ | {
        "SANLIANG_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "SANLIANG_NOTICES": f"wecom_robot={outside.url}",
        "SANLIANG_WECOM_APP": APPLICATION,
    }
    started = []

    def start(*moment):
        command = [sys.executable, "-m", "tests.features.outward.telling_once", MONDAY.isoformat(), *moment]
        process = subprocess.Popen(command, cwd=PROJECT_DIR, env=environment, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def robots(given, branch):
    """Six people, each with a robot of the own, and something to do."""
    addresses = [f"{number:08}-0000-4000-8000-000000000000" for number in range(NUMBER)]
    for address in addresses:
        person = given(make_member, branch)
        given(make_channel, person, ChannelKind.WECOM_ROBOT, to=address)
        given(make_reminder, person)
    return addresses


def tell_at(database, moment, **more):
    with time_machine.travel(moment):
        return telling.tell(database, **more)


def asked(outside):
    """How often each robot was written to."""
    return Counter(one["key"] for one in outside.heard)


def ended(process):
    said, _nothing = process.communicate(timeout=WAIT_S)
    return process.returncode, said.strip()


def states(database):
    with database.read() as session:
        return Counter(session.scalars(select(OutwardNotice.state)))


def test_two_processes_share_the_work_and_tell_each_once(teller, robots, outside, database):
    outside.knows_all = True
    both = [teller(), teller()]
    done = [ended(process) for process in both]
    assert [code for code, _said in done] == [0, 0]
    assert sum(int(said) for _code, said in done) == NUMBER
    assert asked(outside) == dict.fromkeys(robots, 1)
    assert states(database) == {NoticeState.SENT: NUMBER}


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_is_killed_leaves_one_that_is_never_repeated(teller, config, robots, outside, database, moment):
    outside.knows_all = True
    code, _said = ended(teller(moment))
    assert code < 0  # killed, as by a power cut
    assert states(database) == {NoticeState.SENT: 1, NoticeState.UNDERWAY: 1}
    config(outside.url)
    assert tell_at(database, MONDAY) == NUMBER - 2
    assert max(asked(outside).values()) == 1
    assert sum(asked(outside).values()) == NUMBER - (moment == "before")
    assert tell_at(database, MONDAY + timedelta(hours=1)) == 0
    assert states(database) == {NoticeState.SENT: NUMBER - 1, NoticeState.UNKNOWN: 1}
    assert max(asked(outside).values()) == 1


def test_a_sweep_ends_in_its_time_and_the_next_one_goes_on(config, robots, outside, database, monkeypatch):
    config(outside.url)
    outside.knows_all = True
    assert tell_at(database, MONDAY, budget=0) == 0
    assert outside.heard == []
    assert tell_at(database, MONDAY) == NUMBER
