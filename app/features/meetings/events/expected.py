"""Who is expected at a meeting, by the day on which it is held."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.core.rows import locked
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.models import MeetingEvent, MeetingExpected, MeetingItem
from app.features.meetings.events.rules import OF_SOME, Belongs, Capacity, EventState, expected_now
from app.features.members import queries as members
from app.features.members.models import AuditEntry
from app.features.members.rules import BRANCH_POSTS, AuditAction, MemberStatus, Role

COMMISSIONERS: Final = frozenset({Role.ORGANISATION, Role.PUBLICITY, Role.DISCIPLINE})
"""Where somebody holds one of these, the branch has a committee: a secretary and a deputy alone are none."""
_MOVES: Final = (
    select(AuditEntry.subject_id, AuditEntry.action)
    .where(
        AuditEntry.place_id == bindparam("branch"),
        AuditEntry.action.in_((AuditAction.MEMBER_MOVED, AuditAction.MEMBER_MOVED_AWAY, AuditAction.MEMBER_ADDED)),
        AuditEntry.at >= bindparam("since", type_=AuditEntry.at.type),
    )
    .order_by(AuditEntry.id)
)
JUST: Final = timedelta(hours=3)
"""How long a meeting has just begun: longer than there is between two sweeps."""
_BEGUN: Final = (
    select(MeetingEvent.id)
    .where(
        MeetingEvent.state == EventState.PLANNED,
        MeetingEvent.begins_at.between(
            bindparam("since", type_=MeetingEvent.begins_at.type), bindparam("until", type_=MeetingEvent.begins_at.type)
        ),
    )
    .order_by(MeetingEvent.id)
)
_HELD: Final = locked(select(MeetingEvent).where(MeetingEvent.id == bindparam("event")))
_ROWS: Final = select(MeetingExpected).where(MeetingExpected.event_id == bindparam("event"))
_ITEMS: Final = (
    select(MeetingItem)
    .where(MeetingItem.event_id == bindparam("event"))
    .order_by(MeetingItem.place)
    .execution_options(populate_existing=True)
)
"""Read anew: what was asked before the meeting was held may be another agenda by now."""


def committee_of(session: Session, branch_id: UUID, day: date) -> frozenset[UUID]:
    """Who sat in the branch's committee on ``day``; nobody where it had none."""
    posts = members.posts_in(session, branch_id, day)
    held = {role for roles in posts.values() for role in roles}
    seats = {member for member, roles in posts.items() if not set(BRANCH_POSTS).isdisjoint(roles)}
    return frozenset(seats) if held & COMMISSIONERS else frozenset()


def belonging(session: Session, event: MeetingEvent, items: Collection[MeetingItem]) -> dict[UUID, Belongs]:
    """Whom the agenda of ``event`` asks for, as the branch was on that day, so far as it still knows."""
    day, kinds = clock.local_day(event.begins_at), {item.kind for item in items}
    people = members.branch_members(session, event.branch_id, day)
    capacity = Capacity.MEMBER
    if kinds <= OF_SOME and Kind.COMMITTEE in kinds:
        capacity, seats = Capacity.COMMITTEE, committee_of(session, event.branch_id, day)
        people = [one for one in people if one.id in seats]
    elif kinds <= OF_SOME:
        capacity, groups = Capacity.GROUP, {item.group_id for item in items}
        people = [one for one in people if one.group_id and (None in groups or one.group_id in groups)]
    exempt = members.exempt_on(session, event.branch_id, day)
    return {one.id: Belongs(capacity, one.status is MemberStatus.FULL, one.id in exempt) for one in people}


def current(session: Session, event: MeetingEvent) -> dict[UUID, Belongs]:
    """Who is expected by what is stored and by who has moved since; nothing is written."""
    rows = session.scalars(_ROWS, {"event": event.id}).all()
    return _current(session, event, rows)


def bring_along(session: Session, event: MeetingEvent) -> dict[UUID, Belongs]:
    """The same, and write it down: who has gone keeps a row that says so."""
    rows = {row.member_id: row for row in session.scalars(_ROWS, {"event": event.id})}
    there = _current(session, event, rows.values())
    for member_id, one in sorted(there.items()):
        if row := rows.get(member_id):
            row.is_gone, row.is_full, row.is_exempt = False, one.is_full, one.is_exempt
        else:
            session.add(MeetingExpected(event_id=event.id, member_id=member_id, is_gone=False, **one._asdict()))
    for member_id, row in rows.items():
        row.is_gone = member_id not in there
    session.flush()
    return there


def bring_all_along(database: Database, now: datetime) -> int:
    """Write down who is expected at meetings that have just begun: later nobody knows who was in which group."""
    with database.read() as session:
        begun = session.scalars(_BEGUN, {"since": now - JUST, "until": now}).all()
    for event_id in begun:
        with database.write() as session:
            bring_along(session, session.scalars(_HELD, {"event": event_id}).one())
    return len(begun)


def items_of(session: Session, event_id: UUID) -> list[MeetingItem]:
    """The agenda of one meeting."""
    return list(session.scalars(_ITEMS, {"event": event_id}))


def _current(session: Session, event: MeetingEvent, rows: Collection[MeetingExpected]) -> dict[UUID, Belongs]:
    """Until the day is over it is as the branch is; then only what has its day is looked up."""
    found = belonging(session, event, items_of(session, event.id))
    if clock.local_day(event.begins_at) >= clock.today():
        return found
    stored = {row.member_id: Belongs(row.capacity, row.is_full, row.is_exempt) for row in rows if not row.is_gone}
    if stored and all(one.capacity is Capacity.GROUP for one in stored.values()):
        day = clock.local_day(event.begins_at)
        here = {row.id for row in members.branch_members(session, event.branch_id, day)}
        found = {member: one for member, one in stored.items() if member in here}  # nobody knows when a group changed
    moved = _moved_after(session, event)
    came = {member for member, action in moved.items() if action is not AuditAction.MEMBER_MOVED_AWAY}
    there = expected_now(stored, found, came_later=came, left_later=moved.keys() - came)
    return {member: _as_it_was(stored.get(member), one) for member, one in there.items()}


def _as_it_was(stored: Belongs | None, found: Belongs) -> Belongs:
    """A full member by what was written down, exempt by the day."""
    return stored._replace(is_exempt=found.is_exempt) if stored else found


def _moved_after(session: Session, event: MeetingEvent) -> Mapping[UUID, AuditAction]:
    """Who came to the branch or left it after the day of the event, by what happened first."""
    since = clock.midnight(clock.local_day(event.begins_at) + timedelta(days=1))
    first: dict[UUID, AuditAction] = {}
    for member_id, action in session.execute(_MOVES, {"branch": event.branch_id, "since": since}):
        if event.backfill_reason and action is AuditAction.MEMBER_ADDED:
            continue  # when a branch was entered here says nothing about who was in it before
        if member_id:
            first.setdefault(member_id, action)
    return first
