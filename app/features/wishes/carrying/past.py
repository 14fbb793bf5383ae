"""What somebody took part in and what is over for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.rows import columns
from app.features.wishes.models import Wish, WishClaim, WishEvent, WishParticipant
from app.features.wishes.rules import ACTIVE, ClaimEnd, Status, Step


class PastClaim(NamedTuple):
    """A wish in which somebody took part and that is over for them."""

    id: UUID
    code: str
    title: str
    claimed_at: datetime
    left_at: datetime | None
    ended_as: ClaimEnd | None
    ended_at: datetime | None
    is_free: bool
    """Nothing has happened since the member gave it back, and it still helps; or others carry on who had it too."""

    @property
    def released_at(self) -> datetime | None:
        """When the member gave back what is still free; ``None``: there is nothing to undo any more."""
        return (self.left_at or self.ended_at) if self.is_free else None


_later = aliased(WishClaim)
_GIVEN_BACK: Final = and_(
    WishClaim.ended_as == ClaimEnd.RELEASED,
    Wish.status == Status.PUBLISHED,
    or_(Wish.wanted_by.is_(None), Wish.wanted_by >= bindparam("today")),
    exists().where(
        WishEvent.wish_id == Wish.id,
        WishEvent.seq == Wish.steps,
        WishEvent.step == Step.RELEASE,
        WishEvent.by_id == WishParticipant.member_id,
    ),
    ~exists().where(_later.wish_id == Wish.id, _later.ended_at > WishClaim.ended_at),
)
_LEFT_TO_OTHERS: Final = and_(
    WishClaim.ended_at.is_(None), WishParticipant.joined_at.is_not(None), Wish.status.in_(ACTIVE)
)
_PAST_CLAIMS: Final = (
    select(*columns(PastClaim, Wish, WishClaim, WishParticipant, is_free=or_(_GIVEN_BACK, _LEFT_TO_OTHERS)))
    .join(WishClaim, WishClaim.wish_id == Wish.id)
    .join(WishParticipant, WishParticipant.claim_id == WishClaim.id)
    .where(
        WishParticipant.member_id == bindparam("member"),
        WishParticipant.took_part_from.is_not(None),
        or_(WishClaim.ended_at.is_not(None), WishParticipant.left_at.is_not(None)),
    )
    .order_by(WishClaim.claimed_at.desc(), WishClaim.id)
    .limit(30)
)


def past_claims(session: Session, member_id: UUID) -> Sequence[PastClaim]:
    """The last wishes the member took part in that are over for them, newest first."""
    asked = {"member": member_id, "today": clock.today()}
    return [PastClaim._make(row) for row in session.execute(_PAST_CLAIMS, asked)]
