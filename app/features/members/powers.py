"""What people hold today, for those who ask about others than the one who is signed in."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, DateTime, Select, Uuid, and_, bindparam, case, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.rules import OrganisationKind, Permission, Role, permissions_of
from app.features.members.standing import VOUCHED_AFTER, Powers, Side, Stands, side_of

_DAY: Final = bindparam("day", type_=RoleTerm.starts_on.type)
_MEMBERS: Final = Member.id.in_(bindparam("members", type_=Uuid(), expanding=True))
_POSTS: Final = (
    select(
        Member.id,
        Member.branch_id,
        Member.left_on,
        Organisation.kind.label("home"),
        RoleTerm.role,
        RoleTerm.organisation_id,
    )
    .join(Organisation, Organisation.id == Member.branch_id)
    .outerjoin(RoleTerm, and_(RoleTerm.member_id == Member.id, RoleTerm.in_force(_DAY), RoleTerm.counts_at_home()))
    .where(_MEMBERS)
)
_AHEAD: Final = select(RoleTerm.member_id, RoleTerm.role).where(
    RoleTerm.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)),
    or_(RoleTerm.in_force(_DAY), RoleTerm.starts_on > _DAY),
)
_FRESH: Final = bindparam("fresh_since", type_=DateTime(timezone=True))


def hands(whose: Select[UUID]) -> CTE:
    """By whose hand the accounts of these people came about lately, as ``member_id`` and ``hand_id``.

    The hand is who printed the slip with which the password was set last; before there was one, who added the person.
    A slip that somebody else printed, or the server, vouches for the person behind the account. A hand that came about
    lately itself is no other pair of eyes than the one behind it: the whole way back counts. Bind ``fresh_since`` to
    ``fresh_since()``.
    """
    person, behind = aliased(Member), aliased(Member)
    found = (
        select(person.id.label("member_id"), hand(person).label("hand_id"))
        .where(person.id.in_(whose), hand(person).is_not(None))
        .cte("hands", recursive=True)
    )
    return found.union(
        select(found.c.member_id, hand(behind)).where(behind.id == found.c.hand_id, hand(behind).is_not(None))
    )


def hand(person: type[Member]) -> ColumnElement[UUID | None]:
    """By whose hand an account came about lately, if by anybody's. Bind ``fresh_since`` to ``fresh_since()``."""
    return case(
        (person.opened_at > _FRESH, person.opened_by_id),
        (and_(person.opened_at.is_(None), person.created_at > _FRESH), person.added_by_id),
    )


_HANDS: Final = hands(select(Member.id).where(_MEMBERS))
_BOUND: Final = select(_HANDS.c.member_id, _HANDS.c.hand_id)


def permissions(session: Session, member_ids: Collection[UUID]) -> Mapping[UUID, frozenset[Permission]]:
    """What each of these people may do today."""
    homes: dict[UUID, OrganisationKind] = {}
    roles: dict[UUID, set[Role]] = defaultdict(set)
    for row in session.execute(_POSTS, {"members": sorted(member_ids), "day": clock.today()}):
        homes[row.id] = row.home
        if row.role is not None:
            roles[row.id].add(row.role)
    return {member_id: permissions_of(roles[member_id], home) for member_id, home in homes.items()}


def standing(session: Session, member_id: UUID) -> Powers | None:
    """What somebody holds today; nothing of somebody who has left."""
    today = clock.today()
    rows = session.execute(_POSTS, {"members": [member_id], "day": today}).all()
    if not rows or (rows[0].left_on is not None and rows[0].left_on <= today):
        return None
    roles = frozenset(row.role for row in rows if row.role is not None)
    leads = frozenset(row.organisation_id for row in rows if row.role is Role.COMMITTEE_OFFICER)
    return Powers(rows[0].branch_id, roles, permissions_of(roles, rows[0].home), leads)


def posts_ahead(session: Session, member_ids: Collection[UUID]) -> Mapping[UUID, frozenset[Role]]:
    """The posts each of these people holds today or will hold."""
    roles: dict[UUID, set[Role]] = {member_id: set() for member_id in member_ids}
    for row in session.execute(_AHEAD, {"members": sorted(member_ids), "day": clock.today()}):
        roles[row.member_id].add(row.role)
    return {member_id: frozenset(held) for member_id, held in roles.items()}


def fresh_since() -> datetime:
    """The moment after which whoever brought in an account is still bound to."""
    return clock.now() - VOUCHED_AFTER


def bound_to(session: Session, member_ids: Collection[UUID]) -> Mapping[UUID, frozenset[UUID]]:
    """For each of these people, those whose work their account is too much to decide for them."""
    found: dict[UUID, set[UUID]] = {member_id: set() for member_id in member_ids}
    for row in session.execute(_BOUND, {"members": sorted(member_ids), "fresh_since": fresh_since()}):
        found[row.member_id].add(row.hand_id)
    return {member_id: frozenset(hands) for member_id, hands in found.items()}


def are_bound(session: Session, one: UUID, other: UUID) -> bool:
    """Whether one of these two came about by the other, so that they are no two pairs of eyes."""
    bound = bound_to(session, [one, other])
    return other in bound[one] or one in bound[other]


def side(session: Session, person: Stands, branch_id: UUID) -> Side:
    """Where ``person`` stands towards the people of a branch or a community."""
    above = above_of(session, branch_id) if person.leads else frozenset()
    return side_of(person, branch_id, above)


def above_of(session: Session, place_id: UUID) -> frozenset[UUID]:
    """The organisations over a place, up to the root."""
    return frozenset(ladder(session, place_id))


def ladder(session: Session, place_id: UUID) -> Sequence[UUID]:
    """The same, the nearest first."""
    return session.scalars(_OVER, {"place": place_id}).all()


def _over() -> CTE:
    start = select(Organisation.parent_id.label("id"), literal(0).label("height")).where(
        Organisation.id == bindparam("place")
    )
    above = start.cte("above", recursive=True)
    parent = aliased(Organisation)
    return above.union_all(
        select(parent.parent_id, above.c.height + 1).where(parent.id == above.c.id, parent.parent_id.is_not(None))
    )


def everything_over(places: Select[UUID]) -> CTE:
    """Each of these ``places`` with itself (height 0) and all that is over it, the nearest with the least height."""
    up = (
        select(Organisation.id.label("place_id"), Organisation.id.label("over_id"), literal(0).label("height"))
        .where(Organisation.id.in_(places))
        .cte("everything_over", recursive=True)
    )
    return up.union_all(
        select(up.c.place_id, Organisation.parent_id, up.c.height + 1).where(
            Organisation.id == up.c.over_id, Organisation.parent_id.is_not(None)
        )
    )


_ABOVE: Final = _over()
_OVER: Final = select(_ABOVE.c.id).where(_ABOVE.c.id.is_not(None)).order_by(_ABOVE.c.height)
