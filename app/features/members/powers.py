"""What people may do today, for those who ask about others than the one who is signed in."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.rules import OrganisationKind, Permission, Role, permissions_of

_POSTS: Final = (
    select(Member.id, Organisation.kind.label("home"), RoleTerm.role)
    .join(Organisation, Organisation.id == Member.branch_id)
    .outerjoin(
        RoleTerm,
        and_(
            RoleTerm.member_id == Member.id,
            RoleTerm.starts_on <= bindparam("day"),
            or_(RoleTerm.ends_on.is_(None), RoleTerm.ends_on >= bindparam("day")),
        ),
    )
    .where(Member.id.in_(bindparam("members", type_=Uuid(), expanding=True)))
)


def permissions(session: Session, member_ids: Collection[UUID]) -> Mapping[UUID, frozenset[Permission]]:
    """What each of these people may do today."""
    homes: dict[UUID, OrganisationKind] = {}
    roles: dict[UUID, set[Role]] = defaultdict(set)
    for row in session.execute(_POSTS, {"members": sorted(member_ids), "day": clock.today()}):
        homes[row.id] = row.home
        if row.role is not None:
            roles[row.id].add(row.role)
    return {member_id: permissions_of(roles[member_id], home) for member_id, home in homes.items()}
