"""``sanliang sweep``: what time alone brings about. Run it every hour, or as often as you like."""

from datetime import datetime

import typer

from app.core import clock
from app.core.db import Database
from app.core.i18n import gettext as _
from app.core.settings import settings
from app.features.members import audit
from app.features.roster import uploads
from app.features.sign_in import service as sign_in
from app.features.sync import service


def sweep() -> None:
    """Give records that waited five days to the officers, and forget what is kept long enough. Twice is once."""
    database = Database(settings().resolved_database_url)
    now = clock.now()
    try:
        released = release_overdue(database, now=now)
        with database.write() as session:
            forgotten = sign_in.sweep(session, now)
            expired = audit.sweep(session, now)
            uploads.forget_old(session)
    finally:
        database.close()
    typer.echo(_("Records that waited too long, given to the officers: %(number)s.") % {"number": released})
    typer.echo(_("Sessions and failed sign-ins that are long over, forgotten: %(number)s.") % {"number": forgotten})
    typer.echo(_("Rows of the audit log older than twelve months, forgotten: %(number)s.") % {"number": expired})


def release_overdue(database: Database, *, now: datetime) -> int:
    """How many held items were released; each member is a unit of work of its own, so that sweepers share the work."""
    with database.read() as session:
        member_ids = service.members_with_overdue(session, now=now)
    released = 0
    for member_id in member_ids:
        with database.write() as session:
            released += service.release_overdue(session, member_id, now=now)
    return released
