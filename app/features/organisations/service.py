"""The tree grows, is renamed and pruned: by the business administrator, groups also by the officers of their branch."""

from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.db import refusing
from app.core.errors import NotFoundError
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.names import place_key
from app.features.members.rules import AuditAction, OrganisationKind, Permission
from app.features.organisations.rules import NameTakenError, OrganisationInUseError, check_unit

_TAKEN: Final = MappingProxyType({"uq_organisations_name_within_parent": NameTakenError})
_PLACE: Final = select(Organisation).where(Organisation.id == bindparam("place"))


def may_add_to(actor: Actor, place_id: UUID) -> bool:
    """Whether the actor puts something below this place; officers of a branch add groups to it."""
    return actor.may(Permission.MANAGE_ALL_PEOPLE) or _is_own_branch(actor, place_id)


def may_change(actor: Actor, parent_id: UUID | None) -> bool:
    """Whether the actor renames and removes what stands below ``parent_id``; officers of a branch tend its groups."""
    return actor.may(Permission.MANAGE_ALL_PEOPLE) or _is_own_branch(actor, parent_id)


def add(session: Session, actor: Actor, *, parent_id: UUID, kind: OrganisationKind, name: str) -> Organisation:
    """Put a new organisation below another.

    Raises:
        MisplacedOrganisationError: this kind does not stand below that one.
        NameTakenError: there is one of this name.
    """
    parent = _found(session, parent_id)
    if not may_add_to(actor, parent.id):
        raise NotFoundError
    check_unit(parent.kind, kind)
    place = Organisation(parent_id=parent.id, kind=kind, name=name, pinyin=place_key(name), is_demo=parent.is_demo)
    with refusing(session, _TAKEN):
        session.add(place)
    changes = audit.changed({}, {"kind": kind, "parent": parent.name})
    audit.record(session, actor.member_id, AuditAction.ORGANISATION_ADDED, place, changes)
    return place


def rename(session: Session, actor: Actor, *, place_id: UUID, name: str) -> Organisation:
    """Give an organisation another name; the same name changes nothing.

    Raises:
        NotFoundError: no such place in the actor's hands; officers of a branch rename its groups only.
        NameTakenError: there is one of this name beside it.
    """
    place = _in_hands(session, actor, place_id)
    before = place.name
    with refusing(session, _TAKEN):
        place.name, place.pinyin = name, place_key(name)
    if changes := audit.changed({"place_name": before}, {"place_name": name}):
        audit.record(session, actor.member_id, AuditAction.ORGANISATION_RENAMED, place, changes)
    return place


def remove(session: Session, actor: Actor, *, place_id: UUID) -> Organisation:
    """Take away an organisation that nothing refers to: no members, units, posts or facts, not even former ones.

    Raises:
        OrganisationInUseError: something refers to it; the foreign keys decide.
    """
    place = _in_hands(session, actor, place_id)
    try:
        with session.begin_nested():
            session.delete(place)
            session.flush()
    except IntegrityError as error:
        raise OrganisationInUseError(name=place.name) from error
    audit.record(session, actor.member_id, AuditAction.ORGANISATION_REMOVED, place, {})
    return place


def _found(session: Session, place_id: UUID) -> Organisation:
    place = session.scalars(_PLACE, {"place": place_id}).one_or_none()
    if place is None:
        raise NotFoundError
    return place


def _in_hands(session: Session, actor: Actor, place_id: UUID) -> Organisation:
    place = _found(session, place_id)
    if not may_change(actor, place.parent_id):
        raise NotFoundError
    return place


def _is_own_branch(actor: Actor, place_id: UUID | None) -> bool:
    return actor.may(Permission.MANAGE_BRANCH_PEOPLE) and place_id == actor.branch_id
