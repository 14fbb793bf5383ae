"""Lists of days off as an administrator has them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.core.workdays import DayKind
from app.features.holidays import service

SPRING: Final = [date(2027, 2, 5) + timedelta(days=n) for n in range(8)]
"""An invented week around the Spring Festival, from a Friday to a Friday."""
MADE_UP: Final = date(2027, 1, 31)
"""A Sunday."""
LIST: Final[Mapping[date, DayKind]] = dict.fromkeys(SPRING, DayKind.OFF) | {MADE_UP: DayKind.WORKING}
PASTED: Final = "节日\t日期\t安排\n" + "".join(
    f"春节\t{day}\t{'放假' if kind is DayKind.OFF else '上班'}\n" for day, kind in LIST.items()
)


def load(session: Session, days: Mapping[date, DayKind] = LIST, year: int = 2027) -> None:
    """Let ``days`` be the list of ``year``, as the command on the server does."""
    service.put_in_force(session, None, year=year, days=days)
