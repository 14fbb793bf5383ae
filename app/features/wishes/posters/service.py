"""A community's poster is made, and renewed when it has come into the wrong hands."""

from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import ConflictError
from app.features.members.actor import Actor
from app.features.organisations.communities import queries as communities
from app.features.wishes.posters import queries
from app.features.wishes.posters.models import WishPoster
from app.features.wishes.posters.rules import new_token

_TAKEN: Final = MappingProxyType({"uq_wish_posters_current": ConflictError})
_HELD: Final = (
    select(WishPoster)
    .where(WishPoster.id == bindparam("poster"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def make(session: Session, actor: Actor, *, community_id: UUID) -> WishPoster:
    """The poster of a community, made now if it has none. Twice is once.

    Raises:
        NotFoundError: the actor does not answer for this community.
        ConflictError: somebody else made it at this moment.
    """
    communities.answered_community(session, actor, community_id)
    return queries.current(session, community_id) or _new(session, actor, community_id)


def renew(session: Session, actor: Actor, *, community_id: UUID, token: str) -> WishPoster:
    """Another address for the community; the poster with ``token`` is no longer read. Twice is once.

    Raises:
        NotFoundError: the actor does not answer for this community.
    """
    before = make(session, actor, community_id=community_id)
    before = session.scalars(_HELD, {"poster": before.id}).one()
    if before.ended_at is not None or before.token != token:
        return queries.current(session, community_id) or _new(session, actor, community_id)
    before.ended_at, before.ended_by_id = clock.now(), actor.member_id
    session.flush()
    return _new(session, actor, community_id)


def _new(session: Session, actor: Actor, community_id: UUID) -> WishPoster:
    poster = WishPoster(community_id=community_id, token=new_token(), made_by_id=actor.member_id)
    with refusing(session, _TAKEN):
        session.add(poster)
    return poster
