"""Who is on the list of a review before its ballot is open: whom the branch reviews, and who is there to vote.

The branch of 31 December reviews (domain, quantified §2). Who came since votes here and is graded there; who went since
is graded here and votes there. The review of a year that is not over reviews who is here.
"""

from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import IDS
from app.features.ballots.life import Moved
from app.features.ballots.models import DemocraticReview
from app.features.leave import queries as leaves
from app.features.leave.rules import covers
from app.features.meetings.attendance.rules import State as Was
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.ticks import queries as ticks
from app.features.members import homes
from app.features.members import queries as members
from app.features.members.models import Member
from app.features.members.queries import AnyRow
from app.features.members.rules import MemberStatus

_GONE: Final = (
    select(Member.id, Member.name, Member.status)
    .where(
        Member.id.in_(IDS), or_(Member.left_on.is_(None), Member.left_on > bindparam("day", type_=Member.left_on.type))
    )
    .order_by(Member.pinyin, Member.id)
)


class Expected(NamedTuple):
    """Somebody on the list before the ballot is open."""

    id: UUID
    name: str
    group: str | None
    is_full: bool
    is_exempt: bool
    is_away: bool
    is_present: bool
    moved: Moved | None = None
    has_voted: bool = False
    on_paper: bool = False


def expected(session: Session, found: DemocraticReview) -> list[Expected]:
    """The list before the ballot; who is there, as far as it was ticked."""
    event = session.get_one(MeetingEvent, found.event_id)
    day = clock.local_day(event.begins_at)
    people = members.branch_members(session, found.branch_id, day)
    came, gone = _moved(session, found, day, {row.id for row in people})
    exempt, ticked = members.exempt_on(session, found.branch_id, day), ticks.last_ticks(session, event.id)
    away = leaves.away(session, sorted(row.id for row in people), day)
    found_people = []
    for row in people:
        leave = covers(away.get(row.id, ()), event.begins_at)
        is_away = bool(leave and leave.is_decided)
        tick = ticked.get(row.id)
        is_there = tick.said.state is Was.PRESENT if tick else not (is_away or row.id in exempt)
        is_full, moved = row.status is MemberStatus.FULL, Moved.CAME if row.id in came else None
        found_people.append(
            Expected(row.id, row.name, row.group_name, is_full, row.id in exempt, is_away, is_there, moved)
        )
    not_here = {"is_exempt": False, "is_away": False, "is_present": False}
    return found_people + [
        Expected(row.id, row.name, None, is_full=True, **not_here, moved=Moved.GONE)
        for row in gone
        if row.status is MemberStatus.FULL
    ]


def _moved(
    session: Session, found: DemocraticReview, day: date, here: Collection[UUID]
) -> tuple[frozenset[UUID], list[AnyRow]]:
    """Who of those ``here`` came after the year's end, and who went."""
    end = date(found.year, 12, 31)
    if end >= day:
        return frozenset(), []
    belonged = {one.id for one in homes.belonging(session, found.branch_id, end)}
    gone = sorted(belonged - set(here))
    rows = session.execute(_GONE, {"ids": gone, "day": day}).all() if gone else []
    return frozenset(here) - belonged, list(rows)
