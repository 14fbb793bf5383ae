"""A story is told with the wisher's consent, read, corrected, and taken down at once when the wisher says so."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.wishes import queries as wishes
from app.features.wishes import service as wish_service
from app.features.wishes.contacts.service import check_sentence
from app.features.wishes.stories.models import WishStory
from app.features.wishes.stories.rules import CONSENT_VERSION, AgreedHow, StoryConsentMissingError, check_tellable

_SHOWN_STORY: Final = select(WishStory).where(WishStory.wish_id == bindparam("wish"), WishStory.ended_at.is_(None))
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
_PHOTO: Final = select(WishStory.photo).where(WishStory.wish_id == bindparam("wish"), WishStory.ended_at.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryText:
    """A story as somebody wrote it down."""

    story: str
    agreed: bool
    agreed_how: AgreedHow
    agreed_on: date
    photo: bytes | None = None
    """A new picture; ``None`` leaves the one before."""
    without_photo: bool = False
    """Take the picture before away."""


def tell(session: Session, actor: Actor, *, wish_id: UUID, told: StoryText) -> WishStory:
    """Show a story of a wish that came true, or a better text of it.

    Raises:
        NotRealisedError: it has not come true.
        StoryConsentMissingError: the wisher has not agreed.
        NamesSomebodyError: the text carries a number, or says who wishes.
    """
    wishes.check_answers_for(session, actor, wish_id)
    wish = wish_service.lock_wish(session, wish_id)
    check_tellable(wish.status)
    check_sentence(session, wish_id, told.story, at="story")
    row = session.scalars(_SHOWN_STORY, {"wish": wish_id}).one_or_none()
    if row is None:
        if not told.agreed:
            raise StoryConsentMissingError
        row = WishStory(
            wish_id=wish_id,
            agreed_how=told.agreed_how,
            agreed_on=min(told.agreed_on, clock.today()),
            consent_version=CONSENT_VERSION,
        )
        session.add(row)
    row.story, row.written_by_id, row.written_at = told.story, actor.member_id, clock.now()
    if told.photo is not None or told.without_photo:
        row.photo = told.photo
    session.flush()
    return row


def take_down(session: Session, *, wish_id: UUID, by_id: UUID | None) -> bool:
    """Erase the story of a wish and its photo; gives whether there was one. ``by_id`` is ``None`` for the wisher's tap.

    The caller decides who may.
    """
    wish_service.lock_wish(session, wish_id)
    row = session.scalars(_SHOWN_STORY, {"wish": wish_id}).one_or_none()
    if row is None:
        return False
    row.story = row.photo = None
    row.ended_at, row.ended_by_id = clock.now(), by_id
    session.flush()
    return True


def take_down_for(session: Session, actor: Actor, *, wish_id: UUID) -> bool:
    """The same by somebody who answers for the wish and was told so by its wisher."""
    wishes.check_answers_for(session, actor, wish_id)
    return take_down(session, wish_id=wish_id, by_id=actor.member_id)


def stories_of(session: Session, wish_ids: Collection[UUID]) -> Mapping[UUID, AnyRow]:
    """The stories of these wishes, by wish: ``id, wish_id, story, has_photo, written_at, agreed_how, agreed_on``."""
    rows = session.execute(_OF_WISHES, {"wishes": sorted(wish_ids)}) if wish_ids else ()
    return {row.wish_id: row for row in rows}


def story_of(session: Session, wish_id: UUID) -> str:
    """What the story of a wish says; empty where there is none."""
    found = stories_of(session, [wish_id]).get(wish_id)
    return found.story if found else ""


def photo_of(session: Session, actor: Actor, wish_id: UUID) -> bytes:
    """The photo of a story, for whoever sees the wish."""
    wishes.wish(session, actor, wish_id)
    found = session.scalars(_PHOTO, {"wish": wish_id}).one_or_none()
    if found is None:
        raise NotFoundError
    return found
