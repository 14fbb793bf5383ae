"""Servers of two versions side by side on one PostgreSQL, behind nginx; phones and browsers go on meanwhile."""

import http.client
import os
import random
import re
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Self

from app.core import schema
from app.core.settings import PROJECT_DIR
from bench.phones import Phone
from tests.deployed import nginx
from tests.makers import Person, as_member
from tests.server import Server, _free_port

OF_THE_APP: Final = ("app", "migrations", "alembic.ini", "web/templates", "web/locales", "web/dist")
NO_CACHES: Final = shutil.ignore_patterns("__pycache__")
FILES: Final = re.compile(r'"(/assets/[\w-]+\.\w+)')
MIGRATION: Final = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade():
    for table in ("sessions", "inbox_items", "study_records", "reviews"):
        op.add_column(table, sa.Column("of_next", sa.String(20), nullable=True))
        op.create_index(f"ix_{{table}}_of_next", table, ["of_next"])
"""


def next_version(folder: Path) -> Path:
    """This version with one revision more, a script of another name, and a shell of its own: as if it were the next."""
    for name in OF_THE_APP:
        source, target = PROJECT_DIR / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=NO_CACHES)
        else:
            shutil.copy(source, target)
    newest = " ".join(schema.newest())
    (folder / "migrations" / "versions" / "next.py").write_text(MIGRATION.format(newest=newest), "utf-8")
    built = folder / "web" / "dist"
    manifest = built / "manifest.json"
    (script,) = re.findall(r"main-\w+\.js", manifest.read_text("utf-8"))
    manifest.write_text(manifest.read_text("utf-8").replace(script, "main-NEXTNEXT.js"), "utf-8")
    for ending in ("", ".br", ".gz"):
        (built / (script + ending)).rename(built / f"main-NEXTNEXT.js{ending}")
    (built / "version").write_text("next", "utf-8")
    return folder


@contextmanager
def behind_nginx(folder: Path, servers: Sequence[Server]) -> Iterator[int]:
    """The port of nginx as it is delivered, but for TLS, in front of ``servers``."""
    port = _free_port()
    others = {
        "listen 443 ssl http2": f"listen 127.0.0.1:{port}",
        "listen 80": f"listen 127.0.0.1:{_free_port()}",
        "    listen [::]:443 ssl http2;\n": "",
        "    listen [::]:80;\n": "",
        "server 127.0.0.1:8000;": " ".join(f"server 127.0.0.1:{server.port};" for server in servers),
    }
    words = [*nginx(folder, others), "-g", "daemon off;"]
    with (folder / "log" / "said.log").open("wb") as log:
        proxy = subprocess.Popen(words, cwd=folder, stdout=log, stderr=log, env=os.environ)
    try:
        deadline = time.monotonic() + 30
        while not _answers(port):
            assert proxy.poll() is None, (folder / "log" / "said.log").read_text("utf-8")
            assert time.monotonic() < deadline, "nginx did not start"
            time.sleep(0.05)
        yield port
    finally:
        proxy.terminate()
        proxy.wait(20)


def _answers(port: int) -> bool:
    with suppress(OSError):
        return asked(port, "/healthz")[0] == 200
    return False


def asked(port: int, path: str, person: Person | None = None) -> tuple[int, bool, str]:
    """Status of ``path``, whether it says when to come again, and what it says."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("GET", path, headers=as_member(person) if person else {})
        answer = line.getresponse()
        return answer.status, answer.headers["Retry-After"] is not None, answer.read().decode("utf-8", "replace")
    finally:
        line.close()


class Crowd:
    """People who go on: ``phones`` send records, and as many browsers read the page of today with all its files."""

    def __init__(self, people: Sequence[Person], port: int, *, pause_s: float = 0.05) -> None:
        self.phones = [Phone(person, port, random.Random(number)) for number, person in enumerate(people)]
        self.seen: Counter[str] = Counter()
        """How many answers of which kind the browsers had."""
        self._people, self._port, self._pause_s = people, port, pause_s
        self._over, self._noting = threading.Event(), threading.Lock()
        each = [(self._send, (phone,)) for phone in self.phones], [(self._read, (person,)) for person in people]
        self._threads = [threading.Thread(target=target, args=args) for kind in each for target, args in kind]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def sent(self) -> int:
        """How many things the server has named to phones so far."""
        return sum(len(phone.acts) - phone.waiting for phone in self.phones)

    def goes_on(self, *, seconds: float = 60) -> None:
        """Return when twenty more have arrived, and each browser has read on.

        Raises:
            AssertionError: they have not, in so many seconds.
        """
        sent, read, deadline = self.sent(), self.seen.total(), time.monotonic() + seconds
        while self.sent() < sent + 20 or self.seen.total() < read + 20:
            assert time.monotonic() < deadline, (self.sent() - sent, self.seen)
            time.sleep(0.02)

    def empty(self) -> None:
        """Send what still waits on the phones."""
        for phone in self.phones:
            for _time in range(200):
                if phone.waiting:
                    phone.send()

    def wrong(self) -> list[str]:
        """What nobody should have met: another answer than asked for, or a 503 that does not say when to come again."""
        return [f"{number} x {answer}" for answer, number in self.answers().items() if answer not in ("200", "503")]

    def answers(self) -> Counter[str]:
        """What phones and browsers were answered, and how often."""
        return sum((phone.answers for phone in self.phones), Counter(self.seen))

    def _send(self, phone: Phone) -> None:
        while not self._over.is_set():
            phone.capture()
            phone.send()
            self._over.wait(self._pause_s)

    def _read(self, person: Person) -> None:
        while not self._over.wait(self._pause_s):
            for file in FILES.findall(self._ask("/", person)):
                self._ask(file, None)

    def _ask(self, path: str, person: Person | None) -> str:
        try:
            status, says_when, text = asked(self._port, path, person)
            what = f"{status}" if status == 200 or (status == 503 and says_when) else f"{status} of {path}"
        except (OSError, http.client.HTTPException) as error:
            what, text = f"{error!r} of {path}", ""
        with self._noting:
            self.seen[what] += 1
        return text if what == "200" else ""
