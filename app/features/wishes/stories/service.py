"""A story is told with the wisher's consent, corrected, and taken down at once when the wisher says so."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.features.members.actor import Actor
from app.features.wishes import queries as wishes
from app.features.wishes import service as life
from app.features.wishes.contacts.sentences import check_sentence
from app.features.wishes.stories.errors import StoryConsentMissingError
from app.features.wishes.stories.models import WishStory
from app.features.wishes.stories.rules import CONSENT_VERSION, AgreedHow, check_tellable

_SHOWN: Final = select(WishStory).where(WishStory.wish_id == bindparam("wish"), WishStory.ended_at.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story as somebody wrote it down."""

    story: str
    agreed: bool
    agreed_how: AgreedHow
    agreed_on: date
    photo: bytes | None = None
    """A new picture; ``None`` leaves the one before."""
    without_photo: bool = False
    """Take the picture before away."""


def tell(session: Session, actor: Actor, *, wish_id: UUID, told: Told) -> WishStory:
    """Show a story of a wish that came true, or a better text of it.

    Raises:
        NotFoundError: the actor does not answer for the wish.
        NotRealisedError: it has not come true.
        StoryConsentMissingError: the wisher has not agreed.
        NamesSomebodyError: the text carries a number, or says who wishes.
    """
    if not wishes.answers_for(session, actor, wish_id):
        raise NotFoundError
    wish = life.hold(session, wish_id)
    check_tellable(wish.status)
    check_sentence(session, wish_id, told.story)
    row = session.scalars(_SHOWN, {"wish": wish_id}).one_or_none()
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
    life.hold(session, wish_id)
    row = session.scalars(_SHOWN, {"wish": wish_id}).one_or_none()
    if row is None:
        return False
    row.story = row.photo = None
    row.ended_at, row.ended_by_id = clock.now(), by_id
    session.flush()
    return True


def take_down_for(session: Session, actor: Actor, *, wish_id: UUID) -> bool:
    """The same by somebody who answers for the wish and was told so by its wisher.

    Raises:
        NotFoundError: the actor does not answer for it.
    """
    if not wishes.answers_for(session, actor, wish_id):
        raise NotFoundError
    return take_down(session, wish_id=wish_id, by_id=actor.member_id)
