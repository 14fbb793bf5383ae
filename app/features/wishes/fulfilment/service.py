"""Handing over: one sentence, the day, and a photo of the thing if somebody took one."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core import clock, photos
from app.features.members.actor import Actor
from app.features.wishes import queries as wishes
from app.features.wishes import service as life
from app.features.wishes.claims.errors import NotYoursError
from app.features.wishes.claims.models import WishClaim, WishParticipant
from app.features.wishes.claims.service import hold
from app.features.wishes.contacts.sentences import check_sentence
from app.features.wishes.fulfilment import rules
from app.features.wishes.fulfilment.models import WishPhoto
from app.features.wishes.rules import Status, Step

PHOTO_SIZE: Final = 1280
"""Longest side in pixels: enough to see the thing on a phone."""


def fulfil(
    session: Session, actor: Actor, *, wish_id: UUID, sentence: str, day: date, photo: bytes | None = None
) -> None:
    """Say that the wish is handed over, on which day, and how in one sentence; a photo of the thing if there is one.

    Raises:
        NotFoundError, NotYoursError, StepRefusedError: the actor does not hold the wish now.
        HandedOverDayError: a day before the claim or after today.
        NamesSomebodyError: the sentence carries a number, or says who wishes.
        NotAPictureError, HugePictureError: the photo cannot be read.
    """
    wish, held, _own = hold(session, actor, wish_id)
    check_sentence(session, wish_id, sentence)
    rules.check_day(day, claimed_on=clock.local_day(held.claimed_at), today=clock.today())
    if photo is not None:
        _keep_photo(session, actor, held, photo)
    if wish.status is Status.CLAIMED:  # nobody hands over what was never talked about
        held.contacted_at = clock.now()
        life.take(session, wish, Step.CONTACT, by_id=actor.member_id)
    held.fulfilled_on, held.fulfilled_by_id, held.sentence = day, actor.member_id, sentence
    session.execute(
        update(WishParticipant)
        .where(WishParticipant.claim_id == held.id, WishParticipant.joined_at.is_(None))
        .values(left_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    life.take(session, wish, Step.FULFIL, by_id=actor.member_id, note=sentence)


def remove_photo(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """Take the photo away; those who took part can, and those who answer for the wish. Twice is once.

    Raises:
        NotFoundError: no such wish in the actor's sight.
        NotYoursError: somebody else's photo.
    """
    row = wishes.wish(session, actor, wish_id)
    takes_part = row.joined_at is not None and row.left_at is None
    if not takes_part and not wishes.answers_for(session, actor, wish_id):
        raise NotYoursError
    session.execute(delete(WishPhoto).where(WishPhoto.claim_id == row.claim_id))


def erase_photos(session: Session, wish_id: UUID) -> None:
    """Take every photo of the wish away."""
    of_wish = WishPhoto.claim_id.in_(select(WishClaim.id).where(WishClaim.wish_id == wish_id))
    session.execute(delete(WishPhoto).where(of_wish).execution_options(synchronize_session=False))


def _keep_photo(session: Session, actor: Actor, held: WishClaim, content: bytes) -> None:
    small = photos.shrunk(content, square=False, sizes=(PHOTO_SIZE,))[PHOTO_SIZE]
    session.execute(delete(WishPhoto).where(WishPhoto.claim_id == held.id))
    session.add(WishPhoto(claim_id=held.id, content=small, media_type=photos.MEDIA_TYPE, added_by_id=actor.member_id))
