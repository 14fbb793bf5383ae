"""The real server as its own process, on its own port, over its own database; it can be stopped and killed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self
from urllib.error import URLError

from tests.nursery import Born, nursery

SANLIANG: Final = str(Path(sys.executable).with_name("sanliang"))
FROM_A_SHELL: Final = (SANLIANG, "serve")
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
START_SECONDS: Final = 60
"""A server that has not answered by then has failed to start."""
RUN_SECONDS: Final = 600
"""A command that has not ended by then never will: a year is invented in less on a slow machine."""


class Server:
    """``sanliang serve`` over the SQLite file in ``folder`` or over the database at ``database_url``.

    Its address stays the same across restarts. With ``is_born`` it comes up at once, and so do its commands:
    from the nursery, not a shell. ``code`` is where another version of the product lies.
    """

    def __init__(
        self, folder: Path, database_url: str = "", *, is_born: bool = False, code: Path | None = None
    ) -> None:
        self.folder = folder
        self._is_born = is_born
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | Born | None = None
        self._environment = os.environ | {
            "SANLIANG_DATA_DIR": str(folder),
            "SANLIANG_DATABASE_URL": database_url,
            "SANLIANG_PORT": str(self.port),
            "SANLIANG_SWEEP": "false",  # what time brings about is brought about by the tests of it
            **({"PYTHONPATH": str(code)} if code else {}),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.kill()

    def furnish(self, furnished: Path | None = None) -> None:
        """Fill the database with the demo, or copy the ``furnished`` one that somebody filled before."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if furnished:
            for name in (furnished.name, "contacts.key"):
                shutil.copyfile(furnished.with_name(name), self.folder / name)
        else:
            self.run("migrate")
            self.run("contacts", "new-key")
            self.run("demo")

    @property
    def database(self) -> Path:
        """The file the server keeps its data in; whole only while the server is stopped."""
        return self.folder / "sanliang.db"

    @property
    def pid(self) -> int:
        """The process that serves.

        Raises:
            AssertionError: it is not running.
        """
        assert self._process, "the server is not running"
        return self._process.pid

    def run(self, *arguments: str) -> str:
        """What ``sanliang …`` prints for this installation.

        Raises:
            AssertionError: it exited with an error.
        """
        if self._is_born:
            log = self.folder / "run.log"
            log.unlink(missing_ok=True)
            status = nursery().bear(arguments, self._environment, log).wait(RUN_SECONDS)
            assert status == 0, f"sanliang {' '.join(arguments)}\n{log.read_text('utf-8')}"
            return log.read_text("utf-8")
        done = subprocess.run(
            [SANLIANG, *arguments], env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"sanliang {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(
        self, *options: str, program: Sequence[str] = FROM_A_SHELL, environment: Mapping[str, str] = NOTHING
    ) -> None:
        """Start with these options of ``serve`` (or another ``program`` in its place), and return when it answers.

        Raises:
            AssertionError: it does not; the message is what it said.
        """
        around = {**self._environment, **environment}
        if self._is_born and program == FROM_A_SHELL and "PYTHONPATH" not in environment:
            self._process = nursery().bear(["serve", *options], around, self.folder / "serve.log")
        else:
            with (self.folder / "serve.log").open("ab") as log:
                self._process = subprocess.Popen(
                    [*program, *options],
                    env=around,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # so that its workers can be killed with it
                )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"the server did not start:\n{self.log()}")
            time.sleep(0.05)

    def stop(self) -> int:
        """Ask it to end, wait until it has, and give its exit status (0 if it was not running)."""
        if not self._process:
            return 0
        self._process.terminate()
        status = self._process.wait(START_SECONDS)
        self._process = None
        return status

    def wait(self) -> None:
        """Until it has ended by itself."""
        if self._process:
            self._process.wait(START_SECONDS)
            self._process = None

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended since."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it and its workers as a power cut would."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(START_SECONDS)
            self._process = None

    def log(self) -> str:
        """What it has said so far."""
        return (self.folder / "serve.log").read_text("utf-8", errors="replace")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
