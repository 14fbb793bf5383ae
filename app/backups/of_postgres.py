"""PostgreSQL by its own tools: what they are called, where they are, and databases beside the one that serves."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import URL

from app.backups.rules import CannotError
from app.core.i18n import lazy_gettext as _

PLACES: Final = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
"""Where Debian's and the RPM packages put the tools of each version."""
LOOK_EVERY_S: Final = 0.5
MISSING: Final = _(
    "%(tool)s is not here. Install the tools of PostgreSQL %(version)s or newer: apt install "
    "postgresql-client-%(version)s (Debian), dnf install postgresql%(version)s (RPM)."
)
TOO_OLD: Final = _(
    "%(tool)s is of PostgreSQL %(found)s, the server is %(version)s, and an older tool does not understand it. Install "
    "the newer ones: apt install postgresql-client-%(version)s (Debian), dnf install postgresql%(version)s (RPM)."
)
MAY_NOT_CREATE: Final = _(
    "The account may not make databases, which this needs. Let it: ALTER ROLE %(role)s CREATEDB. Or make an empty "
    "database by hand, name it in SANLIANG_DATABASE_URL, and restore into that."
)
SCRATCH: Final = "sanliang: scratch, dropped by the next drill or restore"
"""What a database says of itself that may be dropped. What has its name and not this is somebody's."""
NOT_SCRATCH: Final = _(
    "There is a database %(database)s already, and nothing in it says that it may be thrown away. Rename it, or run "
    "this on another server: nothing was touched. If an interrupted drill or restore left it, drop it by hand."
)
_COMMENT: Final = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
IN_USE: Final = _("%(number)s others are connected to %(database)s. Stop the servers first, then run this again.")
_THINGS: Final = """
    SELECT found.type, found.identity
    FROM (
        SELECT 1 AS turn, 'pg_class'::regclass AS kind, oid, relnamespace AS place FROM pg_class
            WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL SELECT 2, 'pg_proc'::regclass, oid, pronamespace FROM pg_proc
        UNION ALL SELECT 3, 'pg_type'::regclass, oid, typnamespace FROM pg_type WHERE typtype IN ('e', 'd')
        UNION ALL SELECT 4, 'pg_namespace'::regclass, oid, oid FROM pg_namespace
    ) AS thing
    JOIN pg_namespace ON pg_namespace.oid = thing.place,
    LATERAL pg_identify_object(thing.kind, thing.oid, 0) AS found
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = thing.kind AND objid = thing.oid AND deptype = 'e'
    )
    ORDER BY thing.turn
"""
"""What a dump brings, tables first, by kind and name as they are written to drop them."""
FAILED: Final = _("%(tool)s failed: %(reason)s")


def dump(url: URL, version: int, *, snapshot: str, to: Path, written: Callable[[int], object]) -> None:
    """Write the database as it is in the exported ``snapshot``; ``written`` is told the bytes so far.

    Raises:
        CannotError: the tool is missing, too old, or fails.
    """
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    how = ("--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60s", f"--snapshot={snapshot}")
    words = (*how, f"--file={to}", f"--dbname={_without_password(url)}")
    _run("pg_dump", url, words, version=version, look=lambda: written(to.stat().st_size))
    _run("pg_restore", url, ("--file=/dev/null", str(to)), version=version)  # reads every page of it


def load(url: URL, version: int, dumped: Path) -> None:
    """Fill the empty database at ``url``, in one transaction.

    Raises:
        CannotError: the tool is missing, too old, or fails.
    """
    how = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run("pg_restore", url, (*how, f"--dbname={_without_password(url)}", str(dumped)), version=version)


def server_version(url: URL) -> int:
    """The major version of the server."""
    with _connected(url) as connection:
        return connection.info.server_version // 10_000


@contextmanager
def beside(url: URL, name: str) -> Iterator[URL]:
    """A new, empty database ``name`` on the same server; at the end it is gone, unless it was given another name.

    Raises:
        CannotError: the account may not make one, another command is at work in it, or one of this name is not ours.
    """
    with _connected(url) as connection:
        kind = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = %s",
            [url.database],
        ).fetchone()
    assert kind  # noqa: S101 (one is connected to it)
    scratch = sql.Identifier(name)
    made = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}")
    ours = sql.SQL("COMMENT ON DATABASE {} IS {}").format(scratch, sql.Literal(SCRATCH))
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(scratch)
    with _connected(_maintenance(url)) as server:
        try:
            _check_ours(server, name)
            server.execute(drop)  # what a killed one has left
            server.execute(made.format(scratch, *map(sql.Literal, kind)))
            server.execute(ours)
        except psycopg.errors.InsufficientPrivilege:
            raise CannotError(MAY_NOT_CREATE, role=url.username or "") from None
        except psycopg.errors.ObjectInUse:
            raise CannotError(IN_USE, number=1, database=name) from None
        try:
            yield url.set(database=name)
        finally:
            with suppress(psycopg.Error):
                server.execute(drop)


def _check_ours(server: psycopg.Connection[Any], name: str) -> None:
    """Hold the name until ``server`` is closed, and see that nothing of somebody else's has it.

    Raises:
        CannotError: another command holds it, or somebody's database is called so.
    """
    if server.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name]).fetchone() != (True,):
        raise CannotError(IN_USE, number=1, database=name)
    found = server.execute(_COMMENT, [name]).fetchone()
    if found and found[0] != SCRATCH:
        raise CannotError(NOT_SCRATCH, database=name)


@contextmanager
def emptied_on_failure(url: URL) -> Iterator[None]:
    """What comes into the database at ``url`` meanwhile is dropped again, if it ends in a failure."""
    with _connected(url) as connection:
        before = set(connection.execute(_THINGS).fetchall())
    try:
        yield
    except BaseException:
        with _connected(url) as connection, connection.transaction():
            for kind, name in connection.execute(_THINGS).fetchall():
                if (kind, name) not in before:  # both quoted by the server
                    connection.execute(sql.SQL(f"DROP {kind} IF EXISTS {name} CASCADE"))
        raise


def swap(url: URL, new: str, old: str) -> None:
    """The database ``new`` takes the place of the one at ``url``, which is called ``old`` from now on: both or neither.

    Raises:
        CannotError: somebody is connected to one of them.
    """
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    now = sql.Identifier(url.database or "")
    with _connected(_maintenance(url)) as server:
        try:
            with server.transaction():
                server.execute(rename.format(now, sql.Identifier(old)))
                server.execute(rename.format(sql.Identifier(new), now))
                server.execute(sql.SQL("COMMENT ON DATABASE {} IS NULL").format(now))
        except psycopg.errors.ObjectInUse:
            raise CannotError(IN_USE, number=others(url) or 1, database=url.database) from None
        except psycopg.errors.InsufficientPrivilege:
            raise CannotError(MAY_NOT_CREATE, role=url.username or "") from None


def others(url: URL) -> int:
    """How many are connected to the database at ``url``."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    with _connected(_maintenance(url)) as server:
        found = server.execute(asked, [url.database]).fetchone()
    return int(found[0]) if found else 0


def _connected(url: URL) -> psycopg.Connection[Any]:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True, connect_timeout=5)


def _maintenance(url: URL) -> URL:
    return url.set(database="postgres")


def _without_password(url: URL) -> str:
    return url._replace(drivername="postgresql", password=None).render_as_string()


def _run(tool: str, url: URL, words: Sequence[str], *, version: int, look: Callable[[], object] = lambda: None) -> None:
    """Run one of PostgreSQL's tools; it ends with us. Its password is in its environment, where others cannot look."""
    process = subprocess.Popen(  # noqa: S603 (looked for by name in known places)
        (_found(tool, version), *words),
        env=os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {}),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    said = None
    try:
        while said is None:
            with suppress(subprocess.TimeoutExpired):
                _nothing, said = process.communicate(timeout=LOOK_EVERY_S)
            look()
    finally:
        process.kill()
    if process.returncode:
        reason = (said.strip().splitlines() or [str(process.returncode)])[-1]
        raise CannotError(FAILED, tool=tool, reason=reason)


def _found(tool: str, version: int) -> str:
    """Where a ``tool`` is that understands PostgreSQL ``version``: in the path, or where packages put it.

    Raises:
        CannotError: nowhere.
    """
    candidates = [shutil.which(tool), *(str(path / tool) for place in PLACES for path in Path("/").glob(place[1:]))]
    found = {name: _version_of(name) for name in candidates if name and Path(name).is_file()}
    for name, its_version in found.items():
        if its_version >= version:
            return name
    if not found:
        raise CannotError(MISSING, tool=tool, version=version)
    raise CannotError(TOO_OLD, tool=tool, found=max(found.values()), version=version)


def _version_of(tool: str) -> int:
    done = subprocess.run((tool, "--version"), capture_output=True, text=True, check=False)  # noqa: S603 (see above)
    said = re.search(r"\) (\d+)", done.stdout)
    return int(said[1]) if said else 0
