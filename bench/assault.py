"""What happens under attack and under load: two processes, both databases, and everything that goes wrong at once.

``python -m bench.assault [--engine sqlite|postgres] [--seconds 6]`` prints a line for each trouble and ends with 1 if
one was not survived. Loopback only, bounded in number and time (about a minute an engine).
"""

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import text

from bench.installation import ENGINES, Installation, installation
from bench.sync import _envelope
from tests.makers import Person, as_member
from tests.server import SANLIANG

PHONES: Final = 24
IDLE: Final = 1500
HALF_BODIES: Final = 100
GUESSES: Final = 60
LONGEST_WAIT_S: Final = 2.5
"""Of a phone's batch of five, several processes and 24 phones at once."""
LIMITED: Final = ("sh", "-c", 'ulimit -f "$LIMIT"; exec "$0" serve "$@"', SANLIANG)
IN_TWO_YEARS: Final = """
import sys, time_machine
from datetime import datetime, timedelta, UTC
from app.cli import main
sys.argv = ["sanliang", "sweep"]
with time_machine.travel(datetime.now(UTC) + timedelta(days=730), tick=False):
    main()
"""


def main() -> None:
    """Attack, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each storm of phones")
    parser.add_argument("--workers", type=int, default=2, help="processes of the server")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="sanliang-assault-") as folder,
        installation(Path(folder), options.engine, members=PHONES) as here,
    ):
        assault = Assault(here, options.seconds, options.workers)
        failed = [trouble.__name__ for trouble in assault.troubles() if not trouble()]
    print(f"{options.engine}: {'not survived: ' + ', '.join(failed) if failed else 'all survived'}")
    sys.exit(bool(failed))


class Assault:
    """One installation and what is done to it."""

    def __init__(self, here: Installation, seconds: float, workers: int) -> None:
        self.here, self.seconds = here, seconds
        self.workers = ("--workers", str(workers))
        self.acknowledged = 0

    def troubles(self) -> Iterator[Callable[[], bool]]:
        """Each in turn; the later ones start the server anew."""
        self.here.server.start(*self.workers)
        yield from (self.phones_at_once, self.idle_sockets, self.half_bodies, self.forged_header, self.killed)
        if self.here.database.is_sqlite:
            yield self.full_disk
        yield from (self.clock_jump, self.ledger)

    def phones_at_once(self) -> bool:
        """The longest wait of a phone's batch."""
        waits, statuses = self._storm(self.seconds)
        waits.sort()
        rate, longest = len(waits) / self.seconds, waits[-1]
        tail = waits[int(len(waits) * 0.95)]
        print(f"{PHONES} phones: {rate:.0f} batches a second, p95 {tail:.2f} s, longest {longest:.2f} s, {statuses}")
        return set(statuses) == {200} and longest <= LONGEST_WAIT_S

    def idle_sockets(self) -> bool:
        """Half a header each."""
        with self._opened(IDLE, b"GET /healthz HTTP/1.1\r\nHost: test"):
            looks = [self._look() for _time in range(20)]
        print(f"{IDLE} half headers: healthz {looks.count(None)} of 20 without an answer, slowest {_slowest(looks)} s")
        return None not in looks

    def half_bodies(self) -> bool:
        """Of forms that everybody may send, without a declared length."""
        head = (
            b"POST /sign-in HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        )
        with self._opened(HALF_BODIES, head + b"8000\r\n" + bytes(0x8000) + b"\r\n"):
            looks = [self._look() for _time in range(10)]
            files = sum("(deleted)" in str(file.readlink()) for file in Path(f"/proc/{self._pid()}/fd").iterdir())
        print(f"{HALF_BODIES} half bodies: slowest healthz {_slowest(looks)} s, {files} files that nobody sees")
        return None not in looks and not files

    def forged_header(self) -> bool:
        """Guesses that each claim another address; no proxy is trusted here."""
        said = Counter[int]()
        login = self.here.members[0].phone
        for number in range(GUESSES):
            form = urlencode({"login": login, "password": f"wrong guess {number}"})
            headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": f"203.0.113.{number}"}
            said[self._ask("POST", "/sign-in", form, headers)[0]] += 1
        print(f"{GUESSES} guesses with forged addresses: {dict(said)}")
        return said[429] >= GUESSES - 10

    def killed(self) -> bool:
        """SIGKILL in the middle of a storm, three times: what was acknowledged is there."""
        for _time in range(3):
            storm = threading.Thread(target=self._storm, args=(self.seconds / 2,))
            storm.start()
            time.sleep(self.seconds / 3)
            self.here.server.kill()
            storm.join()
            self.here.server.start(*self.workers)
        with self.here.database.read() as session:
            kept = session.execute(text("SELECT count(*) FROM study_records")).scalar_one()
        print(f"3 kills: {self.acknowledged} records acknowledged, {kept} kept")
        return bool(kept >= self.acknowledged)

    def full_disk(self) -> bool:
        """The files may not grow any more; then they may again."""
        server, log = self.here.server, self.here.server.database.with_name("sanliang.db-wal")
        server.stop()
        limit = max(file.stat().st_size for file in (server.database, log) if file.exists()) // 512 + 200
        server.start(program=LIMITED, environment={"LIMIT": str(limit)})
        _waits, statuses = self._storm(self.seconds)
        ready = self._ask("GET", "/readyz")[0]
        server.stop()
        server.start(*self.workers)
        again = self._ask("GET", "/readyz")[0], dict(self._storm(1.0)[1])
        print(f"full disk: writes {dict(statuses)}, readyz {ready}; with room again readyz and writes {again}")
        return statuses[503] > 0 and again[0] == 200 and set(again[1]) == {200}

    def clock_jump(self) -> bool:
        """A sweep in two years does nothing."""
        environment = os.environ | {
            "SANLIANG_DATABASE_URL": self.here.database.url.render_as_string(hide_password=False),
            "SANLIANG_DATA_DIR": str(self.here.server.folder),
        }
        done = subprocess.run([sys.executable, "-c", IN_TWO_YEARS], env=environment, capture_output=True, check=False)
        print(f"a sweep in two years: ends with {done.returncode}")
        return done.returncode == 3

    def ledger(self) -> bool:
        """Still whole."""
        print(self.here.server.run("ledger", "verify").strip().splitlines()[0])
        return True

    def _storm(self, seconds: float) -> tuple[list[float], Counter[int]]:
        """Every phone sends batch after batch; gives the waits and the statuses. 0: no answer."""
        waits: list[float] = []
        statuses = Counter[int]()
        noting = threading.Lock()
        ends = time.monotonic() + seconds

        def send(member: Person) -> None:
            while time.monotonic() < ends:
                began = time.monotonic()
                headers = as_member(member) | {"Content-Type": "application/json"}
                status, body = self._ask("POST", "/sync", json.dumps(_envelope(member, 5)), headers)
                with noting:
                    waits.append(time.monotonic() - began)
                    statuses[status] += 1
                    self.acknowledged += len(json.loads(body)["verdicts"]) if status == 200 else 0

        phones = [threading.Thread(target=send, args=(member,)) for member in self.here.members]
        for phone in phones:
            phone.start()
        for phone in phones:
            phone.join()
        return waits, statuses

    def _ask(self, method: str, path: str, body: str = "", headers: Any = None) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.here.server.port, timeout=30)
        try:
            line.request(method, path, body or None, {"Sec-Fetch-Site": "same-origin"} | (headers or {}))
            answer = line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            line.close()

    def _look(self) -> float | None:
        began = time.monotonic()
        return time.monotonic() - began if self._ask("GET", "/healthz")[0] == 200 else None

    @contextmanager
    def _opened(self, number: int, first: bytes) -> Iterator[None]:
        with ExitStack() as open_ones:
            for _number in range(number):
                one = open_ones.enter_context(socket.create_connection(("127.0.0.1", self.here.server.port)))
                one.sendall(first)
            yield

    def _pid(self) -> int:
        return self.here.server.pid


def _slowest(looks: list[float | None]) -> str:
    return f"{max((look for look in looks if look is not None), default=0.0):.2f}"


if __name__ == "__main__":
    main()
