"""Putting a year's list in force, and saying which one is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, insert, select, true
from sqlalchemy.orm import Session

from app.core import clock, holidays, workdays
from app.core.db import insert_renewing
from app.core.holidays import Holiday, HolidayList
from app.core.ids import new_id
from app.core.rows import locked
from app.core.workdays import DayKind
from app.features.holidays.rules import YEARS_AHEAD
from app.features.members import audit
from app.features.members.models import Member
from app.features.members.rules import AuditAction

_LISTS: Final = cast(Table, HolidayList.__table__)
_HELD: Final = locked(select(HolidayList.year).where(HolidayList.year == bindparam("year")))
_DAYS: Final = select(Holiday.day, Holiday.kind).where(Holiday.year == bindparam("year"))
_FORGET: Final = delete(Holiday).where(Holiday.year == bindparam("year"))
_LOADED: Final = select(HolidayList.year, HolidayList.loaded_at, Member.name.label("by")).outerjoin(
    Member, Member.id == HolidayList.loaded_by_id
)
_FIELDS: Final[Mapping[DayKind, str]] = {DayKind.OFF: "days_off", DayKind.WORKING: "days_working"}


@dataclass(frozen=True, slots=True)
class YearInForce:
    """What a year's working days are counted with."""

    year: int
    off: Sequence[date]
    """Days from Monday to Friday that are off."""
    working: Sequence[date]
    """Saturdays and Sundays on which people work."""
    is_published: bool
    """Whether the product itself knows the year's list."""
    loaded_at: datetime | None = None
    """``None``: no list of it was loaded."""
    loaded_by: str | None = None
    """``None``: by the command on the server."""


def years_in_force(session: Session) -> list[YearInForce]:
    """This year, those to come that can have a list, and every other one of which a list was loaded."""
    calendar, today = holidays.calendar(session), clock.today()
    loaded = {row.year: row for row in session.execute(_LOADED)}
    years = sorted({*loaded, *range(today.year, today.year + YEARS_AHEAD)})
    return [
        YearInForce(
            year,
            *workdays.unusual(year, calendar),
            is_published=workdays.is_published(year),
            loaded_at=loaded[year].loaded_at if year in loaded else None,
            loaded_by=loaded[year].by if year in loaded else None,
        )
        for year in years
    ]


def loaded_days(session: Session, year: int | None) -> dict[date, DayKind]:
    """What the loaded list of ``year`` says; nothing where none is."""
    return {row.day: row.kind for row in session.execute(_DAYS, {"year": year})}


def put_in_force(
    session: Session, actor_id: UUID | None, *, year: int, days: Mapping[date, DayKind], adds: bool = False
) -> None:
    """Let ``days`` be the list of ``year`` from now on, or join the one that is loaded. Twice is once.

    Deadlines that are stored stay as they are. ``actor_id`` is ``None`` for the command on the server.
    """
    session.execute(_HELD, {"year": year})
    if _wanted(days, before := loaded_days(session, year), adds=adds) == before:
        return
    row = {"year": year, "version": new_id(), "loaded_by_id": actor_id, "loaded_at": clock.now()}
    session.execute(insert_renewing(session, _LISTS, where=true()), row)  # the first list of a year is locked by this
    before = loaded_days(session, year)
    after = _wanted(days, before, adds=adds)
    session.execute(_FORGET, {"year": year})
    if after:
        rows = [{"day": day, "year": year, "kind": kind} for day, kind in sorted(after.items())]
        session.execute(insert(Holiday), rows)
    holidays.forget(session)
    changes = {
        field: (_said(before, after, kind) or None, _said(after, before, kind) or None)
        for kind, field in _FIELDS.items()
        if _said(before, after, kind) or _said(after, before, kind)
    }
    audit.record(session, actor_id, AuditAction.HOLIDAYS_LOADED, audit.Subject(str(year)), changes)


def _wanted(days: Mapping[date, DayKind], before: Mapping[date, DayKind], *, adds: bool) -> dict[date, DayKind]:
    return {**before, **days} if adds else dict(days)


def _said(one: Mapping[date, DayKind], other: Mapping[date, DayKind], kind: DayKind) -> str:
    """The days of ``kind`` that ``one`` has and the ``other`` has not."""
    return " ".join(sorted(day.isoformat() for day, said in one.items() if said is kind and other.get(day) is not kind))
