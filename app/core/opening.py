"""The database that a command works on: said aloud, and never made by chance.

A shell without the settings once worked on another database than the installation's, made anew, and said that all
was well.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import typer
from sqlalchemy import URL, make_url

from app.core import env_file, schema
from app.core.db import Database
from app.core.errors import AppError
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.settings import Settings, settings

NOT_SAID: Final = lazy_gettext(
    "It is not said which database this is about, and there is none at %(file)s. Set SANLIANG_DATABASE_URL (or "
    "SANLIANG_DATA_DIR, for SQLite in that folder), or name the file of settings in SANLIANG_ENV_FILE. "
    "Only to try it out: make run"
)
NOT_THERE: Final = lazy_gettext(
    "There is no database at %(file)s. If it is elsewhere, correct SANLIANG_DATABASE_URL; a new one is made by: "
    "sanliang migrate"
)
OLDER: Final = lazy_gettext("The database does not have the newest schema yet. First run: sanliang migrate")


def database(*, may_be_made: bool = False, is_trial: bool = False, aloud: bool = True) -> Database:
    """The installation's database, named on the error stream when ``aloud``; whoever opens it closes it.

    A file of SQLite that is not there is made where it ``may_be_made``, and without any setting only for a trial.

    Raises:
        typer.Exit: it may not; the sentence says what to set.
    """
    require(may_be_made=may_be_made, is_trial=is_trial)
    if aloud:
        say(settings())
    return Database(settings().resolved_database_url)


@contextmanager
def opened(*, is_newest: bool = False, may_be_made: bool = False) -> Iterator[Database]:
    """The same while a command works on it; a refusal is said on the error stream and ends the command with 1."""
    found = database(may_be_made=may_be_made)
    try:
        if is_newest:
            require_newest(found)
        yield found
    except AppError as refusal:
        typer.echo(refusal.sentence, err=True)
        raise typer.Exit(1) from refusal
    finally:
        found.close()


def require(*, may_be_made: bool = False, is_trial: bool = False) -> None:
    """Go on where there is a database, or it may be made.

    Raises:
        typer.Exit: there is none; the sentence says what to set.
    """
    if trouble := missing(settings(), may_be_made=may_be_made, is_trial=is_trial):
        typer.echo(trouble, err=True)
        raise typer.Exit(1)


def require_newest(database: Database) -> None:
    """Go on where the schema is the newest: only ``migrate``, ``init`` and ``demo`` change it, when somebody means it.

    Raises:
        typer.Exit: it is older; the sentence says what to run.
    """
    if not schema.is_current(database):
        typer.echo(OLDER, err=True)
        raise typer.Exit(1)


def say(config: Settings) -> None:
    """Name the database on the error stream, and the file that names it."""
    said = _("Database: %(database)s") % {"database": name_of(make_url(config.resolved_database_url))}
    file = env_file.chosen()
    typer.echo(said + _(" (settings: %(file)s)") % {"file": file} if file else said, err=True)


def is_missing() -> bool:
    """Whether there is no database for a command that can do without one."""
    return missing(settings()) is not None


def missing(config: Settings, *, may_be_made: bool = False, is_trial: bool = False) -> str | None:
    """Why there is no database to open: a file of SQLite that is not there and may not be made, or is meant by nobody.

    Of PostgreSQL its server tells.
    """
    url = make_url(config.resolved_database_url)
    if url.get_backend_name() != "sqlite" or not url.database or Path(url.database).exists():
        return None
    is_meant = config.database_url or "data_dir" in config.model_fields_set
    if is_trial or (may_be_made and is_meant):
        return None
    return str(NOT_THERE if is_meant else NOT_SAID) % {"file": url.database}


def name_of(url: URL) -> str:
    """The database at ``url`` as people tell it from others, without its password."""
    if url.get_backend_name() == "sqlite":
        return f"SQLite {url.database}"
    host = url.host or url.query.get("host") or os.environ.get("PGHOST") or "localhost"
    place = f"{host}:{url.port}" if url.port else str(host)
    return f"PostgreSQL {url.database or os.environ.get('PGDATABASE', '')} @ {place}"
