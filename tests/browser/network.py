"""The network between a phone and the server: a TCP proxy that can lose answers and fall silent."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from typing import Final

CHUNK: Final = 64 * 1024
SYNC: Final = b"POST /sync "


class Weather(Enum):
    """What becomes of what is sent."""

    CLEAR = auto()
    """It arrives."""
    SILENT = auto()
    """Connections are accepted and nothing ever comes back, as in a lift."""
    LOSES_ANSWERS = auto()
    """A batch reaches the server; when the answer to it has begun, and so the commit is done, the line is cut."""


class Network:
    """What a phone reaches the server through; its address is another one than the server's."""

    def __init__(self, server_port: int) -> None:
        self.weather = Weather.CLEAR
        self.lost_answers = 0
        self.replace: tuple[bytes, bytes] = (b"", b"")
        """Bytes of equal length that are changed on the way to the server."""
        self._server_port = server_port
        self._sockets: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._welcome, daemon=True).start()

    def close(self) -> None:
        """No connection lives on, and none is taken any more."""
        self._door.close()
        self.cut()

    def cut(self) -> None:
        """Every connection there is breaks."""
        for open_socket in list(self._sockets):
            _break(open_socket)
        self._sockets.clear()

    def change(self, weather: Weather) -> None:
        """From now on, also for connections that were made before."""
        self.weather = weather
        if weather is Weather.CLEAR:
            self.cut()  # what was kept silent does not speak up later

    def _welcome(self) -> None:
        while True:
            try:
                phone, _address = self._door.accept()
            except OSError:
                return
            self._sockets.add(phone)
            threading.Thread(target=self._connect, args=(phone,), daemon=True).start()

    def _connect(self, phone: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._server_port))
        except OSError:
            if self.weather is not Weather.SILENT:
                _break(phone)
            return
        self._sockets.add(server)
        for end in (phone, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = _Line(self, phone, server)
        threading.Thread(target=line.answers, daemon=True).start()
        line.questions()


class _Line:
    """One connection, with what is under way on it."""

    def __init__(self, network: Network, phone: socket.socket, server: socket.socket) -> None:
        self._network, self._phone, self._server = network, phone, server
        self._carries_batch = False

    def questions(self) -> None:
        self._carry(self._phone, self._server, self._look_at_question)

    def answers(self) -> None:
        self._carry(self._server, self._phone, self._look_at_answer)

    def _carry(self, source: socket.socket, target: socket.socket, look: Callable[[bytes], bytes]) -> None:
        with suppress(OSError):
            while content := source.recv(CHUNK):
                if self._network.weather is Weather.SILENT:
                    continue
                content = look(content)
                if not content:
                    break
                target.sendall(content)
        if self._network.weather is not Weather.SILENT:
            _break(source)
            _break(target)

    def _look_at_question(self, content: bytes) -> bytes:
        if content.startswith((b"GET ", b"POST ")):
            self._carries_batch = content.startswith(SYNC)
        return content.replace(*self._network.replace) if self._network.replace[0] else content

    def _look_at_answer(self, content: bytes) -> bytes:
        if self._carries_batch and self._network.weather is Weather.LOSES_ANSWERS:
            self._network.lost_answers += 1
            return b""
        return content


def _break(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
