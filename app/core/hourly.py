"""A server sees to it that the sweep is run once an hour, and that webhooks are told every minute.

Both in processes of their own: pages keep their time and memory. Any number of servers may share a database. Each looks
once a minute whether something is due; a lease and ``--if-due`` let one of them do it. A server that ends asks what it
has begun to end: what is left is the next one's.
"""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib import import_module
from types import FrameType
from typing import Final, NamedTuple

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core import clock, leases, pulses
from app.core.db import Database

log = logging.getLogger("sanliang")
SWEEP: Final = "sweep"
"""When the last one came to its end, in ``pulses``; and the lease of it."""
FAILED: Final = "sweep failed"
"""When one last did not do all it should have."""
EVERY: Final = timedelta(hours=1)
AFTER_A_FAILURE: Final = timedelta(minutes=15)
FIRST_LOOK_S: Final = 20.0
"""A server comes up first, and so do its neighbours that start with it."""
LOOKS_EVERY_S: Final = 60.0
ENDS_WITHIN_S: Final = 8.0
"""How long a sweep that was asked to end may take; what it was at is then rolled back by the database."""
WEBHOOKS: Final = "app.features.webhooks.waiting"
WEBHOOKS_FAILED: Final = "webhooks failed"
TELLING: Final = (sys.executable, "-P", "-m", "app.cli", "webhooks", "--if-due")
COMMAND: Final = (sys.executable, "-P", "-m", "app.cli", "sweep", "--if-due")
INTERRUPTED: Final = 130
"""How the command ends that was asked to."""


class Errand(NamedTuple):
    """Something that a server sees to."""

    name: str
    command: tuple[str, ...]
    is_due: Callable[[Session, datetime], bool]
    failed: str
    """The pulse that says when it last did not do all it should have."""


def is_due(session: Session, now: datetime) -> bool:
    """Whether nobody sweeps, an hour has passed since somebody did, and a failure is not of this moment."""
    return not is_swept(session, now) and _may_begin(session, SWEEP, FAILED, now)


def are_webhooks_due(session: Session, now: datetime) -> bool:
    """Whether a message is due that nobody sends, and a failure is not of this moment."""
    waiting = import_module(WEBHOOKS)  # by name, as the server itself is: the core knows no stream
    return bool(waiting.is_waiting(session, now)) and _may_begin(session, waiting.LEASE, WEBHOOKS_FAILED, now)


def _may_begin(session: Session, lease: str, failed: str, now: datetime) -> bool:
    at = pulses.last(session, failed)
    return not (at and at <= now < at + AFTER_A_FAILURE) and not leases.is_taken(session, lease)


def is_swept(session: Session, now: datetime) -> bool:
    """Whether the last sweep is less than an hour ago; one in the future is none."""
    swept = pulses.last(session, SWEEP)
    return swept is not None and swept <= now < swept + EVERY


def errands() -> tuple[Errand, ...]:
    """What a server sees to."""
    return (Errand("sweep", COMMAND, is_due, FAILED), Errand("webhooks", TELLING, are_webhooks_due, WEBHOOKS_FAILED))


@contextmanager
def running(url: str) -> Iterator[None]:
    """See to it while the block runs. Who is asked to end leaves the block, and then what was begun has ended."""
    keepers = [_Keeper(url, errand) for errand in errands()]
    before = signal.signal(signal.SIGTERM, _leave)
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        for keeper in keepers:
            keeper.ask_to_end()
        for keeper in keepers:
            keeper.stop()
        signal.signal(signal.SIGTERM, before)


@contextmanager
def ending_when_asked() -> Iterator[None]:
    """Whoever asks this process to end interrupts it: what it was at is rolled back, a lease is given back."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """The server hands the signal on once it has finished: the process ends, but not at once."""
    sys.exit(0)


class _Keeper(threading.Thread):
    """Looks at the time, and at the process that does the errand."""

    def __init__(self, url: str, errand: Errand) -> None:
        super().__init__(name=errand.name, daemon=True)
        self._url = url
        self._errand = errand
        self._over = threading.Event()
        self._starting = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def run(self) -> None:
        """Until ``stop``."""
        pause = FIRST_LOOK_S
        while not self._over.wait(pause):
            pause = LOOKS_EVERY_S
            database = Database(self._url, threads=1)
            try:
                with database.read() as session:
                    is_due_now = self._errand.is_due(session, clock.now())
                if is_due_now and not self._do() and not self._over.is_set():
                    with database.write() as session:
                        pulses.beat(session, self._errand.failed, clock.now())
            except (SQLAlchemyError, OSError):
                log.exception("whether it is due could not be seen, or it could not be started: %s", self.name)
            finally:
                database.close()

    def ask_to_end(self) -> None:
        """Look no more, and ask what is under way to end."""
        self._over.set()
        with self._starting:
            process = self._process
        if process and process.poll() is None:
            process.terminate()

    def stop(self) -> None:
        """Let what is under way, and was asked to, end first."""
        if process := self._process:
            try:
                process.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
        self.join(ENDS_WITHIN_S)

    def _do(self) -> bool:
        """Do it, and say whether all was done; what went wrong goes to the log of the server."""
        with self._starting:
            if self._over.is_set():
                return True
            self._process = subprocess.Popen(  # noqa: S603 (our own program)
                self._errand.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
        _nothing, said = self._process.communicate()
        status = self._process.returncode
        if self._over.is_set() or status == INTERRUPTED:
            return True
        for line in said.splitlines():
            log.error("%s: %s", self.name, line)
        if status:
            log.error("%s did not do all it should have (%s)", self.name, status)
        return not status
