"""Reads about slips."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.powers import permissions
from app.features.members.rules import HOMES, OrganisationKind
from app.features.sign_in.models import Credential
from app.features.sign_in.tokens import digest
from app.features.slips.models import Slip
from app.features.slips.rules import may_print_for

_WITH_PASSWORD: Final = select(Credential.member_id).where(
    Credential.member_id.in_(bindparam("members", type_=Uuid(), expanding=True))
)
_BY_CODE: Final = select(Slip.id, Slip.member_id, Slip.expires_at, Slip.used_at, Slip.ended_at).where(
    Slip.code_digest == bindparam("code_digest")
)
_BRANCHES: Final = (
    select(Organisation.id, Organisation.name)
    .where(Organisation.kind.in_(HOMES))
    .order_by(Organisation.kind == OrganisationKind.COMMUNITY, Organisation.pinyin, Organisation.id)
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


def slip_with(session: Session, code: str) -> members.AnyRow | None:
    """The slip that ``code`` (without dashes) stands on, whatever became of it."""
    return session.execute(_BY_CODE, {"code_digest": digest(code)}).one_or_none()


def branches(session: Session) -> Sequence[members.AnyRow]:
    """Every branch and, after them, every community, for those who look after all."""
    return session.execute(_BRANCHES).all()
