"""Quarters of study are reported on the second Tuesday after each; the third branch still has the last one to do."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from app.core import clock
from app.demo.calendar import working_day
from app.demo.happenings import Span, Step
from app.demo.matters import REPORT_REMARKS
from app.demo.people import Branch
from app.features.board.reports import service
from app.features.scores.publicity.rules import Period

AFTER: Final = timedelta(days=10)
GIVEN_AT: Final = time(16, 40)
IS_LATE: Final = 3
"""Number of the branch."""


def steps(branch: Branch, span: Span) -> Mapping[date, Sequence[Step]]:
    """What is done on which day."""
    found: dict[date, Sequence[Step]] = {}
    for quarter in (1, 2, 3, 4):
        asked = Period(span.since.year, quarter)
        day = working_day(asked.last + AFTER)
        if day <= span.until:
            found[day] = [partial(give_out, branch=branch, asked=asked, day=day)]
    if branch.number == IS_LATE and found:
        del found[max(found)]
    return found


def give_out(session: Session, *, branch: Branch, asked: Period, day: date) -> None:
    """The secretary does it, with a remark in every other quarter."""
    quarter = asked.quarter or 0
    remark = REPORT_REMARKS[(quarter + branch.number) % len(REPORT_REMARKS)] if quarter % 2 else None
    with clock.standing_at(clock.at(day, GIVEN_AT)):
        service.give_out(session, branch.actor(branch.secretary), asked, remark=remark)
