"""The next duty of a series: made when its former has ended or its own period begins, and exactly once.

Whoever comes first makes it; the constraint on series and place turns everybody else's attempt into nothing. So two
sweeps at one moment, a sweep beside an approval, and an approval that is undone and given again make one duty.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.db import insert_ignoring_duplicates
from app.core.ids import new_id
from app.core.months import months_later
from app.core.rows import IDS, AnyRow
from app.features.members.models import Member
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.duties.models import Duty, DutyHelper, DutyOutcome
from app.features.shows.duties.rules import DutySource, Repeat, keeper_on
from app.features.shows.duties.service import hand_overs_of
from app.features.shows.duties.view import helpers_of

AT_ONCE: Final = 500
"""Series that are continued in one go."""
_DUTIES, _HELPERS = (cast(Table, model.__table__) for model in (Duty, DutyHelper))
_Later = aliased(Duty)
_LAST_OF_SERIES: Final = (
    select(
        Duty.id,
        Duty.branch_id,
        Duty.member_id,
        Duty.kind,
        Duty.matter,
        Duty.basis,
        Duty.repeat,
        Duty.series_id,
        Duty.series_place,
        Duty.anchored_on,
        Duty.made_by_id,
        exists()
        .where(DutyOutcome.duty_id == Duty.id, Review.id == DutyOutcome.id, Review.status == ReviewStatus.APPROVED)
        .label("has_ended"),
    )
    .where(
        Duty.repeat != Repeat.NONE,
        ~exists().where(_Later.series_id == Duty.series_id, _Later.series_place > Duty.series_place),
    )
    .order_by(Duty.id)
)
_OF_REPORTS: Final = _LAST_OF_SERIES.where(Duty.id.in_(select(DutyOutcome.duty_id).where(DutyOutcome.id.in_(IDS))))
_HERE: Final = select(Member.id, Member.branch_id).where(Member.id.in_(IDS), Member.is_here(bindparam("today")))
_MONTHS: Final[Mapping[Repeat, int]] = MappingProxyType({Repeat.MONTHLY: 1, Repeat.QUARTERLY: 3, Repeat.YEARLY: 12})


def due_day(anchored_on: date, repeat: Repeat, place: int) -> date:
    """The due day of the duty at ``place`` (from 0) of a series whose first is due on ``anchored_on``.

    The day of the month stays, as far as the month has it: 31 January, 28 February, 31 March.

    Raises:
        KeyError: a duty that comes once has no other places.
    """
    return months_later(anchored_on, _MONTHS[repeat] * place)


def period_begins(day: date, repeat: Repeat) -> date:
    """The first day of the calendar month, quarter or year in which ``day`` lies.

    Raises:
        KeyError: a duty that comes once has no period.
    """
    length = _MONTHS[repeat]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def is_time(next_due: date, repeat: Repeat, *, former_ended: bool, today: date) -> bool:
    """Whether the next of a series is made: its former has ended, or its own period has begun."""
    return repeat is not Repeat.NONE and (former_ended or period_begins(next_due, repeat) <= today)


def continue_series(session: Session, *, today: date | None = None) -> int:
    """Make every next duty whose time has come, and say how many: for the daily sweep.

    Where nobody has swept for months, the duties of all periods that have begun are made.
    """
    today, made = today or clock.today(), 0
    while now := _make_next(session, session.execute(_LAST_OF_SERIES).all(), today):
        made += now
    return made


def continue_after(session: Session, report_ids: Collection[UUID]) -> None:
    """Make what follows the duties whose ends have just been approved."""
    _make_next(session, session.execute(_OF_REPORTS, {"ids": list(report_ids)}).all(), clock.today())


def _make_next(session: Session, rows: Sequence[AnyRow], today: date) -> int:
    """The duties after ``rows`` whose time has come; how many were not there yet."""
    timely = [row for row in rows if is_time(_next_due(row), row.repeat, former_ended=row.has_ended, today=today)]
    made = 0
    for first in range(0, len(timely), AT_ONCE):
        made += _insert(session, timely[first : first + AT_ONCE], today)
    return made


def _insert(session: Session, rows: Sequence[AnyRow], today: date) -> int:
    hand_overs = hand_overs_of(session, [row.id for row in rows])
    keepers = {row.id: keeper_on(row.member_id, hand_overs.get(row.id, ()), today) for row in rows}
    asked = {"ids": sorted(set(keepers.values())), "today": today}
    here = {(person.id, person.branch_id) for person in session.execute(_HERE, asked)}
    # the duty of somebody who has left comes again when somebody else has taken it over
    new = {row.id: _row(row, keepers[row.id]) for row in rows if (keepers[row.id], row.branch_id) in here}
    if not new:
        return 0
    in_order = sorted(new.values(), key=lambda duty: (duty["series_id"], duty["series_place"]))
    statement = insert_ignoring_duplicates(session, _DUTIES).returning(_DUTIES.c.id)
    fresh = set(session.scalars(statement, in_order))
    made = {former: duty for former, duty in new.items() if duty["id"] in fresh}
    if made and (helpers := list(_helpers(session, made))):
        session.execute(_HELPERS.insert(), helpers)
    return len(fresh)


def _row(former: AnyRow, keeper_id: UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "branch_id": former.branch_id,
        "member_id": keeper_id,
        "kind": former.kind,
        "matter": former.matter,
        "basis": former.basis,
        "due_on": _next_due(former),
        "source": DutySource.REPEATED,
        "repeat": former.repeat,
        "series_id": former.series_id,
        "series_place": former.series_place + 1,
        "anchored_on": former.anchored_on,
        "made_by_id": former.made_by_id,
        "made_at": clock.now(),
        "cancelled_at": None,
    }


def _next_due(former: AnyRow) -> date:
    return due_day(former.anchored_on, former.repeat, former.series_place + 1)


def _helpers(session: Session, made: Mapping[UUID, Mapping[str, Any]]) -> Iterator[dict[str, UUID]]:
    """The helpers of the former duties, for the new ones."""
    for former_id, helpers in helpers_of(session, made).items():
        new = made[former_id]
        for helper in helpers:
            if helper.member_id != new["member_id"]:
                yield {"duty_id": new["id"], "member_id": helper.member_id}
