"""Reads about slips."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Organisation, RoleTerm
from app.features.members.rules import OrganisationKind, Permission, permissions_of
from app.features.sign_in.models import Credential
from app.features.sign_in.tokens import digest
from app.features.slips.models import Slip
from app.features.slips.rules import may_print_for

_POSTS: Final = select(RoleTerm.member_id, RoleTerm.role).where(
    RoleTerm.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)),
    RoleTerm.starts_on <= bindparam("day"),
    or_(RoleTerm.ends_on.is_(None), RoleTerm.ends_on >= bindparam("day")),
)
_WITH_PASSWORD: Final = select(Credential.member_id).where(
    Credential.member_id.in_(bindparam("members", type_=Uuid(), expanding=True))
)
_BY_CODE: Final = select(Slip.id, Slip.member_id, Slip.expires_at, Slip.used_at, Slip.ended_at).where(
    Slip.code_digest == bindparam("code_digest")
)
_BRANCHES: Final = (
    select(Organisation.id, Organisation.name)
    .where(Organisation.kind == OrganisationKind.BRANCH)
    .order_by(Organisation.pinyin, Organisation.id)
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member on the list from which slips are printed."""

    id: UUID
    name: str
    group_name: str | None
    has_password: bool
    """Chosen once, whenever that was; nothing is said about using it."""


def candidates(session: Session, actor: Actor, branch_id: UUID) -> Sequence[Candidate]:
    """The members of the branch for whom the actor may print slips, by group and pinyin. The branch is in reach."""
    rows = members.branch_members(session, branch_id)
    ids = [row.id for row in rows]
    held = permissions(session, ids)
    ready = set(session.scalars(_WITH_PASSWORD, {"members": ids}))
    return [
        Candidate(row.id, row.name, row.group_name, has_password=row.id in ready)
        for row in rows
        if row.id != actor.member_id and may_print_for(actor.permissions, held[row.id])
    ]


def permissions(session: Session, member_ids: Collection[UUID]) -> Mapping[UUID, frozenset[Permission]]:
    """What each of these members may do today."""
    roles = defaultdict(set)
    for row in session.execute(_POSTS, {"members": list(member_ids), "day": clock.today()}):
        roles[row.member_id].add(row.role)
    return {member_id: permissions_of(roles[member_id]) for member_id in member_ids}


def slip_with(session: Session, code: str) -> members.AnyRow | None:
    """The slip that ``code`` (without dashes) stands on, whatever became of it."""
    return session.execute(_BY_CODE, {"code_digest": digest(code)}).one_or_none()


def branches(session: Session) -> Sequence[members.AnyRow]:
    """Every branch, for those who look after all."""
    return session.execute(_BRANCHES).all()
