"""Who is asked to sign, and what waits to be archived, on the page of today and in polite reminders."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.ledger.periods import ARCHIVED_BY
from app.features.members.actor import Actor
from app.features.members.rules import Permission, Role
from app.features.members.two_people import Stands
from app.features.notices.sources import DueLine, Reminder, ReminderSource
from app.features.scores.archive.above import queries as above
from app.features.scores.archive.models import Archiving, Signature
from app.features.stream import Queue

_OPEN: Final = select(Signature.id, Signature.member_id, Signature.year, Signature.due_on).where(
    Signature.said.is_(None), Signature.due_on >= bindparam("day", type_=Signature.due_on.type)
)
_MINE: Final = _OPEN.where(Signature.member_id == bindparam("me", type_=Uuid()))
_WAITING: Final = select(func.count()).where(
    Archiving.branch_id == bindparam("branch", type_=Uuid()),
    Archiving.stands == Stands.WAITING,
    Archiving.entered_by_id != bindparam("me", type_=Uuid()),
    Archiving.member_id != bindparam("me", type_=Uuid()),
)


def _is_season(today: date) -> bool:
    """Whether sheets are signed and archived in these weeks: the page of today asks nothing at other times."""
    return (today.month, today.day) <= ARCHIVED_BY


def queues(session: Session, actor: Actor, today: date) -> Iterator[Queue]:
    """What waits for the actor as the other officer, or in the place of one where a branch has no other."""
    if not _is_season(today):
        return
    number = 0
    if actor.may(Permission.APPROVE):
        number = session.scalar(_WAITING, {"branch": actor.branch_id, "me": actor.member_id}) or 0
    elif Role.SUPERVISOR in actor.roles:
        number = above.number_here(session, actor)
    if number:
        yield Queue(_("Sheets to archive"), number, "/archive")
    if actor.leads and (number := above.number_below(session, actor)):
        yield Queue(_("Sheets to archive, of branches without another officer"), number, "/archive/above")


def _lines(session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
    if not _is_season(today):
        return
    for row in session.execute(_MINE, {"day": today, "me": actor.member_id}):
        yield DueLine(
            row.due_on,
            _("Sheet of %(year)s") % {"year": row.year},
            _("Please look at your sheet and sign it"),
            f"/sheet/{row.year}",
            is_late=False,
            about=_("Signature"),
            act=_("Sign it"),
        )


def _due(session: Session, now: datetime) -> Sequence[Reminder]:
    """One statement."""
    return [
        Reminder(
            member_id=row.member_id,
            subject_id=row.id,
            address=f"/sheet/{row.year}",
            details={"year": row.year, "by": row.due_on.isoformat()},
            until=row.due_on,
        )
        for row in session.execute(_OPEN, {"day": clock.local_day(now)})
    ]


def _words(details: Mapping[str, Any]) -> str:
    by = formats.short_day(date.fromisoformat(details["by"]))
    return _("Your sheet of %(year)s can be signed until %(day)s; not signing costs nothing") % {
        "year": details["year"],
        "day": by,
    }


SIGNATURES: Final = ReminderSource(
    name="sheet_signature",
    label=lazy_gettext("Your sheet of the year, to be signed"),
    due=_due,
    words=_words,
    lines=_lines,
    is_listed=lambda details: True,
)
