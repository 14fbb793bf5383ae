"""A database that goes away: a page that says so, and nobody has to do anything when it is back."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from app.core import clock, postgres
from app.core.db import Database
from app.core.health import WRITES_EVERY
from app.main import create_app
from tests.databases import scratch_folder, start_server
from tests.page import page
from tests.schema import create_schema

ASKING = "/sign-in"
"""A page for which the database is asked."""


def visitor(app: FastAPI) -> TestClient:
    return TestClient(app, follow_redirects=False, raise_server_exceptions=False)


def test_a_file_that_is_gone_and_comes_back(tmp_path):
    file, away = tmp_path / "sanliang.db", tmp_path / "away.db"
    create_schema(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}")
    client = visitor(create_app(database=database))
    assert client.get(ASKING).status_code == 200
    database.close()
    file.rename(away)
    file.mkdir()
    soup = page(client.get(ASKING), 503)
    assert soup.h1.get_text(strip=True)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    file.rmdir()
    away.rename(file)
    assert client.get(ASKING).status_code == 200
    assert client.get("/readyz").status_code == 200
    database.close()


def test_one_busy_writer_is_waited_for_and_then_said(tmp_path, monkeypatch):
    monkeypatch.setattr("app.core.db.PATIENCE_S", 0.05)
    url = f"sqlite:///{tmp_path / 'sanliang.db'}"
    create_schema(url)
    database, other_process = Database(url), Database(url)
    client = visitor(create_app(database=database))
    with other_process.write() as session:
        session.execute(text("SELECT 1"))  # holds the file from here on
        response = client.post("/sign-in", data={"login": "13800000011", "password": "three rays"})
    page(response, 503)
    assert int(response.headers["retry-after"]) > 0
    assert client.post("/sign-in", data={"login": "13800000011", "password": "three rays"}).status_code == 422
    database.close()
    other_process.close()


def test_a_disk_that_is_full_is_seen_by_who_watches(tmp_path):
    url = f"sqlite:///{tmp_path / 'sanliang.db'}"
    create_schema(url)
    database = Database(url)
    client = visitor(create_app(database=database))
    assert client.get("/readyz").status_code == 200

    def full(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            raise sqlite3.OperationalError("database or disk is full")

    event.listen(database.writer, "before_cursor_execute", full)
    with time_machine.travel(clock.now() + WRITES_EVERY, tick=False):
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        event.remove(database.writer, "before_cursor_execute", full)
        assert client.get("/readyz").status_code == 200
    database.close()


def test_a_disk_that_is_all_but_full_is_seen_too(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'sanliang.db'}"
    create_schema(url)
    database = Database(url)
    client = visitor(create_app(database=database))
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr("app.core.db.ROOM_BYTES", 2**60)
    assert client.get("/readyz").status_code == 503
    database.close()


def test_whoever_watches_often_writes_seldom_and_waits_for_nobody(tmp_path):
    url = f"sqlite:///{tmp_path / 'sanliang.db'}"
    create_schema(url)
    database, other_process = Database(url), Database(url)
    client = visitor(create_app(database=database))
    begun: list[object] = []
    event.listen(database.writer, "begin", begun.append)
    assert [client.get("/readyz").status_code for _time in range(5)] == [200] * 5
    assert len(begun) == 1
    with other_process.write() as session, time_machine.travel(clock.now() + 2 * WRITES_EVERY, tick=False):
        session.execute(text("SELECT 1"))
        assert client.get("/readyz").status_code == 200  # busy is well
    database.close()
    other_process.close()


@pytest.fixture
def server() -> Iterator[Any]:
    """A server that nobody else needs."""
    with scratch_folder() as folder:
        server = start_server(folder)
        yield server
        server.cleanup()


def test_a_server_that_stops_and_starts_again(server):
    url = server.get_uri()
    create_schema(url)
    database = Database(url)
    client = visitor(create_app(database=database))
    assert client.get(ASKING).status_code == 200

    with psycopg.connect(url, autocommit=True) as administrator:  # as when a firewall forgets connections
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    assert client.get(ASKING).status_code == 200

    server.stop()
    page(client.get(ASKING), 503)
    assert client.post("/sign-in", json={}).json()["code"] == "unavailable"
    assert client.get("/readyz").status_code == 503
    server.start()
    assert client.get(ASKING).status_code == 200
    assert client.get("/readyz").status_code == 200
    database.close()


def test_a_server_that_takes_the_question_and_says_nothing(server, monkeypatch):
    """Stopped in its tracks: the system goes on answering for it, so the line looks well."""
    monkeypatch.setattr("app.core.postgres.SILENCE_S", 0.5)
    monkeypatch.setitem(postgres.LINE, "connect_timeout", 2)
    url = server.get_uri()
    create_schema(url)
    database = Database(url, statement_s=1.0)
    client = visitor(create_app(database=database))
    assert client.get(ASKING).status_code == 200
    with psycopg.connect(url, autocommit=True) as administrator:
        backends = administrator.execute("SELECT pid FROM pg_stat_activity WHERE datname IS NOT NULL").fetchall()
    pids = [int(server.pgdata.joinpath("postmaster.pid").read_text().split()[0]), *(pid for (pid,) in backends)]
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        page(client.get(ASKING), 503)
        page(client.post("/sign-in", data={"login": "13800000011", "password": "three rays"}), 503)
        assert time.monotonic() - began < 10
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
    assert client.get(ASKING).status_code == 200
    database.close()


def test_a_statement_of_a_page_ends(server):
    url = server.get_uri()
    create_schema(url)
    database = Database(url, statement_s=0.2)
    with pytest.raises(OperationalError, match="statement timeout"), database.read() as session:
        session.execute(text("SELECT pg_sleep(5)"))
    database.close()


@pytest.mark.parametrize(("revision", "status"), [("", 500), ("of another version", 503)])
def test_a_version_on_its_way_out_asks_to_come_again(tmp_path, revision, status):
    """A fault is ours, unless the tables are those of another version by now: that one will answer in a moment."""
    url = f"sqlite:///{tmp_path / 'sanliang.db'}"
    create_schema(url)
    database = Database(url)
    client = visitor(create_app(database=database))
    with database.write() as session:
        session.execute(text("ALTER TABLE sessions RENAME TO sessions_of_another_version"))
        if revision:
            session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    response = client.get(ASKING, headers={"Cookie": "sanliang_session=somebody"})
    page(response, status)
    assert ("retry-after" in response.headers) == (status == 503)
    database.close()
