"""What is due for one member, in as few words as a line of the page of today has."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, exists, select, union
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.rows import AnyRow
from app.features.members.actor import Actor
from app.features.notices import service as notices
from app.features.notices.sources import AHEAD, DueDay, DueLine, Reminder, ReminderSource
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.duties import queries
from app.features.shows.duties.models import Duty, DutyHandOver, DutyOutcome
from app.features.shows.duties.rules import OUTCOME, SOON, in_days
from app.features.shows.duties.view import HOLDER_ID

_ABOUT: Final = lazy_gettext("Duty list")
_ACT: Final = lazy_gettext("Report how it ended")
_ME: Final = bindparam("me", type_=Uuid())
_ENDED: Final = exists().where(
    DutyOutcome.duty_id == Duty.id,
    Review.id == DutyOutcome.id,
    Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
)
_REASON: Final = (
    select(Review.reason)
    .join(DutyOutcome, DutyOutcome.id == Review.id)
    .where(DutyOutcome.duty_id == Duty.id, Review.status == ReviewStatus.RETURNED)
    .order_by(DutyOutcome.attempt.desc())
    .limit(1)
    .correlate(Duty)
    .scalar_subquery()
)
_DUE: Final = (
    select(Duty.id, Duty.matter, Duty.due_on, _REASON.label("reason"))
    .where(
        Duty.id.in_(
            union(
                select(Duty.id).where(Duty.member_id == _ME),
                select(DutyHandOver.duty_id).where(DutyHandOver.to_id == _ME),
            )
        ),
        Duty.cancelled_at.is_(None),
        Duty.due_on <= bindparam("until"),
        HOLDER_ID == _ME,
        ~_ENDED,
    )
    .order_by(Duty.due_on, Duty.id)
)


def due(session: Session, actor: Actor, today: date) -> Sequence[AnyRow]:
    """What the actor is responsible for and has not ended, due within ``AHEAD`` or overdue, the nearest first.

    Rows ``id, matter, due_on, reason``; the reason is why an officer gave the reported end back. One statement.
    """
    return session.execute(_DUE, {"me": actor.member_id, "day": today, "until": today + AHEAD}).all()


def due_for_all(session: Session, now: datetime) -> Sequence[Reminder]:
    """Every duty that is due within a week or overdue, for who is responsible today."""
    today = clock.local_day(now)
    return [
        Reminder(
            member_id=row.responsible_id,
            subject_id=row.id,
            address=f"/shows/duties/{row.id}",
            details={"matter": row.matter, "due_on": row.due_on.isoformat()},
        )
        for row in queries.due_anywhere(session, today)
    ]


def settle(session: Session, duty_ids: Collection[UUID]) -> None:
    """Take the reminders of these duties back at once: there is nothing to do for now. The sweep would do it later."""
    notices.settle(session, DUE.name, duty_ids)


def words(details: Mapping[str, Any]) -> str:
    """``“归档上年度文书档案” is due on 27 November.``; kindly, when the day has passed."""
    due_on = date.fromisoformat(details["due_on"])
    said = {"matter": details["matter"], "day": formats.day(due_on)}
    if due_on < clock.today():
        return _("“%(matter)s” was due on %(day)s. If it is done, one tap says so; if it is stuck, say that.") % said
    return _("“%(matter)s” is due on %(day)s.") % said


def lines(session: Session, actor: Actor, today: date) -> Sequence[DueLine]:
    """The same for one member, on the page of today, with what came back to be reported anew."""
    return [
        DueLine(
            due_on=duty.due_on,
            title=duty.matter,
            words=f"{formats.short_day(duty.due_on)} · {in_days((duty.due_on - today).days)}",
            address=f"/shows/duties/{duty.id}",
            is_late=duty.due_on < today,
            came_back=OUTCOME if duty.reason else "",
            is_ahead=duty.due_on - today > SOON,
            about=_ABOUT,
            act=_ACT,
        )
        for duty in due(session, actor, today)
    ]


def days(session: Session, member_id: UUID, year: int) -> Iterator[DueDay]:
    """The member's duties of a year that nobody has ended, for the own calendar."""
    for duty in queries.shown(session, member_id, year):
        if duty.is_open:
            yield DueDay(duty.id, duty.matter, duty.due_on, f"/shows/duties/{duty.id}")


DUE: Final = ReminderSource(
    name="duty.due",
    label=lazy_gettext("Duties that are due"),
    due=due_for_all,
    words=words,
    lines=lines,
    days=days,
    is_listed=lambda details: True,
)
