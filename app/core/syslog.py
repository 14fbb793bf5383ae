"""The log once more, to a syslog server (RFC 5424), for who keeps the logs of many machines in one place.

Pages never wait for it: lines stand in a queue, and a thread of its own sends them. While the server is away the queue
fills, and what no longer fits is left out there; the error stream has every line.
"""

import logging
import os
import queue
import socket
import threading
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

ADDRESS: Final = r"(?:(?:udp|tcp)://[^\s/]+:\d+|unix:///\S+)"
KEPT: Final = 10_000
"""Lines that wait at most."""
LONGEST_BYTES: Final = 8000
SEND_S: Final = 5.0
PAUSES_S: Final = (0.5, 30.0)
"""The first and the longest pause before the server is tried again."""
LOCAL_0: Final = 16
_SEVERITY: Final = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))


class Forward(logging.Handler):
    """Sends each line to ``address``: ``udp://host:514``, ``tcp://host:601`` or ``unix:///dev/log``."""

    def __init__(self, address: str) -> None:
        """Nothing is connected yet; a server that is not there does not keep this one from starting."""
        super().__init__()
        self._address = urlsplit(address)
        self._lines: queue.Queue[bytes | None] = queue.Queue(KEPT)
        self._over = threading.Event()
        self._socket: socket.socket | None = None
        self._host = socket.gethostname()
        self._thread = threading.Thread(target=self._run, name="syslog", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Put ``record`` into the queue."""
        severity = next((number for level, number in _SEVERITY if record.levelno >= level), 7)
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        head = f"<{LOCAL_0 * 8 + severity}>1 {at} {self._host} sanliang {os.getpid()} - - "
        line = (head + self.format(record)).encode()[:LONGEST_BYTES]
        try:
            self._lines.put_nowait(line + b"\n" if self._address.scheme == "tcp" else line)
        except queue.Full:
            return  # it stands in the error stream

    def close(self) -> None:
        """Send what waits, if that goes quickly."""
        try:
            self._lines.put_nowait(None)
        except queue.Full:
            self._over.set()
        self._thread.join(SEND_S)
        self._over.set()
        super().close()

    def _run(self) -> None:
        while (line := self._lines.get()) is not None:
            pause = PAUSES_S[0]
            while not self._sent(line):
                if self._over.wait(pause):
                    return
                pause = min(2 * pause, PAUSES_S[1])
        self._hang_up()

    def _sent(self, line: bytes) -> bool:
        try:
            self._socket = self._socket or self._connected()
            self._socket.sendall(line)
        except OSError:
            self._hang_up()
            return False
        return True

    def _hang_up(self) -> None:
        if self._socket:
            self._socket.close()
        self._socket = None

    def _connected(self) -> socket.socket:
        if self._address.scheme == "tcp":
            return socket.create_connection((self._address.hostname, self._address.port), SEND_S)
        if self._address.scheme == "udp":
            (family, kind, _proto, _name, place), *_more = socket.getaddrinfo(
                self._address.hostname, self._address.port, type=socket.SOCK_DGRAM
            )
            return _ready(socket.socket(family, kind), place)
        return _ready(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM), self._address.path)


def _ready(made: socket.socket, place: Any) -> socket.socket:
    made.settimeout(SEND_S)
    try:
        made.connect(place)
    except OSError:
        made.close()
        raise
    return made
