"""``SANLIANG_METRICS_PORT``: numbers of all processes together, for this machine alone, about no person."""

import re
import socket
import urllib.request
from datetime import UTC, datetime
from urllib.error import HTTPError

import pytest

from app.core import pulses
from tests.server import Server, _free_port

SWEPT = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


@pytest.fixture
def engine_kind():
    return "sqlite"


@pytest.fixture
def watched(database, tmp_path):
    with database.write() as session:
        pulses.beat(session, "sweep", SWEPT)
        pulses.beat(session, "sweep failed", SWEPT)
    with Server(tmp_path, database.url.render_as_string(hide_password=False)) as server:
        server.metrics = _free_port()
        server.start("--workers", "2", environment={"SANLIANG_METRICS_PORT": str(server.metrics)})
        yield server


def numbers(server):
    with urllib.request.urlopen(f"http://127.0.0.1:{server.metrics}/metrics", timeout=10) as answer:
        return answer.read().decode()


def test_requests_are_counted_by_route_over_all_processes(watched):
    before = numbers(watched)
    for _ in range(8):
        urllib.request.urlopen(f"{watched.url}/healthz", timeout=10).read()
    for path in ("/members/13800000011", "/p/a-secret-of-somebody"):
        with pytest.raises(HTTPError):
            urllib.request.urlopen(f"{watched.url}{path}?name=secret-name", timeout=10)
    said = numbers(watched)
    line = r'^sanliang_request_seconds_count\{method="GET",route="/healthz",status="200"\} (\S+)$'
    counted = [float(number) for text in (before, said) for number in re.findall(line, text, re.MULTILINE)]
    assert counted[-1] - (counted[0] if len(counted) == 2 else 0) >= 8
    (last,) = re.findall(r'^sanliang_last_timestamp_seconds\{what="sweep"\} (\S+)$', said, re.MULTILINE)
    assert float(last) == SWEPT.timestamp()
    assert "sanliang_database_up 1.0" in said
    assert re.search(r'^sanliang_last_failure_timestamp_seconds\{what="sweep"\} ', said, re.MULTILINE)
    assert not re.search(r'^sanliang_last_timestamp_seconds\{what="sweep failed"', said, re.MULTILINE)
    assert re.search(r"^sanliang_days_off_known_until_year 20\d\d", said, re.MULTILINE)
    assert re.search(r"^sanliang_contacts_key [01]", said, re.MULTILINE)
    assert re.search(r'^sanliang_version\{version="[\d.]+', said, re.MULTILINE)
    assert not re.search(r"1380000|secret", said)
    with pytest.raises(HTTPError):
        urllib.request.urlopen(f"{watched.url}/metrics", timeout=10)
    watched.stop()


def test_a_port_that_is_taken_is_named(database, tmp_path):
    address = database.url.render_as_string(hide_password=False)
    with socket.socket() as taken, Server(tmp_path, address, is_born=True) as server:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AssertionError, match=f"SANLIANG_METRICS_PORT {port}: Address already in use"):
            server.start(environment={"SANLIANG_METRICS_PORT": str(port)})
