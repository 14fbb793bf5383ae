"""Servers that come up at once: each is born of a process that has read the app before, as reading it takes seconds.

What is born has its own environment, its own log and its own session, and runs ``sanliang`` as from a shell. The
commands' own tests start theirs from a shell.
"""

import gc
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from signal import SIGTERM
from threading import Lock
from typing import IO, Any

PROJECT_DIR = Path(__file__).parents[1]


class Born:
    """A process born in the nursery; it is asked and awaited like one of ``subprocess``."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self.pid = pid
        self._nursery = nursery
        self._status: int | None = None

    def poll(self) -> int | None:
        """Its exit status, negative for a signal, or ``None`` while it runs."""
        if self._status is None:
            self._status = self._nursery.ask(ended=self.pid)
        return self._status

    def wait(self, timeout: float) -> int:
        """Its exit status, when it has ended.

        Raises:
            subprocess.TimeoutExpired: it has not, after ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("sanliang", timeout)
            time.sleep(0.01)
        return status

    def terminate(self) -> None:
        """Ask it to end."""
        if self.poll() is None:
            os.kill(self.pid, SIGTERM)


class Nursery:
    """One process that has read the app and serves nobody: it ends when this one does."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT_DIR
        )

    def bear(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Born:
        """Start ``sanliang`` with these arguments and this environment; what it says is added to ``log``."""
        return Born(self, self.ask(arguments=list(arguments), environment=dict(environment), log=str(log)))

    def ask(self, **wish: Any) -> Any:
        """One line there, one line back."""
        assert self._process.stdin
        assert self._process.stdout
        with self._turn:
            self._process.stdin.write(json.dumps(wish).encode() + b"\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """Let it end; who was born there does not need it."""
        self._process.communicate()


@cache
def nursery() -> Nursery:
    """That of this process."""
    return Nursery()


def close() -> None:
    """Nobody is born any more; where nobody ever was, nothing is to be closed."""
    if nursery.cache_info().currsize:
        nursery().close()
        nursery.cache_clear()


def _serve(wishes: IO[bytes], answers: IO[bytes]) -> None:
    for line in iter(wishes.readline, b""):
        wish = json.loads(line)
        answer = _status(wish["ended"]) if "ended" in wish else _birth(**wish)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _status(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _birth(arguments: list[str], environment: dict[str, str], log: str) -> int:
    if pid := os.fork():
        return pid
    status = 1
    try:
        os.setsid()  # so that its workers can be killed with it
        said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(said, stream.fileno())
        os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
        os.environ.clear()
        os.environ.update(environment)
        status = _run(arguments)
    finally:
        if sys.exc_info()[0]:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _run(arguments: list[str]) -> int:
    from app import cli
    from app.core.settings import settings

    settings.cache_clear()  # the streams have asked for them, before anybody had an environment of its own
    sys.argv = ["sanliang", *arguments]
    try:
        cli.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    return 0


if __name__ == "__main__":
    from app.main import routers

    list(routers())  # with all they need: the longest part of a start
    gc.freeze()  # nobody who is born looks again for cycles in what all have
    gc.set_threshold(200_000, 50, 50)
    _serve(sys.stdin.buffer, sys.stdout.buffer)
