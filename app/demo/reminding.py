"""The last reminders, as a sweep has given them on the last working day."""

from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.core import clock
from app.core.workdays import is_working_day
from app.features.notices import service as notices
from app.features.shows.duties.due import DUE
from app.features.shows.pledges.due import PLEDGES
from app.features.wishes.due import WISHES

AT: Final = time(10)


def remind(session: Session, today: date) -> None:
    """Remind everybody of what was due on the last working day."""
    day = today
    while not is_working_day(day):
        day -= timedelta(days=1)
    for source in (DUE, PLEDGES, WISHES):
        notices.raise_due(session, source, datetime.combine(day, AT, clock.zone()))
