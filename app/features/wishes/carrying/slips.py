"""The wisher's slip: a link as a picture, and six digits to say aloud. Only digests of both are kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.core.rows import locked, rowcount
from app.features.members.actor import Actor
from app.features.sign_in.tokens import digest, new_token
from app.features.wishes import queries as wishes
from app.features.wishes import rules as wish_rules
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import queries, rules
from app.features.wishes.carrying.errors import OwnClaimError
from app.features.wishes.models import WishSlip
from app.features.wishes.rules import MOST_FAILURES, Step

_GOOD: Final = select(WishSlip).where(WishSlip.wish_id == bindparam("wish"), WishSlip.ended_at.is_(None))
_LOCKED: Final = locked(_GOOD)
_HAS_SLIP: Final = _GOOD.with_only_columns(WishSlip.id)


@dataclass(frozen=True, slots=True)
class IssuedSlip:
    """What stands on the paper for the wisher. It is nowhere else."""

    token: str
    code: str


def good_slip(session: Session, wish_id: UUID) -> WishSlip | None:
    """The slip of the wish that is good now, for changing it; lock the wish before."""
    return session.scalars(_LOCKED, {"wish": wish_id}).one_or_none()


def has_slip(session: Session, wish_id: UUID) -> bool:
    """Whether the wisher has a slip that is good."""
    return session.scalar(_HAS_SLIP, {"wish": wish_id}) is not None


def issue_slip(session: Session, actor: Actor, *, wish_id: UUID) -> IssuedSlip:
    """A new slip for the wisher; an older one is no longer good.

    Raises:
        OwnClaimError: the actor takes part in it, and would confirm the own work.
    """
    wishes.check_answers_for(session, actor, wish_id)
    wish = wish_service.lock_wish(session, wish_id)
    claim = queries.current_claim(session, wish_id)
    if claim is not None and queries.took_part(session, claim.id, actor.member_id):
        raise OwnClaimError
    wish_rules.LIFE.check(wish.status, Step.WITHDRAW)  # a slip is good for every wish that is not over
    end_slip(session, wish_id)
    slip_id, token, code = new_id(), new_token(), rules.new_code()
    session.add(
        WishSlip(
            id=slip_id,
            wish_id=wish_id,
            token_digest=digest(token),
            code_digest=_code_digest(slip_id, code),
            failures=0,
            issued_by_id=actor.member_id,
        )
    )
    session.flush()
    return IssuedSlip(token, code)


def end_slip(session: Session, wish_id: UUID) -> None:
    """Let the wisher's slip be good for nothing more; lock the wish before."""
    slip = good_slip(session, wish_id)
    if slip is not None:
        slip.ended_at = clock.now()
        session.flush()


def end_all(session: Session, now: datetime) -> int:
    """Let no wisher's slip be good any more; gives how many were."""
    return rowcount(session.execute(update(WishSlip).where(WishSlip.ended_at.is_(None)).values(ended_at=now)))


def is_code_of(slip: WishSlip, typed: str) -> bool:
    """Whether this is the code on a locked slip. A wrong one is counted, and the last allowed one voids the slip."""
    code = rules.read_code(typed)
    if code is not None and _code_digest(slip.id, code) == slip.code_digest:
        return True
    slip.failures += 1
    if slip.failures >= MOST_FAILURES:
        slip.ended_at = clock.now()
    return False


def _code_digest(slip_id: UUID, code: str) -> str:
    """Of the slip and the code together: the same code on two slips leaves no trace."""
    return digest(f"{slip_id}:{code}")
