"""What the study pages show, and what officers see of a record."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Date, Row, Uuid, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import NotFoundError
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.study.models import StudyRecord
from app.features.study.rules import Hours, Neighbour, StudyKind

AnyRow = Row[*tuple[Any, ...]]
PAGE: Final = 30
"""Records on one page."""
_Decider, _Recorder, _Correction = aliased(Member), aliased(Member), aliased(Review)
_COLUMNS: Final = (
    StudyRecord.id,
    StudyRecord.kind,
    StudyRecord.title,
    StudyRecord.minutes,
    StudyRecord.takeaway,
    StudyRecord.occurred_on,
    StudyRecord.received_at,
    StudyRecord.made_offline,
)
_CARDS: Final = (
    select(
        *_COLUMNS,
        Review.status,
        Review.reason,
        Review.flags,
        Review.corrects_id,
        _Decider.name.label("decided_by"),
        case((Review.recorded_by_id != Review.member_id, _Recorder.name)).label("entered_by"),
        case((Review.member_id != bindparam("me"), Member.name)).label("entered_for"),
        exists()
        .where(_Correction.corrects_id == StudyRecord.id, _Correction.status != ReviewStatus.WITHDRAWN)
        .label("is_corrected"),
    )
    .join(Review, Review.id == StudyRecord.id)
    .join(Member, Member.id == Review.member_id)
    .join(_Recorder, _Recorder.id == Review.recorded_by_id)
    .outerjoin(_Decider, _Decider.id == Review.decided_by_id)
)
_NEWEST: Final = (
    _CARDS.where(StudyRecord.member_id == bindparam("me"))
    .order_by(StudyRecord.occurred_on.desc(), StudyRecord.id.desc())
    .limit(PAGE + 1)
)
_OLDER: Final = _NEWEST.where(
    or_(
        StudyRecord.occurred_on < bindparam("before_day"),
        and_(StudyRecord.occurred_on == bindparam("before_day"), StudyRecord.id < bindparam("before_id")),
    )
)
_ENTERED: Final = _CARDS.where(
    Review.branch_id == bindparam("branch"),
    Review.status == ReviewStatus.PENDING,
    Review.recorded_by_id == bindparam("me"),
    Review.member_id != bindparam("me"),
).order_by(Review.submitted_at.desc(), Review.id.desc())
_CARD: Final = _CARDS.where(
    StudyRecord.id == bindparam("record"),
    or_(StudyRecord.member_id == bindparam("me"), Review.recorded_by_id == bindparam("me")),
)
_LAST_KIND: Final = (
    select(StudyRecord.kind)
    .where(StudyRecord.member_id == bindparam("me"))
    .order_by(StudyRecord.received_at.desc())
    .limit(1)
)
_HOURS: Final = (
    select(Review.status, func.sum(StudyRecord.minutes).label("minutes"))
    .join(Review, Review.id == StudyRecord.id)
    .where(
        StudyRecord.member_id == bindparam("me"),
        StudyRecord.occurred_on >= bindparam("since"),
        StudyRecord.occurred_on <= bindparam("until"),
    )
    .group_by(Review.status)
)
_OF_IDS: Final[BindParameter[Any]] = bindparam("ids", type_=Uuid(), expanding=True)
_WHOLE: Final = select(*_COLUMNS, StudyRecord.occurred_at, StudyRecord.device_time).where(StudyRecord.id.in_(_OF_IDS))
_NEIGHBOURS: Final = (
    select(
        StudyRecord.id,
        StudyRecord.member_id,
        StudyRecord.occurred_on,
        StudyRecord.kind,
        StudyRecord.title,
        StudyRecord.minutes,
    )
    .join(Review, Review.id == StudyRecord.id)
    .where(
        StudyRecord.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)),
        StudyRecord.occurred_on.in_(bindparam("days", type_=Date(), expanding=True)),
        Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
    )
)


def records(session: Session, actor: Actor, *, before: tuple[date, UUID] | None = None) -> Sequence[AnyRow]:
    """The actor's own records, newest day first: at most ``PAGE``, and one more if there are older ones.

    ``before`` is the day and id of the last one of the page before.
    """
    if before is None:
        return session.execute(_NEWEST, {"me": actor.member_id}).all()
    return session.execute(_OLDER, {"me": actor.member_id, "before_day": before[0], "before_id": before[1]}).all()


def entered(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """What the actor entered for others and nobody has decided on, newest first."""
    return session.execute(_ENTERED, {"me": actor.member_id, "branch": actor.branch_id}).all()


def card(session: Session, actor: Actor, record_id: UUID) -> AnyRow:
    """A record that the actor made, or entered for somebody.

    Raises:
        NotFoundError: there is none with this id.
    """
    row = session.execute(_CARD, {"me": actor.member_id, "record": record_id}).one_or_none()
    if row is None:
        raise NotFoundError
    return row


def last_kind(session: Session, actor: Actor) -> StudyKind:
    """What the actor recorded last, which is mostly what comes next."""
    return session.scalar(_LAST_KIND, {"me": actor.member_id}) or StudyKind.SELF_STUDY


def hours(session: Session, member_id: UUID, *, year: int) -> Hours:
    """Education hours of one member in ``year``, in minutes."""
    asked = {"me": member_id, "since": date(year, 1, 1), "until": date(year, 12, 31)}
    minutes = {row.status: int(row.minutes) for row in session.execute(_HOURS, asked)}
    return Hours(minutes.get(ReviewStatus.APPROVED, 0), minutes.get(ReviewStatus.PENDING, 0))


def whole(session: Session, ids: Collection[UUID]) -> Mapping[UUID, AnyRow]:
    """These records with everything that was captured; for services and officers, who may see them already."""
    return {row.id: row for row in session.execute(_WHOLE, {"ids": list(ids)})}


def neighbours(
    session: Session, members: Collection[UUID], days: Collection[date]
) -> dict[tuple[UUID, date], dict[UUID, Neighbour]]:
    """What these members have recorded on these days and was not returned or withdrawn, by member and day, then id."""
    found: dict[tuple[UUID, date], dict[UUID, Neighbour]] = {}
    for row in session.execute(_NEIGHBOURS, {"members": sorted(members), "days": sorted(days)}):
        found.setdefault((row.member_id, row.occurred_on), {})[row.id] = Neighbour(row.kind, row.title, row.minutes)
    return found
