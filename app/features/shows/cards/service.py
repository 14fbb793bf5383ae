"""Writing the first face of a card: what it tells, its portrait, and who may open it within the instance."""

from collections.abc import Collection, Mapping
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
from app.features.shows.cards.errors import PublicByOwnerError
from app.features.shows.cards.models import CardIdentity, CardPhoto, CardSight
from app.features.shows.cards.rules import (
    DETAILS,
    LARGE,
    SMALL,
    CardScope,
    IdentityDetails,
)
from app.features.shows.public import queries as public
from app.features.shows.public.rules import FIELD_LABELS, PublicField, put_up

_REMOVE_PHOTO: Final = delete(CardPhoto).where(CardPhoto.member_id == bindparam("member"))


def save_identity(session: Session, actor: Actor, *, member_id: UUID, details: IdentityDetails) -> bool:
    """Write what the card of this year tells; the same again changes nothing. Gives whether it changed something.

    Raises:
        NotFoundError: neither the actor nor a member for whom the actor records.
        PublicByOwnerError: an officer would put up what everybody sees by the member's consent.
    """
    enter_for(session, actor, member_id)
    year = clock.today().year
    before = queries.details(queries.identity(session, member_id, year=year))
    if before == details:
        return False
    _check_owner_puts_up(session, actor, member_id, put_up(before, details))
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
        PublicByOwnerError: an officer would put up what everybody sees by the member's consent.
    """
    enter_for(session, actor, member_id)
    _check_owner_puts_up(session, actor, member_id, {PublicField.PHOTO})
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


def _check_owner_puts_up(session: Session, actor: Actor, member_id: UUID, pieces: Collection[PublicField]) -> None:
    """Let what everybody would see pass from its owner alone: consent is for what the member saw.

    Raises:
        PublicByOwnerError: the actor is somebody else, and one of these pieces is public.
    """
    if actor.member_id == member_id:
        return
    seen_by_all = public.pieces(session, member_id) & set(pieces)
    if seen_by_all:
        labels = [str(label) for field, label in FIELD_LABELS.items() if field in seen_by_all]
        raise PublicByOwnerError(pieces="、".join(labels))
