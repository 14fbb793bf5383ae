"""That a publicity is open, said once and politely to its branch; and which step waits for which officer."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Date, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import Permission, Role
from app.features.notices.sources import DueLine, Reminder, ReminderSource
from app.features.scores.publicity import queries, service
from app.features.scores.publicity.models import Publicity
from app.features.scores.publicity.rules import Act, Period
from app.features.stream import Queue

_DAY: Final = bindparam("today", type_=Date())
_OPEN: Final = (
    select(Publicity.id, Publicity.year, Publicity.quarter, Publicity.objections_until, Member.id.label("member_id"))
    .join(Member, Member.branch_id == Publicity.branch_id)
    .where(
        Publicity.withdrawn_at.is_(None),
        Publicity.objections_until >= _DAY,
        or_(Member.left_on.is_(None), Member.left_on > _DAY),
    )
)
_WAITING: Final = (
    select(Publicity)
    .where(
        Publicity.branch_id == bindparam("branch", type_=Uuid()),
        Publicity.withdrawn_at.is_(None),
        Publicity.published_at.is_(None),
    )
    .order_by(Publicity.year, Publicity.quarter, Publicity.id)
)


def open_for_all(session: Session, now: datetime) -> list[Reminder]:
    """What is publicised, for everybody of the branch, once."""
    return [
        Reminder(
            member_id=row.member_id,
            subject_id=row.id,
            address=f"/publicity/{Period(row.year, row.quarter).path}",
            details={"year": row.year, "quarter": row.quarter, "until": row.objections_until.isoformat()},
            until=row.objections_until,
            once=True,
        )
        for row in session.execute(_OPEN, {"today": clock.local_day(now)})
    ]


def open_words(details: Mapping[str, Any]) -> str:
    """``The facts of quarter 3 of 2026 are open to the branch …``."""
    said = {
        "period": Period(details["year"], details["quarter"]).words,
        "day": formats.day(date.fromisoformat(details["until"])),
    }
    return _("The facts of your branch are publicised: %(period)s. An objection is possible until %(day)s.") % said


def lines(session: Session, actor: Actor, _today: date) -> Iterator[DueLine]:
    """One line for what is publicised in the actor's branch: to know, nothing has to be done."""
    for found in queries.running(session, actor.branch_id):
        if found.objections_until:
            yield DueLine(
                due_on=found.objections_until,
                title=_("Publicity of %(period)s") % {"period": found.period.words},
                words=_("objections until %(day)s") % {"day": formats.short_day(found.objections_until)},
                address=f"/publicity/{found.period.path}",
                is_late=False,
                is_ahead=True,
                about=lazy_gettext("Publicity"),
                act=_("Open the publicity"),
            )


def queues(session: Session, actor: Actor) -> Iterator[Queue]:
    """The step that waits for the actor, by its period."""
    if not (actor.may(Permission.SEE_BRANCH) or Role.SUPERVISOR in actor.roles):
        return
    for found in session.scalars(_WAITING, {"branch": actor.branch_id}):
        act, own = found.next_act, found.proposed_by_id == actor.member_id
        if act and not (act is Act.APPROVE and own) and service.may(session, actor, found, act):
            title = _("Publicity of %(period)s") % {"period": found.period.words}
            yield Queue(title, 1, f"/publicity/{found.period.path}", said=str(act.label))


OPEN: Final = ReminderSource(
    name="publicity.open",
    label=lazy_gettext("Publicities of your branch"),
    due=open_for_all,
    words=open_words,
    lines=lines,
    is_listed=lambda details: True,
)
