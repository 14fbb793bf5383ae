"""Lets people be away: asked for, closed on return, and what an officer said of what was missed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.demo.away import Absence, Unreported
from app.demo.gathering import Step
from app.demo.people import Branch
from app.features.leave import findings, service
from app.features.leave.life import Approval, Verdict
from app.features.reviews import service as reviews

ASKED_AT: Final = time(16, 40)
CLOSED_AT: Final = time(16, 50)
SAID_AT: Final = time(17)
"""When officers decide, too."""
APPROVED_BY: Final = "处室负责人"


def steps(branch: Branch, absences: Iterable[Absence], days: Iterable[Unreported]) -> Mapping[date, Sequence[Step]]:
    """What is done on which day, until an officer has said what was missed."""
    found: dict[date, list[Step]] = defaultdict(list)
    for absence in absences:
        with clock.standing_at(_at(absence.asked_on, ASKED_AT)):
            leave_id = new_id()
        found[absence.asked_on].append(partial(_ask, branch=branch, leave_id=leave_id, absence=absence))
        if on := absence.closed_on:
            found[on].append(partial(_close, branch=branch, leave_id=leave_id, absence=absence, on=on))
    for one in days:
        found[one.said_on].append(partial(_say_unreported, branch=branch, one=one))
    return found


def _ask(session: Session, *, branch: Branch, leave_id: UUID, absence: Absence) -> None:
    with clock.standing_at(_at(absence.asked_on, ASKED_AT)):
        service.ask(
            session,
            branch.actor(absence.person),
            id=leave_id,
            leave=absence.leave,
            span=absence.span,
            destination=absence.place,
            approval=absence.approval,
            approved_by=APPROVED_BY if absence.approval is Approval.ELSEWHERE else None,
        )
    if absence.is_decided:
        officer = branch.actor(branch.confirmer_of(absence.person))
        with clock.standing_at(_at(absence.asked_on, SAID_AT)):
            reviews.approve(session, officer, [leave_id])


def _close(session: Session, *, branch: Branch, leave_id: UUID, absence: Absence, on: date) -> None:
    with clock.standing_at(_at(on, CLOSED_AT)):
        service.close(session, branch.actor(absence.person), leave_id=leave_id, returned_on=absence.returned_on)
    if absence.missed:
        officer = branch.actor(branch.confirmer_of(absence.person))
        with clock.standing_at(_at(on, SAID_AT)):
            findings.say(session, officer, leave_id=leave_id, finding=absence.missed, verdict=Verdict.CONFIRMED)


def _say_unreported(session: Session, *, branch: Branch, one: Unreported) -> None:
    officer = branch.actor(branch.confirmer_of(one.person))
    with clock.standing_at(_at(one.said_on, SAID_AT)):
        findings.say_unreported(session, officer, id=new_id(), member_id=one.person.id, day=one.day)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.zone())
