"""Quarters are publicised: by secretary and deputy on the second working day after each, as real ones do it.

The third branch is late with the last one, so that something is open today; the second one's waits for its deputy.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from app.core import clock, workdays
from app.core.ids import new_id
from app.demo.calendar import working_day
from app.demo.happenings import Span, Step
from app.demo.people import Branch
from app.features.scores.publicity import service
from app.features.scores.publicity.rules import Act, Period

PUBLISHED_AT: Final = time(16, 30)
LATELY: Final = timedelta(days=2)
APPROVES_LATER: Final = 2
IS_LATE: Final = 3
"""Numbers of branches."""
PHONE: Final = "86001203"


def steps(branch: Branch, span: Span) -> Mapping[date, Sequence[Step]]:
    """What is done on which day."""
    periods = list(_over(span))
    found = {}
    for asked in periods:
        is_last = asked is periods[-1]
        day = working_day(asked.opens(workdays.PUBLISHED))
        if is_last and branch.number == IS_LATE:
            day = max(day, span.until - LATELY)
        waits = is_last and branch.number == APPROVES_LATER
        found[day] = [partial(show, branch=branch, asked=asked, day=day, waits=waits)]
    return found


def _over(span: Span) -> Iterator[Period]:
    for quarter in (1, 2, 3, 4):
        one = Period(span.since.year, quarter)
        if working_day(one.opens(workdays.PUBLISHED)) <= span.until:
            yield one


def show(session: Session, *, branch: Branch, asked: Period, day: date, waits: bool) -> None:
    """One period is proposed and checked and, unless its approval ``waits``, approved and published."""
    one, other = branch.actor(branch.secretary), branch.actor(branch.deputy)
    with clock.standing_at(clock.at(day, PUBLISHED_AT)):
        proposed = service.propose(
            session,
            one,
            id=new_id(),
            **asked._asdict(),
            working_days=asked.days,
            reception=branch.deputy.name,
            phone=PHONE,
        )
        service.take(session, one, publicity_id=proposed.id, act=Act.CHECK)
        if not waits:
            service.take(session, other, publicity_id=proposed.id, act=Act.APPROVE)
            service.take(session, one, publicity_id=proposed.id, act=Act.PUBLISH)
