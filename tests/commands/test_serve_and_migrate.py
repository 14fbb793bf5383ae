"""What ``sanliang serve`` and ``migrate`` say in one line, and what a server does that is asked to end."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from typer.testing import CliRunner

from app import cli
from app.core.settings import Settings
from tests.server import Server


@pytest.fixture
def sanliang(monkeypatch):
    def run(*words, database_url):
        monkeypatch.setattr(cli, "settings", lambda: Settings(database_url=database_url))
        return CliRunner().invoke(cli.commands, words)

    return run


@pytest.mark.usefixtures("english")
def test_without_a_schema_it_refuses_with_one_line(sanliang, tmp_path):
    url = f"sqlite:///{tmp_path / 'sanliang.db'}"
    done = sanliang("serve", database_url=url)
    assert (done.exit_code, done.stdout) == (1, "")
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
