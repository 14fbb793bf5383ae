"""Who answers for the wishes of a community: its collectors, and the officers of the branch that leads there."""

from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.queries import AnyRow, Rows
from app.features.members.rules import OrganisationKind, Permission
from app.features.wishes.communities.models import CommunityPairing
from app.features.wishes.communities.queries import COLLECTED, collecting

_LED: Final = select(CommunityPairing.community_id).where(
    CommunityPairing.leads, CommunityPairing.branch_id == bindparam("officer_of", type_=Uuid())
)
_COMMUNITIES: Final = select(Organisation.id, Organisation.name).where(Organisation.kind == OrganisationKind.COMMUNITY)
ANSWERED: Final = select(Organisation.id).where(or_(Organisation.id.in_(COLLECTED), Organisation.id.in_(_LED)))
"""The communities somebody answers for. Give it ``answering(actor)``."""
_ANSWERED: Final = _COMMUNITIES.where(Organisation.id.in_(ANSWERED)).order_by(Organisation.pinyin, Organisation.id)
_ONE: Final = _COMMUNITIES.where(Organisation.id.in_(ANSWERED), Organisation.id == bindparam("community"))


def answering(actor: Actor) -> dict[str, object]:
    """The parameters of ``ANSWERED``."""
    officer_of = actor.branch_id if actor.may(Permission.APPROVE) else None
    return collecting(actor) | {"officer_of": officer_of}


def answered(session: Session, actor: Actor) -> Rows:
    """The communities the actor answers for, by name: rows ``id, name``."""
    return session.execute(_ANSWERED, answering(actor)).all()


def community(session: Session, actor: Actor, community_id: UUID) -> AnyRow:
    """One of them: a row ``id, name``.

    Raises:
        NotFoundError: the actor does not answer for it.
    """
    found = session.execute(_ONE, answering(actor) | {"community": community_id}).one_or_none()
    if found is None:
        raise NotFoundError
    return found
