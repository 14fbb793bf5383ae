"""``sanliang backup``, ``restore`` and ``drill``."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from sqlalchemy import make_url

from app import doors
from app.backups import folders, making, manifest, restoring, rules
from app.backups.rules import CannotError, Tell
from app.core import clock, opening, sealing
from app.core.formats import moment
from app.core.i18n import gettext as _
from app.core.settings import settings

STOPPED: Final = 130


def backup(
    to: Annotated[Path, typer.Argument(help="The folder with the backups; each gets a folder of its own in it.")],
    *,
    days: Annotated[int, typer.Option(min=0, help="Of how many days the newest stays.")] = rules.DAYS_KEPT,
    weeks: Annotated[int, typer.Option(min=0, help="Of how many weeks the newest stays.")] = rules.WEEKS_KEPT,
) -> None:
    """Copy the database while it serves, prove the copy, throw away what is older. Only its owner may read it.

    The key of contacts is not in it. Ends with 1 where it could not be made, or the ledger is not as it was written.
    """
    now, database = clock.now(), opening.database()
    called = opening.name_of(database.url)
    try:
        with _spoken() as tell:
            done = making.back_up(database, settings(), to, called=called, now=now, tell=tell)
            said = manifest.read(done)
            gone = folders.prune(to, database=called, days=days, weeks=weeks) if said.is_clean else 0
    finally:
        database.close()
    typer.echo(_("Backed up: %(place)s, %(size)s MB.") % {"place": done, "size": -(-manifest.size(done) >> 20) or 1})
    typer.echo(str(manifest.KNOWN_BY) % {"sha256": manifest.digest(done)})
    typer.echo(_("Older backups thrown away: %(number)s.") % {"number": gone})
    typer.echo(
        _("The key of contacts is not in it. Keep a copy of %(key)s elsewhere.") % {"key": settings().contacts_key_file}
    )
    if not said.heads:
        typer.echo(_("Its tables are older than this version, so it was not verified. A drill does that."), err=True)
    if not said.is_clean:
        typer.echo(_("The ledger or the audit log is not as it was written: sanliang ledger verify"), err=True)
        raise typer.Exit(1)


def restore(
    place: Annotated[Path, typer.Argument(metavar="FROM", help="A backup, or the folder with them: the newest.")],
    *,
    replacing: Annotated[
        str, typer.Option(metavar="NAME", help="The database's name: what it holds is put aside, not erased.")
    ] = "",
    sha256: Annotated[str, typer.Option(help="What the backup said it is known by; another one is refused.")] = "",
) -> None:
    """Put a backup in place, after it was proved. What was there is put aside under another name."""
    opening.require(may_be_made=True)
    opening.say(settings())
    url = make_url(settings().resolved_database_url)
    with _spoken() as tell:
        backup = folders.chosen(place)
        if sha256 and manifest.digest(backup) != sha256.strip().lower():
            raise CannotError(manifest.ANOTHER)
        said, old = restoring.restore(backup, url, settings(), replacing=replacing, now=clock.now(), tell=tell)
    typer.echo(_("Restored as it was at %(when)s. Everything younger is missing.") % {"when": moment(said.moment)})
    doors.say()
    if old:
        typer.echo(_("What was there before is kept: %(old)s. Erase it when nothing of it is missed.") % {"old": old})
    _say_key(said)


def drill(
    place: Annotated[Path, typer.Argument(metavar="FROM", help="A backup, or the folder with them: the newest.")],
) -> None:
    """Restore a backup into a scratch place, prove it there and throw it away. What serves is not touched."""
    database = opening.database()
    try:
        with _spoken() as tell:
            said = restoring.drill(place, database, settings(), now=clock.now(), tell=tell)
    finally:
        database.close()
    when = {"when": moment(said.moment)}
    typer.echo(_("The backup of %(when)s can be restored: it is whole, and everything is as it was written.") % when)
    _say_key(said)


def _say_key(said: manifest.Manifest) -> None:
    if said.key_id and not sealing.has_key_called(said.key_id):
        words = _(
            "The key of contacts that this backup needs is not in %(key)s. Put that file back, or they stay closed."
        )
        typer.echo(words % {"key": settings().contacts_key_file}, err=True)


@contextmanager
def _spoken() -> Iterator[Tell]:
    """A bar on the error stream; what ends the command is said in a line, and what was half is gone."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=None)
            yield lambda words, done, total: bar.update(task, description=words, completed=done, total=total)
    except CannotError as refusal:
        typer.echo(refusal.sentence, err=True)
        raise typer.Exit(1) from refusal
    except sqlite3.Error as error:
        typer.echo(_("The copy could not be made: %(reason)s") % {"reason": error}, err=True)
        raise typer.Exit(1) from None
    except psycopg.Error as error:
        typer.echo(_("PostgreSQL says: %(reason)s") % {"reason": str(error).strip().splitlines()[0]}, err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo(_("Stopped. Nothing half is left."), err=True)
        raise typer.Exit(STOPPED) from None
    finally:
        signal.signal(signal.SIGTERM, before)
