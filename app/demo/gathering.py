"""A branch meets: who is there, and what the secretary plans, ticks and corrects; others confirm."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import id_at, new_id
from app.demo.away import Absence
from app.demo.calendar import Meeting, meetings, working_day
from app.demo.happenings import OWN_MARKS, Span, Step, leads
from app.demo.matters import CORRECTED_BECAUSE
from app.demo.people import Branch, Person
from app.features.leave.rules import covers
from app.features.meetings.attendance.rules import KEY, Kind
from app.features.meetings.events import service as events
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.makeups import service as makeups
from app.features.meetings.makeups.rules import KIND
from app.features.meetings.minutes import lecture
from app.features.meetings.ticks import service as ticks
from app.features.meetings.ticks.facts import SOURCE
from app.features.meetings.ticks.rules import How, Mark, first_mark
from app.features.members.rules import ExemptionKind
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import BATCH, ReviewStatus

AHEAD: Final = timedelta(days=20)
ON_PRIVATE_LEAVE: Final = 3
"""The place in the first branch of who can still make up for a meeting of these days."""
CORRECTED_AFTER: Final = timedelta(days=40)
MADE_UP_AFTER: Final = timedelta(days=4)
"""So early that the month's confirmation is in time."""
_USUAL: Final = (
    (0.93, Mark.PRESENT),
    (0.945, Mark.LATE),
    (0.951, Mark.PRIVATE),
    (0.956, Mark.ABSENT),
    (0.975, Mark.OFFICIAL),
    (0.99, Mark.SICK),
    (1.0, Mark.STATUTORY),
)
"""Up to which luck somebody is what, of whom nothing is known before."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What an officer said again later, of one person at one meeting."""

    person: Person
    mark: Mark
    on: date
    note: str


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting and who was there; of one that is ahead nobody can say."""

    meeting: Meeting
    marks: Mapping[Person, Mark]
    correction: Correction | None = None
    made_up: Mapping[Person, date] = field(default_factory=dict)
    """On which day who had been on private leave made up for it."""

    @property
    def ticked_on(self) -> Iterator[date]:
        """The days on which somebody says who was there."""
        if self.marks:
            yield self.meeting.day
        if self.correction:
            yield self.correction.on


def gatherings(branch: Branch, absences: Iterable[Absence], span: Span) -> Iterator[Held]:
    """The year's meetings with everybody's attendance, and the one that is ahead."""
    away: dict[Person, list[Absence]] = {}
    for absence in absences:
        away.setdefault(absence.person, []).append(absence)
    for meeting in list(meetings(branch, span.since, span.until, span.chance)):
        if meeting.day > span.until:
            yield Held(meeting, {})
            continue
        marks = {person: _mark(person, meeting, away.get(person, ()), span.chance) for person in meeting.people}
        correction = _by_hand(branch, meeting, marks, span)
        yield Held(meeting, marks, correction, _made_up(meeting, marks, span))


def _mark(person: Person, meeting: Meeting, away: Sequence[Absence], chance: Random) -> Mark:
    luck = chance.random()
    if person.exemption:
        return Mark.PRESENT if person.exemption is not ExemptionKind.ILLNESS and luck <= 0.4 else Mark.NOT_EXPECTED
    if gone := covers([absence.away for absence in away], meeting.begins_at):
        return first_mark(is_exempt=False, voluntary=meeting.is_voluntary, away=gone)
    if meeting.is_voluntary:
        return Mark.PRESENT if luck < 0.92 else Mark.NOT_EXPECTED
    if luck > 0.985 and KEY.intersection(meeting.kinds):
        return Mark.ABSENT
    return next(mark for most, mark in _USUAL if luck < most)


def _made_up(meeting: Meeting, marks: Mapping[Person, Mark], span: Span) -> dict[Person, date]:
    """Half of those who can; of the last month's meetings some still may."""
    day = working_day(meeting.day + MADE_UP_AFTER)
    away = [person for person, mark in marks.items() if mark is Mark.PRIVATE]
    return {person: day for person in away if day <= span.until - AHEAD and span.chance.random() < 0.5}


def _by_hand(branch: Branch, meeting: Meeting, marks: dict[Person, Mark], span: Span) -> Correction | None:
    """What the leading member's year has of its own; an absence is corrected when its reason is known."""
    if meeting.kinds == (Kind.GROUP,) and meeting.day > span.until - AHEAD:
        marks |= {person: Mark.PRIVATE for person in marks if branch.number == 1 and person.place == ON_PRIVATE_LEAVE}
    own = OWN_MARKS.get(meeting.day.month) if meeting.kinds == (Kind.GROUP,) else None
    whose = next((person for person in marks if leads(branch, person)), None)
    if own is None or whose is None:
        return None
    marks[whose] = own
    on = working_day(meeting.day + CORRECTED_AFTER)
    if own is not Mark.ABSENT or on > span.until:
        return None
    return Correction(whose, Mark.OFFICIAL, on, CORRECTED_BECAUSE)


PLANNED_AT: Final = time(9, 15)
CORRECTED_AT: Final = time(16, 30)
LECTURED_IN: Final = 10
"""The month of the lecture that a member gives instead of somebody invited."""
TICKED_AFTER: Final = timedelta(minutes=10)
PLACE: Final = "三楼会议室"
_WAITING: Final = (
    select(Review.id, Review.member_id, Review.recorded_by_id)
    .where(
        Review.branch_id == bindparam("branch"), Review.kind.in_((SOURCE, KIND)), Review.status == ReviewStatus.PENDING
    )
    .order_by(Review.id)
)


def steps(branch: Branch, gatherings: Iterable[Held], span: Span) -> Mapping[date, Sequence[Step]]:
    """What is done on which day: each month is planned on its first day."""
    found: dict[date, list[Step]] = defaultdict(list)
    for held in gatherings:
        meeting = held.meeting
        planned_on = max(span.since, min(meeting.day.replace(day=1), span.until))
        planned_at = clock.at(planned_on, PLANNED_AT)
        event_id = id_at(planned_at)
        found[planned_on].append(partial(_plan, branch=branch, event_id=event_id, meeting=meeting, at=planned_at))
        if held.marks:
            found[meeting.day].append(partial(_tick, branch=branch, event_id=event_id, held=held))
            if Kind.LECTURE in meeting.kinds and meeting.day.month == LECTURED_IN:
                found[meeting.day].append(partial(_lecture, branch=branch, event_id=event_id, held=held))
        for person, day in held.made_up.items():
            found[day].append(partial(_make_up, branch=branch, event_id=event_id, person=person, day=day))
        if held.correction:
            found[held.correction.on].append(
                partial(_correct, branch=branch, event_id=event_id, correction=held.correction)
            )
    return found


def confirm(session: Session, branch: Branch) -> None:
    """Confirm what was ticked and made up for, each officer all in one go; what was not made up for counts."""
    by_officer: dict[Person, list[UUID]] = defaultdict(list)
    for tick_id, *people in session.execute(_WAITING, {"branch": branch.id}):
        by_officer[branch.deciders_on(*people)[0]].append(tick_id)
    for officer, ids in by_officer.items():
        for start in range(0, len(ids), BATCH):
            reviews.approve(session, branch.actor(officer), ids[start : start + BATCH])
    for due in makeups.losses_due(session, clock.today()).values():
        makeups.post_losses(session, due)


def _plan(session: Session, *, branch: Branch, event_id: UUID, meeting: Meeting, at: datetime) -> None:
    begins, ends = meeting.hours
    with clock.standing_at(at):
        events.plan_meeting(
            session,
            branch.actor(branch.secretary),
            id=event_id,
            kinds=meeting.kinds,
            day=meeting.day,
            begins=begins,
            ends=ends,
            title=meeting.title,
            place=PLACE,
            group_id=None if meeting.group is None else branch.groups[meeting.group],
        )


def _tick(session: Session, *, branch: Branch, event_id: UUID, held: Held) -> None:
    """The secretary ticks everybody for whom another officer is left to confirm; the others tick themselves."""
    lists: dict[Person, dict[UUID, Mark]] = defaultdict(dict)
    for person, mark in held.marks.items():
        lists[branch.secretary if branch.deciders_on(person.id, branch.secretary.id) else person][person.id] = mark
    ends_at = clock.at(held.meeting.day, held.meeting.hours[1])
    for officer, marks in lists.items():
        _save(session, branch, officer, event_id=event_id, marks=marks, at=ends_at + TICKED_AFTER)


def _lecture(session: Session, *, branch: Branch, event_id: UUID, held: Held) -> None:
    """The member whose year is told gave the lecture, where that is not the deputy."""
    speaker = next((person for person in held.marks if leads(branch, person)), branch.deputy)
    if held.marks.get(speaker) is Mark.PRESENT:
        with clock.standing_at(clock.at(held.meeting.day, CORRECTED_AT)):
            lecture.hand_in(session, branch.actor(branch.secretary), event_id=event_id, member_id=speaker.id)


def _correct(session: Session, *, branch: Branch, event_id: UUID, correction: Correction) -> None:
    at = clock.at(correction.on, CORRECTED_AT)
    marks = {correction.person.id: correction.mark}
    _save(session, branch, branch.secretary, event_id=event_id, marks=marks, at=at, note=correction.note)


def _make_up(session: Session, *, branch: Branch, event_id: UUID, person: Person, day: date) -> None:
    with clock.standing_at(clock.at(day, CORRECTED_AT)):
        makeups.report(session, branch.actor(person), id=new_id(), event_id=event_id, done_on=day, how=How.MATERIALS)


def _save(
    session: Session,
    branch: Branch,
    officer: Person,
    *,
    event_id: UUID,
    marks: Mapping[UUID, Mark],
    at: datetime,
    note: str | None = None,
) -> None:
    seen = session.get_one(MeetingEvent, event_id).version
    with clock.standing_at(at):
        ticks.record_attendance(session, branch.actor(officer), event_id=event_id, seen=seen, marks=marks, note=note)
