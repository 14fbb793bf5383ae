"""Making a backup: the database as it is at one moment, proved, with what stands beside it, and never with the key."""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.backups import folders, manifest, of_postgres, rules
from app.backups.manifest import Manifest
from app.backups.rules import CannotError, Tell, adding_up
from app.core import pulses, schema, sealing, sqlite
from app.core.db import Database
from app.core.i18n import gettext as _
from app.core.settings import Settings
from app.features.audit import day_anchors, verification

PULSE: Final = "backup"
UNCLEAN: Final = "backup unclean"
"""When one was last made of a ledger or log that is not as it was written."""
DUMP: Final = "database.dump"
FILE: Final = "database.sqlite"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verification of one moment came to."""

    heads: str = ""
    is_clean: bool = True


def back_up(database: Database, config: Settings, to: Path, *, called: str, now: datetime, tell: Tell) -> Path:
    """Make a backup of ``database`` in the folder ``to`` and note it; gives its place.

    Raises:
        CannotError: it cannot be made. Nothing is left then but what was there before.
        OSError, SQLAlchemyError, sqlite3.Error: the same, as on a full disk.
    """
    with folders.scratch(to) as place:
        copy = _of_sqlite if database.is_sqlite else _of_postgres
        data = place / (FILE if database.is_sqlite else DUMP)
        proof = copy(database, data, now, tell)
        folders.copy_beside(config, place / manifest.FILES, without=to)
        said = adding_up(tell, _("Adding up check sums"), manifest.size(place))
        manifest.write(
            place,
            Manifest(
                made_at=now.isoformat(),
                product=version("sanliang"),
                engine=database.url.get_backend_name(),
                database=called,
                data=data.name,
                schema=schema.revision(database),
                heads=proof.heads,
                is_clean=proof.is_clean,
                key_id=sealing.key_id(),
                files=manifest.sums(place, said),
            ),
        )
        done = folders.finish(place, rules.name_of(now))
    if schema.is_current(database):
        with database.write() as session:
            pulses.beat(session, PULSE if proof.is_clean else UNCLEAN, now)
    return done


def prove(database: Database, session: Session, now: datetime, tell: Tell) -> Proof:
    """Verify everything that ``session`` sees at its one moment; older tables cannot be, before they are migrated."""
    if not schema.is_current(database):
        return Proof()
    said = adding_up(tell, _("Verifying the ledger"), verification.size(session))
    found = verification.verify(session, progress=said)
    return Proof(day_anchors.of_now(session, now).digest, found.is_clean)


def proved_file(file: Path, now: datetime, tell: Tell) -> Proof:
    """Verify the database in a ``file`` of SQLite that nobody else has."""
    copy = Database(f"sqlite:///{file}")
    try:
        with copy.snapshot() as session:
            proof = prove(copy, session, now, tell)
        with copy.reader.connect() as connection:
            sqlite.settle(connection.connection.dbapi_connection)  # type: ignore[arg-type]
    finally:
        copy.close()
    for beside in file.parent.glob(f"{file.name}-*"):
        beside.unlink()
    return proof


def _of_sqlite(database: Database, to: Path, now: datetime, tell: Tell) -> Proof:
    file = Path(database.url.database or "")
    if not database.url.database or not file.exists():
        raise CannotError(manifest.NO_BACKUP, place=file)
    folders.check_room(to.parent, file.stat().st_size, shown=to.parent.parent)
    sqlite.copy(file, to, lambda pages, total: tell(_("Copying the database"), pages, total))
    return proved_file(to, now, tell)


def _of_postgres(database: Database, to: Path, now: datetime, tell: Tell) -> Proof:
    """The tool and the proof see the same moment, so the proof is one of what is dumped."""
    server = of_postgres.server_version(database.url)
    with database.snapshot() as session:
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        snapshot = session.execute(select(func.pg_export_snapshot())).scalar_one()

        def written(size: int) -> None:
            tell(_("Copying the database"), size, None)

        of_postgres.dump(database.url, server, snapshot=snapshot, to=to, written=written)
        return prove(database, session, now, tell)
