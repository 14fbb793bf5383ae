"""Waiting for a client has an end: for its headers, for its body, and until it takes the answer.

One idle socket costs a file and nothing else, and a thousand of them cost the service. So a process holds so many
connections and no more; one too many pushes out whoever has waited longest at the address that holds the most.
"""

import resource
from asyncio import Transport
from collections import Counter
from functools import lru_cache
from typing import ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_S: Final = 10.0
"""From the connection, or the first byte of a later request, to the end of the headers."""
BODY_S: Final = 20.0
BODY_BYTES_A_SECOND: Final = 500
"""A body may take ``BODY_S`` and one second more for so many bytes of it: what Apache's mod_reqtimeout asks of a line.
The slowest one that phones still have (GPRS) carries several times that."""
TAKING_S: Final = 60.0
"""How long an answer may lie here without the client taking any of it."""
LOOK_EVERY_S: Final = 1.0
MOST_HEADER_BYTES: Final = 64 * 1024
MOST_CONNECTIONS: Final = 1000
"""Of a process, if the system lets it have so many files."""
BACKLOG: Final = 256
"""Connections that the system keeps for a busy process; it may take all of them in at one moment."""
OTHER_FILES: Final = 128
"""What a process has open besides connections: database, log, parts of uploads."""
MOST_FILES: Final = 65_536


def allow_many_files() -> None:
    """Let this process and its children open as many files as the system permits its user."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@lru_cache(maxsize=1)
def most_connections() -> int:
    """How many connections this process may hold."""
    files, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(16, min(MOST_CONNECTIONS, files - BACKLOG - OTHER_FILES))


class PatientProtocol(HttpToolsProtocol):
    """One connection of a client whose patience is not ours."""

    watching: ClassVar[bool] = False
    reads: str = "headers"
    """What is waited for: ``headers``, ``body`` or, while a request is served and between two of them, nothing."""
    since: float = 0.0
    received: int = 0
    untaken: int = 0
    untaken_since: float = 0.0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """See ``asyncio``: one more, and perhaps one too many."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "peer": self.host}  # uvicorn puts the visitor in the place of a proxy
        self.since = self.loop.time()
        if len(self.connections) > most_connections():
            self._push_out()
        if not PatientProtocol.watching:
            PatientProtocol.watching = True
            self.loop.call_later(LOOK_EVERY_S, self._look_round)

    def data_received(self, data: bytes) -> None:
        """See ``asyncio``."""
        super().data_received(data)
        if self.reads == "headers":
            self.received += len(data)
            if self.received > MOST_HEADER_BYTES:
                self.transport.abort()

    def on_message_begin(self) -> None:
        """The first byte of a request is there."""
        super().on_message_begin()
        self._await("headers")

    def on_headers_complete(self) -> None:
        """The headers are."""
        super().on_headers_complete()
        self._await("body")

    def on_body(self, body: bytes) -> None:
        """Some of the body is; what still comes after the answer counts as well."""
        super().on_body(body)
        self.received += len(body)

    def on_message_complete(self) -> None:
        """All of it is."""
        super().on_message_complete()
        self.reads = ""

    def _await(self, what: str) -> None:
        self.reads, self.since, self.received = what, self.loop.time(), 0

    def _look_round(self) -> None:
        """Hang up on every client that has kept this process waiting for too long; again as long as there are any."""
        now = self.loop.time()
        for connection in list(self.connections):
            if isinstance(connection, PatientProtocol) and connection._is_overdue(now):
                connection.transport.abort()
        PatientProtocol.watching = bool(self.connections)
        if PatientProtocol.watching:
            self.loop.call_later(LOOK_EVERY_S, self._look_round)

    def _is_overdue(self, now: float) -> bool:
        untaken = self.transport.get_write_buffer_size()
        if untaken != self.untaken or not untaken:
            self.untaken, self.untaken_since = untaken, now
        if now - self.untaken_since > TAKING_S:
            return True
        if self.reads == "headers":
            return now - self.since > HEADER_S
        if self.reads == "body":
            if self.flow.read_paused:  # it is we who do not read
                self.since += LOOK_EVERY_S
            return now - self.since > BODY_S + self.received / BODY_BYTES_A_SECOND
        return False

    def _push_out(self) -> None:
        """Hang up on the connection that has been waited for longest, at the address that holds the most of them."""
        waited_for = [
            connection
            for connection in self.connections
            if isinstance(connection, PatientProtocol) and (connection.reads or not connection.is_served)
        ]
        held = Counter(connection.host for connection in waited_for)
        longest = min(waited_for, key=lambda connection: (-held[connection.host], connection.since), default=self)
        longest.transport.abort()

    @property
    def host(self) -> str:
        """The client's address; behind a proxy, the proxy's."""
        return self.client[0] if self.client else ""

    @property
    def is_served(self) -> bool:
        """Whether a request waits for its answer."""
        return not getattr(self.cycle, "response_complete", True)
