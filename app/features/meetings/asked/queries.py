"""What is asked of branches in a year and what was held, by the rules of the calendar of duties."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, bindparam, case, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from app.core import clock
from app.core.local_days import LocalDay
from app.core.rows import IDS
from app.features.meetings.asked.view import YEAR, AskedPeriod, BranchYear
from app.features.meetings.attendance.rules import Kind, State
from app.features.meetings.calendar import rules
from app.features.meetings.counted.models import Suspension
from app.features.meetings.counted.queries import rests_on
from app.features.meetings.events import expected
from app.features.meetings.events.models import MeetingBranch, MeetingEvent, MeetingExpected, MeetingItem
from app.features.meetings.events.queries import BETWEEN, between
from app.features.meetings.events.rules import BESIDE, EventState, Joins
from app.features.meetings.talks import queries as talks
from app.features.meetings.ticks.models import Attendance, AttendanceTick
from app.features.meetings.ticks.rules import Source
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.rules import BRANCH_POSTS, MemberStatus, OrganisationKind, Role
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

_DAY: Final = bindparam("day", type_=Date())
_PLACES: Final = select(Organisation.id, Organisation.parent_id, Organisation.kind, Organisation.created_at).where(
    or_(Organisation.id.in_(IDS), and_(Organisation.parent_id.in_(IDS), Organisation.kind == OrganisationKind.GROUP))
)
"""The branches and their groups."""
_PEOPLE: Final = (
    select(Member.branch_id, Member.id, Member.status, RoleTerm.role)
    .outerjoin(RoleTerm, (RoleTerm.member_id == Member.id) & RoleTerm.role.in_(BRANCH_POSTS) & RoleTerm.in_force(_DAY))
    .where(Member.branch_id.in_(IDS), or_(Member.left_on.is_(None), Member.left_on > _DAY))
)
_LEFT: Final = (
    select(Member.branch_id, func.max(Member.left_on)).where(Member.branch_id.in_(IDS)).group_by(Member.branch_id)
)
_CAME: Final = (
    (Attendance.event_id == MeetingExpected.event_id)
    & (Attendance.member_id == MeetingExpected.member_id)
    & (AttendanceTick.id == Attendance.tick_id)
    & (AttendanceTick.state == State.PRESENT)
    & or_(
        AttendanceTick.source != Source.CODE,
        exists().where(Review.id == AttendanceTick.id, Review.status == ReviewStatus.APPROVED),
    )
)
"""What the organiser has said, and of the codes that members typed those that an officer has confirmed."""
_WITH_VOTE: Final = MeetingItem.kind == Kind.MEMBERS_MEETING
_HAS_VOTE: Final = MeetingExpected.is_full & ~exists().where(
    Suspension.member_id == MeetingExpected.member_id, rests_on(LocalDay(MeetingEvent.begins_at))
).correlate(MeetingExpected, MeetingEvent)
"""Full members whose rights do not rest on the day. Source: domain, meetings §2."""
_BY_HALF: Final = _WITH_VOTE | (MeetingItem.kind == Kind.COMMITTEE)


_IS_AHEAD: Final = (MeetingEvent.state == EventState.PLANNED) & (
    MeetingEvent.begins_at > bindparam("now", type_=MeetingEvent.begins_at.type)
)


def _number(*conditions: ColumnElement[bool]) -> Any:
    """How many are meant, of those with a vote where that is the question; looked up only where half is asked for."""
    number = select(func.count()).where(or_(_HAS_VOTE, ~_WITH_VOTE), *conditions)
    return number.correlate(MeetingEvent, MeetingItem, MeetingBranch).scalar_subquery()


def _held(branch: Any, is_own: ColumnElement[bool]) -> Any:
    """The statement for the host, or for the others at joint events, each with its own members."""
    there = and_(
        MeetingExpected.event_id == MeetingEvent.id,
        MeetingExpected.is_gone.is_(False),
        is_own,
        MeetingExpected.capacity.not_in(BESIDE),
    )
    came = select(1).where(there, _CAME).correlate(MeetingEvent, MeetingBranch).exists()
    return (
        select(
            branch.label("branch_id"),
            MeetingEvent.begins_at,
            MeetingEvent.state,
            MeetingEvent.backfill_reason.is_not(None).label("afterwards"),
            MeetingItem.kind,
            MeetingItem.group_id,
            case((_IS_AHEAD, 0), (_BY_HALF, _number(there, _CAME)), (came, 1), else_=0).label("present"),
            case((_BY_HALF & ~_IS_AHEAD, _number(there)), else_=0).label("asked"),
        )
        .select_from(MeetingEvent)
        .join(MeetingItem, MeetingItem.event_id == MeetingEvent.id)
        .where(
            branch.in_(IDS),
            MeetingEvent.state != EventState.CANCELLED,
            BETWEEN,
            MeetingItem.kind.in_(tuple(rules.MONTHS)),
        )
    )


_EVENTS: Final = union_all(
    _held(MeetingEvent.branch_id, MeetingExpected.own_branch_id.is_(None)),
    _held(MeetingBranch.branch_id, MeetingExpected.own_branch_id == MeetingBranch.branch_id).join(
        MeetingBranch, (MeetingBranch.event_id == MeetingEvent.id) & (MeetingBranch.answer == Joins.JOINED)
    ),
).order_by("begins_at")
"""What was planned and held, with how many of how many came where the calendar asks for half, else whether any did."""


class Held(NamedTuple):
    """What counts in one period."""

    gathering: rules.Gathering
    afterwards: bool


@dataclass(slots=True)
class Place:
    """A branch while its calendar is made."""

    since: date
    groups: list[str] = field(default_factory=list)
    posts: dict[UUID, list[Role]] = field(default_factory=lambda: defaultdict(list))
    people: dict[UUID, MemberStatus] = field(default_factory=dict)
    talked: list[tuple[UUID, UUID]] = field(default_factory=list)
    held: dict[tuple[Kind, int], list[Held]] = field(default_factory=lambda: defaultdict(list))
    """By kind and the number of its period in the year, from 0."""
    counted: dict[int, rules.Branch] = field(default_factory=dict)
    """The branch as it was counted at meetings, by how many were asked."""
    until: date | None = None
    """The day the last member left, where nobody is there any more: nothing is asked from then on."""


def standing(session: Session, branch_id: UUID, year: int, today: date) -> BranchYear:
    """How far the branch is in ``year``. For callers that know it is theirs to see."""
    return standings(session, [branch_id], year, today)[branch_id]


def standings(session: Session, branch_ids: Collection[UUID], year: int, today: date) -> Mapping[UUID, BranchYear]:
    """The same for many branches, in a number of statements that does not grow with them."""
    ids, day = {"ids": sorted(branch_ids)}, min(today, date(year, 12, 31))
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = session.execute(_PLACES, ids).all()
    places = {row.id: Place(clock.local_day(row.created_at)) for row in rows if row.kind is OrganisationKind.BRANCH}
    for row in rows:
        if row.kind is OrganisationKind.GROUP:
            places[row.parent_id].groups.append(str(row.id))
    for branch_id, member_id, status, role in session.execute(_PEOPLE, ids | {"day": day}):
        places[branch_id].people[member_id] = status
        if role:
            places[branch_id].posts[member_id].append(role)
    for branch_id, one, other in talks.pairs(session, branch_ids, first, last):
        places[branch_id].talked.append((one, other))
    if empty := [branch_id for branch_id, place in places.items() if not place.people]:
        for branch_id, left_on in session.execute(_LEFT, {"ids": empty}):
            places[branch_id].until = left_on
    now = clock.now()
    for row in session.execute(_EVENTS, ids | between(first, last) | {"now": now}):
        place = places[row.branch_id]
        if counting := list(_counting(row, place, now)):
            month = clock.local_day(row.begins_at).month
            place.held[row.kind, (month - 1) // rules.MONTHS[row.kind]] += counting
    return {branch_id: _standing(place, year, today) for branch_id, place in places.items()}


def _standing(place: Place, year: int, today: date) -> BranchYear:
    committee = expected.seated(place.posts)
    branch = rules.Branch(full=0, committee=len(committee), groups=place.groups)
    asked = []
    for kind, months in rules.MONTHS.items():
        for number in range(YEAR // months):
            first = date(year, number * months + 1, 1)
            if first > today:
                break
            held, last = place.held.get((kind, number), []), rules.last_day(first, kind)
            if not held and _is_not_asked(place, first, last):
                continue
            found = rules.duty(kind, first, branch, [one.gathering for one in held], today)
            afterwards = any(one.afterwards and one.gathering.day == found.done_on for one in held if found.done_on)
            asked.append(AskedPeriod(kind, first, last, found, len(place.groups), afterwards))
    first, last = date(year, 1, 1), date(year, 12, 31)
    if place.talked or not _is_not_asked(place, first, last):
        others = place.people.keys() - committee
        for category, (done, wanted) in rules.covered(committee, others, place.talked).items():
            asked.append(
                AskedPeriod(category, first, last, rules.talk_duty(done, wanted, is_over=today > last), wanted)
            )
    return BranchYear(asked, today, sum(status is MemberStatus.FULL for status in place.people.values()))


def _is_not_asked(place: Place, first: date, last: date) -> bool:
    """A new branch is asked from its next full period on, one that is dissolved until the last full one. Source: §9."""
    return first < place.since or (place.until is not None and place.until <= last)


def _counting(row: Any, place: Place, now: datetime) -> Iterator[Held]:
    """What the calendar reads: planned ones ahead, and held ones that enough people came to and are recorded."""
    is_ahead = row.state is EventState.PLANNED and row.begins_at > now
    if row.state is EventState.PLANNED and not is_ahead and not row.present:
        return  # nobody has said yet who was there
    of = place.counted.get(row.asked) or place.counted.setdefault(
        row.asked, rules.Branch(full=row.asked, committee=row.asked, groups=place.groups)
    )
    kinds, present = (row.kind,), None if is_ahead else row.present
    for group in _groups(row.kind, row.group_id, place.groups):
        one = rules.Gathering(row.begins_at, kinds, None, group, present, present, is_ahead=is_ahead)
        if rules.fulfils(row.kind, one, of):
            if row.asked:  # enough came, by what was asked on that day
                one = rules.Gathering(row.begins_at, kinds, None, group)
            yield Held(one, row.afterwards)


def _groups(kind: Kind, group_id: UUID | None, groups: Sequence[str]) -> Sequence[str | None]:
    """For which groups a group meeting counts; one that is none today counts for nobody."""
    if kind is not Kind.GROUP:
        return [None]
    if group_id is None:
        return list(groups)
    return [group for group in groups if group == str(group_id)]
