"""Who watches an installation: lines that belong together are found, statements that take long, and no person."""

import json
import logging
import socket
import time

import pytest
from sqlalchemy import text

from app.core import logs, metrics, slow, syslog
from app.core.commands import log_config
from app.core.db import Database
from app.core.settings import Settings
from tests.makers import as_member

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def lines(caplog):
    """What is logged, as lines are written while it is."""
    formatter, written = logs.JsonLines(), []

    class Keep(logging.Handler):
        def emit(self, record):
            written.append(json.loads(formatter.format(record)))

    keep = Keep()
    logging.getLogger("sanliang").addHandler(keep)
    caplog.set_level(logging.INFO, logger="sanliang")
    yield written
    logging.getLogger("sanliang").removeHandler(keep)


@pytest.mark.parametrize(
    ("sent", "is_kept"),
    [(TRACE, True), ("00-" + "0" * 32 + "-00f067aa0ba902b7-01", False), (f"{TRACE}\n13800000001", False), ("", False)],
)
def test_a_line_names_its_request_and_the_trace_it_belongs_to(client, lines, sent, is_kept):
    answer = client.get("/healthz", headers={"traceparent": sent})
    assert lines[-1]["request_id"] == answer.headers["x-request-id"]
    assert lines[-1].get("traceparent") == (sent if is_kept else None)


@pytest.fixture
def own(database):
    """The same database by lines of its own: who is watched once is watched for good."""
    own = Database(database.url.render_as_string(hide_password=False))
    yield own
    own.close()


def test_a_slow_statement_is_logged_without_its_values(app, client, own, alice, lines):
    app.state.database = own
    for engine in {own.reader, own.writer}:
        slow.watch(engine, 0.0)
    answer = client.get("/", headers=as_member(alice))
    told = [line for line in lines if line["message"] == "slow statement"]
    assert told
    assert {line["request_id"] for line in told} == {answer.headers["x-request-id"]}
    assert all(line["ms"] >= 0 and "SELECT" in line["statement"].upper() for line in told if "FROM" in line)
    said = json.dumps(lines, ensure_ascii=False)
    assert alice.phone not in said
    assert str(alice.id) not in said


def test_what_stands_in_a_statement_all_the_same_is_left_out():
    shown = slow.shown("SELECT 1\n FROM members\tWHERE name = '王''小明' AND note = 'x'")
    assert shown == "SELECT 1 FROM members WHERE name = '…' AND note = '…'"


def test_a_statement_that_is_quick_is_not(own, lines):
    slow.watch(own.reader, 60.0)
    with own.read() as session:
        session.execute(text("SELECT 1"))
    assert [line for line in lines if line["message"] == "slow statement"] == []


@pytest.fixture
def forwarded():
    made, log = [], logging.getLogger("forwarded")
    log.setLevel(logging.INFO)
    log.propagate = False

    def to(address):
        handler = syslog.Forward(address)
        handler.setFormatter(logs.JsonLines())
        made.append(handler)
        log.addHandler(handler)
        return log

    yield to
    for handler in made:
        log.removeHandler(handler)
        handler.close()


def parsed(line):
    head, json_text = line.decode().rstrip("\n").split(" - - ", 1)
    return head.split(" ")[0], head.split(" ")[3], json.loads(json_text)["message"]


def test_lines_reach_a_server_that_takes_datagrams(forwarded):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(10)
        log = forwarded(f"udp://127.0.0.1:{server.getsockname()[1]}")
        log.info("今天")
        log.error("坏了")
        assert parsed(server.recv(9000)) == ("<134>1", "sanliang", "今天")
        assert parsed(server.recv(9000)) == ("<131>1", "sanliang", "坏了")


def test_a_server_that_comes_later_gets_what_waited_and_pages_did_not_wait(forwarded, monkeypatch):
    monkeypatch.setattr(syslog, "PAUSES_S", (0.05, 0.1))
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))  # nobody listens yet
        log = forwarded(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        began = time.perf_counter()
        for number in range(3):
            log.warning("line %s", number)
        assert time.perf_counter() - began < 1
        server.listen()
        server.settimeout(20)
        connection, _address = server.accept()
        with connection, connection.makefile("rb") as read:
            assert [parsed(read.readline())[::2] for _ in range(3)] == [
                ("<132>1", f"line {number}") for number in range(3)
            ]


def test_lines_reach_this_machine_s_own(forwarded, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(str(tmp_path / "log"))
        server.settimeout(10)
        forwarded(f"unix://{tmp_path}/log").info("hello")
        assert parsed(server.recv(9000))[2] == "hello"


def test_a_queue_that_is_full_leaves_out_and_stops_nobody(forwarded, monkeypatch):
    monkeypatch.setattr(syslog, "KEPT", 2)
    log = forwarded("tcp://127.0.0.1:1")
    for number in range(9):
        log.info("line %s", number)
    (handler,) = [one for one in log.handlers if isinstance(one, syslog.Forward)]
    assert handler._lines.qsize() <= 2


def test_the_server_logs_to_both():
    assert log_config("info")["root"]["handlers"] == ["lines"]
    assert log_config("info", "unix:///dev/log")["root"]["handlers"] == ["lines", "syslog"]


@pytest.mark.parametrize("typed", ["logs.example", "http://logs.example:514", "udp://logs.example", "udp://h:514/x"])
def test_a_syslog_server_is_said_in_one_way(typed):
    with pytest.raises(ValueError, match="should be empty, or like udp"):
        Settings(syslog=typed)


def test_nobody_watches_unless_the_settings_say_so():
    assert Settings(metrics_port="").metrics_port == 0
    assert metrics.observer() is None
