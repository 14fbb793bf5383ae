"""Who may vouch for a claim: nobody whose account is the work of somebody who took part in it."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.features.members import powers
from app.features.members.standing import VOUCHED_AFTER
from app.features.wishes.carrying import queries
from app.features.wishes.models import WishParticipant
from app.features.wishes.rules import BoundByAccountError

_PARTS: Final = select(WishParticipant.member_id).where(
    WishParticipant.claim_id == bindparam("claim"), WishParticipant.took_part_from.is_not(None)
)


def check_bound_to_nobody(session: Session, claim_id: UUID, member_id: UUID) -> None:
    """Let nobody vouch for those who brought in the account.

    Raises:
        BoundByAccountError: somebody who takes part in the claim, or ever did, brought it in.
    """
    if _is_bound(session, claim_id, member_id):
        raise BoundByAccountError(days=VOUCHED_AFTER.days)


def stands_apart(session: Session, claim_id: UUID, member_id: UUID) -> bool:
    """Whether somebody took no part in a claim, and owes the account to nobody who did."""
    return not queries.took_part(session, claim_id, member_id) and not _is_bound(session, claim_id, member_id)


def _is_bound(session: Session, claim_id: UUID, member_id: UUID) -> bool:
    parts = session.scalars(_PARTS, {"claim": claim_id})
    return not powers.bound_to(session, [member_id])[member_id].isdisjoint(parts)
