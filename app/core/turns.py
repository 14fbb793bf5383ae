"""One fair turn to write among the threads and processes that share a SQLite file.

SQLite's own handler polls with growing sleeps: with four processes it let one phone wait 9.6 s while the luckiest came
at once. Here each draws a number and waits until no lower one is held. A number is a lock on one byte of a file beside
the database, so it ends with its process, whatever ends that. The turn is a courtesy: what really excludes is the
database's own lock, and where the file cannot be had (a read-only folder, a file system without locks) it does without.
"""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

COUNTER: Final = 2**62
"""The byte that is locked while a number is drawn; the file is never so long."""
POLL_S: Final = (0.0002, 0.002)
"""First and longest pause between two looks at who is before."""
KEPT_S: Final = 0.05
"""How long the threads of one process may hand a turn on among themselves: each change of processes costs a pause."""


class Turns:
    """Turns of threads, and of processes that draw numbers in the file at ``path``."""

    def __init__(self, path: str) -> None:
        self._path, self._file = path, -1
        self._thread = threading.Lock()
        self._waiting, self._counting = 0, threading.Lock()
        self._since: float | None = None
        """When this process got the turn that it has, if it has one."""

    @contextmanager
    def turn(self, patience: float) -> Iterator[bool]:
        """Wait for a turn, for ``patience`` seconds at most, and say whether no other thread has one.

        That another process has one is said by the database.
        """
        until = time.monotonic() + patience
        self._count(+1)
        is_alone = self._thread.acquire(timeout=max(0.0, patience))
        self._count(-1)
        if not is_alone:
            if self._thread.acquire(blocking=False):  # handed to this thread in the moment in which it gave up
                self._leave()
                self._thread.release()
            yield False
            return
        if self._since is None:
            with suppress(OSError):  # a folder to read only, a file system that knows no locks
                self._take(until)
            self._since = time.monotonic()
        since = self._since
        try:
            yield True
        finally:
            if not self._waiting or time.monotonic() - since > KEPT_S:
                self._leave()
            self._thread.release()

    def close(self) -> None:
        """Give the file back."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _count(self, more: int) -> None:
        with self._counting:
            self._waiting += more

    def _take(self, until: float) -> None:
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if number := self._draw(until):
            self._wait(lambda: self._lock(number, start=0), until)  # every lower number: nobody is before

    def _leave(self) -> None:
        self._since = None
        if self._file >= 0:
            with suppress(OSError):
                fcntl.lockf(self._file, fcntl.LOCK_UN, 0, 0)

    def _draw(self, until: float) -> int:
        """The next number, its byte locked; 0 if somebody stopped in the middle of drawing."""
        if not self._wait(lambda: self._lock(1, start=COUNTER), until):
            return 0
        number = int.from_bytes(os.pread(self._file, 8, 0), "big") % COUNTER + 1
        os.pwrite(self._file, number.to_bytes(8, "big"), 0)
        self._lock(1, start=number)
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, COUNTER)
        return number

    @staticmethod
    def _wait(attempt: Callable[[], bool], until: float) -> bool:
        pause, longest = POLL_S
        while not attempt():
            if time.monotonic() > until:
                return False
            time.sleep(pause)
            pause = min(2 * pause, longest)
        return True

    def _lock(self, length: int, *, start: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
        except BlockingIOError:
            return False
        return True
