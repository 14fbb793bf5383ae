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
    KEEPS_ANSWERS = auto()
    """The same, but the line stays open and the phone waits."""


class Network:
    """What a phone reaches the server through; its address is another one than the server's."""

    def __init__(self, server_port: int) -> None:
        self.weather = Weather.CLEAR
        self.answered = threading.Event()
        """Set when the server has answered a batch that the phone does not hear of."""
        self.to_server: dict[bytes, bytes] = {}
        """Bytes that are changed on the way to the server into as many others."""
        self.to_phone: dict[bytes, bytes] = {}
        """The same the other way."""
        self.unheard: list[bytes] = []
        """What was asked since the network fell silent, and is not answered."""
        self._server_port = server_port
        self._is_open = True
        self._ends: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._start(self._welcome)

    def close(self) -> None:
        """No connection lives on, and none is taken any more."""
        self._is_open = False
        _break(self._door)  # closing alone would not wake who waits there
        self.cut()
        for thread in self._threads:
            thread.join()
        self._door.close()

    def cut(self) -> None:
        """Every connection there is breaks."""
        for end in list(self._ends):
            _break(end)

    def change(self, weather: Weather) -> None:
        """From now on, also for connections that were made before."""
        self.weather = weather
        self.unheard.clear()
        if weather is Weather.CLEAR:
            self.cut()  # what was kept silent does not speak up later

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _welcome(self) -> None:
        with suppress(OSError):  # closed
            while True:
                phone, _address = self._door.accept()
                self._start(self._connect, phone)

    def _connect(self, phone: socket.socket) -> None:
        with phone, socket.socket() as server:
            self._ends |= {phone, server}
            try:
                server.connect(("127.0.0.1", self._server_port))
            except OSError:
                if self.weather is Weather.SILENT:
                    _wait_for_the_end(phone)
                return
            for end in (phone, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._is_open:
                line = _Line(self, phone, server)
                answers = threading.Thread(target=line.answers, daemon=True)
                answers.start()
                line.questions()
                _break(server)
                answers.join()
        self._ends -= {phone, server}


class _Line:
    """One connection, with what is under way on it. It ends when the phone's end does."""

    def __init__(self, network: Network, phone: socket.socket, server: socket.socket) -> None:
        self._network, self._phone, self._server = network, phone, server
        self._carries_batch = False

    def questions(self) -> None:
        """Carry what the phone says."""
        with suppress(OSError):
            while question := self._phone.recv(CHUNK):
                if question.startswith((b"GET ", b"POST ")):
                    self._carries_batch = question.startswith(SYNC)
                if self._network.weather is Weather.SILENT:
                    self._network.unheard.append(question)
                else:
                    self._server.sendall(_changed(question, self._network.to_server))

    def answers(self) -> None:
        """Carry what the server says, as far as the weather lets it through."""
        with suppress(OSError):
            while answer := self._server.recv(CHUNK):
                if not self._is_lost():
                    self._phone.sendall(_changed(answer, self._network.to_phone))
                elif self._network.weather is Weather.LOSES_ANSWERS:
                    break
        if self._network.weather is not Weather.SILENT:
            _break(self._phone)

    def _is_lost(self) -> bool:
        weather = self._network.weather
        is_answer_to_batch = self._carries_batch and weather in (Weather.LOSES_ANSWERS, Weather.KEEPS_ANSWERS)
        if is_answer_to_batch:
            self._network.answered.set()
        return is_answer_to_batch or weather is Weather.SILENT


def _changed(content: bytes, changes: dict[bytes, bytes]) -> bytes:
    for old, new in changes.items():
        content = content.replace(old, new)
    return content


def _wait_for_the_end(phone: socket.socket) -> None:
    with suppress(OSError):
        while phone.recv(CHUNK):
            continue


def _break(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
