"""``sanliang sweep``: what time alone brings about. A server runs it every hour; run it as often as you like."""

import logging
import os
from datetime import datetime, timedelta
from typing import Annotated, Final

import typer
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.core import clock, hourly, leases, opening, pulses, refusals
from app.core.db import Database
from app.core.i18n import lazy_gettext as _
from app.features.audit import seals, sending, switches, verification
from app.features.imports import service as imports
from app.features.ledger.models import Fact
from app.features.members import leavers
from app.features.members.models import AuditEntry
from app.features.notices import service as notices
from app.features.notices.sources import sources
from app.features.outward import telling
from app.features.sign_in import service as sign_in
from app.features.stream import SweepStep, in_one_unit
from app.features.streams import EVERY
from app.features.sync import service as sync
from app.features.sync.models import InboxItem
from app.features.webhooks import sending as webhooks

log = logging.getLogger("sanliang")
DOUBTS_THE_CLOCK: Final = 3
"""How the command ends then, apart from the 1 of other troubles."""
AWAY_FOR_AT_MOST: Final = timedelta(days=3)
CLOCKS_DIFFER_BY: Final = timedelta(hours=1)
"""Of several machines, each of which may sweep."""
_NEWEST: Final = select(
    select(func.max(Fact.posted_at)).scalar_subquery(),
    select(func.max(AuditEntry.at)).scalar_subquery(),
    select(func.max(InboxItem.received_at)).scalar_subquery(),
)


def sweep(
    *,
    clock_is_right: Annotated[
        bool, typer.Option("--yes-the-clock-is-right", help="Go on although nothing has happened for days.")
    ] = False,
    if_due: Annotated[
        bool, typer.Option("--if-due", help="Only if the last sweep is an hour ago, and without haste: servers ask so.")
    ] = False,
) -> None:
    """Erase what is kept long enough, move on what has waited long enough, remind people. Twice is once.

    One process does it at a time; another one says so and is done. Much of that cannot be taken back, so a clock that
    has jumped ends it before anything is done: with 3 when the last sweep (of an installation without one, the newest
    trace of anything) is more than three days ago, or in the future. A step that fails holds up no other; then it ends
    with 1, and with 130 when it was asked to end.
    """
    if if_due:
        os.nice(10)
    database = opening.database(aloud=not if_due)
    try:
        with hourly.ending_when_asked(), leases.held(database, hourly.SWEEP) as is_mine:
            if is_mine:
                _sweep(database, clock_is_right=clock_is_right, if_due=if_due)
            elif not if_due:
                typer.echo(_("Another process is sweeping just now. Nothing is left to do here."))
    except KeyboardInterrupt:
        typer.echo(_("Stopped. What is left is done by the next sweep."), err=True)
        raise typer.Exit(hourly.INTERRUPTED) from None
    finally:
        database.close()


def _sweep(database: Database, *, clock_is_right: bool, if_due: bool) -> None:
    now = clock.now()
    if if_due:
        with database.read() as session:
            if hourly.is_swept(session, now):
                return
    if not clock_is_right and (doubt := doubt_about(now, last_trace(database))):
        typer.echo(doubt, err=True)
        raise typer.Exit(DOUBTS_THE_CLOCK)
    failed = [step for step in STEPS if not _did(step, database, now)]
    with database.write() as session:
        pulses.beat(session, hourly.SWEEP, now)
        if failed:
            pulses.beat(session, hourly.FAILED, now)
    database.forget_log()
    if failed:
        raise typer.Exit(1)


def _did(step: SweepStep, database: Database, now: datetime) -> bool:
    """Take the step, say what came of it, and whether it could be taken.

    Raises:
        OperationalError: the database is not to be had, so that no other step can be taken either.
    """
    try:
        typer.echo(step.said % {"number": step.work(database, now)})
    except Exception as error:
        if isinstance(error, OperationalError) and _is_away(error):
            raise
        log.exception("a step of the sweep failed: %s", step.said.message)
        return False
    return True


def _is_away(error: OperationalError) -> bool:
    """Whether the database is not to be had, and not this step's statement alone, as with a deadlock."""
    if state := getattr(error.orig, "sqlstate", None):
        return str(state).startswith(("08", "53", "57P"))
    return error.connection_invalidated or refusals.is_passing(error)


def last_trace(database: Database) -> datetime | None:
    """When time was last known to be right: at the last sweep, else when anything was last written here.

    A sweep alone counts once there was one: what people do while the clock is wrong carries the wrong time too.
    """
    with database.read() as session:
        if swept := pulses.last(session, hourly.SWEEP):
            return swept
        return max(filter(None, session.execute(_NEWEST).one()), default=None)


def doubt_about(now: datetime, trace: datetime | None) -> str | None:
    """The sentence that says why ``now`` may be wrong, if it may."""
    if trace is None or trace - CLOCKS_DIFFER_BY <= now <= trace + AWAY_FOR_AT_MOST:
        return None
    return str(
        _(
            "Nothing was done, because the clock may be wrong: here it is %(now)s, and the last trace in the database "
            "is of %(trace)s. Look at the clock. If it is right, run: sanliang sweep --yes-the-clock-is-right"
        )
    ) % {"now": f"{clock.local_time(now):%Y-%m-%d %H:%M}", "trace": f"{clock.local_time(trace):%Y-%m-%d %H:%M}"}


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


_OF_STREAMS: Final = tuple(step for stream in EVERY for step in stream.sweep)
_OF_THE_HOUSE: Final = (
    SweepStep(
        _("Sessions and failed sign-ins that are long over, forgotten: %(number)s."),
        in_one_unit(sign_in.sweep),
        erases=True,
    ),
    SweepStep(
        _("Rows of the audit log older than twelve months, forgotten: %(number)s."),
        in_one_unit(seals.forget),
        erases=True,
    ),
    SweepStep(_("Uploaded lists, forgotten after a day: %(number)s."), in_one_unit(imports.forget_old), erases=True),
    SweepStep(
        _("Passwords of people who left a year ago, erased: %(number)s."),
        in_one_unit(sign_in.forget_leavers),
        erases=True,
    ),
    SweepStep(
        _("People who left a year ago, their phone, birthday and remarks erased: %(number)s."),
        in_one_unit(leavers.forget),
        erases=True,
    ),
    SweepStep(_("Reminders that are long past, forgotten: %(number)s."), in_one_unit(notices.forget), erases=True),
    SweepStep(
        _("Messages to webhooks, forgotten after a month: %(number)s."), in_one_unit(webhooks.forget), erases=True
    ),
)
STEPS: Final = (
    *(step for step in (*_OF_STREAMS, *_OF_THE_HOUSE) if step.erases),
    *(step for step in _OF_STREAMS if not step.erases),
    SweepStep(_("Changes of what this installation does without, noted: %(number)s."), in_one_unit(switches.note)),
    SweepStep(
        _("Rows of the audit log that got their place in its chain: %(number)s."),
        lambda database, now: seals.seal_all(database),
    ),
    SweepStep(_("Branches whose ledger was verified, once a day: %(number)s."), verification.verify_daily),
    SweepStep(_("Chains whose ends were kept and sent out, once a day: %(number)s."), sending.send_daily),
    SweepStep(_("Records that waited too long, given to the officers: %(number)s."), release_overdue),
    SweepStep(_("Reminders given: %(number)s."), remind),
    SweepStep(_("Messages delivered to webhooks: %(number)s."), lambda database, _now: webhooks.deliver(database)),
    SweepStep(
        _("Notices sent outside: %(number)s."), lambda database, _now: telling.tell(database)
    ),  # last: it waits for services elsewhere
)
"""In this order: what must be erased waits for nothing else, and people are reminded of what is left."""
