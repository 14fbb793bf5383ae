"""A branch's year of study: how many records there are, and its register as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import gettext as _
from app.core.tables import Cell, Table, write_tables
from app.features.education.rules import HoursClass
from app.features.members import queries as members
from app.features.reviews.rules import ReviewStatus
from app.features.study import queries
from app.features.study.hours.tables import tenths
from app.features.study.rules import Standing, class_of

LAST_DAY: Final = (12, 31)


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
    counted = queries.numbers(session, branch_id, date(today.year, 1, 1), today)
    return Records(counted.get(ReviewStatus.APPROVED, 0), counted.get(ReviewStatus.PENDING, 0))


def register(session: Session, branch_id: UUID, year: int) -> list[Studied]:
    """Who belongs to the branch, by group and name, then who has gone, and what each recorded here in ``year``."""
    since, until = date(year, 1, 1), date(year, *LAST_DAY)
    people = [(one.id, one.group_name, one.name) for one in members.branch_members(session, branch_id)]
    people += [(one.id, None, one.name) for one in queries.gone(session, branch_id, since, until)]
    found = queries.standing(session, [one[0] for one in people], since, until)
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
