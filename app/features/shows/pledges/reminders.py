"""Reminding people of what pledges ask of them. How often is decided by the notices (red line 7)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext, ngettext
from app.features.members.actor import Actor
from app.features.notices.sources import DueLine, Reminder, ReminderSource
from app.features.shows.pledges.due import Ask, Due, due_for_all
from app.features.shows.pledges.due import due as due_of
from app.features.shows.pledges.review_kinds import PLEDGE


def asked(ask: Ask, number: int) -> str:
    """What is asked for, of ``number`` pledges, as the line of a list."""
    match ask:
        case Ask.WRITE:
            return _("Write this year's pledges")
        case Ask.CORRECT:
            said = ngettext("%(n)s pledge came back to be corrected", "%(n)s pledges came back to be corrected", number)
        case Ask.PROGRESS:
            said = ngettext(
                "Say how %(n)s pledge goes this quarter", "Say how %(n)s pledges go this quarter, a tap each", number
            )
        case _:
            said = ngettext("Say how %(n)s pledge ended", "Say how %(n)s pledges ended", number)
    return said % {"n": number}


def due(session: Session, now: datetime) -> Sequence[Reminder]:
    """What pledges ask of anybody; one statement."""
    return [_reminder(one) for one in due_for_all(session, clock.local_day(now))]


def words(details: Mapping[str, Any]) -> str:
    """The sentence of a reminder."""
    return asked(Ask(details["ask"]), details["number"])


def _reminder(one: Due) -> Reminder:
    details = {"ask": one.ask.value, "number": one.number}
    return Reminder(
        member_id=one.member_id, subject_id=one.subject_id, address=one.href, details=details, until=one.until
    )


def lines(session: Session, actor: Actor, today: date) -> Sequence[DueLine]:
    """The same for one member, on the page of today."""
    return [
        DueLine(
            due_on=one.until,
            title=asked(one.ask, one.number),
            words=_("until %(day)s") % {"day": formats.short_day(one.until)},
            address=one.href,
            is_late=False,
            came_back=PLEDGE.name if one.ask is Ask.CORRECT else "",
        )
        for one in due_of(session, actor.member_id, today)
    ]


PLEDGES: Final = ReminderSource(
    name="pledges",
    label=lazy_gettext("What your pledges ask of you"),
    due=due,
    words=words,
    lines=lines,
    is_listed=lambda details: True,
)
