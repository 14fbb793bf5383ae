"""A slow line: a TCP proxy on loopback with a bandwidth that all connections share, and a round trip.

Throttling in the browser's developer tools misled: it leaves out the worker and counts from the wrong end.
"""

import queue
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

CHUNK: Final = 1460
"""Bytes of a packet."""


@dataclass(frozen=True)
class Speed:
    """How slow a line is."""

    name: str
    kilobits_per_second: float
    round_trip: float
    """Seconds."""


SLOW_3G: Final = Speed("slow 3G", 400, 0.4)
"""The "slow 3G" of WebPageTest and Lighthouse."""


class SlowLine:
    """What a phone reaches the server through. It counts what comes down, and can fall silent."""

    def __init__(self, server_port: int, speed: Speed) -> None:
        """Listen on a free port."""
        self.received = 0
        """Bytes that came down so far."""
        self.requests = 0
        self.is_silent = False
        """Connections are accepted then, and nothing ever comes back."""
        self._server_port = server_port
        self._speed = speed
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._up, self._down = _Way(speed), _Way(speed)
        threading.Thread(target=self._welcome, daemon=True).start()

    def close(self) -> None:
        """Take no connection any more."""
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _welcome(self) -> None:
        with suppress(OSError):  # closed
            while True:
                phone, _address = self._door.accept()
                threading.Thread(target=self._connect, args=(phone,), daemon=True).start()

    def _connect(self, phone: socket.socket) -> None:
        time.sleep(self._speed.round_trip)  # the handshake
        with phone, socket.socket() as server, suppress(OSError):
            server.connect(("127.0.0.1", self._server_port))
            down = threading.Thread(target=self._carry, args=(self._down, server, phone), daemon=True)
            down.start()
            self._carry(self._up, phone, server)
            down.join()

    def _carry(self, way: "_Way", source: socket.socket, target: socket.socket) -> None:
        under_way: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        delivery = threading.Thread(target=_deliver, args=(under_way, target), daemon=True)
        delivery.start()
        with suppress(OSError):
            while content := source.recv(CHUNK):
                if self.is_silent:
                    continue
                if way is self._up:
                    self.requests += content.startswith((b"GET ", b"POST "))
                else:
                    self.received += len(content)
                under_way.put((way.arrival(len(content)), content))
        under_way.put((way.arrival(0), b""))
        delivery.join()


class _Way:
    """One direction of the line, which all connections share."""

    def __init__(self, speed: Speed) -> None:
        self._bytes_per_second = speed.kilobits_per_second * 1000 / 8
        self._delay = speed.round_trip / 2
        self._free_at = 0.0
        self._turn = threading.Lock()

    def arrival(self, number_of_bytes: int) -> float:
        """When the last of these bytes is there."""
        with self._turn:
            self._free_at = max(time.monotonic(), self._free_at) + number_of_bytes / self._bytes_per_second
            return self._free_at + self._delay


def _deliver(under_way: "queue.SimpleQueue[tuple[float, bytes]]", target: socket.socket) -> None:
    """Hand over each piece when it arrives; an empty one is the end."""
    with suppress(OSError):
        while True:
            arrival, content = under_way.get()
            time.sleep(max(0.0, arrival - time.monotonic()))
            if not content:
                target.shutdown(socket.SHUT_RDWR)
                return
            target.sendall(content)
