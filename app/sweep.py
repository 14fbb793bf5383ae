"""``sanliang sweep``: what time alone brings about. Run it every hour, or as often as you like."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import typer
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.settings import settings
from app.features.members import audit
from app.features.notices import service as notices
from app.features.roster import uploads
from app.features.shows.duties import recurrence
from app.features.shows.duties.imports import uploads as duty_lists
from app.features.shows.duties.reminders import DUE
from app.features.shows.pledges.reminders import PLEDGES
from app.features.shows.public import service as public_cards
from app.features.sign_in import service as sign_in
from app.features.sync import service as sync
from app.features.wishes.claims import overdue
from app.features.wishes.contacts import service as contacts
from app.features.wishes.imports import service as wish_lists
from app.features.wishes.public import service as residents
from app.features.wishes.publishing import service as publishing
from app.features.wishes.reminders import WISHES

SOURCES: Final = (DUE, PLEDGES, WISHES)
"""What people are reminded of. A stream joins by one word here."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that time brings about: ``work`` gives how often it did, for the line that says so."""

    said: LazyText
    work: Callable[[Database, datetime], int]


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
    for source in SOURCES:
        with database.write() as session:
            raised += notices.raise_due(session, source, now)
    return raised


def _continue_duties(session: Session, now: datetime) -> int:
    return recurrence.continue_series(session, today=clock.local_day(now))


def _in_one_unit(work: Callable[[Session, datetime], int]) -> Callable[[Database, datetime], int]:
    def run(database: Database, now: datetime) -> int:
        with database.write() as session:
            return work(session, now)

    return run


STEPS: Final = (
    Step(_("Contacts of wishers, erased 90 days after the end: %(number)s."), _in_one_unit(contacts.purge)),
    Step(
        _("Public cards of people who have left, withdrawn for good: %(number)s."),
        _in_one_unit(public_cards.end_consents_of_leavers),
    ),
    Step(_("Sessions and failed sign-ins that are long over, forgotten: %(number)s."), _in_one_unit(sign_in.sweep)),
    Step(_("Rows of the audit log older than twelve months, forgotten: %(number)s."), _in_one_unit(audit.sweep)),
    Step(_("Wishes from residents that nobody read in 90 days, erased: %(number)s."), _in_one_unit(residents.sweep)),
    Step(_("Uploaded rosters that nobody confirmed, forgotten: %(number)s."), _in_one_unit(uploads.forget_old)),
    Step(_("Uploaded duty lists, forgotten after a day: %(number)s."), _in_one_unit(duty_lists.forget_old)),
    Step(_("Uploaded lists of wishes, forgotten after a day: %(number)s."), _in_one_unit(wish_lists.forget_old)),
    Step(_("Reminders that are long past, forgotten: %(number)s."), _in_one_unit(notices.forget)),
    Step(_("Wishes not handed over in time, open again: %(number)s."), _in_one_unit(overdue.return_overdue)),
    Step(_("Wishes whose day has passed: %(number)s."), _in_one_unit(overdue.expire)),
    Step(_("Wishes published with their round: %(number)s."), _in_one_unit(publishing.publish_due)),
    Step(_("Duties that come again, made: %(number)s."), _in_one_unit(_continue_duties)),
    Step(_("Records that waited too long, given to the officers: %(number)s."), release_overdue),
    Step(_("Reminders given: %(number)s."), remind),
)
"""In this order: what must be erased waits for nothing else."""
