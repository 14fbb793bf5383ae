"""Lets a branch meet: the secretary plans, ticks who was there, and corrects; others confirm."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.demo.attending import Correction, Held
from app.demo.calendar import Meeting
from app.demo.happenings import Span
from app.demo.leading import leads
from app.demo.people import Branch, Person
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import service as events
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.makeups import service as makeups
from app.features.meetings.makeups.rules import KIND
from app.features.meetings.minutes import lecture
from app.features.meetings.ticks import service as ticks
from app.features.meetings.ticks.facts import SOURCE
from app.features.meetings.ticks.rules import How, Mark
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import BATCH, ReviewStatus

Step = Callable[[Session], None]
"""What somebody does at its own hour of a day."""
PLANNED_AT: Final = time(9, 15)
CORRECTED_AT: Final = time(16, 30)
LECTURED_IN: Final = 10
"""The month of the lecture that a member gives instead of somebody invited."""
TICKED_AFTER: Final = timedelta(minutes=10)
PLACE: Final = "三楼会议室"
_WAITING: Final = (
    select(Review.id, Review.member_id, Review.recorded_by_id)
    .where(
        Review.branch_id == bindparam("branch"),
        Review.kind.in_((SOURCE, KIND)),
        Review.status == ReviewStatus.PENDING,
    )
    .order_by(Review.id)
)


def steps(branch: Branch, gatherings: Iterable[Held], span: Span) -> Mapping[date, Sequence[Step]]:
    """What is done on which day: each month is planned on its first day."""
    found: dict[date, list[Step]] = defaultdict(list)
    for held in gatherings:
        meeting = held.meeting
        planned_on = max(span.since, min(meeting.day.replace(day=1), span.until))
        planned_at = datetime.combine(planned_on, PLANNED_AT, clock.zone())
        with clock.standing_at(planned_at):
            event_id = new_id()
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
    ends_at = datetime.combine(held.meeting.day, held.meeting.hours[1], clock.zone())
    for officer, marks in lists.items():
        _save(session, branch, officer, event_id=event_id, marks=marks, at=ends_at + TICKED_AFTER)


def _lecture(session: Session, *, branch: Branch, event_id: UUID, held: Held) -> None:
    """The member whose year is told gave the lecture, where that is not the deputy."""
    speaker = next((person for person in held.marks if leads(branch, person)), branch.deputy)
    if held.marks.get(speaker) is Mark.PRESENT:
        with clock.standing_at(datetime.combine(held.meeting.day, CORRECTED_AT, clock.zone())):
            lecture.hand_in(session, branch.actor(branch.secretary), event_id=event_id, member_id=speaker.id)


def _correct(session: Session, *, branch: Branch, event_id: UUID, correction: Correction) -> None:
    at = datetime.combine(correction.on, CORRECTED_AT, clock.zone())
    marks = {correction.person.id: correction.mark}
    _save(session, branch, branch.secretary, event_id=event_id, marks=marks, at=at, note=correction.note)


def _make_up(session: Session, *, branch: Branch, event_id: UUID, person: Person, day: date) -> None:
    with clock.standing_at(datetime.combine(day, CORRECTED_AT, clock.zone())):
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
