"""Realised wishes that somebody should look back at, and what was found."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, exists, select
from sqlalchemy.orm import Session

from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.wishes.claims.models import WishClaim, WishParticipant
from app.features.wishes.models import Wish
from app.features.wishes.queries import IN_SIGHT, sight
from app.features.wishes.revisits.models import WishRevisit
from app.features.wishes.rules import Status

AnyRow = Row[*tuple[Any, ...]]
_OF_CLAIM: Final = (
    select(WishRevisit)
    .where(WishRevisit.claim_id == bindparam("claim"), WishRevisit.attempt == bindparam("attempt"))
    .execution_options(populate_existing=True)
)
_LISTED: Final = (
    select(
        Wish.id,
        Wish.code,
        Wish.title,
        Organisation.name.label("community"),
        WishClaim.fulfilled_on,
        WishRevisit.taken_by_id,
        Member.name.label("taken_by"),
    )
    .join(WishClaim, WishClaim.wish_id == Wish.id)
    .join(Organisation, Organisation.id == Wish.community_id)
    .outerjoin(WishRevisit, and_(WishRevisit.claim_id == WishClaim.id, WishRevisit.attempt == WishClaim.attempt))
    .outerjoin(Member, Member.id == WishRevisit.taken_by_id)
    .where(Wish.status == Status.REALISED, WishClaim.ended_at.is_(None))
    .order_by(WishClaim.fulfilled_on, Wish.id)
)
_TOOK_PART: Final = (
    exists()
    .where(
        WishParticipant.claim_id == WishClaim.id,
        WishParticipant.member_id == bindparam("me"),
        WishParticipant.took_part_from.is_not(None),
    )
    .correlate(WishClaim)
)
_FOR_MEMBER: Final = _LISTED.where(IN_SIGHT, ~_TOOK_PART)
_TAKEN: Final = _LISTED.where(WishRevisit.taken_by_id == bindparam("me"))
_TAKEN_BY: Final = (
    select(Member.id, Member.name)
    .join(WishRevisit, WishRevisit.taken_by_id == Member.id)
    .where(WishRevisit.claim_id == bindparam("claim"), WishRevisit.attempt == bindparam("attempt"))
)
_MADE: Final = (
    select(WishRevisit.made_on, WishRevisit.helped, WishRevisit.sentence, Member.name.label("by"))
    .join(Member, Member.id == WishRevisit.taken_by_id)
    .where(WishRevisit.claim_id == bindparam("claim"), WishRevisit.made_on.is_not(None))
    .order_by(WishRevisit.attempt)
)
_OWN: Final = (
    select(
        Wish.code,
        Wish.title,
        WishRevisit.taken_at,
        WishRevisit.made_on,
        WishRevisit.helped,
        WishRevisit.sentence,
    )
    .join(WishClaim, WishClaim.id == WishRevisit.claim_id)
    .join(Wish, Wish.id == WishClaim.wish_id)
    .where(WishRevisit.taken_by_id == bindparam("member"))
    .order_by(WishRevisit.taken_at, WishRevisit.id)
)


def of_claim(session: Session, held: WishClaim) -> WishRevisit | None:
    """The revisit of a claim's present attempt, taken over or made, for changing it; hold the wish before."""
    return session.scalars(_OF_CLAIM, {"claim": held.id, "attempt": held.attempt}).one_or_none()


def for_member(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """Realised wishes in the actor's sight in which the actor took no part, longest first."""
    return session.execute(_FOR_MEMBER, sight(actor)).all()


def taken(session: Session, member_id: UUID) -> Sequence[AnyRow]:
    """Realised wishes that the member has taken over to look back at."""
    return session.execute(_TAKEN, {"me": member_id}).all()


def taken_by(session: Session, claim_id: UUID, attempt: int) -> AnyRow | None:
    """Who has taken over to look back at a claim's attempt: a row ``id, name``."""
    return session.execute(_TAKEN_BY, {"claim": claim_id, "attempt": attempt}).one_or_none()


def made(session: Session, claim_id: UUID) -> Sequence[AnyRow]:
    """What was found, the first time first; for callers that may see the wish."""
    return session.execute(_MADE, {"claim": claim_id}).all()


def own(session: Session, member_id: UUID) -> Sequence[AnyRow]:
    """Every revisit the member has taken over, for the export of own data."""
    return session.execute(_OWN, {"member": member_id}).all()
