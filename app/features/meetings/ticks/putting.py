"""Ticks on their way to another officer: the organiser's, and those of the code of the room."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.core.rows import put_once
from app.features.meetings.ticks.facts import SOURCE
from app.features.meetings.ticks.models import Attendance, AttendanceTick
from app.features.meetings.ticks.rules import Source, StoredTick
from app.features.reviews import service as reviews
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import Flag, ReviewStatus

_TICKS, _ATTENDANCES = (cast(Table, model.__table__) for model in (AttendanceTick, Attendance))
_POINT: Final = (
    update(_ATTENDANCES)
    .where(_ATTENDANCES.c.event_id == bindparam("of_event"), _ATTENDANCES.c.member_id == bindparam("of_member"))
    .values(tick_id=bindparam("new_tick"))
)


class Before(NamedTuple):
    """The last tick of somebody, whose place another one takes."""

    id: UUID
    recorded_by_id: UUID
    status: ReviewStatus | None


class NewTick(NamedTuple):
    """What is said about one person at one meeting."""

    event_id: UUID
    branch_id: UUID
    title: str
    day: date
    member_id: UUID
    said: StoredTick
    source: Source
    recorded_by_id: UUID
    recorded_at: datetime
    detail: Mapping[str, Any]
    before: Before | None
    home: UUID | None = None
    """The own branch of somebody from elsewhere."""
    by_own: bool = False
    """Whether an officer of that one decides: on what costs points, and on why somebody was not there."""
    note: str | None = None
    flags: frozenset[Flag] = frozenset()
    waits: bool = True
    """Whether another officer says a word about it."""


def put_ticks(session: Session, news: Sequence[NewTick]) -> list[UUID]:
    """Write these ticks and let them wait; what they take the place of waits no more. Gives their ids, in this order.

    A fixed number of statements, but one more for each who recorded what waits no more.
    """
    waiting = [one.before for one in news if one.before and one.before.status is ReviewStatus.PENDING]
    withdraw_ticks(session, {before.id: before.recorded_by_id for before in waiting})
    named = [(new_id(), one) for one in news]
    reviews.submit(
        session,
        [
            NewReview(
                id=tick_id,
                kind=SOURCE,
                branch_id=(one.by_own and one.home) or one.branch_id,
                own_branch_id=None if one.by_own else one.home,
                member_id=one.member_id,
                recorded_by_id=one.recorded_by_id,
                title=one.title,
                detail=one.detail,
                occurred_on=one.day,
                submitted_at=one.recorded_at,
                flags=one.flags,
            )
            for tick_id, one in named
            if one.waits
        ],
    )
    whose = [{"event_id": one.event_id, "member_id": one.member_id} for one in news]
    rows = [
        {
            "id": tick_id,
            **of,
            **one.said._asdict(),
            "source": one.source,
            "note": one.note,
            "recorded_by_id": one.recorded_by_id,
            "recorded_at": one.recorded_at,
        }
        for (tick_id, one), of in zip(named, whose, strict=True)
    ]
    put_once(session, _TICKS, rows)
    first = [
        {"id": new_id(), "tick_id": tick_id, **of}
        for (tick_id, one), of in zip(named, whose, strict=True)
        if one.before is None
    ]
    put_once(session, _ATTENDANCES, first)
    point_at(session, [(one.event_id, one.member_id, tick_id) for tick_id, one in named if one.before])
    return [tick_id for tick_id, _one in named]


def point_at(session: Session, lasts: Collection[tuple[UUID, UUID, UUID]]) -> None:
    """Let these be the last ticks: of a meeting and a member, the tick."""
    if lasts:
        session.connection().execute(
            _POINT, [dict(zip(("of_event", "of_member", "new_tick"), last, strict=True)) for last in lasts]
        )


def withdraw_ticks(session: Session, recorders: Mapping[UUID, UUID]) -> None:
    """Let ticks wait no more whose place others took, each in the name of who recorded it."""
    for by_id in sorted(set(recorders.values())):
        ids = [tick_id for tick_id, recorder in recorders.items() if recorder == by_id]
        for refused in reviews.withdraw(session, ids, by_id=by_id):
            raise refused.error
