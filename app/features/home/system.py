"""How the installation stands, for whoever looks after it: nothing about people."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from app.core import clock, holidays, hourly, pulses, schema, sealing
from app.core.db import Database
from app.core.formats import moment
from app.core.i18n import gettext as _
from app.core.settings import Settings, settings
from app.features.audit import queries as audit
from app.features.audit.rules import Verified
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.outward import queries as outward
from app.features.sign_in.outside import ways
from app.features.stream import Queue
from app.features.webhooks import service as webhooks

GIGABYTE: Final = 10**9
LITTLE_ROOM: Final = 1.0
"""Gigabytes; below it the disk is soon full."""
SWEPT_WITHIN: Final = timedelta(hours=3)
THE_CLOCK_IS_DOUBTED_AFTER: Final = timedelta(days=3)
"""The sweep then waits for somebody to look at the clock."""
BACKED_UP_WITHIN: Final = timedelta(hours=36)
DRILLED_WITHIN: Final = timedelta(days=100)
VERIFIED_WITHIN: Final = timedelta(days=2)
LIST_EXPECTED_FROM: Final = 11
"""The month in which the list of the next year's days off is usually published."""
NEVER: Final = "—"


class SystemCheck(NamedTuple):
    """One thing that was looked at."""

    label: str
    found: str
    chip: str = ""
    todo: str = ""
    """What to do, where it is not well."""
    is_well: bool = True


def installation(database: Database, now: datetime) -> list[SystemCheck]:
    """The installation as it stands now."""
    is_current = schema.is_current(database)
    engine = _("newest schema") if is_current else _("schema is older")
    with database.read() as session:
        return [
            SystemCheck(_("Version"), version("sanliang")),
            SystemCheck(_("Database"), _engine(database), engine, _run("sanliang migrate"), is_current),
            *_looked_at(session, now),
        ]


def queue(session: Session, actor: Actor, now: datetime) -> Iterator[Queue]:
    """What is not well, on the page of today of who looks after the machine: nobody opens the other by chance."""
    if not actor.may(Permission.ADMINISTER_SYSTEM):
        return
    if labels := [line.label for line in _looked_at(session, now) if not line.is_well]:
        yield Queue(_("To look at in this installation"), len(labels), "/system", _(", ").join(labels))


def _looked_at(session: Session, now: datetime) -> list[SystemCheck]:
    return [
        *_what_runs(session, now, settings()),
        *map(_way_out, outward.standing(session, now)),
        *_held(webhooks.held(session)),
        *_ways_in(session, settings()),
        _calendar(session, clock.local_day(now)),
        *_machine(settings()),
    ]


def _what_runs(session: Session, now: datetime, config: Settings) -> Iterator[SystemCheck]:
    yield swept(pulses.last(session, hourly.SWEEP), pulses.last(session, hourly.FAILED), now, is_by_itself=config.sweep)
    for label, name, within, todo in (
        (_("Last backup"), "backup", BACKED_UP_WITHIN, _("Every night, by a timer: sanliang backup DIRECTORY")),
        (_("Last drill of restoring"), "drill", DRILLED_WITHIN, _("Every quarter: sanliang drill DIRECTORY")),
    ):
        at = pulses.last(session, name)
        is_well = _is_recent(at, now, within)
        unclean = pulses.last(session, f"{name} unclean")
        if unclean and (at is None or unclean > at):
            see = _("The ledger or the log in it is not as it was written. See what: sanliang ledger verify")
            yield SystemCheck(label, _said(unclean), _("not clean"), see, is_well=False)
            continue
        yield SystemCheck(label, _said(at), _chip(at, is_well=is_well), todo, is_well)
    yield proved(audit.last_verified(session), now)


def swept(at: datetime | None, failed: datetime | None, now: datetime, *, is_by_itself: bool) -> SystemCheck:
    """What to say of the hourly sweep, which a server runs ``is_by_itself`` or a timer."""
    label, found = _("Last hourly run"), _said(at)
    if at and not -timedelta(hours=1) <= now - at <= THE_CLOCK_IS_DOUBTED_AFTER:
        todo = _("It waits until somebody has looked at the server's clock. If that is right: %(command)s")
        todo %= {"command": "sanliang sweep --yes-the-clock-is-right"}
        return SystemCheck(label, found, _("waits"), todo, is_well=False)
    if failed and (at is None or failed >= at):
        todo = _("The server's log says what failed. It is tried again after a quarter of an hour.")
        return SystemCheck(label, found, _("failed %(when)s") % {"when": moment(failed)}, todo, is_well=False)
    todo = (
        _("The server does it by itself, a minute after it has started. Else its log says why not.")
        if is_by_itself
        else _("A timer has to do it, as SANLIANG_SWEEP is false: sanliang sweep")
    )
    is_well = _is_recent(at, now, SWEPT_WITHIN)
    return SystemCheck(label, found, _chip(at, is_well=is_well), todo, is_well)


def proved(found: Verified | None, now: datetime) -> SystemCheck:
    """What to say of the last proof that ledger and log are as they were written."""
    label, at = _("Last verification"), found.at if found else None
    if found and not found.is_clean:
        todo = _("Something is not as it was written. See what: sanliang ledger verify")
        return SystemCheck(label, _said(at), _("not clean"), todo, is_well=False)
    is_well = _is_recent(at, now, VERIFIED_WITHIN)
    todo = _("The hourly run does it once a day. By hand: sanliang ledger verify")
    chip = _("all as it was written") if is_well else _chip(at, is_well=False)
    return SystemCheck(label, _said(at), chip, todo, is_well)


def _held(number: int) -> Iterator[SystemCheck]:
    """Webhooks that wait for a word since a backup was restored."""
    if number:
        todo = _("A backup was restored. Look at each at /system/webhooks: end it again, or let it go on.")
        yield SystemCheck(_("Webhooks"), str(number), _("stands still"), todo, is_well=False)


def _way_out(way: outward.WayState) -> SystemCheck:
    """How reminders leave on one way; the services' own numbers help who looks after it, and name nobody."""
    label, found = _("Reminders outside: %(way)s") % {"way": way.kind.label}, _said(way.last_taken)
    if way.missing:
        todo = _("It is named in SANLIANG_NOTICES, and not set up: %(what)s") % {"what": way.missing}
        return SystemCheck(label, found, _("not set up"), todo, is_well=False)
    todo = _("The service said: %(what)s. Look whether this server reaches it, and at its settings.")
    return SystemCheck(
        label, found, "" if way.is_well else _("does not go out"), todo % {"what": way.detail}, way.is_well
    )


def _ways_in(session: Session, config: Settings) -> Iterator[SystemCheck]:
    """How people come in from outside: whether the last one who came was let go on by who is asked there."""
    for way in ways.named(config):
        label = _("Sign-in: %(way)s") % {"way": ways.called(way, config)}
        if missing := ways.missing(way, config):
            todo = _("It is named in SANLIANG_SIGN_IN, and not set up: %(what)s") % {"what": missing}
            yield SystemCheck(label, NEVER, _("not set up"), todo, is_well=False)
            continue
        well, failed = (pulses.last(session, f"{word} {way.value}") for word in ("in", "no"))
        is_well = failed is None or (well is not None and well > failed)
        chip = "" if is_well or failed is None else _("failed %(when)s") % {"when": moment(failed)}
        todo = _("The last one who came failed. See why: the server's log, and sanliang sign-in check")
        yield SystemCheck(label, _said(well), chip, todo, is_well)


def _calendar(session: Session, today: date) -> SystemCheck:
    """Until when working days are counted with a published list; from November on the next year's is asked for."""
    year = holidays.known_until(session, today) + 1
    is_well = year > today.year + (today.month >= LIST_EXPECTED_FROM)
    known = _("until the end of %(year)s") % {"year": year - 1}
    todo = _("Load the list of %(year)s at “Days off” below, as soon as it is published.") % {"year": year}
    chip = "" if is_well else _("%(year)s not yet") % {"year": year}
    return SystemCheck(_("Days off known"), known, chip, todo, is_well)


def _machine(config: Settings) -> Iterator[SystemCheck]:
    free = shutil.disk_usage(config.data_dir).free / GIGABYTE
    room = _("%(n)s GB") % {"n": f"{free:.1f}"}
    todo = _("Make room on the disk of the data folder, or writing stops.")
    is_roomy = free >= LITTLE_ROOM
    yield SystemCheck(_("Room on the disk"), room, "" if is_roomy else _("not much"), todo, is_roomy)
    has_key = sealing.has_key()
    chip = _("in its place") if has_key else _("none yet, or not to be read")
    todo = _("Put its file back; only where there never was one: sanliang contacts new-key")
    yield SystemCheck(_("Key for contacts of wishers"), "", chip, todo, has_key)
    chip = _("yes") if config.https else _("no: for trying out only")
    todo = _("A proxy with TLS in front, then SANLIANG_HTTPS=true.")
    yield SystemCheck(_("Encrypted line (HTTPS)"), "", chip, todo, config.https)
    yield SystemCheck(_("Time zone"), config.time_zone)


def _engine(database: Database) -> str:
    if database.is_sqlite:
        return f"SQLite {sqlite3.sqlite_version}"
    numbers = database.reader.dialect.server_version_info or ()
    return "PostgreSQL " + ".".join(map(str, numbers))


def _is_recent(at: datetime | None, now: datetime, within: timedelta) -> bool:
    return at is not None and now - at <= within


def _said(at: datetime | None) -> str:
    return moment(at) if at else NEVER


def _chip(at: datetime | None, *, is_well: bool) -> str:
    if is_well:
        return _("in order")
    return _("too long ago") if at else _("not yet")


def _run(command: str) -> str:
    return _("Run %(command)s") % {"command": command}
