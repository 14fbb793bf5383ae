"""Who was there, at each meeting of a year. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from app.demo.away import Absence
from app.demo.calendar import Meeting, meetings, working_day
from app.demo.happenings import Span
from app.demo.leading import OWN_MARKS, leads
from app.demo.matters import CORRECTED_BECAUSE
from app.demo.people import Branch, Person
from app.features.leave.rules import covers
from app.features.meetings.attendance.rules import KEY, Kind
from app.features.meetings.ticks.rules import Mark, first_mark
from app.features.members.rules import ExemptionKind

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
