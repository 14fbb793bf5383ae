"""What an officer may change: rows for writing, found only within the officer's reach, and held until the end."""

from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.members import queries
from app.features.members.actor import Actor
from app.features.members.errors import OwnRecordError
from app.features.members.models import Member, Organisation
from app.features.members.rules import HOMES, OrganisationKind, Permission

_EVERYWHERE: Final = bindparam("everywhere", type_=Boolean())
_MEMBER: Final = (
    select(Member)
    .where(
        Member.id == bindparam("member"),
        or_(Member.branch_id == bindparam("officer_of", type_=Uuid()), _EVERYWHERE),
    )
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_HOME: Final = select(Organisation).where(
    Organisation.id == bindparam("home"),
    Organisation.kind.in_(HOMES),
    or_(Organisation.id == bindparam("officer_of", type_=Uuid()), _EVERYWHERE),
)


def may_change(actor: Actor, branch_id: UUID) -> bool:
    """Whether the actor keeps the people of this branch."""
    reach = _reach(actor)
    return bool(reach["everywhere"]) or reach["officer_of"] == branch_id


def card(session: Session, actor: Actor, member_id: UUID) -> queries.AnyRow:
    """A member's card, for the pages on which the actor changes something.

    Raises:
        NotFoundError: no such member in the actor's reach.
    """
    found = queries.card(session, actor, member_id)
    if not may_change(actor, found.branch_id):
        raise NotFoundError
    return found


def member(session: Session, actor: Actor, member_id: UUID) -> Member:
    """A member whose data the actor keeps.

    Raises:
        NotFoundError: no such member in the actor's reach.
    """
    found = session.scalars(_MEMBER, {"member": member_id, **_reach(actor)}).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def other_member(session: Session, actor: Actor, member_id: UUID) -> Member:
    """A member whose posts, exemptions and membership the actor may decide on: four eyes, never the own.

    Raises:
        NotFoundError: no such member in the actor's reach.
        OwnRecordError: it is the actor.
    """
    found = member(session, actor, member_id)
    if found.id == actor.member_id:
        raise OwnRecordError
    return found


def branch(session: Session, actor: Actor, branch_id: UUID) -> Organisation:
    """A branch whose people the actor keeps.

    Raises:
        NotFoundError: no such branch in the actor's reach.
    """
    found = home(session, actor, branch_id)
    if found.kind is not OrganisationKind.BRANCH:
        raise NotFoundError
    return found


def home(session: Session, actor: Actor, place_id: UUID) -> Organisation:
    """A branch or a community whose people the actor keeps.

    Raises:
        NotFoundError: no such place in the actor's reach.
    """
    found = session.scalars(_HOME, {"home": place_id, **_reach(actor)}).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def _reach(actor: Actor) -> dict[str, object]:
    return {
        "officer_of": actor.branch_id if actor.may(Permission.MANAGE_BRANCH_PEOPLE) else None,
        "everywhere": actor.may(Permission.MANAGE_ALL_PEOPLE),
    }
