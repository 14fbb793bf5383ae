"""What waits for an answer, on the page of today and in polite reminders, and that one's own has one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid5

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext
from app.core.i18n import lazy_gettext as _
from app.features.complaints import queries
from app.features.complaints.models import Complaint
from app.features.complaints.rules import ANSWERING, State
from app.features.members.actor import Actor
from app.features.notices.sources import DueLine, Reminder, ReminderSource

TOLD_FOR: Final = timedelta(days=14)
"""How long a sender is told of an answer, longer than any holiday; the own list says it for good."""
_MINE: Final = queries.ANSWERERS.where(queries.ANSWERERS.selected_columns.member_id == bindparam("me"))
_ANSWERED: Final = (
    select(Complaint.id, Complaint.sender_id)
    .where(
        Complaint.state == State.ANSWERED, Complaint.ended_on >= bindparam("since"), Complaint.sender_id.is_not(None)
    )
    .order_by(Complaint.id)
)


def _lines(session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
    if actor.roles.isdisjoint(ANSWERING):
        return
    rows = session.execute(_MINE, {"me": actor.member_id, "day": today}).all()
    if rows:
        by = rows[0].due_on
        title = gettext("Opinions and complaints to answer: %(n)s") % {"n": len(rows)}
        words = gettext("The first by %(day)s") % {"day": formats.short_day(by)}
        yield DueLine(by, title, words, "/complaints/desk", is_late=by < today)


def _due_for_anybody(session: Session, now: datetime) -> Sequence[Reminder]:
    """Two statements. Of what came today the page of today tells alone: a reminder would keep the hour."""
    today = clock.local_day(now)
    waiting = session.execute(queries.ANSWERERS, {"day": today})
    answered = session.execute(_ANSWERED, {"since": today - TOLD_FOR})
    return [
        *(
            Reminder(
                member_id=row.member_id,
                subject_id=row.id,
                address=f"/complaints/{row.id}",
                details={"by": row.due_on.isoformat()},
            )
            for row in waiting
            if row.sent_on < today
        ),
        *(
            Reminder(
                member_id=row.sender_id,
                subject_id=uuid5(row.id, "answered"),
                address=f"/complaints/{row.id}",
                details={"by": None},
                once=True,
            )
            for row in answered
        ),
    ]


def _words(details: Mapping[str, Any]) -> str:
    if details["by"] is None:
        return gettext("Your opinion or complaint has been answered")
    by = formats.short_day(date.fromisoformat(details["by"]))
    return gettext("An opinion or complaint waits for an answer by %(day)s") % {"day": by}


COMPLAINTS: Final = ReminderSource(
    name="complaint",
    label=_("Opinions and complaints to answer, and answers to your own"),
    due=_due_for_anybody,
    words=_words,
    lines=_lines,
    is_listed=lambda details: details["by"] is not None,
)
