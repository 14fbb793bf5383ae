"""A server sees to it that the sweep is run once an hour, in a process of its own: pages keep their time and memory.

Any number of servers may share a database. Each looks once a minute whether an hour has passed; the sweep's lease and
``--if-due`` let one of them do it. A server that ends asks its sweep to end: what is left is the next one's.
"""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import FrameType
from typing import Final

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
COMMAND: Final = (sys.executable, "-P", "-m", "app.cli", "sweep", "--if-due")
INTERRUPTED: Final = 130
"""How the command ends that was asked to."""


def is_due(session: Session, now: datetime) -> bool:
    """Whether nobody sweeps, an hour has passed since somebody did, and a failure is not of this moment."""
    failed = pulses.last(session, FAILED)
    if is_swept(session, now) or (failed and failed <= now < failed + AFTER_A_FAILURE):
        return False
    return not leases.is_taken(session, SWEEP)


def is_swept(session: Session, now: datetime) -> bool:
    """Whether the last sweep is less than an hour ago; one in the future is none."""
    swept = pulses.last(session, SWEEP)
    return swept is not None and swept <= now < swept + EVERY


@contextmanager
def running(url: str) -> Iterator[None]:
    """See to it while the block runs. A server that is asked to end leaves the block, and then its sweep has ended."""
    keeper = _Keeper(url)
    before = signal.signal(signal.SIGTERM, _leave)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()
        signal.signal(signal.SIGTERM, before)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """The server hands the signal on once it has finished: the process ends, but not at once."""
    sys.exit(0)


class _Keeper(threading.Thread):
    """Looks at the time, and at the process that sweeps."""

    def __init__(self, url: str) -> None:
        super().__init__(name="hourly", daemon=True)
        self._url = url
        self._over = threading.Event()
        self._starting = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def run(self) -> None:
        """Until ``stop``."""
        pause = FIRST_LOOK_S
        while not self._over.wait(pause):
            pause = LOOKS_EVERY_S
            database = Database(self._url, pool_size=1)
            try:
                with database.read() as session:
                    is_due_now = is_due(session, clock.now())
                if is_due_now and not self._sweep() and not self._over.is_set():
                    with database.write() as session:
                        pulses.beat(session, FAILED, clock.now())
            except (SQLAlchemyError, OSError):
                log.exception("whether a sweep is due could not be seen, or it could not be started")
            finally:
                database.close()

    def stop(self) -> None:
        """Look no more, and let a sweep that is under way end first."""
        self._over.set()
        with self._starting:
            process = self._process
        if process and process.poll() is None:
            process.terminate()
            try:
                process.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
        self.join(ENDS_WITHIN_S)

    def _sweep(self) -> bool:
        """Sweep, and say whether all was done; what went wrong goes to the log of the server."""
        with self._starting:
            if self._over.is_set():
                return True
            self._process = subprocess.Popen(  # noqa: S603 (our own program)
                COMMAND, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
        _nothing, said = self._process.communicate()
        status = self._process.returncode
        if self._over.is_set() or status == INTERRUPTED:
            return True
        for line in said.splitlines():
            log.error("sweep: %s", line)
        if status:
            log.error("the sweep did not do all it should have (%s)", status)
        return not status
