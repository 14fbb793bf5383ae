"""Who is away this year, and what each of them and the officers do about it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock, workdays
from app.core.ids import id_at, new_id
from app.demo.calendar import working_day
from app.demo.happenings import OWN_UNCLOSED, Span, Step, leads
from app.demo.matters import CITIES
from app.demo.people import LARGE, Branch, Person
from app.demo.studied import ENOUGH
from app.features.leave import findings, rules, service
from app.features.leave.life import Approval, Finding, LeaveDecision
from app.features.leave.rules import Away, LeaveType
from app.features.reviews import service as reviews

ASKED_BEFORE: Final = timedelta(days=4)
ENDED_BEFORE: Final = timedelta(days=7)
"""What is told of has ended by then; who is away today stands apart."""
_MISSED: Final = ((Finding.UNCLOSED, 0.08), (Finding.OVERDUE, 0.02))
_CLOSED: Final = 0.3
"""How many were away without missing anything."""
_UNREPORTED: Final = 0.05
_KINDS: Final = (LeaveType.ANNUAL, LeaveType.ANNUAL, LeaveType.OFFICIAL, LeaveType.HOME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days away that were asked for."""

    person: Person
    leave: LeaveType
    span: rules.Span
    asked_on: date
    place: str | None = None
    approval: Approval = Approval.ELSEWHERE
    closed_on: date | None = None
    """``None``: nobody has come back yet."""
    returned_on: date | None = None
    """Where it was not the last day."""
    missed: Finding | None = None
    is_decided: bool = True
    """Whether an officer decides on it on the evening of the day it was asked for."""

    @property
    def away(self) -> Away:
        """As attendance asks for it."""
        return Away(self.leave, self.span, self.is_decided)


@dataclass(frozen=True, slots=True)
class Unreported:
    """A day away that nobody knew of."""

    person: Person
    day: date
    said_on: date


def absences(branch: Branch, span: Span) -> Iterator[Absence]:
    """At most one of the past for each, and those of today."""
    for person in branch.everybody:
        if person.exemption:
            continue
        if leads(branch, person):
            days = [date(year, *OWN_UNCLOSED) for year in range(span.since.year, span.until.year + 1)]
            found = [_ended(person, day, Finding.UNCLOSED, span.chance) for day in days]
        else:
            missed = next((finding for finding, share in _MISSED if span.chance.random() < share), None)
            is_away = missed or span.chance.random() < _CLOSED
            found = [_ended(person, span.some_day(), missed, span.chance)] if is_away else []
        yield from (absence for absence in found if _holds(absence, span))
    yield from _today(branch, span)


def unreported(branch: Branch, known: list[Absence], span: Span) -> Iterator[Unreported]:
    """Days of those whom nobody knew to be away."""
    for person in branch.everybody:
        if person.exemption or leads(branch, person) or span.chance.random() >= _UNREPORTED:
            continue
        day = span.some_day()
        said_on = working_day(day + timedelta(days=span.chance.randint(1, 6)))
        theirs = [one.span for one in known if one.person is person]
        if said_on <= span.until and not any(one.first <= day <= one.last for one in theirs):
            yield Unreported(person, day, said_on)


def _ended(person: Person, day: date, missed: Finding | None, chance: Random) -> Absence:
    """A leave that ended the day before ``day``, on which it was to be closed."""
    last = day - timedelta(days=1)
    first = last - timedelta(days=chance.randint(1, 4))
    leave = chance.choice(_KINDS)
    due = workdays.after(last, rules.CLOSED_WITHIN)
    late = working_day(due + timedelta(days=chance.randint(1, 3)))
    return Absence(
        person=person,
        leave=leave,
        span=rules.Span(first, last),
        asked_on=first - ASKED_BEFORE,
        place=None if leave is LeaveType.ANNUAL else chance.choice(CITIES),
        closed_on=late if missed is Finding.UNCLOSED else due,
        returned_on=day if missed is Finding.OVERDUE else None,
        missed=missed,
    )


def _holds(absence: Absence, span: Span) -> bool:
    ended = absence.closed_on is not None and absence.closed_on <= span.until
    return ended and span.since < absence.asked_on and absence.span.last < span.until - ENDED_BEFORE


def _today(branch: Branch, span: Span) -> Iterator[Absence]:
    """Somebody is on a trip that the unit has approved, and somebody asks for leave."""
    if len(branch.people) < ENOUGH:
        return
    until, day = span.until, timedelta(days=1)
    if len(branch.people) >= LARGE:
        yield Absence(
            person=branch.people[-5],
            leave=LeaveType.OFFICIAL,
            span=rules.Span(until - day, until + 2 * day),
            asked_on=until - 4 * day,
            place=CITIES[0],
        )
    yield Absence(
        person=branch.people[-4],
        leave=LeaveType.ANNUAL,
        span=rules.Span(until + 8 * day, until + 11 * day),
        asked_on=until,
        approval=Approval.HERE,
        is_decided=False,
    )


ASKED_AT: Final = time(16, 40)
CLOSED_AT: Final = time(16, 50)
SAID_AT: Final = time(17)
"""When officers decide, too."""
APPROVED_BY: Final = "处室负责人"


def steps(branch: Branch, absences: Iterable[Absence], days: Iterable[Unreported]) -> Mapping[date, Sequence[Step]]:
    """What is done on which day, until an officer has said what was missed."""
    found: dict[date, list[Step]] = defaultdict(list)
    for absence in absences:
        leave_id = id_at(clock.at(absence.asked_on, ASKED_AT))
        found[absence.asked_on].append(partial(_ask, branch=branch, leave_id=leave_id, absence=absence))
        if on := absence.closed_on:
            found[on].append(partial(_close, branch=branch, leave_id=leave_id, absence=absence, on=on))
    for one in days:
        found[one.said_on].append(partial(_say_unreported, branch=branch, one=one))
    return found


def _ask(session: Session, *, branch: Branch, leave_id: UUID, absence: Absence) -> None:
    with clock.standing_at(clock.at(absence.asked_on, ASKED_AT)):
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
        with clock.standing_at(clock.at(absence.asked_on, SAID_AT)):
            reviews.approve(session, officer, [leave_id])


def _close(session: Session, *, branch: Branch, leave_id: UUID, absence: Absence, on: date) -> None:
    with clock.standing_at(clock.at(on, CLOSED_AT)):
        service.close(session, branch.actor(absence.person), leave_id=leave_id, returned_on=absence.returned_on)
    if absence.missed:
        officer = branch.actor(branch.confirmer_of(absence.person))
        with clock.standing_at(clock.at(on, SAID_AT)):
            findings.say(session, officer, leave_id=leave_id, finding=absence.missed, verdict=LeaveDecision.CONFIRMED)


def _say_unreported(session: Session, *, branch: Branch, one: Unreported) -> None:
    officer = branch.actor(branch.confirmer_of(one.person))
    with clock.standing_at(clock.at(one.said_on, SAID_AT)):
        findings.say_unreported(session, officer, id=new_id(), member_id=one.person.id, day=one.day)
