"""``sanliang serve`` over real sockets: clients that never end what they began keep nobody else from being served."""

import socket
import time
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from app.core.connections import BODY_S, HEADER_S
from tests.server import SANLIANG, Server

FILES = 500
"""What the server may open here, connections included: far fewer than the clients of these tests."""
HALF_A_HEADER = b"GET /healthz HTTP/1.1\r\nHost: test"
HALF_A_BODY = (
    b"POST /sign-in HTTP/1.1\r\nHost: test\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    b"Content-Length: 1000000\r\n\r\n--b\r\n"
)


@pytest.fixture(scope="module")
def server(engines, tmp_path_factory):
    engine, _people = engines.get("sqlite")
    with Server(tmp_path_factory.mktemp("waiting"), engine.create("waiting", "empty"), is_born=True) as server:
        server.start(program=["sh", "-c", f'ulimit -n {FILES}; exec "$0" serve "$@"', SANLIANG])
        yield server


def opened(server, count, first):
    """``count`` sockets that have sent ``first`` and send nothing more."""
    stack = ExitStack()
    sockets = []
    for _number in range(count):
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30))
        connection.sendall(first)
        sockets.append(connection)
    return stack, sockets


def is_well(server, seconds=2.0):
    began = time.monotonic()
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=10) as answer:
        return answer.status == 200 and time.monotonic() - began < seconds


def test_fifteen_hundred_half_headers_keep_nobody_out(server):
    stack, _sockets = opened(server, 1500, HALF_A_HEADER)
    with stack:
        assert all(is_well(server) for _time in range(5))


def test_a_hundred_half_bodies_cost_no_disk_and_keep_nobody_out(server):
    stack, sockets = opened(server, 100, HALF_A_BODY)
    with stack:
        assert is_well(server)
        for connection in sockets:  # refused at once: it has said how much it will be
            assert connection.recv(1024).startswith(b"HTTP/1.1 413")
        assert not _deleted_files(server.pid)


def test_headers_without_an_end_are_cut_off(server):
    stack, (connection,) = opened(server, 1, HALF_A_HEADER)
    with stack:
        connection.settimeout(0.01)
        sent = 0
        with suppress(ConnectionError, TimeoutError):
            for _time in range(1000):
                sent += connection.send(b"x" * 4096)
                time.sleep(0.001)
        assert sent < 1000 * 4096
        assert _said(connection) == b""


def test_a_stranger_hears_the_answer_before_the_body_is_sent(server):
    head = b"POST /roster HTTP/1.1\r\nHost: test\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    stack, (connection,) = opened(server, 1, head + b"Content-Length: 19000000\r\n\r\n--b\r\n")
    with stack:
        assert connection.recv(1024).startswith(b"HTTP/1.1 303")


def test_waiting_ends_but_a_slow_line_is_waited_for(server):
    """All at once, because it takes its time: half a header, half a body, and a body at five bytes a second."""
    form = b"POST /sign-in HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    began, ended = time.monotonic(), {}
    with ExitStack() as stack:
        waiting = {}
        for name, first in (
            ("header", HALF_A_HEADER),
            ("body", form + b"Content-Length: 1000\r\n\r\nphone=1"),
            ("slow", form + b"Content-Length: 70\r\n\r\n"),
        ):
            opening, (waiting[name],) = opened(server, 1, first)
            stack.enter_context(opening)
            waiting[name].settimeout(0.01)
        for second in range(23):
            if second < 14:
                waiting["slow"].sendall(b"a=bb&")
            for name in set(waiting) - set(ended):
                with suppress(TimeoutError):
                    ended[name] = (_said(waiting[name]), time.monotonic() - began)
            time.sleep(1.0)
    assert ended["header"][0] == ended["body"][0] == b""
    assert HEADER_S - 1 < ended["header"][1] < HEADER_S + 4
    assert BODY_S - 1 < ended["body"][1] < BODY_S + 4
    assert ended["slow"][0].startswith(b"HTTP/1.1 422")


def _said(connection):
    try:
        return connection.recv(1024)
    except ConnectionError:
        return b""


def _deleted_files(pid):
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since it was listed
            found.append(link.readlink())
    return [target for target in found if "(deleted)" in str(target)]
