"""Stories that are shown."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow, Rows
from app.features.wishes import queries as wishes
from app.features.wishes.models import Wish
from app.features.wishes.stories.models import WishStory

_SHOWN: Final = select(
    WishStory.id,
    WishStory.wish_id,
    WishStory.story,
    WishStory.photo.is_not(None).label("has_photo"),
    WishStory.written_at,
    WishStory.agreed_how,
    WishStory.agreed_on,
).where(WishStory.ended_at.is_(None))
_OF_WISHES: Final = _SHOWN.where(WishStory.wish_id.in_(bindparam("wishes", type_=Uuid(), expanding=True)))
_OWN: Final = (
    select(WishStory.written_at, Wish.code, WishStory.story)
    .join(Wish, Wish.id == WishStory.wish_id)
    .where(WishStory.written_by_id == bindparam("member"))
    .order_by(WishStory.written_at, WishStory.id)
)
_PHOTO: Final = select(WishStory.photo).where(WishStory.wish_id == bindparam("wish"), WishStory.ended_at.is_(None))


def of(session: Session, wish_ids: Collection[UUID]) -> Mapping[UUID, AnyRow]:
    """The stories of these wishes, by wish: ``id, wish_id, story, has_photo, written_at, agreed_how, agreed_on``."""
    rows = session.execute(_OF_WISHES, {"wishes": sorted(wish_ids)}) if wish_ids else ()
    return {row.wish_id: row for row in rows}


def shown(session: Session, wish_id: UUID) -> str:
    """What the story of a wish says; empty where there is none."""
    found = of(session, [wish_id]).get(wish_id)
    return found.story if found else ""


def own(session: Session, member_id: UUID) -> Rows:
    """The stories somebody wrote, for the export of own data: rows ``written_at, code, story``."""
    return session.execute(_OWN, {"member": member_id}).all()


def photo(session: Session, actor: Actor, wish_id: UUID) -> bytes:
    """The photo of a story, for whoever sees the wish.

    Raises:
        NotFoundError: no such wish in the actor's sight, or no photo.
    """
    wishes.wish(session, actor, wish_id)
    found = session.scalars(_PHOTO, {"wish": wish_id}).one_or_none()
    if found is None:
        raise NotFoundError
    return found
