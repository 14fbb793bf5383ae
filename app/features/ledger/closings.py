"""Which years of whom are archived, and so take no facts any more; and the two acts that change it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Integer, Table, bindparam, exists, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.rows import IDS
from app.features.ledger.models import ArchivedYear
from app.features.ledger.periods import Closing, last_day_to_archive

_ARCHIVED: Final = cast(Table, ArchivedYear.__table__)
_OF: Final = (
    select(
        ArchivedYear.member_id,
        ArchivedYear.year,
        ArchivedYear.version,
        ArchivedYear.archived_on,
        ArchivedYear.reopened_at,
    )
    .where(ArchivedYear.member_id.in_(IDS), ArchivedYear.year.in_(bindparam("years", type_=Integer(), expanding=True)))
    .order_by(ArchivedYear.version)  # the last one counts
)
_ANY: Final = select(exists().where(ArchivedYear.year == bindparam("year")))
_REOPEN: Final = (
    update(_ARCHIVED)
    .where(
        _ARCHIVED.c.member_id == bindparam("member"),
        _ARCHIVED.c.year == bindparam("of_year"),
        _ARCHIVED.c.reopened_at.is_(None),
    )
    .values(reopened_at=bindparam("now"))
    .returning(_ARCHIVED.c.version)
)


class YearClosedError(ConflictError):
    """A grade that comes too late for its year would count in another one. Source: domain, quantified §1."""

    message = _(
        "The sheet of that year is closed: a grade for it is taken only after the organ committee has re-opened it."
    )


def closings(
    session: Session, member_ids: Collection[UUID], years: Collection[int]
) -> Mapping[tuple[UUID, int], Closing]:
    """What became of the ``years`` of these members; who is missing has an open year that was never archived."""
    rows = session.execute(_OF, {"ids": sorted(member_ids), "years": sorted(years)})
    return {(row.member_id, row.year): Closing.REOPENED if row.reopened_at else Closing.ARCHIVED for row in rows}


def versions(session: Session, member_ids: Collection[UUID], year: int) -> Mapping[UUID, tuple[int, Closing]]:
    """The last archived version of each of these members' year, and what became of it."""
    rows = session.execute(_OF, {"ids": sorted(member_ids), "years": [year]})
    return {row.member_id: (row.version, Closing.REOPENED if row.reopened_at else Closing.ARCHIVED) for row in rows}


def archived_on(session: Session, member_id: UUID, year: int) -> date | None:
    """The day on which the year of a member was archived; None while it is open, also where it is so again."""
    rows = session.execute(_OF, {"ids": [member_id], "years": [year]}).all()
    return rows[-1].archived_on if rows and rows[-1].reopened_at is None else None


def closed(session: Session, member_ids: Collection[UUID], years: Collection[int]) -> frozenset[tuple[UUID, int]]:
    """Whose year takes nothing about its periods any more: archived, or past the last day for it; not re-opened."""
    found = closings(session, member_ids, years)
    over = {year: Closing.ARCHIVED if clock.today() > last_day_to_archive(year) else None for year in years}
    keys = ((one, year) for one in member_ids for year in years)
    return frozenset(key for key in keys if found.get(key, over[key[1]]) is Closing.ARCHIVED)


def check_open(session: Session, member_ids: Collection[UUID], year: int) -> None:
    """Let pass what is about a year that takes it of all these members.

    Raises:
        YearClosedError: see ``closed``.
    """
    if member_ids and closed(session, member_ids, [year]):
        raise YearClosedError


def is_archived(session: Session, year: int) -> bool:
    """Whether a year is archived: of somebody already, or because its last day for that is over."""
    return clock.today() > last_day_to_archive(year) or bool(session.scalar(_ANY, {"year": year}))


def close(session: Session, member_ids: Collection[UUID], year: int) -> Mapping[UUID, int]:
    """Let the year take no facts of these members any more; the caller holds their branches (``service.hold``).

    What comes back is the version of each. Who is archived already is a matter for the caller.
    """
    before = versions(session, member_ids, year)
    numbers = {one: before[one][0] + 1 if one in before else 1 for one in sorted(member_ids)}
    rows = [
        {"member_id": one, "year": year, "version": version, "archived_on": clock.today()}
        for one, version in numbers.items()
    ]
    session.execute(_ARCHIVED.insert(), rows)
    return numbers


def reopen(session: Session, member_id: UUID, year: int) -> bool:
    """Let the year take facts of this member again; False where it is not archived."""
    done = session.execute(_REOPEN, {"member": member_id, "of_year": year, "now": clock.now()})
    return done.first() is not None
