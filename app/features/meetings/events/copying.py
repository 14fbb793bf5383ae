"""Planning out of what was: a month like the one before, one meeting a month later."""

from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, holidays, workdays
from app.core.months import last_of_month, months_later
from app.core.rows import IDS
from app.features.meetings.events import partners, queries, service
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.plan import Plan
from app.features.meetings.events.rules import EventState, Joins
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow

_THERE: Final = select(MeetingEvent.id).where(MeetingEvent.id.in_(IDS))


class Proposal(NamedTuple):
    """A meeting of the month before, and the day proposed for it in this one."""

    id: UUID
    """Of the meeting it is copied from."""
    title: str
    day: date
    begins_at: datetime
    place: str | None
    is_planned: bool
    """Whether it was copied already."""
    is_over: bool
    """Whether that day has passed: it is planned by hand, with a reason."""


def proposals(session: Session, actor: Actor, month: date) -> list[Proposal]:
    """The meetings of the month before ``month`` (its first day) that the actor keeps, each on its fixed day."""
    rows = _of_month_before(session, actor, month)
    there = set(session.scalars(_THERE, {"ids": [_copy_id(row.id, month) for row in rows]})) if rows else set()
    found = []
    for row in rows:
        fixed = row.fixed_day or clock.local_day(row.begins_at).day
        day = workdays.in_month(month.year, month.month, fixed, holidays.calendar(session))
        planned = _copy_id(row.id, month) in there
        found.append(Proposal(row.id, row.title, day, row.begins_at, row.place, planned, day < clock.today()))
    return found


def copy_month(session: Session, actor: Actor, *, month: date, ids: Collection[UUID]) -> int:
    """Plan those of the proposals that are chosen; gives how many are new. Twice is once, whoever does it."""
    chosen = [one for one in proposals(session, actor, month) if one.id in ids and not one.is_over]
    agenda = queries.items(session, [one.id for one in chosen])
    number = 0
    for one in chosen:
        plan = as_plan(
            queries.card(session, actor, one.id), agenda[one.id], one.day, partners.partners(session, one.id)
        )
        number += service.put(session, actor, _copy_id(one.id, month), plan, as_it_is=True)
    return number


def repeat(session: Session, actor: Actor, event_id: UUID, *, months: int) -> int:
    """Plan it again in each of so many months, on its fixed day or the same; gives how many are new. Twice is once.

    Each has the id under which copying the month before would plan it, so that it is offered as planned already.

    Raises:
        TooFarAheadError: one of them lies too far ahead.
    """
    if not months:
        return 0
    first = queries.whole(session, actor, event_id)
    agenda = queries.items(session, [event_id])[event_id]
    start, number, last_id = clock.local_day(first.begins_at), 0, event_id
    others = partners.partners(session, event_id)
    for later in range(1, months + 1):
        month = months_later(start.replace(day=1), later)
        day = workdays.in_month(month.year, month.month, first.fixed_day or start.day, holidays.calendar(session))
        last_id = _copy_id(last_id, month)
        number += service.put(session, actor, last_id, as_plan(first, agenda, day, others), as_it_is=True)
    return number


def as_plan(
    row: AnyRow | MeetingEvent, items: Collection[AnyRow], day: date, branches: Collection[AnyRow] = ()
) -> Plan:
    """What a meeting said, for another ``day``: who chairs and records is open again, as is what it was linked to."""
    begins, ends = clock.local_time(row.begins_at), clock.local_time(row.ends_at)
    minutes = sum(item.minutes for item in items)
    return Plan(
        kinds=[item.kind for item in items],
        day=day,
        begins=begins.time(),
        ends=ends.time(),
        title=row.title,
        place=row.place,
        group_id=next((item.group_id for item in items if item.group_id), None),
        study=any(item.study for item in items),
        minutes=minutes or None,
        fixed_day=row.fixed_day,
        branches="\n".join(one.name for one in branches if one.answer is not Joins.DECLINED),
    )


def next_day(session: Session, row: AnyRow | MeetingEvent, day: date) -> date:
    """The day a month after ``day`` on which such a meeting is held again: its fixed one, or the same."""
    month = months_later(day.replace(day=1), 1)
    return workdays.in_month(month.year, month.month, row.fixed_day or day.day, holidays.calendar(session))


def _of_month_before(session: Session, actor: Actor, month: date) -> list[AnyRow]:
    before = months_later(month, -1)
    last = last_of_month(before.year, before.month)
    rows = queries.of_branch(session, actor, actor.branch_id, before, last)
    keeps = queries.kept(session, actor, rows, queries.items(session, [row.id for row in rows]))
    return [row for row in rows if row.state is not EventState.CANCELLED and row.id in keeps]


def _copy_id(event_id: UUID, month: date) -> UUID:
    return uuid5(event_id, f"copy/{month:%Y-%m}")


def month_said(text: str) -> date:
    """The first day of the month that ``text`` (ISO) lies in; the next month where it says none."""
    with suppress(ValueError):
        return clock.first_of_month(date.fromisoformat(text))
    return months_later(clock.first_of_month(clock.today()), 1)
