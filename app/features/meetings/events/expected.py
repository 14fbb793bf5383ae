"""Who is expected at a meeting, by the day on which it is held."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Select, Table, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.core.rows import locked
from app.features.meetings.attachments import queries as attachments
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import queries
from app.features.meetings.events.models import MeetingBranch, MeetingEvent, MeetingExpected, MeetingGuest, MeetingItem
from app.features.meetings.events.rules import BESIDE, OF_SOME, Belongs, Capacity, EventState, expected_now
from app.features.members import queries as members
from app.features.members.models import AuditEntry
from app.features.members.queries import AnyRow
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
    select(MeetingEvent.id).where(MeetingEvent.state == EventState.PLANNED, queries.BETWEEN).order_by(MeetingEvent.id)
)
_CHANGES: Final = (
    AuditAction.MEMBER_ADDED,
    AuditAction.MEMBER_CHANGED,
    AuditAction.MEMBER_MOVED,
    AuditAction.MEMBER_MOVED_AWAY,
    AuditAction.MEMBER_LEFT,
    AuditAction.MEMBER_RETURNED,
    AuditAction.POST_GIVEN,
    AuditAction.POST_ENDED,
    AuditAction.EXEMPTION_GIVEN,
    AuditAction.EXEMPTION_ENDED,
)
_CHANGED: Final = select(AuditEntry.place_id).where(
    AuditEntry.at >= bindparam("since", type_=AuditEntry.at.type),
    AuditEntry.action.in_(_CHANGES),
    AuditEntry.place_id.is_not(None),
)
_AHEAD: Final = (
    select(MeetingEvent.id)
    .where(
        MeetingEvent.state == EventState.PLANNED,
        MeetingEvent.begins_at > bindparam("until", type_=MeetingEvent.begins_at.type),
        or_(
            MeetingEvent.branch_id.in_(_CHANGED),
            MeetingEvent.id.in_(select(MeetingBranch.event_id).where(MeetingBranch.branch_id.in_(_CHANGED))),
        ),
    )
    .order_by(MeetingEvent.id)
)
_HELD: Final = locked(select(MeetingEvent).where(MeetingEvent.id == bindparam("event")))
_EXPECTED: Final = cast(Table, MeetingExpected.__table__)
_ROWS: Final = select(MeetingExpected).where(MeetingExpected.event_id == bindparam("event"))
_GUESTS: Final = select(MeetingGuest.member_id).where(
    MeetingGuest.event_id == bindparam("event"), MeetingGuest.member_id.is_not(None)
)
_ITEMS: Final = (
    select(MeetingItem)
    .where(MeetingItem.event_id == bindparam("event"))
    .order_by(MeetingItem.place)
    .execution_options(populate_existing=True)
)
"""Read anew: what was asked before the meeting was held may be another agenda by now."""

Met = MeetingEvent | AnyRow
"""A meeting, as it is stored or as a card shows it."""
Agenda = Collection[MeetingItem] | Collection[AnyRow]


def committee_of(session: Session, branch_id: UUID, day: date) -> frozenset[UUID]:
    """Who sat in the branch's committee on ``day``; nobody where it had none."""
    return seated(members.posts_in(session, branch_id, day))


def seated(posts: Mapping[UUID, Collection[Role]]) -> frozenset[UUID]:
    """Who of those with posts sits in the committee."""
    held = {role for roles in posts.values() for role in roles}
    seats = {member for member, roles in posts.items() if not set(BRANCH_POSTS).isdisjoint(roles)}
    return frozenset(seats) if held & COMMISSIONERS else frozenset()


def belonging(session: Session, event: Met, items: Agenda, branch_id: UUID) -> dict[UUID, Belongs]:
    """Whom of the branch the agenda of ``event`` asks for, as it was on that day, so far as it still knows."""
    day, kinds = clock.local_day(event.begins_at), {item.kind for item in items}
    people = members.belonging(session, branch_id, day)
    capacity = Capacity.MEMBER
    if kinds <= OF_SOME and Kind.COMMITTEE in kinds:
        capacity, seats = Capacity.COMMITTEE, committee_of(session, branch_id, day)
        people = [one for one in people if one.id in seats]
    elif kinds <= OF_SOME:
        capacity, groups = Capacity.GROUP, {item.group_id for item in items}
        people = [one for one in people if one.group_id and (None in groups or one.group_id in groups)]
    exempt = members.exempt_on(session, branch_id, day)
    own = None if branch_id == event.branch_id else branch_id
    return {one.id: Belongs(capacity, one.status is MemberStatus.FULL, one.id in exempt, own) for one in people}


def current(
    session: Session, event: Met, items: Agenda | None = None, joined: Collection[UUID] | None = None
) -> dict[UUID, Belongs]:
    """Who is expected by what is stored and by who has moved since; nothing is written.

    What is stored is asked once the day is over. ``items`` are the agenda and ``joined`` the other branches that take
    part, where the caller has them.
    """
    is_over = clock.local_day(event.begins_at) < clock.today()
    rows = session.scalars(_ROWS, {"event": event.id}).all() if is_over else ()
    return _current(session, event, rows, items_of(session, event.id) if items is None else items, joined)


def bring_along(session: Session, event: MeetingEvent) -> dict[UUID, Belongs]:
    """The same, and write it down with the guests: who has gone keeps a row that says so."""
    rows = {row.member_id: row for row in session.scalars(_ROWS, {"event": event.id})}
    there = _current(session, event, rows.values(), items_of(session, event.id))
    guest = Belongs(Capacity.GUEST, is_full=False, is_exempt=False)
    named = {one: guest for one in session.scalars(_GUESTS, {"event": event.id}) if one} | there
    fresh = []
    for member_id, one in sorted(named.items()):
        said = {**one._asdict(), "is_gone": False}
        if row := rows.get(member_id):
            for name, value in said.items():
                setattr(row, name, value)
        else:
            fresh.append({"event_id": event.id, "member_id": member_id, **said})
    if fresh:
        session.execute(_EXPECTED.insert(), fresh)
    for member_id, row in rows.items():
        row.is_gone = member_id not in named
    session.flush()
    return there


def bring_all_along(database: Database, now: datetime) -> int:
    """Write down who is expected at meetings that have just begun: later nobody knows who was in which group."""
    return _bring(database, _BEGUN, now)


def bring_coming_along(database: Database, now: datetime) -> int:
    """The same of meetings to come where people or posts just changed: who came reads of them, who went no more."""
    return _bring(database, _AHEAD, now)


def _bring(database: Database, which: Select[UUID], now: datetime) -> int:
    with database.read() as session:
        found = session.scalars(which, {"since": now - JUST, "until": now}).all()
    for event_id in found:
        with database.write() as session:
            bring_along(session, session.scalars(_HELD, {"event": event_id}).one())
    return len(found)


def items_of(session: Session, event_id: UUID) -> list[MeetingItem]:
    """The agenda of one meeting."""
    return list(session.scalars(_ITEMS, {"event": event_id}))


def _current(
    session: Session,
    event: Met,
    rows: Collection[MeetingExpected],
    items: Agenda,
    joined: Collection[UUID] | None = None,
) -> dict[UUID, Belongs]:
    """Those of the host and of who meets with it; where they meet as a whole, also who is attached to them."""
    others = queries.joined(session, event.id) if joined is None else joined
    day, branches = clock.local_day(event.begins_at), [event.branch_id, *others]
    there: dict[UUID, Belongs] = {}
    for branch_id in branches:
        there = _of_branch(session, event, items, branch_id, rows) | there
    if {item.kind for item in items} <= OF_SOME:
        return there
    return {
        member: Belongs(Capacity.ATTACHED, is_full=False, is_exempt=False, own_branch_id=home)
        for member, home in attachments.at_hosts(session, branches, day).items()
    } | there


def _of_branch(
    session: Session, event: Met, items: Agenda, branch_id: UUID, rows: Collection[MeetingExpected]
) -> dict[UUID, Belongs]:
    """Until the day is over it is as the branch is; then only what has its day is looked up."""
    found = belonging(session, event, items, branch_id)
    if clock.local_day(event.begins_at) >= clock.today():
        return found
    own = None if branch_id == event.branch_id else branch_id
    stored = {
        row.member_id: Belongs(row.capacity, row.is_full, row.is_exempt, own)
        for row in rows
        if row.own_branch_id == own and not row.is_gone and row.capacity not in BESIDE
    }
    if stored and all(one.capacity is Capacity.GROUP for one in stored.values()):
        day = clock.local_day(event.begins_at)
        here = {row.id for row in members.belonging(session, branch_id, day)}
        found = {member: one for member, one in stored.items() if member in here}  # nobody knows when a group changed
    moved = _moved_after(session, event, branch_id)
    came = {member for member, action in moved.items() if action is not AuditAction.MEMBER_MOVED_AWAY}
    there = expected_now(stored, found, came_later=came, left_later=moved.keys() - came)
    return {member: _as_it_was(stored.get(member), one) for member, one in there.items()}


def _as_it_was(stored: Belongs | None, found: Belongs) -> Belongs:
    """A full member by what was written down, exempt by the day."""
    return stored._replace(is_exempt=found.is_exempt) if stored else found


def _moved_after(session: Session, event: Met, branch_id: UUID) -> Mapping[UUID, AuditAction]:
    """Who came to a branch or left it after the day of the event, by what happened first."""
    since = clock.midnight(clock.local_day(event.begins_at) + timedelta(days=1))
    first: dict[UUID, AuditAction] = {}
    for member_id, action in session.execute(_MOVES, {"branch": branch_id, "since": since}):
        if event.backfill_reason and action is AuditAction.MEMBER_ADDED:
            continue  # when a branch was entered here says nothing about who was in it before
        if member_id:
            first.setdefault(member_id, action)
    return first
