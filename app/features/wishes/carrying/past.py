"""What somebody took part in and what is over for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.features.wishes.models import Wish, WishClaim, WishParticipant
from app.features.wishes.rules import ClaimEnd


class PastClaim(NamedTuple):
    """A wish in which somebody took part and that is over for them."""

    id: UUID
    code: str
    title: str
    claimed_at: datetime
    left_at: datetime | None
    ended_as: ClaimEnd | None
    ended_at: datetime | None
    was_own: bool
    """Claimed by the member, who alone gave it back."""

    @property
    def released_at(self) -> datetime | None:
        """When the member gave it back, or left it to the others."""
        if self.left_at is not None:
            return self.left_at
        return self.ended_at if self.was_own and self.ended_as is ClaimEnd.RELEASED else None


_PAST_CLAIMS: Final = (
    select(
        Wish.id,
        Wish.code,
        Wish.title,
        WishClaim.claimed_at,
        WishParticipant.left_at,
        WishClaim.ended_as,
        WishClaim.ended_at,
        (WishClaim.claimed_by_id == WishParticipant.member_id).label("was_own"),
    )
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
    return [PastClaim._make(row) for row in session.execute(_PAST_CLAIMS, {"member": member_id})]
