"""What the study pages show, and what officers see of a record."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import IDS
from app.features.education.rules import Entry, Taken
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.queries import AnyRow
from app.features.records.queries import Lists
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.study.models import StudyRecord
from app.features.study.rules import Standing, StudyKind, class_of

LISTS: Final = Lists(
    StudyRecord,
    StudyRecord.kind,
    StudyRecord.title,
    StudyRecord.minutes,
    StudyRecord.takeaway,
    StudyRecord.day_minutes,
)
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
_TAKEN: Final = (
    select(
        StudyRecord.member_id,
        StudyRecord.occurred_on,
        StudyRecord.kind,
        StudyRecord.title,
        StudyRecord.minutes,
        Organisation.name.label("branch"),
        Member.name.label("decided_by"),
    )
    .join(Review, Review.id == StudyRecord.id)
    .join(Organisation, Organisation.id == StudyRecord.branch_id)
    .outerjoin(Member, Member.id == Review.decided_by_id)
    .where(
        StudyRecord.member_id.in_(IDS),
        StudyRecord.occurred_on.between(bindparam("since"), bindparam("until")),
        Review.status.in_((ReviewStatus.APPROVED, ReviewStatus.PENDING)),
    )
    .order_by(StudyRecord.occurred_on, StudyRecord.id)
)
_NUMBERS: Final = (
    select(Review.status, func.count().label("number"))
    .join(StudyRecord, StudyRecord.id == Review.id)
    .join(Member, Member.id == StudyRecord.member_id)
    .where(
        Member.branch_id == bindparam("branch"),
        or_(Member.left_on.is_(None), Member.left_on > bindparam("today")),
        StudyRecord.branch_id == bindparam("branch"),
        StudyRecord.occurred_on.between(bindparam("since"), bindparam("until")),
        Review.status.in_((ReviewStatus.APPROVED, ReviewStatus.PENDING)),
    )
    .group_by(Review.status)
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


def numbers(session: Session, branch_id: UUID, since: date, until: date) -> Mapping[ReviewStatus, int]:
    """How many records of the branch's present members are approved, and how many wait."""
    asked = {"branch": branch_id, "since": since, "until": until, "today": clock.today()}
    return {row.status: row.number for row in session.execute(_NUMBERS, asked)}


def gone(session: Session, branch_id: UUID, since: date, until: date) -> Sequence[AnyRow]:
    """Who recorded something while of this branch and belongs to it no more, by pinyin: rows ``id, name``."""
    asked = {"branch": branch_id, "since": since, "until": until, "today": clock.today()}
    return session.execute(_GONE, asked).all()


def taken(session: Session, member_ids: Collection[UUID], year: int) -> Iterator[Taken]:
    """Hours of education that these members recorded in ``year``, confirmed and waiting: one statement."""
    asked = {"ids": sorted(member_ids), "since": date(year, 1, 1), "until": date(year, 12, 31)}
    for row in session.execute(_TAKEN, asked):
        kind, form = class_of(row.kind), str(row.kind.label)
        entry = Entry(kind, row.minutes, row.occurred_on, "" if row.title == form else row.title)
        held_by = row.branch if row.kind is StudyKind.ORGANISED else ""
        yield Taken(row.member_id, entry, form, held_by, row.decided_by or "")
