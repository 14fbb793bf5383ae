"""An update while people go on: two versions beside each other on one PostgreSQL, behind the delivered nginx."""

import time
from collections import Counter
from contextlib import ExitStack

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url, select

from app.core import built
from app.core.db import Database
from app.features.study.models import StudyRecord
from app.features.sync.models import InboxItem
from tests.databases import copy_of
from tests.replicas import Crowd, asked, behind_nginx, next_version
from tests.server import Server

TAKEN = ("accepted", "review", "held")


@pytest.fixture
def house(engines):
    """The address of a database of its own, as its tables change; and who is in it."""
    engine, people = engines.get("postgres")
    with copy_of(engine, "peopled") as address:
        yield address, [people.alice, people.bob, people.olga]


def test_nothing_is_lost_and_nobody_meets_a_fault(house, tmp_path):
    address, people = house
    code = next_version(tmp_path / "next")
    one, two = tmp_path / "one", tmp_path / "two"  # two machines: what is kept on one is not on the other
    with ExitStack() as stack:
        old, other_old = (stack.enter_context(Server(place, address, is_born=True)) for place in (one, two))
        new, other_new = (stack.enter_context(Server(place, address, code=code)) for place in (one, two))
        for server in (old, other_old):
            server.folder.mkdir()
            server.start()
        port = stack.enter_context(behind_nginx(tmp_path, [old, other_old, new, other_new]))
        with Crowd(people, port) as crowd:
            crowd.goes_on()
            new.run("migrate")
            crowd.goes_on()  # the old version alone, on tables of the new one
            new.start()
            crowd.goes_on()
            old.stop()
            other_new.start()
            crowd.goes_on()
            away_for_a_moment(address, crowd)
            crowd.goes_on()
            other_old.stop()
            crowd.goes_on()
        crowd.empty()
        script = built.asset("main.js")  # a page that was drawn before is still open
        assert [asked(server.port, script)[0] for server in (new, other_new)] == [200, 200]
        drawn = asked(port, "/", people[0])[2]
    assert "/assets/main-NEXTNEXT.js" in drawn
    assert script not in drawn
    assert crowd.wrong() == []
    assert crowd.seen["503"] < crowd.seen["200"]
    arrived_once(address, crowd)


def away_for_a_moment(address, crowd):
    """The database lets nobody in until somebody has been asked to come again."""
    url = make_url(address)
    elsewhere = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format
    name, waited = sql.Identifier(url.database), crowd.seen["503"]
    with psycopg.connect(elsewhere, autocommit=True) as admin:
        admin.execute(allow(name, sql.SQL("false")))
        try:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [url.database])
            deadline = time.monotonic() + 30
            while crowd.seen["503"] == waited:
                assert time.monotonic() < deadline, crowd.seen
                time.sleep(0.02)
        finally:
            admin.execute(allow(name, sql.SQL("true")))


def arrived_once(address, crowd):
    """Everything that was recorded is there under its id, and was taken in by one request."""
    acts = {act.id: act for phone in crowd.phones for act in phone.acts.values()}
    database = Database(address)
    with database.read() as session:
        inbox = set(session.scalars(select(InboxItem.id)))
        records = set(session.scalars(select(StudyRecord.id)))
    database.close()
    assert inbox == set(acts)
    assert records <= inbox
    assert [phone.waiting for phone in crowd.phones] == [0, 0, 0]
    verdicts = Counter(sum(act.verdicts.count(verdict) for verdict in TAKEN) for act in acts.values())
    assert set(verdicts) <= {0, 1}  # 0: the answer was lost after the commit, and the next one said "duplicate"
