"""What ``sanliang serve`` and ``migrate`` say in one line, and what a server does that is asked to end."""

import os
import socket
import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from typer.testing import CliRunner

from app import cli
from app.core.settings import Settings, settings
from tests.server import Server


@pytest.fixture
def sanliang(monkeypatch):
    def run(*words, database_url):
        for module in ("commands", "opening"):
            monkeypatch.setattr(f"app.core.{module}.settings", lambda: Settings(database_url=database_url))
        return CliRunner().invoke(cli.commands, words)

    return run


@pytest.mark.usefixtures("english")
def test_without_a_schema_it_refuses_with_one_line(sanliang, tmp_path):
    (tmp_path / "sanliang.db").touch()
    done = sanliang("serve", database_url=f"sqlite:///{tmp_path / 'sanliang.db'}")
    assert (done.exit_code, done.stdout) == (2, ""), "waiting does not mend it, so systemd starts it no more"
    assert done.stderr == "The database does not have the newest schema yet. First run: sanliang migrate\n"


@pytest.mark.usefixtures("english")
def test_migrating_twice_is_once(sanliang, tmp_path):
    url = f"sqlite:///{tmp_path / 'sanliang.db'}"
    for _ in range(2):
        done = sanliang("migrate", database_url=url)
        assert (done.exit_code, done.stdout) == (0, "The database has the newest schema.\n")


def test_nobody_else_on_the_machine_reads_the_data(tmp_path):
    with Server(tmp_path / "data") as server:
        server.run("migrate")
        assert {path.stat().st_mode & 0o077 for path in (server.folder, server.database)} == {0}


@pytest.mark.usefixtures("english")
def test_without_a_database_it_refuses_with_one_line(sanliang):
    done = sanliang("serve", database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert done.exit_code == 1
    assert done.stderr.startswith("The database cannot be reached: ")
    assert len(done.stderr.splitlines()) == 1


NOT_MADE = "The database does not have the newest schema yet. First run: sanliang migrate"
CANNOT_BE_REACHED = "The database cannot be reached: "


@pytest.fixture
def console(monkeypatch, capsys):
    """The console script; gives its exit status and what it says on the error stream."""

    def run(*words, database_url):
        monkeypatch.setenv("SANLIANG_DATABASE_URL", database_url)
        monkeypatch.setattr(sys, "argv", ["sanliang", *words])
        monkeypatch.setattr(os, "umask", lambda mask: mask)
        settings.cache_clear()
        try:
            with pytest.raises(SystemExit) as ended:
                cli.main()
        finally:
            settings.cache_clear()
        said = [line for line in capsys.readouterr().err.splitlines() if line]
        return ended.value.code, [line for line in said if not line.startswith("Database: ")]

    return run


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("words", [("ledger", "verify"), ("sweep",)], ids=" ".join)
def test_every_command_says_in_one_line_what_is_wrong_with_the_database(console, tmp_path, words):
    new, broken, gone = tmp_path / "new.db", tmp_path / "broken.db", "postgresql+psycopg://nobody@127.0.0.1:1/none"
    broken.write_text("no database", encoding="utf-8")
    new.touch()
    status, (line,) = console(*words, database_url=f"sqlite:///{new}")
    assert status == 1
    assert line.startswith(f"{NOT_MADE} (no such table: ")
    for url in (f"sqlite:///{broken}", gone):
        status, (line,) = console(*words, database_url=url)
        assert status == 1
        assert line.startswith(CANNOT_BE_REACHED)


@pytest.mark.usefixtures("english")
def test_a_migration_that_fails_says_why_and_not_to_migrate(console, tmp_path, monkeypatch):
    def fail(_database):
        raise ProgrammingError("SELECT 7_2", None, sqlite3.OperationalError("trailing junk after numeric literal"))

    monkeypatch.setattr("app.core.schema.migrate", fail)
    status, (line,) = console("migrate", database_url=f"sqlite:///{tmp_path / 'new.db'}")
    assert status == 1
    assert "trailing junk" in line
    assert "sanliang migrate" not in line


@pytest.mark.usefixtures("english")
def test_a_command_that_others_keep_waiting_says_so(console, database, alice, monkeypatch):
    monkeypatch.setattr("app.core.db.PATIENCE_S", 0.1)
    with database.write() as session:
        session.execute(text("UPDATE members SET note = 'held'"))
        address = database.url.render_as_string(hide_password=False)
        status, (line,) = console("slip", alice.phone, database_url=address)
    assert status == 1
    assert line.startswith(CANNOT_BE_REACHED)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SANLIANG_TIME_ZONE", "Nowhere/Land"),
        ("SANLIANG_TIME_ZONE", "../etc"),
        ("SANLIANG_PORT", "many"),
        ("SANLIANG_LOG_LEVEL", "loud"),
        ("SANLIANG_DATABASE_URL", "mysql://user:secret@host/name"),
        ("SANLIANG_DATABASE_URL", "secret"),
    ],
)
def test_a_wrong_setting_is_named_and_never_repeated(console, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    status, (line,) = console("serve", database_url=value if name == "SANLIANG_DATABASE_URL" else "")
    assert status == 2
    assert line.startswith(f"{name}: ")
    assert "secret" not in line


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Urumqi", "UTC"])
def test_a_right_time_zone(zone):
    assert Settings(time_zone=zone).time_zone == zone


def begin_posting(server):
    """A sign-in of which half has been sent."""
    body = b"login=13800000001&password=three-rays-of-light"
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(
        b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body[:10]
    )
    return connection, body[10:]


def answer(connection, rest):
    connection.sendall(rest)
    return connection.recv(4096).split(b"\r\n")[0]


def test_what_is_under_way_is_finished_before_the_end(tmp_path):
    with Server(tmp_path) as server, ThreadPoolExecutor(1) as other:
        server.run("migrate")
        server.start("--workers", "2")
        connection, rest = begin_posting(server)
        with connection:
            stopped = other.submit(server.stop)
            time.sleep(1)
            assert answer(connection, rest).startswith(b"HTTP/1.1 422 ")
        assert stopped.result(30) == 0
        assert "13800000001" not in server.log()
