"""Reads of what residents sent: what waits, how full it is, what became of it, and which poster it came by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from app.core.rows import IDS, locked, one
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.queries import AnyRow
from app.features.organisations.communities.queries import ANSWERED, answering
from app.features.sign_in.tokens import digest
from app.features.wishes.models import Wish, WishEvent
from app.features.wishes.residents import rules, sealed
from app.features.wishes.residents.errors import NoPosterError, ReplacedPosterError
from app.features.wishes.residents.models import WishPoster, WishSubmission
from app.features.wishes.residents.rules import Arrived, SaidByResident, SubmissionStatus, covered, read_poster_token
from app.features.wishes.rules import Step

_WAITING: Final = (WishSubmission.status == SubmissionStatus.WAITING, WishSubmission.community_id.in_(ANSWERED))
_ARRIVED: Final = (
    select(WishSubmission.id, WishSubmission.community_id, WishSubmission.network_digest, WishSubmission.sent_at)
    .where(*_WAITING)
    .order_by(WishSubmission.sent_at, WishSubmission.id)
)
_NUMBER: Final = select(func.count()).where(*_WAITING)
_SAID: Final = (
    select(WishSubmission.id, WishSubmission.sealed, Organisation.name.label("community"))
    .join(Organisation, Organisation.id == WishSubmission.community_id)
    .where(WishSubmission.id.in_(IDS))
)
_LOCKED: Final = locked(
    select(WishSubmission).where(
        WishSubmission.id == bindparam("submission"), WishSubmission.community_id.in_(ANSWERED)
    )
)
_SAME_NETWORK: Final = locked(
    select(WishSubmission)
    .where(
        WishSubmission.community_id == bindparam("community"),
        WishSubmission.network_digest == bindparam("network"),
        WishSubmission.status == SubmissionStatus.WAITING,
    )
    .order_by(WishSubmission.id)
)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_LOCKED_BY_RECEIPT: Final = locked(select(WishSubmission).where(WishSubmission.receipt_digest == bindparam("receipt")))
_SENT_HERE: Final = select(
    func.coalesce(func.sum(case((WishSubmission.sent_at > bindparam("hour_ago"), 1), else_=0)), 0), func.count()
).where(WishSubmission.community_id == bindparam("community"), WishSubmission.sent_at > bindparam("day_ago"))
_SENT: Final = _SENT_HERE.where(WishSubmission.network_digest == bindparam("network"))
_NUMBER_IN_COMMUNITY: Final = select(func.count()).where(
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
    .where(WishEvent.wish_id == bindparam("wish"), WishEvent.step == Step.REFER)
    .order_by(WishEvent.seq.desc())
    .limit(1)
)
_CURRENT_POSTER: Final = select(WishPoster).where(
    WishPoster.community_id == bindparam("community"), WishPoster.ended_at.is_(None)
)
_POSTER_BY_TOKEN: Final = (
    select(
        WishPoster.id,
        WishPoster.token,
        WishPoster.ended_at,
        WishPoster.community_id,
        Organisation.name.label("community"),
        Organisation.is_demo,
    )
    .join(Organisation, Organisation.id == WishPoster.community_id)
    .where(WishPoster.token == bindparam("token"))
)


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """What a moderator reads of one submission: the wish, and of its owner no more than is needed to decide."""

    id: UUID
    community: str
    sent_at: datetime
    told: SaidByResident
    title: str
    need: str
    phone: str
    """Covered in part."""
    more: int
    """How many more of the same network are folded under it."""


def arrived(session: Session, actor: Actor) -> Sequence[Arrived]:
    """What waits, in the order in which it came."""
    return [Arrived(*row) for row in session.execute(_ARRIVED, answering(actor))]


def number_waiting(session: Session, actor: Actor) -> int:
    """How many wait."""
    return session.execute(_NUMBER, answering(actor)).scalar_one()


def lines(session: Session, folded: Sequence[rules.Folded]) -> list[SubmissionLine]:
    """These lines of the queue with what they say."""
    ids = [line.arrived.id for line in folded]
    said = {row.id: row for row in session.execute(_SAID, {"ids": ids})} if ids else {}
    return [_line(line, said[line.arrived.id]) for line in folded if line.arrived.id in said]


def lock_submission(session: Session, actor: Actor, submission_id: UUID) -> WishSubmission:
    """One submission, locked until the unit of work ends."""
    return one(session, _LOCKED, answering(actor) | {"submission": submission_id})


def lock_network(session: Session, submission: WishSubmission) -> Sequence[WishSubmission]:
    """What waits in the same community from the same network, itself included; itself alone where it is forgotten."""
    if submission.network_digest is None:
        return [submission]
    asked = {"community": submission.community_id, "network": submission.network_digest}
    return session.scalars(_SAME_NETWORK, asked).all()


def sent_lately(session: Session, *, community_id: UUID, network: str | None = None, now: datetime) -> rules.Arrivals:
    """How many a network, given as its digest, or all together have sent in the last hour and in the last day."""
    asked = {"community": community_id, "hour_ago": now - _HOUR, "day_ago": now - _DAY}
    if network is None:
        return rules.Arrivals(*session.execute(_SENT_HERE, asked).one())
    return rules.Arrivals(*session.execute(_SENT, asked | {"network": network}).one())


def waiting_in(session: Session, community_id: UUID) -> int:
    """How many wait to be read in a community."""
    return session.execute(_NUMBER_IN_COMMUNITY, {"community": community_id}).scalar_one()


def lock_by_receipt(session: Session, code: str) -> WishSubmission | None:
    """What was sent under this receipt, locked until the unit of work ends."""
    return session.scalars(_LOCKED_BY_RECEIPT, {"receipt": digest(code)}).one_or_none()


def standing(session: Session, code: str) -> AnyRow | None:
    """What became of the wish with this receipt, with its community, and the wish if it is one by now."""
    return session.execute(_STANDING, {"receipt": digest(code)}).one_or_none()


def kind_sentence(session: Session, wish_id: UUID) -> str:
    """What was said when a wish was referred to another channel."""
    return session.scalars(_KIND_SENTENCE, {"wish": wish_id}).one_or_none() or ""


def current_poster(session: Session, community_id: UUID) -> WishPoster | None:
    """The poster that a community has now."""
    return session.scalars(_CURRENT_POSTER, {"community": community_id}).one_or_none()


def poster_behind(session: Session, word: str) -> AnyRow:
    """The poster with this word in its address: ``id, token, community_id, community, is_demo``.

    Raises:
        NoPosterError: there is none.
        ReplacedPosterError: it is no longer read.
    """
    token = read_poster_token(word)
    found = session.execute(_POSTER_BY_TOKEN, {"token": token}).one_or_none() if token else None
    if found is None:
        raise NoPosterError
    if found.ended_at:
        raise ReplacedPosterError(community=found.community)
    return found


def _line(line: rules.Folded, row: AnyRow) -> SubmissionLine:
    told = sealed.read(row.sealed, submission_id=line.arrived.id)
    need = rules.without_owner(told.need, name=told.name)
    return SubmissionLine(
        id=line.arrived.id,
        community=row.community,
        sent_at=line.arrived.sent_at,
        told=told,
        title=rules.title_from(need),
        need=need,
        phone=covered("phone", told.phone) if told.phone else "",
        more=line.more,
    )
