"""Asking somebody elsewhere over HTTP: an end by the clock, an answer of a size, no way on that is followed."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTimeError
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final, Generic, NamedTuple, TypeVar
from urllib.parse import SplitResult, urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

T = TypeVar("T")
STEP_S: Final = 5.0
"""For one step of the conversation, in seconds."""
DEADLINE_S: Final = 10.0
"""For all of it, by the clock: whoever answers byte by byte has no more."""
MOST_BYTES: Final = 256 * 1024


class Conversation(Generic[T]):
    """One in a thread of its own, because nothing else ends a name or an answer that comes byte by byte."""

    def __init__(self) -> None:
        self._line: HTTPConnection | None = None
        self._over = threading.Event()

    def within(self, seconds: float, talk: Callable[[], T]) -> T | None:
        """What ``talk`` gives or raises; ``None``: it was not done in time, and its line was cut."""
        said: Future[T] = Future()

        def run() -> None:
            try:
                said.set_result(talk())
            except BaseException as error:  # noqa: BLE001 (it is raised where it is waited for)
                said.set_exception(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            return said.result(seconds)
        except NotInTimeError:
            if not said.done():
                return None
            raise
        finally:
            self._over.set()
            if (line := self._line) and line.sock and thread.is_alive():
                with suppress(OSError):
                    socket.socket.shutdown(line.sock, socket.SHUT_RDWR)  # the thread wakes up, and ends

    def connect(self, line: HTTPConnection) -> bool:
        """Connect ``line``, to be cut when the time is over; ``False``: it is over."""
        self._line = line
        line.connect()
        return not self._over.is_set()


class AskError(Exception):
    """There is no answer, or none that can be read: ``args`` say why, in a few words of the network's own."""


class HttpAnswer(NamedTuple):
    """What was answered: the status, and an object, which is empty where there was none."""

    status: int
    body: Mapping[str, Any]


def ask(
    url: str, *, form: Mapping[str, str] | None = None, said: object = None, headers: Mapping[str, str] | None = None
) -> HttpAnswer:
    """Ask ``url`` and read an object of JSON: with GET, or with POST when there is a ``form`` or something ``said``.

    The addresses are those that whoever looks after the server has named.

    Raises:
        AskError: nobody answers in time, or who answers is not to be trusted or understood.
    """
    sent: dict[str, str] = {"Accept": "application/json", "User-Agent": "Sanliang", **(headers or {})}
    body: str | None = None
    if form is not None:
        body, sent["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
    elif said is not None:
        body, sent["Content-Type"] = json.dumps(said), "application/json"
    conversation: Conversation[HttpAnswer] = Conversation()
    try:
        answer = conversation.within(DEADLINE_S, lambda: _talk(conversation, url, body, sent))
    except ssl.SSLError as error:
        raise AskError(f"TLS: {getattr(error, 'verify_message', '') or error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise AskError(type(error).__name__) from None
    if answer is None:
        raise AskError("timeout")
    return answer


def _talk(conversation: Conversation[HttpAnswer], url: str, body: str | None, headers: dict[str, str]) -> HttpAnswer:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = _line(parts)
    try:
        if not conversation.connect(line):
            raise TimeoutError
        line.request("GET" if body is None else "POST", path, body, headers)
        response = line.getresponse()
        read = response.read(MOST_BYTES + 1)
    finally:
        line.close()
    if len(read) > MOST_BYTES:
        raise AskError("too large")
    try:
        found = json.loads(read)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        if response.status == 200:
            raise AskError("no JSON")
        found = {}
    return HttpAnswer(response.status, found)


def _line(parts: SplitResult) -> HTTPConnection:
    """The line to there, through the proxy that ``HTTPS_PROXY`` names for what is encrypted."""
    host = parts.hostname or ""
    if parts.scheme != "https":
        return HTTPConnection(host, parts.port, timeout=STEP_S)
    context, proxy = ssl.create_default_context(), getproxies().get("https")
    if not proxy or proxy_bypass(host):
        return HTTPSConnection(host, parts.port, timeout=STEP_S, context=context)
    through = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    line = HTTPSConnection(through.hostname or "", through.port or 8080, timeout=STEP_S, context=context)
    line.set_tunnel(host, parts.port or 443)
    return line
