"""``sanliang contacts …``: the key that seals contacts of wishers, on the server."""

import time
from typing import Annotated, Final
from uuid import UUID

import typer
from rich.progress import Progress

from app.core import opening, sealing
from app.core.db import PATIENCE_S, Database
from app.core.i18n import gettext as _
from app.core.settings import settings
from app.features.private import resealing

contacts_app: Final = typer.Typer(no_args_is_help=True, help="The key that seals contacts of wishers.")


@contacts_app.command("new-key")
def new_key(
    *,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Say nothing where there is a key.")] = False,
    lost: Annotated[
        bool, typer.Option("--lost", help="The old key is lost for ever; what it sealed cannot be read again.")
    ] = False,
) -> None:
    """Make the key file, once. It never takes the place of another, nor of one that sealed contacts need."""
    with opening.opened() as database:
        if if_missing and settings().contacts_key_file.exists():
            return
        with database.read() as session:
            sealed = sum(resealing.number(session, table) for table in resealing.tables())
        if sealed and not lost and not settings().contacts_key_file.exists():
            typer.echo(
                _(
                    "%(number)s sealed texts need the key they were sealed with. Put the key file back as %(path)s. "
                    "Only if it is lost for ever: sanliang contacts new-key --lost"
                )
                % {"number": sealed, "path": settings().contacts_key_file},
                err=True,
            )
            raise typer.Exit(0 if if_missing else 1)
        path = sealing.make_key()
        typer.echo(
            _("The key is in %(path)s. Keep a copy of it, but not where the database's copies are.") % {"path": path}
        )


@contacts_app.command()
def rotate(
    *,
    settle: Annotated[
        float, typer.Option(help="Seconds to wait for requests that began under the old key.")
    ] = PATIENCE_S,
) -> None:
    """Seal every contact with a new key. Broken off, the next run goes on; the old key stays until nothing needs it."""
    with opening.opened() as database:
        sealer = sealing.sealer()
        if len(sealer.keys) == 1:
            sealer = sealing.add_key()
        resealed, broken = _reseal_all(database)
        if resealed:
            time.sleep(settle)
            more, broken = _reseal_all(database)
            resealed += more
        typer.echo(_("Sealed with the new key: %(number)s.") % {"number": resealed})
        if broken:
            sentence = _("No key of the file opens %(number)s sealed texts. They stay, and so do the old keys.")
            typer.echo(sentence % {"number": broken}, err=True)
            raise typer.Exit(1)
        sealing.drop_old_keys()
        typer.echo(_("The old key is no longer in the file. Copies of the database from before still need it."))


def _reseal_all(database: Database) -> tuple[int, int]:
    """How many texts were sealed anew, and how many no key opens; a batch is a unit of work of its own."""
    resealed = unopened = 0
    tables = resealing.tables()
    with database.read() as session:
        key_id = sealing.sealer().key_id
        total = sum(resealing.number_under_other_keys(session, table, key_id) for table in tables)
    with Progress(transient=True) as progress:
        bar = progress.add_task(_("Sealing anew"), total=total)
        for table in tables:
            after: UUID | None = resealing.FIRST_ID
            while after is not None:
                with database.write() as session:
                    after, done, left = resealing.reseal(session, table, after=after)
                resealed, unopened = resealed + done, unopened + left
                progress.advance(bar, done + left)
    return resealed, unopened
