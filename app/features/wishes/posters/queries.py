"""Which poster hangs, and which community an address belongs to."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.features.members.models import Organisation
from app.features.members.queries import AnyRow
from app.features.wishes.posters.errors import NoPosterError, ReplacedPosterError
from app.features.wishes.posters.models import WishPoster
from app.features.wishes.posters.rules import read_token

_CURRENT: Final = select(WishPoster).where(
    WishPoster.community_id == bindparam("community"), WishPoster.ended_at.is_(None)
)
_BY_TOKEN: Final = (
    select(
        WishPoster.id,
        WishPoster.token,
        WishPoster.ended_at,
        WishPoster.community_id,
        Organisation.name.label("community"),
        Organisation.is_demo,
    )
    .join(Organisation, Organisation.id == WishPoster.community_id)
    .where(WishPoster.token == bindparam("token"))
)


def current(session: Session, community_id: UUID) -> WishPoster | None:
    """The poster that a community has now."""
    return session.scalars(_CURRENT, {"community": community_id}).one_or_none()


def behind(session: Session, word: str) -> AnyRow:
    """The poster with this word in its address: ``id, token, community_id, community, is_demo``.

    Raises:
        NoPosterError: there is none.
        ReplacedPosterError: it is no longer read.
    """
    token = read_token(word)
    found = session.execute(_BY_TOKEN, {"token": token}).one_or_none() if token else None
    if found is None:
        raise NoPosterError
    if found.ended_at:
        raise ReplacedPosterError(community=found.community)
    return found
