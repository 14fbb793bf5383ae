"""``sanliang sweep``: what time alone brings about. Run it every hour, or as often as you like."""

import typer

from app.core import clock
from app.core.db import Database
from app.core.i18n import ngettext
from app.core.settings import settings
from app.features.sync import service


def sweep() -> None:
    """Give records that waited five days for another one to the officers. Harmless twice, and on several machines."""
    database = Database(settings().resolved_database_url)
    try:
        released = release_overdue(database)
    finally:
        database.close()
    sentence = ngettext(
        "%(number)s record that waited too long was given to the officers.",
        "%(number)s records that waited too long were given to the officers.",
        released,
    )
    typer.echo(sentence % {"number": released})


def release_overdue(database: Database) -> int:
    """How many held items were released; each member is a unit of work of its own, so that sweepers share the work."""
    now = clock.now()
    with database.read() as session:
        member_ids = service.members_with_overdue(session, now=now)
    released = 0
    for member_id in member_ids:
        with database.write() as session:
            released += service.release_overdue(session, member_id, now=now)
    return released
