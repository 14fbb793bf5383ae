"""A bad network: a TCP proxy on loopback that cuts, resets, repeats and delays what passes through it."""

import contextlib
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from typing import Final

SECONDS: Final = 20
"""After this a connection without an answer is given up."""
RESET: Final = struct.pack("ii", 1, 0)
"""Closing then sends RST, as a network does that has lost a connection."""


class Fault(StrEnum):
    """What can happen to one exchange."""

    NONE = "none"
    RESET_BEFORE = "reset before the request passed"
    HALF_REQUEST = "half of the request passed"
    CUT_ANSWER = "answer cut after the commit"
    HALF_ANSWER = "half of the answer passed"
    TWICE = "request passed twice"
    SLOW = "slow"
    KILL = "server killed while it worked"


WEIGHTS: Final = {
    Fault.NONE: 40,
    Fault.RESET_BEFORE: 8,
    Fault.HALF_REQUEST: 6,
    Fault.CUT_ANSWER: 16,
    Fault.HALF_ANSWER: 8,
    Fault.TWICE: 12,
    Fault.SLOW: 10,
}


class Proxy:
    """Passes one exchange per connection on to ``port``, with a fault now and then until ``calm`` is set."""

    def __init__(self, port: int, dice: random.Random, kill_server: Callable[[], None]) -> None:
        """Listen on a free port; ``kill_server`` ends the server at once and starts another one later."""
        self.faults: Counter[Fault] = Counter()
        self.calm = threading.Event()
        self.kill_wanted = threading.Event()
        self._server_port = port
        self._dice = dice
        self._kill_server = kill_server
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Listen no longer."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                phone, _address = self._listener.accept()
                threading.Thread(target=self._serve, args=(phone,), daemon=True).start()

    def _serve(self, phone: socket.socket) -> None:
        phone.settimeout(SECONDS)
        fault = self._choose()
        self.faults[fault] += 1
        with contextlib.suppress(OSError), phone:
            self._exchange(phone, fault)

    def _choose(self) -> Fault:
        if self.calm.is_set():
            return Fault.NONE
        if self.kill_wanted.is_set():
            self.kill_wanted.clear()
            return Fault.KILL
        return self._dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]

    def _exchange(self, phone: socket.socket, fault: Fault) -> None:
        if fault is Fault.RESET_BEFORE:
            _reset(phone)
            return
        request = _message(phone)
        if fault is Fault.SLOW:
            time.sleep(self._dice.uniform(0, 1))
        with socket.create_connection(("127.0.0.1", self._server_port), timeout=SECONDS) as server:
            if fault is Fault.HALF_REQUEST:
                server.sendall(request[: len(request) // 2])
                _reset(server)
                _reset(phone)
                return
            server.sendall(request)
            if fault is Fault.KILL:
                time.sleep(self._dice.uniform(0, 0.05))
                self._kill_server()
            if fault is Fault.TWICE:
                threading.Thread(target=self._again, args=(request,), daemon=True).start()
            answer = _message(server)
        if fault is Fault.CUT_ANSWER:
            _reset(phone)
        elif fault is Fault.HALF_ANSWER:
            phone.sendall(answer[: len(answer) // 2])
            _reset(phone)
        else:
            phone.sendall(answer)

    def _again(self, request: bytes) -> None:
        """A browser that repeats a POST on another connection by itself; nobody hears the second answer."""
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self._server_port), timeout=SECONDS) as server,
        ):
            server.sendall(request)
            _message(server)


def _message(source: socket.socket) -> bytes:
    """One whole HTTP message with a declared length.

    Raises:
        OSError: it ended before.
    """
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(source)
    head, body = received.split(b"\r\n\r\n", 1)
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += _some(source)
    return head + b"\r\n\r\n" + body


def _some(source: socket.socket) -> bytes:
    if not (received := source.recv(65536)):
        raise ConnectionResetError
    return received


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()
