"""What the study pages show, what officers see of a record, and a branch's year with its register as a file."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import gettext as _
from app.core.rows import IDS
from app.core.tables import Cell, Table, write_tables
from app.features.education.rules import DayHours, HoursClass, Taken
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.queries import AnyRow
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.study.hours.tables import tenths
from app.features.study.models import StudyRecord
from app.features.study.rules import Standing, StudyKind, class_of

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

LAST_DAY: Final = (12, 31)


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
        entry = DayHours(kind, row.minutes, row.occurred_on, "" if row.title == form else row.title)
        held_by = row.branch if row.kind is StudyKind.ORGANISED else ""
        yield Taken(row.member_id, entry, form, held_by, row.decided_by or "")


@dataclass(frozen=True, slots=True)
class Studied:
    """One member's year."""

    group_name: str | None
    name: str
    records: Sequence[Standing]
    """The newest first."""

    def minutes(self, kind: HoursClass) -> int:
        """Of the approved records of a class of hours."""
        approved = [one for one in self.records if one.status is ReviewStatus.APPROVED]
        return sum(one.minutes for one in approved if class_of(one.kind) is kind)


class Records(NamedTuple):
    """How many records of the running year the branch has; what was recorded before a move is not its own."""

    approved: int
    waiting: int


def records(session: Session, branch_id: UUID, today: date) -> Records:
    """How many records of this year are there. For callers that know the branch is theirs."""
    counted = numbers(session, branch_id, date(today.year, 1, 1), today)
    return Records(counted.get(ReviewStatus.APPROVED, 0), counted.get(ReviewStatus.PENDING, 0))


def register(session: Session, branch_id: UUID, year: int) -> list[Studied]:
    """Who belongs to the branch, by group and name, then who has gone, and what each recorded here in ``year``."""
    since, until = date(year, 1, 1), date(year, *LAST_DAY)
    people = [(one.id, one.group_name, one.name) for one in members.branch_members(session, branch_id)]
    people += [(one.id, None, one.name) for one in gone(session, branch_id, since, until)]
    found = standing(session, [one[0] for one in people], since, until)
    here = {one: [record for record in records if record.branch_id == branch_id] for one, records in found.items()}
    return [Studied(group, name, here[one]) for one, group, name in people]


def register_file(studied: Sequence[Studied]) -> bytes:
    """An XLSX file: a row for each record, and on a second sheet what each member's approved ones come to."""
    person = (_("Group"), _("Name"))
    records = Table(
        _("Study records"),
        (*person, _("Day"), _("What"), _("Kind"), _("Minutes"), _("State")),
        [row for one in studied for row in _rows(one)],
    )
    sums = Table(
        _("Education hours"),
        (*person, _("Records"), *(str(kind.label) for kind in HoursClass)),
        [_sums(one) for one in studied],
    )
    return write_tables([records, sums])


def _rows(one: Studied) -> Iterable[Sequence[Cell]]:
    for record in reversed(one.records):
        said = (str(record.kind.label), record.minutes, str(record.status.label))
        yield (one.group_name, one.name, record.occurred_on, record.title, *said)


def _sums(one: Studied) -> Sequence[Cell]:
    number = sum(record.status is ReviewStatus.APPROVED for record in one.records)
    return (one.group_name, one.name, number, *(tenths(one.minutes(kind)) for kind in HoursClass))
