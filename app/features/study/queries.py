"""What the study pages show, and what officers see of a record."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import IDS
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.queries import AnyRow
from app.features.members.rules import MemberStatus
from app.features.records.queries import Lists
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.study.models import StudyRecord
from app.features.study.rules import Standing, StudyKind, arrived_in, hours_wanted

LISTS: Final = Lists(StudyRecord, StudyRecord.kind, StudyRecord.title, StudyRecord.minutes, StudyRecord.takeaway)
RECENT: Final = 3
"""Titles that the form offers again."""
_LAST: Final = (
    select(StudyRecord.kind, StudyRecord.title)
    .where(StudyRecord.member_id == bindparam("me"))
    .order_by(StudyRecord.received_at.desc())
    .limit(5 * RECENT)
)
_STANDING: Final = (
    select(
        StudyRecord.member_id,
        StudyRecord.occurred_on,
        StudyRecord.kind,
        StudyRecord.title,
        StudyRecord.minutes,
        Review.status,
        StudyRecord.branch_id,
    )
    .join(Review, Review.id == StudyRecord.id)
    .where(
        StudyRecord.member_id.in_(IDS),
        StudyRecord.occurred_on.between(bindparam("since"), bindparam("until")),
        Review.status.in_((ReviewStatus.APPROVED, ReviewStatus.PENDING)),
    )
    .order_by(StudyRecord.occurred_on.desc(), StudyRecord.id.desc())
)
_GONE: Final = (
    select(Member.id, Member.name)
    .where(
        Member.id.in_(
            select(StudyRecord.member_id).where(
                StudyRecord.branch_id == bindparam("branch"),
                StudyRecord.occurred_on.between(bindparam("since"), bindparam("until")),
            )
        ),
        or_(Member.branch_id != bindparam("branch"), Member.left_on <= bindparam("today")),
    )
    .order_by(Member.pinyin, Member.id)
)
_JOINED: Final = select(Member.joined).where(Member.id == bindparam("me"), Member.status == MemberStatus.PROBATIONARY)


class Last(NamedTuple):
    """What the actor recorded last, which is mostly what comes next."""

    kind: StudyKind
    titles: list[str]
    """The newest first; a record without words of its own has none."""


def last(session: Session, actor: Actor) -> Last:
    """What the form begins with."""
    rows = session.execute(_LAST, {"me": actor.member_id}).all()
    titles = dict.fromkeys(row.title for row in rows if row.title != str(row.kind.label))
    return Last(rows[0].kind if rows else StudyKind.SELF_STUDY, list(titles)[:RECENT])


def standing(
    session: Session, member_ids: Collection[UUID], since: date = date.min, until: date = date.max
) -> Mapping[UUID, list[Standing]]:
    """What these members recorded from ``since`` to ``until`` and nobody returned or took back, the newest first."""
    found: dict[UUID, list[Standing]] = {member_id: [] for member_id in member_ids}
    for row in session.execute(_STANDING, {"ids": list(member_ids), "since": since, "until": until}):
        found[row.member_id].append(Standing(*row))
    return found


def gone(session: Session, branch_id: UUID, since: date, until: date) -> Sequence[AnyRow]:
    """Who recorded something while of this branch and belongs to it no more, by pinyin: rows ``id, name``."""
    asked = {"branch": branch_id, "since": since, "until": until, "today": clock.today()}
    return session.execute(_GONE, asked).all()


def wanted(session: Session, actor: Actor, year: int) -> int:
    """Education hours that are asked of the actor in ``year``."""
    joined = session.scalar(_JOINED, {"me": actor.member_id})
    return hours_wanted(actor.roles, arrived_on=arrived_in(year, joined))
