"""That a quarter is settled, said once and politely to each member whose own objections are over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Date, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.members.models import Member
from app.features.notices.sources import Reminder, ReminderSource
from app.features.scores.objections.models import Objection
from app.features.scores.objections.queries import IS_PENDING
from app.features.scores.publicity.models import Publicity
from app.features.scores.publicity.rules import Period

NEWS_FOR: Final = timedelta(days=14)
"""After that nobody needs to hear it."""
_DAY: Final = bindparam("day", type_=Date())
_SETTLED: Final = (
    select(Publicity.id, Publicity.year, Publicity.quarter, Publicity.objections_until, Member.id.label("member_id"))
    .join(Member, Member.branch_id == Publicity.branch_id)
    .where(
        Publicity.withdrawn_at.is_(None),
        Publicity.quarter.is_not(None),  # of the year people hear when they are asked to sign
        Publicity.objections_until < _DAY,
        Publicity.objections_until >= bindparam("since", type_=Date()),
        or_(Member.left_on.is_(None), Member.left_on > _DAY),
        ~exists().where(Objection.member_id == Member.id, Objection.year == Publicity.year, IS_PENDING),
    )
)


def _due(session: Session, now: datetime) -> list[Reminder]:
    """One statement."""
    today = clock.local_day(now)
    return [
        Reminder(
            member_id=row.member_id,
            subject_id=row.id,
            address=f"/sheet/{row.year}?through={row.year}-{3 * row.quarter:02}",
            details={"year": row.year, "quarter": row.quarter},
            until=row.objections_until + NEWS_FOR,
            once=True,
        )
        for row in session.execute(_SETTLED, {"day": today, "since": today - NEWS_FOR})
    ]


def _words(details: Mapping[str, Any]) -> str:
    return _("%(period)s: the publicity and the days for objections are over. Your sheet shows how it stands.") % {
        "period": Period(details["year"], details["quarter"]).words
    }


SETTLED: Final = ReminderSource(
    name="publicity.settled", label=lazy_gettext("Quarters that are settled"), due=_due, words=_words
)
