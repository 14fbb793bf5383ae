"""What stands on the duty lists: what has ended, as the happenings of the year tell, and what is open today. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from app.core import clock
from app.demo.calendar import working_day
from app.demo.happenings import LISTED, Happening, Span
from app.demo.matters import DUTY_BASES, DUTY_NOTES, DUTY_RESULTS, OPEN_DUTIES, PARTY_DUTIES
from app.demo.people import Branch, Person
from app.demo.studied import ENOUGH
from app.features.ledger.rules import FactType
from app.features.shows.duties.rules import DutyKind, DutyResult, DutySource, Progress, Repeat

_RESULTS: Final = {
    FactType.DUTY_KEPT: DutyResult.DONE,
    FactType.DUTY_MISSED: DutyResult.NOT_DONE,
    FactType.DUTY_EXCUSED: DutyResult.OBJECTIVE,
}
SOON: Final = (0, 2)
"""Places in the branch of those who find something near on the page of today, whatever chance says."""
_SAID_IN: Final = "（"
"""What an officer adds to the matter stands in brackets behind it."""
_IN_THE_AFTERNOON: Final = time(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word on how a duty goes."""

    state: Progress
    note: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a duty ended, and who said so."""

    result: DutyResult
    sentence: str | None
    on: date
    said_at: datetime
    by: Person
    decided_on: date | None
    """The day whose evening an officer decides; ``None`` while it waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One duty of a member's list."""

    person: Person
    matter: str
    due_on: date
    made_at: datetime
    by: Person
    helpers: tuple[Person, ...] = ()
    repeat: Repeat = Repeat.NONE
    words: tuple[Word, ...] = ()
    end: End | None = None
    away_until: date | None = None
    """Somebody else has it until this day: the first of the helpers."""

    @property
    def kind(self) -> DutyKind:
        """What it belongs to."""
        return DutyKind.PARTY if self.matter in PARTY_DUTIES else DutyKind.WORK

    @property
    def basis(self) -> str:
        """Where it comes from."""
        return DUTY_BASES[self.kind]

    @property
    def source(self) -> DutySource:
        """How it came."""
        return DutySource.TAKEN if self.by is self.person else DutySource.ASSIGNED


def listed(branch: Branch, happenings: Iterable[Happening], span: Span) -> Iterator[Listed]:
    """Everybody's duties: those that have ended, and those that are open today."""
    for happening in happenings:
        if happening.stream == LISTED:
            yield _ended(branch, happening, span)
    for person in branch.everybody:
        if not person.exemption:
            yield from _open(branch, person, span)
    yield from _worth_a_look(branch, span)


def _ended(branch: Branch, happening: Happening, span: Span) -> Listed:
    """A duty as its end was told; the member said it, or an officer where nobody had closed it."""
    person, result = happening.person, _RESULTS[happening.fact_type]
    chance = _chance(person, happening.day)
    matter, _, aside = happening.note.partition(_SAID_IN)
    due_on = happening.day + timedelta(days=chance.randint(0, 9) if result is DutyResult.DONE else 0)
    by = branch.recorder_of(person) if result is DutyResult.NOT_DONE else person
    sentence = aside.rstrip("）") if result is DutyResult.OBJECTIVE else chance.choice(DUTY_RESULTS)
    end = End(
        result=result,
        sentence=None if result is DutyResult.NOT_DONE else sentence,
        on=happening.day,
        said_at=clock.at(happening.written_on, _IN_THE_AFTERNOON),
        by=by,
        decided_on=happening.written_on,
    )
    made_on = max(span.since, working_day(happening.day - timedelta(days=chance.randint(20, 45))))
    duty = Listed(
        person=person,
        matter=matter,
        due_on=due_on,
        made_at=_morning(min(made_on, happening.day)),
        by=person if chance.random() < 0.2 else branch.confirmer_of(person),
        end=end,
    )
    began = made_on + timedelta(days=chance.randint(3, 12))
    if chance.random() < 0.4 and began < happening.day:
        duty = replace(duty, words=(Word(state=Progress.STARTED, note=None, at=_morning(began)),))
    return duty


def _open(branch: Branch, person: Person, span: Span) -> Iterator[Listed]:
    """One or two that are still to be done: a plain one, and perhaps one that comes every month or quarter."""
    chance = _chance(person, span.until)
    made_at = _morning(working_day(span.until - timedelta(days=chance.randint(10, 25))))
    if made_at.date() < span.since or made_at.date() >= span.until:
        return
    matter, other = chance.sample(OPEN_DUTIES, 2)
    days = chance.choice((2, 4, 6, 11, 20, 33))
    due_on = working_day(span.until + timedelta(days=3 if person.place in SOON else days))
    duty = Listed(person=person, matter=matter, due_on=due_on, made_at=made_at, by=branch.confirmer_of(person))
    if chance.random() < 0.6:
        word = Word(state=Progress.STARTED, note=chance.choice(DUTY_NOTES), at=made_at + timedelta(days=4, hours=2))
        duty = replace(duty, words=(word,))
    if chance.random() < 0.35:
        others = [one for one in branch.people if one.group == person.group and one is not person]
        duty = replace(duty, helpers=tuple(chance.sample(others, min(2, len(others)))))
    yield duty
    if chance.random() < 0.4:
        repeat = chance.choice((Repeat.MONTHLY, Repeat.QUARTERLY))
        later = span.until + timedelta(days=chance.randint(6, 38))
        yield Listed(person=person, matter=other, due_on=later, made_at=made_at, by=person, repeat=repeat)


def _worth_a_look(branch: Branch, span: Span) -> Iterator[Listed]:
    """What an officer finds today: one past its day, one that is stuck, one handed over for a while, two reported."""
    if len(branch.people) < ENOUGH:
        return
    late, stuck, away, done, given_up = (branch.people[place] for place in (3, 4, 5, 2, 6))
    made_at = _morning(working_day(span.until - timedelta(days=28)))
    if made_at.date() < span.since:
        return

    def duty(person: Person, place: int, days: int) -> Listed:
        due_on = span.until + timedelta(days=days)
        return Listed(
            person=person, matter=OPEN_DUTIES[place], due_on=due_on, made_at=made_at, by=branch.confirmer_of(person)
        )

    yield duty(late, 0, -3)
    word = Word(state=Progress.IN_DIFFICULTY, note=DUTY_NOTES[0], at=made_at + timedelta(days=20))
    yield replace(duty(stuck, 1, 4), words=(word,))
    yield replace(duty(away, 2, 12), helpers=(late,), away_until=span.until + timedelta(days=6))
    yesterday = span.until - timedelta(days=1)
    for person, place, result, sentence in (
        (done, 3, DutyResult.DONE, DUTY_RESULTS[0]),
        (given_up, 4, DutyResult.OBJECTIVE, "上级通知该项工作延至明年"),
    ):
        end = End(
            result=result,
            sentence=sentence,
            on=yesterday,
            said_at=clock.at(yesterday, time(20, 15)),
            by=person,
            decided_on=None,
        )
        yield replace(duty(person, place, 5), end=end)


def _chance(person: Person, day: date) -> Random:
    """Of its own, so that what else is told of the year stays the same."""
    return Random(f"duties/{person.member_number}/{day}")  # noqa: S311 (nothing here is secret)


def _morning(day: date) -> datetime:
    return clock.at(day, time(9))
