"""``sanliang sweep``: what time alone brings about. Run it every hour, or as often as you like."""

from datetime import datetime
from typing import Final

import typer

from app.core import clock
from app.core.db import Database
from app.core.i18n import lazy_gettext as _
from app.core.settings import settings
from app.features.members import audit
from app.features.notices import service as notices
from app.features.notices.sources import sources
from app.features.sign_in import service as sign_in
from app.features.stream import Step, in_one_unit
from app.features.streams import STREAMS
from app.features.sync import service as sync


def sweep() -> None:
    """Erase what is kept long enough, move on what has waited long enough, remind people. Twice is once."""
    database = Database(settings().resolved_database_url)
    now = clock.now()
    try:
        for step in STEPS:
            typer.echo(step.said % {"number": step.work(database, now)})
    finally:
        database.close()


def release_overdue(database: Database, now: datetime) -> int:
    """How many held items were released; each member is a unit of work of its own, so that sweepers share the work."""
    with database.read() as session:
        member_ids = sync.members_with_overdue(session, now=now)
    released = 0
    for member_id in member_ids:
        with database.write() as session:
            released += sync.release_overdue(session, member_id, now=now)
    return released


def remind(database: Database, now: datetime) -> int:
    """How many reminders people were given; each kind of thing is a unit of work of its own."""
    raised = 0
    for source in sources():
        with database.write() as session:
            raised += notices.raise_due(session, source, now)
    return raised


_OF_STREAMS: Final = tuple(step for stream in STREAMS for step in stream.sweep)
_OF_THE_HOUSE: Final = (
    Step(
        _("Sessions and failed sign-ins that are long over, forgotten: %(number)s."),
        in_one_unit(sign_in.sweep),
        erases=True,
    ),
    Step(
        _("Rows of the audit log older than twelve months, forgotten: %(number)s."),
        in_one_unit(audit.sweep),
        erases=True,
    ),
    Step(_("Reminders that are long past, forgotten: %(number)s."), in_one_unit(notices.forget), erases=True),
)
STEPS: Final = (
    *(step for step in (*_OF_STREAMS, *_OF_THE_HOUSE) if step.erases),
    *(step for step in _OF_STREAMS if not step.erases),
    Step(_("Records that waited too long, given to the officers: %(number)s."), release_overdue),
    Step(_("Reminders given: %(number)s."), remind),
)
"""In this order: what must be erased waits for nothing else, and people are reminded of what is left."""
