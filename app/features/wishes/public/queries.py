"""Reads of what residents sent: how full it is, and what became of the wish with a receipt."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from app.features.members.models import Organisation
from app.features.members.queries import AnyRow
from app.features.sign_in.tokens import digest
from app.features.wishes.models import Wish, WishEvent
from app.features.wishes.public.models import WishSubmission
from app.features.wishes.public.rules import SubmissionStatus
from app.features.wishes.rules import Step

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_BY_RECEIPT: Final = select(WishSubmission).where(WishSubmission.receipt_digest == bindparam("receipt"))
_HELD: Final = _BY_RECEIPT.with_for_update().execution_options(populate_existing=True)
_SENT: Final = select(
    func.coalesce(func.sum(case((WishSubmission.sent_at > bindparam("hour_ago"), 1), else_=0)), 0),
    func.count(),
).where(
    WishSubmission.community_id == bindparam("community"),
    WishSubmission.network_digest == bindparam("network"),
    WishSubmission.sent_at > bindparam("day_ago"),
)
_WAITING: Final = select(func.count()).where(
    WishSubmission.community_id == bindparam("community"), WishSubmission.status == SubmissionStatus.WAITING
)
_STANDING: Final = (
    select(
        WishSubmission.id,
        WishSubmission.status,
        WishSubmission.sent_at,
        WishSubmission.sealed,
        WishSubmission.wish_id,
        Organisation.name.label("community"),
        Organisation.is_demo,
        Wish.code,
        Wish.title,
        Wish.need,
        Wish.status.label("wish_status"),
        Wish.channel,
    )
    .join(Organisation, Organisation.id == WishSubmission.community_id)
    .outerjoin(Wish, Wish.id == WishSubmission.wish_id)
    .where(WishSubmission.receipt_digest == bindparam("receipt"))
)
_KIND_SENTENCE: Final = (
    select(WishEvent.note)
    .where(WishEvent.wish_id == bindparam("wish"), WishEvent.step == Step.DECLINE)
    .order_by(WishEvent.seq.desc())
    .limit(1)
)


def sent_lately(session: Session, *, community_id: UUID, network: str, now: datetime) -> Sequence[int]:
    """How many a network, given as its digest, has sent in the last hour and in the last day."""
    asked = {"community": community_id, "network": network, "hour_ago": now - _HOUR, "day_ago": now - _DAY}
    return session.execute(_SENT, asked).one()


def waiting(session: Session, community_id: UUID) -> int:
    """How many wait to be read in a community."""
    return session.execute(_WAITING, {"community": community_id}).scalar_one()


def hold_by_receipt(session: Session, code: str) -> WishSubmission | None:
    """What was sent under this receipt, held until the unit of work ends."""
    return session.scalars(_HELD, {"receipt": digest(code)}).one_or_none()


def standing(session: Session, code: str) -> AnyRow | None:
    """What became of the wish with this receipt, with its community, and the wish if it is one by now."""
    return session.execute(_STANDING, {"receipt": digest(code)}).one_or_none()


def kind_sentence(session: Session, wish_id: UUID) -> str:
    """What was said when a wish was referred to another channel."""
    return session.scalars(_KIND_SENTENCE, {"wish": wish_id}).one_or_none() or ""
