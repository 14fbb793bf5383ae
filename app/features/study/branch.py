"""A branch's year of study: how many have reached the hours that are asked of them, and its register as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import gettext as _
from app.core.tables import Cell, Table, write_tables
from app.features.members import queries as members
from app.features.members.rules import MemberStatus
from app.features.reviews.rules import ReviewStatus
from app.features.study import queries
from app.features.study.hours.rules import MINUTES, SMALL_CELL
from app.features.study.rules import Standing, arrived_in, hours_of, hours_wanted

LAST_DAY: Final = (12, 31)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The hours of a branch in a year: of the branch, never a list of who lacks some. Source: docs/domain.md §3.3."""

    asked: int
    """Members of whom hours are asked."""
    reached: int
    not_asked: int
    """Exempt members."""
    approved: int
    """Records of this branch: what was recorded in another one before a move counts for the member's hours alone."""
    waiting: int

    @property
    def is_small(self) -> bool:
        """Whether so few are asked that a number would be about somebody."""
        return self.asked < SMALL_CELL


@dataclass(frozen=True, slots=True)
class Studied:
    """One member's year."""

    group_name: str | None
    name: str
    records: Sequence[Standing]
    """The newest first."""


def coverage(session: Session, branch_id: UUID, today: date) -> Coverage:
    """How far this year's hours have come. For callers that know the branch is theirs."""
    year, people = today.year, members.branch_members(session, branch_id)
    posts, exempt = members.posts_in(session, branch_id), members.exempt_on(session, branch_id)
    found = queries.standing(session, [one.id for one in people], date(year, 1, 1), today)
    asked = [one for one in people if one.id not in exempt]
    reached = 0
    for one in asked:
        arrived_on = arrived_in(year, one.joined) if one.status is MemberStatus.PROBATIONARY else None
        wanted = hours_wanted(posts.get(one.id, ()), arrived_on=arrived_on)
        reached += hours_of(found[one.id], year).approved >= MINUTES * wanted
    statuses = [record.status for record in chain(*found.values()) if record.branch_id == branch_id]
    return Coverage(
        asked=len(asked),
        reached=reached,
        not_asked=len(people) - len(asked),
        approved=statuses.count(ReviewStatus.APPROVED),
        waiting=statuses.count(ReviewStatus.PENDING),
    )


def register(session: Session, branch_id: UUID, year: int) -> list[Studied]:
    """Who belongs to the branch, by group and name, then who has gone, and what each recorded here in ``year``."""
    since, until = date(year, 1, 1), date(year, *LAST_DAY)
    people = [(one.id, one.group_name, one.name) for one in members.branch_members(session, branch_id)]
    people += [(one.id, None, one.name) for one in queries.gone(session, branch_id, since, until)]
    found = queries.standing(session, [one[0] for one in people], since, until)
    here = {one: [record for record in records if record.branch_id == branch_id] for one, records in found.items()}
    return [Studied(group, name, here[one]) for one, group, name in people]


def register_file(studied: Sequence[Studied], year: int) -> bytes:
    """An XLSX file: a row for each record, and on a second sheet what each member's approved ones come to."""
    person = (_("Group"), _("Name"))
    records = Table(
        _("Study records"),
        (*person, _("Day"), _("What"), _("Kind"), _("Minutes"), _("State")),
        [row for one in studied for row in _rows(one)],
    )
    sums = Table(
        _("Education hours"),
        (*person, _("Records"), _("Lectures, courses, organised study"), _("Self-study")),
        [_sums(one, year) for one in studied],
    )
    return write_tables([records, sums])


def _rows(one: Studied) -> Iterable[Sequence[Cell]]:
    for record in reversed(one.records):
        said = (str(record.kind.label), record.minutes, str(record.status.label))
        yield (one.group_name, one.name, record.occurred_on, record.title, *said)


def _sums(one: Studied, year: int) -> Sequence[Cell]:
    hours = hours_of(one.records, year)
    number = sum(record.status is ReviewStatus.APPROVED for record in one.records)
    return (one.group_name, one.name, number, *(_tenths(minutes) for minutes in (hours.approved, hours.self_study)))


def _tenths(minutes: int) -> float:
    """Hours rounded down to a tenth, as the member's own page says them."""
    return minutes * 10 // MINUTES / 10
