"""Putting a backup in place, or into a scratch place to see that it could be: loaded, brought up to date, proved."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import URL, inspect
from sqlalchemy.exc import DatabaseError

from app import doors
from app.backups import folders, manifest, of_postgres
from app.backups.making import Proof, prove
from app.backups.manifest import Manifest
from app.backups.rules import CannotError, Tell, adding_up
from app.core import opening, pulses, schema, sqlite
from app.core.db import Database
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.settings import Settings
from app.features.audit import seals

PULSE: Final = "drill"
ROOM: Final = 2
"""How often a database of SQLite needs its own size beside it: once to lie there, once to be brought up to date."""
OTHER_ENGINE: Final = lazy_gettext("This backup is one of %(made)s, and the settings name a database of %(here)s.")
NOT_EMPTY: Final = lazy_gettext(
    "%(database)s is not empty. What it holds would be put aside under another name, not erased. If that is meant, run "
    "this again with: --replacing %(name)s"
)
NOT_AS_WRITTEN: Final = lazy_gettext(
    "What was restored is not as it was when the backup was made. It was not put in place; take another backup."
)
OPEN: Final = lazy_gettext("Somebody has %(database)s open. Stop the server first, then run this again.")


def read(place: Path, engine: str, tell: Tell) -> tuple[Path, Manifest]:
    """The backup at ``place``, or the newest there, seen to be whole and of our kind.

    Raises:
        CannotError: it is not.
    """
    backup = folders.chosen(place)
    said = manifest.read(backup)
    if said.engine != engine:
        raise CannotError(OTHER_ENGINE, made=said.engine, here=engine)
    if said.schema and not schema.knows(said.schema):
        raise CannotError(manifest.OF_ANOTHER_VERSION)
    manifest.check(backup, said, adding_up(tell, _("Adding up check sums"), manifest.size(backup)))
    return backup, said


def restore(
    place: Path, url: URL, config: Settings, *, replacing: str, now: datetime, tell: Tell
) -> tuple[Manifest, str]:
    """Put the backup at ``place`` where ``url`` says; gives what it says, and what the database before is called now.

    Raises:
        CannotError: it cannot be; what was there stays as it was.
    """
    backup, said = read(place, url.get_backend_name(), tell)
    name = _name(url)
    is_free = _is_empty(url)
    if not is_free and replacing != name:
        raise CannotError(NOT_EMPTY, database=opening.name_of(url), name=name)
    into = _into_sqlite if url.get_backend_name() == "sqlite" else _into_postgres
    old = into(backup, said, url, is_free=is_free, now=now, tell=tell)
    folders.put_back(backup, said.files, config, now)
    return said, old


def drill(place: Path, database: Database, config: Settings, *, now: datetime, tell: Tell) -> Manifest:
    """Restore the backup at ``place`` into a scratch place, prove it there, throw it away, and note that it was done.

    Raises:
        CannotError: it could not be restored.
    """
    backup, said = read(place, database.url.get_backend_name(), tell)
    if database.is_sqlite:
        with folders.scratch(config.data_dir) as scratch:
            folders.check_room(scratch, ROOM * (backup / said.data).stat().st_size, shown=config.data_dir)
            folders.copy_file(backup / said.data, scratch / said.data)
            _make_ready(f"sqlite:///{scratch / said.data}", said, now, tell)
    else:
        version = of_postgres.server_version(database.url)
        with of_postgres.beside(database.url, f"{database.url.database}_drill") as scratch_url:
            tell(_("Loading the database"), 0, None)
            of_postgres.load(scratch_url, version, backup / said.data)
            _make_ready(scratch_url, said, now, tell)
    with database.write() as session:
        pulses.beat(session, PULSE, now)
    return said


def _into_sqlite(backup: Path, said: Manifest, url: URL, *, is_free: bool, now: datetime, tell: Tell) -> str:
    file = Path(url.database or "")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new, old = file.with_name(f"{file.name}.restoring"), folders.free_name(file, now)
    folders.check_room(file.parent, ROOM * (backup / said.data).stat().st_size)
    try:
        folders.copy_file(backup / said.data, new)
        _make_ready(f"sqlite:///{new}", said, now, tell, is_noted=True)
        with closing(sqlite3.connect(new)) as connection:
            sqlite.settle(connection)
        if is_free and not file.exists():
            new.replace(file)
            return ""
        sqlite.swap(file, new, old)
    except sqlite3.OperationalError as error:
        raise CannotError(OPEN, database=file) from error
    finally:
        for left in file.parent.glob(f"{new.name}*"):
            left.unlink()
    return str(old)


def _into_postgres(backup: Path, said: Manifest, url: URL, *, is_free: bool, now: datetime, tell: Tell) -> str:
    version = of_postgres.server_version(url)
    if is_free:
        with of_postgres.emptied_on_failure(url):
            tell(_("Loading the database"), 0, None)
            of_postgres.load(url, version, backup / said.data)
            _make_ready(url, said, now, tell, is_noted=True)
        return ""
    if number := of_postgres.others(url):
        raise CannotError(of_postgres.IN_USE, number=number, database=url.database)
    old, new = f"{url.database}_before_{now:%Y%m%d_%H%M%S}", f"{url.database}_restoring"
    with of_postgres.beside(url, new) as scratch:
        tell(_("Loading the database"), 0, None)
        of_postgres.load(scratch, version, backup / said.data)
        _make_ready(scratch, said, now, tell, is_noted=True)
        of_postgres.swap(url, new, old)
    return old


def _make_ready(url: URL | str, said: Manifest, now: datetime, tell: Tell, *, is_noted: bool = False) -> None:
    """Bring what was loaded to the newest schema, and prove that it is what was backed up.

    Raises:
        CannotError: it is not.
    """
    database = Database(url if isinstance(url, str) else url.render_as_string(hide_password=False))
    try:
        schema.migrate(database)
        with database.snapshot() as session:
            proof = prove(database, session, now, tell)
        if proof != Proof(said.heads or proof.heads, said.is_clean):
            raise CannotError(NOT_AS_WRITTEN)
        if is_noted:
            with database.write() as session:
                doors.close_all(session, now, said.made_at, clean=said.is_clean)
            seals.seal_all(database)
    finally:
        database.close()


def _is_empty(url: URL) -> bool:
    """Whether there is no table; a file that is no database any more is not empty."""
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return True
    database = Database(url.render_as_string(hide_password=False))
    try:
        return not inspect(database.reader).get_table_names()
    except DatabaseError:
        if database.is_sqlite:
            return False
        raise
    finally:
        database.close()


def _name(url: URL) -> str:
    """What has to be typed to say that one means this database."""
    return Path(url.database or "").name
