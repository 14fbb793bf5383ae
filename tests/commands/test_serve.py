"""``sanliang serve`` as a process: it starts, answers, says what it did without saying who, and ends when asked."""

import json
import urllib.request
from signal import SIGTERM
from urllib.error import HTTPError

import pytest

from tests.server import Server

PEACEFUL = (0, -SIGTERM)
"""How a process ends that was asked to: the server hands the signal on once it has finished."""

SWEEPING = {"SANLIANG_SWEEP": "true"}
"""As it is unless said otherwise; the servers of other tests leave it alone."""


@pytest.fixture
def server(database, tmp_path):
    """It comes up at once; where the start is the question, or more processes are, one comes from a shell."""
    with Server(tmp_path, database.url.render_as_string(hide_password=False), is_born=True) as server:
        yield server


@pytest.fixture
def from_a_shell(database, tmp_path):
    with Server(tmp_path, database.url.render_as_string(hide_password=False)) as server:
        yield server


def test_it_answers_and_ends_in_peace(from_a_shell):
    from_a_shell.start(environment=SWEEPING)
    with urllib.request.urlopen(f"{from_a_shell.url}/healthz") as answer:
        assert json.load(answer)["status"] == "ok"
    with urllib.request.urlopen(f"{from_a_shell.url}/readyz") as answer:
        assert answer.status == 200
    assert from_a_shell.stop() in PEACEFUL
    assert "Application shutdown complete" in from_a_shell.log()


def test_it_starts_again_after_a_power_cut(server):
    server.start()
    server.kill()
    server.start()
    assert server.stop() in PEACEFUL


def test_two_workers_end_together(from_a_shell):
    from_a_shell.start("--workers", "2", environment=SWEEPING)
    assert from_a_shell.stop() in PEACEFUL
    assert from_a_shell.log().count("Finished server process") == 2


def test_the_log_is_lines_of_json_without_addresses(server):
    server.start()
    with pytest.raises(HTTPError):
        urllib.request.urlopen(f"{server.url}/members/no-such-person?name=secret-name")
    server.stop()
    lines = [line for line in server.log().splitlines() if line.startswith("{")]
    requests = [line for line in map(json.loads, lines) if line["log"] == "sanliang.access"]
    assert {"request_id", "method", "route", "status", "ms"} <= requests[-1].keys()
    assert "secret-name" not in server.log()
    assert "no-such-person" not in server.log()


def test_without_tables_it_says_what_to_do(tmp_path):
    with Server(tmp_path, is_born=True) as server, pytest.raises(AssertionError, match="sanliang migrate"):
        server.start()
