"""The State Council's list of a year's days off and make-up days, where it was loaded without a release.

``calendar`` is what every room counts working days with; the pages and the command stand in ``features/holidays``.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, column, extract, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.workdays import PUBLISHED, Calendar, DayKind, is_published


class HolidayList(Base):
    """The list of a year that is in force, and who loaded it."""

    __tablename__ = "holiday_lists"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[UUID] = mapped_column(default=new_id, comment="another one whenever its days change")
    loaded_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("members.id"), comment="NULL: by the command on the server"
    )
    loaded_at: Mapped[datetime] = mapped_column(default=clock.now)


class Holiday(Base):
    """One day of such a list."""

    __tablename__ = "holidays"
    __table_args__ = (
        CheckConstraint(extract("year", column("day", Date())) == column("year"), name="day_of_its_year"),
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey(HolidayList.year))
    kind: Mapped[DayKind]


_VERSIONS: Final = select(HolidayList.version, HolidayList.year).order_by(HolidayList.year)
_DAYS: Final = select(Holiday.day, Holiday.kind)
_NOTED: Final = "calendar"
_known: dict[frozenset[UUID], Calendar] = {}
"""The last calendar this process has read, by the versions of its lists."""


def calendar(session: Session) -> Calendar:
    """The days that were loaded, over what the product knows itself.

    One small statement a unit of work; the days are read when a version is new to this process.
    """
    if _NOTED not in session.info:
        session.info[_NOTED] = _read(session)
    found: Calendar = session.info[_NOTED]
    return found


def known_until(session: Session, today: date) -> int:
    """Until the end of which year working days are counted with a published list."""
    loaded, year = calendar(session).years, today.year
    while year in loaded or is_published(year):
        year += 1
    return year - 1


def forget(session: Session) -> None:
    """Another list has been written in this unit of work."""
    session.info.pop(_NOTED, None)


def _read(session: Session) -> Calendar:
    lists = session.execute(_VERSIONS).all()
    if not lists:
        return PUBLISHED
    versions = frozenset(one.version for one in lists)
    if (found := _known.get(versions)) is None:
        rows = session.execute(_DAYS).all()
        working, off = (frozenset(day for day, said in rows if said is kind) for kind in (DayKind.WORKING, DayKind.OFF))
        found = Calendar(working, off, frozenset(one.year for one in lists))
        _known.clear()
        _known[versions] = found
    return found
