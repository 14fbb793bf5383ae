"""Which leave excuses somebody at a moment, without anybody saying so again: attendance asks."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.features.leave import queries, rules
from app.features.leave.rules import LeaveType
from app.features.leave.view import ShownLeave


def excuses(session: Session, whose: Collection[tuple[UUID, datetime]]) -> dict[tuple[UUID, datetime], ShownLeave]:
    """The approved leave in which each of these members is at this moment; who has none is left out.

    A report of leaving town excuses nobody.
    """
    if not whose:
        return {}
    days = [clock.local_day(begins) for _member, begins in whose]
    found = queries.around(session, {member_id for member_id, _begins in whose}, min(days), max(days))
    asked_at = _asked_at(session, [leave for leaves in found.values() for leave in leaves])
    excused = {}
    for member_id, begins in whose:
        fit = {
            leave.away: leave
            for leave in found.get(member_id, ())
            if leave.away.is_decided
            and leave.leave is not LeaveType.REPORT_ONLY
            and rules.excuses_by_itself(leave.leave, asked_at=asked_at[leave.id], begins=begins)
        }
        if away := rules.covers(fit, begins):
            excused[member_id, begins] = fit[away]
    return excused


def _asked_at(session: Session, leaves: Iterable[ShownLeave]) -> dict[UUID, datetime]:
    """When each was asked for: an extension, which is asked for before the end, with the first of those it extends."""
    origins = {leave.id: leave for leave in leaves}
    while longer := {id_: leave.extends_id for id_, leave in origins.items() if leave.extends_id}:
        before = {leave.id: leave for leave in queries.by_ids(session, longer.values())}
        origins |= {id_: before[extends_id] for id_, extends_id in longer.items()}
    return {id_: leave.asked_at for id_, leave in origins.items()}
