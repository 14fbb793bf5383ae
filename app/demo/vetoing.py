"""One veto of the invented organ: entered in the second branch by one of its committee, confirmed by the deputy."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.demo.calendar import working_day
from app.demo.happenings import Span, Step
from app.demo.people import Branch
from app.features.members.rules import Role
from app.features.members.two_people import Second
from app.features.scores.sheet import Veto
from app.features.scores.vetoes import service

IN_BRANCH: Final = 2
DECIDED: Final = 5, 12
"""Month and day of the document."""
ENTERED_AT: Final = time(15, 30)


def steps(branch: Branch, span: Span) -> Mapping[date, Sequence[Step]]:
    """What is done on which day; nothing in the other branches."""
    day = working_day(date(span.since.year, *DECIDED))
    if branch.number != IN_BRANCH or day > span.until:
        return {}
    return {day: [partial(_enter, branch=branch, day=day)]}


def _enter(session: Session, *, branch: Branch, day: date) -> None:
    enters = next((one for one in branch.people if Role.DISCIPLINE in one.roles), branch.secretary)
    ordinary = [one for one in branch.people if not one.roles]
    whom = ordinary[len(ordinary) // 2]
    with clock.standing_at(clock.at(day, ENTERED_AT)):
        veto_id = service.enter_veto(
            session,
            branch.actor(enters),
            id=new_id(),
            member_id=whom.id,
            year=day.year,
            kind=Veto.FALSIFIED,
            basis="补造两次活动的考勤记录，经核查属实",
            document=f"支委会〔{day.year}〕5号",
            dated=day,
        )
        service.decide_veto(session, branch.actor(branch.deputy), veto_id=veto_id, second=Second.CONFIRM)
