"""Writing the first face of a card: what it tells, its portrait, and who may open it within the instance."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.cards import queries
from app.features.shows.cards.models import CardIdentity, CardPhoto, CardSight
from app.features.shows.cards.rules import (
    DETAILS,
    LARGE,
    SMALL,
    CardScope,
    IdentityDetails,
)

_REMOVE_PHOTO: Final = delete(CardPhoto).where(CardPhoto.member_id == bindparam("member"))


def save_identity(session: Session, actor: Actor, *, member_id: UUID, details: IdentityDetails) -> bool:
    """Write what the card of this year tells; the same again changes nothing. Gives whether it changed something.

    Raises:
        NotFoundError: neither the actor nor a member for whom the actor records.
    """
    enter_for(session, actor, member_id)
    year = clock.today().year
    if queries.details(queries.identity(session, member_id, year=year)) == details:
        return False
    identity = session.get(CardIdentity, (member_id, year)) or CardIdentity(member_id=member_id, year=year)
    for name in DETAILS:
        setattr(identity, name, getattr(details, name))
    identity.entered_by_id, identity.entered_at = actor.member_id, clock.now()
    session.add(identity)
    session.flush()
    return True


def keep_photo(session: Session, actor: Actor, *, member_id: UUID, pictures: Mapping[int, bytes]) -> CardPhoto:
    """Put a portrait in the place of the one before, of which nothing is left. ``pictures``: core/photos.py, by size.

    Raises:
        NotFoundError: neither the actor nor a member for whom the actor records.
    """
    enter_for(session, actor, member_id)
    session.execute(_REMOVE_PHOTO, {"member": member_id})
    photo = CardPhoto(member_id=member_id, small=pictures[SMALL], large=pictures[LARGE], entered_by_id=actor.member_id)
    session.add(photo)
    session.flush()
    return photo


def remove_photo(session: Session, actor: Actor, *, member_id: UUID) -> None:
    """Erase the portrait; where there is none, nothing happens.

    Raises:
        NotFoundError: neither the actor nor a member for whom the actor records.
    """
    enter_for(session, actor, member_id)
    session.execute(_REMOVE_PHOTO, {"member": member_id})


def choose_scope(session: Session, actor: Actor, *, scope: CardScope) -> None:
    """Say who may open the actor's own card within the instance; nobody says it for somebody else."""
    members.lock(session, actor.member_id)
    sight = session.get(CardSight, actor.member_id) or CardSight(member_id=actor.member_id)
    sight.scope, sight.chosen_at = scope, clock.now()
    session.add(sight)
    session.flush()


def may_enter(actor: Actor, member_id: UUID, branch_id: UUID) -> bool:
    """Whether the actor writes on this card: it is the own one, or a member's for whom the actor records (代录)."""
    return member_id == actor.member_id or (actor.may(Permission.RECORD_FOR_OTHERS) and branch_id == actor.branch_id)


def enter_for(session: Session, actor: Actor, member_id: UUID) -> None:
    """Hold the member on whose card the actor writes.

    Raises:
        NotFoundError: the card is neither the actor's nor that of a member for whom the actor records.
    """
    members.lock(session, member_id)
    if not may_enter(actor, member_id, members.colleague(session, actor, member_id).branch_id):
        raise NotFoundError
