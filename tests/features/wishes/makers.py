"""Communities, their collectors and wishes for tests."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.features.members.models import Organisation
from app.features.members.names import place_key
from app.features.members.rules import OrganisationKind, Role
from app.features.organisations.communities.models import CommunityPairing
from app.features.wishes import service
from app.features.wishes.carrying import claims, fulfilment
from app.features.wishes.rules import Category, ClaimKind, Kind, Origin
from app.features.wishes.service import NewWish
from tests.makers import Person, Place, make_member

_numbers = count(1)


@dataclass(frozen=True)
class Made:
    """A wish in a test."""

    id: UUID
    code: str
    title: str
    community_id: UUID


def make_community(session: Session, *branches: Place, name: str = "荔园社区") -> Place:
    """A community that these branches look after; the first one leads."""
    root_id = session.query(Organisation.id).where(Organisation.parent_id.is_(None)).scalar()
    place = Organisation(
        id=new_id(), kind=OrganisationKind.COMMUNITY, name=name, pinyin=place_key(name), parent_id=root_id
    )
    session.add(place)
    session.flush()
    for branch in branches:
        session.add(CommunityPairing(community_id=place.id, branch_id=branch.id, leads=branch is branches[0]))
    session.flush()
    return Place(id=place.id, name=name, kind=OrganisationKind.COMMUNITY)


def make_collector(session: Session, community: Place, name: str = "郭蕊") -> Person:
    """Somebody who works for the community and collects its wishes, and is no Party member of the organ."""
    return make_member(session, community, name, roles=(Role.COLLECTOR,))


def make_draft(session: Session, community: Place, branch: Place, by: Person, **values: Any) -> Made:
    """A wish as its collector has entered it."""
    values = {
        "title": f"想要一台收音机听戏 {next(_numbers)}",
        "need": "带大按键的收音机，能收戏曲频道。",
        "category": Category.ELDERLY,
        "kind": Kind.GOODS,
        "yuan": 120,
        "wanted_by": None,
        "origin": Origin.COLLECTOR,
        "entered_by_id": by.id,
        **values,
    }
    wish = service.enter(session, NewWish(id=new_id(), community_id=community.id, branch_id=branch.id, **values))
    return Made(wish.id, wish.code, wish.title, community.id)


def make_wish(session: Session, community: Place, branch: Place, by: Person, officer: Person, **values: Any) -> Made:
    """A published wish: entered ``by`` the collector, published by the ``officer``."""
    wish = make_draft(session, community, branch, by, **values)
    service.submit(session, wish_id=wish.id, by_id=by.id)
    service.publish(session, wish_id=wish.id, by_id=officer.id)
    return wish


def make_claimed(session: Session, wish: Made, member: Person, kind: ClaimKind = ClaimKind.ALONE) -> Made:
    """The same wish, claimed."""
    claims.claim(session, member.actor, wish_id=wish.id, kind=kind)
    return wish


def make_fulfilled(session: Session, wish: Made, member: Person, day: date | None = None) -> Made:
    """The same wish, claimed before or now, and handed over on ``day`` (today)."""
    make_claimed(session, wish, member)
    fulfilment.fulfil(session, member.actor, wish_id=wish.id, sentence="收音机已经送到。", day=day or clock.today())
    return wish


def make_realised(session: Session, wish: Made, member: Person, collector: Person, day: date | None = None) -> Made:
    """The same wish, handed over and confirmed at the desk."""
    make_fulfilled(session, wish, member, day)
    fulfilment.confirm_realised(session, collector.actor, wish_id=wish.id)
    return wish
