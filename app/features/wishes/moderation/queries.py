"""What waits from residents, for those who answer for their communities."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.queries import AnyRow, Rows
from app.features.organisations.communities.queries import ANSWERED, answering
from app.features.wishes.models import Wish
from app.features.wishes.moderation import rules
from app.features.wishes.moderation.rules import Arrived
from app.features.wishes.public import sealed
from app.features.wishes.public.models import WishSubmission
from app.features.wishes.public.rules import SubmissionStatus, Told, covered

_WAITING: Final = (
    WishSubmission.status == SubmissionStatus.WAITING,
    WishSubmission.community_id.in_(ANSWERED),
)
_ARRIVED: Final = (
    select(WishSubmission.id, WishSubmission.community_id, WishSubmission.network_digest, WishSubmission.sent_at)
    .where(*_WAITING)
    .order_by(WishSubmission.sent_at, WishSubmission.id)
)
_NUMBER: Final = select(func.count()).where(*_WAITING)
_SAID: Final = (
    select(WishSubmission.id, WishSubmission.sealed, Organisation.name.label("community"))
    .join(Organisation, Organisation.id == WishSubmission.community_id)
    .where(WishSubmission.id.in_(bindparam("ids", type_=Uuid(), expanding=True)))
)
_OWN: Final = (
    select(WishSubmission.ended_at, Organisation.name.label("community"), WishSubmission.status, Wish.code)
    .join(Organisation, Organisation.id == WishSubmission.community_id)
    .outerjoin(Wish, Wish.id == WishSubmission.wish_id)
    .where(WishSubmission.decided_by_id == bindparam("member"))
    .order_by(WishSubmission.ended_at, WishSubmission.id)
)
_HELD: Final = (
    select(WishSubmission)
    .where(WishSubmission.id == bindparam("submission"), WishSubmission.community_id.in_(ANSWERED))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_SAME_NETWORK: Final = (
    select(WishSubmission)
    .where(
        WishSubmission.community_id == bindparam("community"),
        WishSubmission.network_digest == bindparam("network"),
        WishSubmission.status == SubmissionStatus.WAITING,
    )
    .order_by(WishSubmission.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Line:
    """What a moderator reads of one submission: the wish, and of its owner no more than is needed to decide."""

    id: UUID
    community: str
    sent_at: datetime
    told: Told
    title: str
    need: str
    phone: str
    """Covered in part."""
    more: int
    """How many more of the same network are folded under it."""


def arrived(session: Session, actor: Actor) -> Sequence[Arrived]:
    """What waits, in the order in which it came."""
    return [Arrived(*row) for row in session.execute(_ARRIVED, answering(actor))]


def number(session: Session, actor: Actor) -> int:
    """How many wait."""
    return session.execute(_NUMBER, answering(actor)).scalar_one()


def own(session: Session, member_id: UUID) -> Rows:
    """What somebody decided about residents' wishes, for the own data: rows ``ended_at, community, status, code``."""
    return session.execute(_OWN, {"member": member_id}).all()


def lines(session: Session, folded: Sequence[rules.Folded]) -> list[Line]:
    """These lines of the queue with what they say.

    Raises:
        KeyMissingError, BrokenSealError: the server does not find the key that fits.
    """
    ids = [line.arrived.id for line in folded]
    said = {row.id: row for row in session.execute(_SAID, {"ids": ids})} if ids else {}
    return [_line(line, said[line.arrived.id]) for line in folded if line.arrived.id in said]


def hold(session: Session, actor: Actor, submission_id: UUID) -> WishSubmission:
    """One submission, held until the unit of work ends.

    Raises:
        NotFoundError: it is for a community that the actor does not answer for.
    """
    found = session.scalars(_HELD, answering(actor) | {"submission": submission_id}).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def hold_network(session: Session, submission: WishSubmission) -> Sequence[WishSubmission]:
    """What waits in the same community from the same network, itself included; itself alone where it is forgotten."""
    if submission.network_digest is None:
        return [submission]
    asked = {"community": submission.community_id, "network": submission.network_digest}
    return session.scalars(_SAME_NETWORK, asked).all()


def _line(line: rules.Folded, row: AnyRow) -> Line:
    told = sealed.read(row.sealed, submission_id=line.arrived.id)
    need = rules.without_owner(told.need, name=told.name)
    return Line(
        id=line.arrived.id,
        community=row.community,
        sent_at=line.arrived.sent_at,
        told=told,
        title=rules.title_from(need),
        need=need,
        phone=covered("phone", told.phone) if told.phone else "",
        more=line.more,
    )
