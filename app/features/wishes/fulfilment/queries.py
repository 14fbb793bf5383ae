"""The wisher's slip, and the photo of the thing."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.features.members.models import Organisation
from app.features.sign_in.tokens import digest
from app.features.wishes.claims.models import WishClaim
from app.features.wishes.fulfilment.models import WishPhoto, WishSlip
from app.features.wishes.models import Wish
from app.features.wishes.stories.models import WishStory

AnyRow = Row[*tuple[Any, ...]]
_GOOD_SLIP: Final = (
    select(WishSlip)
    .where(WishSlip.wish_id == bindparam("wish"), WishSlip.ended_at.is_(None))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_BY_TOKEN: Final = (
    select(
        WishSlip.wish_id,
        Wish.code,
        Wish.title,
        Wish.status,
        Organisation.name.label("community"),
        Organisation.is_demo,
        WishClaim.fulfilled_on,
        WishStory.story,
    )
    .join(Wish, Wish.id == WishSlip.wish_id)
    .join(Organisation, Organisation.id == Wish.community_id)
    .outerjoin(WishClaim, (WishClaim.wish_id == Wish.id) & WishClaim.ended_at.is_(None))
    .outerjoin(WishStory, (WishStory.wish_id == Wish.id) & WishStory.ended_at.is_(None))
    .where(WishSlip.token_digest == bindparam("token_digest"), WishSlip.ended_at.is_(None))
)
_HAS_SLIP: Final = select(WishSlip.id).where(WishSlip.wish_id == bindparam("wish"), WishSlip.ended_at.is_(None))
_PHOTO: Final = select(WishPhoto.content, WishPhoto.media_type).where(WishPhoto.claim_id == bindparam("claim"))
_HAS_PHOTO: Final = select(WishPhoto.claim_id).where(WishPhoto.claim_id == bindparam("claim"))


def good_slip(session: Session, wish_id: UUID) -> WishSlip | None:
    """The slip of the wish that is good now, for changing it; hold the wish before."""
    return session.scalars(_GOOD_SLIP, {"wish": wish_id}).one_or_none()


def has_slip(session: Session, wish_id: UUID) -> bool:
    """Whether the wisher has a slip that is good."""
    return session.scalar(_HAS_SLIP, {"wish": wish_id}) is not None


def slip_with(session: Session, token: str) -> AnyRow | None:
    """The wish whose slip carries ``token``, without a word of who wishes."""
    return session.execute(_BY_TOKEN, {"token_digest": digest(token)}).one_or_none()


def photo(session: Session, claim_id: UUID) -> AnyRow | None:
    """The photo of the thing: a row ``content, media_type``."""
    return session.execute(_PHOTO, {"claim": claim_id}).one_or_none()


def has_photo(session: Session, claim_id: UUID) -> bool:
    """Whether somebody added a photo of the thing."""
    return session.scalar(_HAS_PHOTO, {"claim": claim_id}) is not None
