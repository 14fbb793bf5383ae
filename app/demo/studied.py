"""What members studied, when they wrote it down, and what waits for a decision today. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from app.core import clock
from app.demo.calendar import working_day
from app.demo.happenings import Span
from app.demo.matters import COURSES, LECTURES_HEARD, STUDY_TITLES, TAKEAWAYS, VAGUE_TITLE
from app.demo.people import Branch, Person
from app.features.study.rules import StudyKind

DECIDED_EVERY: Final = timedelta(days=10)
"""Officers look at the queue about three times a month."""
UNDECIDED: Final = timedelta(days=4)
"""The last days' records still wait."""
ENOUGH: Final = 8
"""People from which on a branch has records worth a look."""
MINUTES: Final = (15, 30, 30, 45, 60, 60, 90, 120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Studied:
    """A record as its member, or an officer for the member, wrote it down."""

    person: Person
    kind: StudyKind
    title: str
    minutes: int
    takeaway: str | None
    at: datetime
    received_at: datetime
    """Aware, like ``at``."""
    recorded_by: Person | None = None
    """Who wrote it down for the member 代录, if somebody did."""
    made_offline: bool = False


def studied(people: Sequence[Person], span: Span) -> Iterator[Studied]:
    """One to three records a month and member; who is exempt for illness has none."""
    for person in people:
        titles = _titles(span.chance)
        day = span.since + timedelta(days=span.chance.randint(0, 14))
        while day < span.until:  # of today, some evenings are still to come
            kind, title = next(titles)
            if not person.exemption:
                yield _record(person, kind, title, _evening(day, span.chance), span.chance)
            day += timedelta(days=span.chance.randint(9, 26))


def decision_days(span: Span) -> list[date]:
    """When officers decided on what had come in."""
    days = []
    day = working_day(span.since + DECIDED_EVERY)
    while day <= span.until - UNDECIDED:
        days.append(day)
        day = working_day(day + DECIDED_EVERY)
    return days


def worth_a_look(branch: Branch, span: Span) -> Iterator[Studied]:
    """What the queue of today holds beside the usual: written twice, written for somebody, found late on a phone."""
    if len(branch.people) < ENOUGH:
        return
    yesterday = span.until - timedelta(days=1)
    at = clock.at(yesterday, time(20, 10))
    twice = _record(branch.people[3], StudyKind.LECTURE, LECTURES_HEARD[0], at, span.chance)
    yield twice
    yield replace(twice, at=at + timedelta(minutes=25), received_at=at + timedelta(minutes=26))
    for_another = _record(branch.people[7], StudyKind.SELF_STUDY, STUDY_TITLES[2], at, span.chance)
    yield replace(for_another, recorded_by=branch.deputy)
    long_ago = clock.at(span.until - timedelta(days=17), time(21, 5))
    late = _record(branch.people[5], StudyKind.COURSE, COURSES[1], long_ago, span.chance)
    yield replace(late, received_at=at + timedelta(minutes=40), made_offline=True)


def to_be_returned(branch: Branch, span: Span, decided_on: date) -> Iterator[Studied]:
    """A record whose title says too little, captured shortly before the officers look."""
    if len(branch.people) >= ENOUGH:
        at = _evening(decided_on - timedelta(days=2), span.chance)
        yield _record(branch.people[3], StudyKind.COURSE, VAGUE_TITLE, at, span.chance)


def _titles(chance: Random) -> Iterator[tuple[StudyKind, str]]:
    """Titles in a new order each time round, so that nobody studies the same twice in a row."""
    shelf = [
        *((StudyKind.SELF_STUDY, title) for title in STUDY_TITLES),
        *((StudyKind.LECTURE, title) for title in LECTURES_HEARD),
        *((StudyKind.COURSE, title) for title in COURSES),
    ]
    while True:
        yield from chance.sample(shelf, len(shelf))


def _record(person: Person, kind: StudyKind, title: str, at: datetime, chance: Random) -> Studied:
    return Studied(
        person=person,
        kind=kind,
        title=title,
        minutes=chance.choice(MINUTES),
        takeaway=chance.choice(TAKEAWAYS) if chance.random() < 0.3 else None,
        at=at,
        received_at=at + timedelta(seconds=chance.randint(5, 90)),
    )


def _evening(day: date, chance: Random) -> datetime:
    return clock.at(day, time(chance.randint(19, 21), chance.randint(0, 59)))
