"""The two usual forms of a year: what is planned 年度计划表, and what came of it 执行情况. Nobody types them."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.core.tables import Table
from app.features.meetings.asked.queries import standing
from app.features.meetings.asked.view import YEAR, AskedPeriod
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.calendar.rules import Category, DutyState
from app.features.meetings.events import queries
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import EventState
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.queries import AnyRow

_CHAIRS: Final = (
    select(MeetingEvent.id, Member.name)
    .join(Member, Member.id == MeetingEvent.chair_id)
    .where(MeetingEvent.branch_id == bindparam("branch"), queries.BETWEEN)
)
_EVERY: Final[dict[int, LazyText]] = {
    1: lazy_gettext("every month"),
    3: lazy_gettext("every quarter"),
    YEAR: lazy_gettext("every year"),
}


def tables(session: Session, actor: Actor, year: int) -> list[Table]:
    """Both forms of the actor's branch. Source: domain, meetings §10."""
    return [_plan(session, actor, year), _done(session, actor, year)]


def _plan(session: Session, actor: Actor, year: int) -> Table:
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = queries.of_branch(session, actor, actor.branch_id, first, last, with_joined=True)
    rows = [row for row in rows if row.state is not EventState.CANCELLED]
    agenda = queries.items(session, [row.id for row in rows])
    asked = {"branch": actor.branch_id, **queries.between(first, last)}
    chairs = dict(session.execute(_CHAIRS, asked).all())
    headings = (_("Month"), _("Kind"), _("Subject"), _("When"), _("Chair or speaker"), _("Who takes part"))
    return Table(
        _("Plan of the year"),
        headings,
        [
            (
                clock.local_day(row.begins_at).month,
                _(", ").join(str(item.kind.label) for item in agenda[row.id]),
                row.title,
                f"{clock.local_time(row.begins_at):%m-%d %H:%M}",
                _(", ").join(filter(None, [chairs.get(row.id), *(item.speaker for item in agenda[row.id])])),
                _whom(agenda[row.id]),
            )
            for row in rows
        ],
    )


def _whom(items: Sequence[AnyRow]) -> str:
    kinds = {item.kind for item in items}
    if kinds == {Kind.COMMITTEE}:
        return _("the committee")
    if kinds == {Kind.GROUP}:
        return _(", ").join(item.group or _("every group") for item in items)
    return _("the whole branch")


def _done(session: Session, actor: Actor, year: int) -> Table:
    stands = standing(session, actor.branch_id, year, clock.today())
    headings = (_("Kind"), _("How often"), _("Held"), _("Missing"))
    by_kind = groupby(stands.asked, lambda one: one.kind)
    return Table(_("What was held"), headings, [_line(kind, list(periods)) for kind, periods in by_kind])


def _line(kind: Kind | Category, periods: Sequence[AskedPeriod]) -> tuple[str, str, str, str]:
    asked = [one for one in periods if one.duty.state is not DutyState.NOT_REQUIRED]
    held = [one.words if one.duty.done_on is None else _day(one) for one in asked if _has_begun(one)]
    missing = [one.period for one in asked if one.duty.state is DutyState.MISSING]
    every = str(_EVERY[periods[0].months] if asked else DutyState.NOT_REQUIRED.label)
    return str(kind.label), every, _(", ").join(held), _(", ").join(missing)


def _has_begun(one: AskedPeriod) -> bool:
    """Whether there is something to say of it: all of it was held, some groups have met, so many talks of so many."""
    return one.duty.done_on is not None or bool(one.duty.groups_done) or isinstance(one.kind, Category)


def _day(one: AskedPeriod) -> str:
    day = f"{one.duty.done_on:%m-%d}"
    return _("%(held)s, recorded afterwards") % {"held": day} if one.is_backfilled else day
