"""Whom a talk concerns: told once that somebody noted it, and the usual form 谈心谈话登记."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app.core import formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.tables import Table
from app.features.meetings.talks import queries
from app.features.members.actor import Actor
from app.features.notices.sources import Reminder, ReminderSource

TOLD_FOR: Final = timedelta(days=14)


def register(session: Session, actor: Actor, year: int) -> Table:
    """The actor's own talks of a year as the usual form has them. Source: domain, meetings §10."""
    headings = (_("Number"), _("Day"), _("Who talked"), _("With whom"), _("Kind"))
    standing = [row for row in queries.mine(session, actor, year) if row.refuted_by_id is None]
    rows = [
        (number, row.held_on.isoformat(), row.talker, row.partner, str(row.category.label))
        for number, row in enumerate(standing, 1)
    ]
    return Table(_("Register of talks"), headings, rows)


def _news(session: Session, now: datetime) -> Sequence[Reminder]:
    """One statement: each talk for those of the two who did not note it."""
    return [
        Reminder(
            member_id=person,
            subject_id=row.id,
            address="/talks",
            details={"with": other, "day": row.held_on.isoformat()},
            once=True,
        )
        for row in queries.noted_since(session, now - TOLD_FOR)
        for person, other in ((row.talker_id, row.partner), (row.partner_id, row.talker))
        if person != row.recorded_by_id
    ]


def _words(details: Mapping[str, Any]) -> str:
    said = {"name": details["with"], "day": formats.day(date.fromisoformat(details["day"]))}
    return _("A talk of yours with %(name)s on %(day)s was noted. If that was not so, say so there.") % said


TALK_NEWS: Final = ReminderSource(
    name="talk.news", label=lazy_gettext("Talks that somebody noted for you"), due=_news, words=_words
)
