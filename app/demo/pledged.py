"""What members pledged in January, what they said of it each quarter, and how it ended. Pure.

How pledges ended is told among the other happenings of the year; here is what went before, and what still runs.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from app.core import clock
from app.demo.calendar import working_day
from app.demo.happenings import PLEDGED, Happening, Span
from app.demo.matters import HOLLOW_PLEDGE, MORE_PLEDGES, OBJECTIVE_REASON, PLEDGE_ADVICE, PLEDGE_NOTES, PLEDGES
from app.demo.people import Branch, Person
from app.demo.studied import ENOUGH
from app.features.ledger.rules import FactType
from app.features.shows.pledges.calendar import QUARTERS, last_day_of_publicity
from app.features.shows.pledges.rules import Ending, Progress, Side

HANDED_IN: Final = (1, 4)
"""Month and day on which a branch hands in its pledges; three days later they are approved."""
APPROVED_AFTER: Final = timedelta(days=3)
TOLD_BY: Final = 20
"""The day in the last month of a quarter on which most say how it goes."""
_ENDINGS: Final = {
    FactType.PLEDGE_KEPT: Ending.DONE,
    FactType.PLEDGE_MISSED: Ending.NOT_MET,
    FactType.PLEDGE_EXCUSED: Ending.EXCUSED,
}
_ABOUT: Final = {text: (Side(side), sign) for text, side, sign in (*PLEDGES, *MORE_PLEDGES, HOLLOW_PLEDGE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """One word about how a pledge goes."""

    quarter: int
    state: Progress
    note: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a pledge ended, in its member's word."""

    ending: Ending
    said: str | None
    on: date
    evaluated: bool = True
    """Whether an officer has decided by the end of the week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledged:
    """One pledge of a member's year."""

    person: Person
    text: str
    due_on: date
    handed_in_at: datetime
    decided_at: datetime | None
    advice: str | None = None
    """With which it came back."""
    taps: tuple[Tap, ...] = ()
    ended: Ended | None = None

    @property
    def side(self) -> Side:
        """What it is about."""
        return _ABOUT[self.text][0]

    @property
    def sign(self) -> str:
        """By which anybody can see that it is done."""
        return _ABOUT[self.text][1]


def pledged(person: Person, happenings: Iterable[Happening], span: Span) -> Iterator[Pledged]:
    """The pledges of somebody's years: those that have ended, and some that still run."""
    ends = [happening for happening in happenings if happening.stream == PLEDGED]
    for year in range(span.since.year, span.until.year + 1):
        chance = Random(f"pledges/{person.member_number}/{year}")  # noqa: S311 (nothing here is secret)
        handed_in = working_day(date(year, *HANDED_IN))
        decided = working_day(handed_in + APPROVED_AFTER)
        if decided > span.until:
            continue
        done = [_ended(one, handed_in, decided, span) for one in ends if one.day.year == year]
        running = [
            _running(person, text, (handed_in, decided), chance)
            for text, _side, _sign in chance.sample(MORE_PLEDGES, chance.choice((1, 2, 2)))
        ]
        extra = [one for one in PLEDGES if one[0] not in {pledge.text for pledge in done}][: max(0, 2 - len(done))]
        running += [_running(person, text, (handed_in, decided), chance) for text, _side, _sign in extra]
        for pledge in (*done, *running):
            yield replace(pledge, taps=tuple(_taps(pledge, span, chance)))


def worth_a_look(branch: Branch, span: Span, people: Sequence[Person]) -> Iterator[Pledged]:
    """What the queue of today holds of pledges: late and hollow ones, one that came back, one shown for comment."""
    if len(branch.people) < ENOUGH or (span.until.month, span.until.day) < HANDED_IN:
        return
    yesterday = span.until - timedelta(days=1)
    last_of_year = date(span.until.year, 12, 31)
    shown, newcomer, advised = (branch.people[place] for place in (3, 4, 5))
    at = _at(yesterday, 20)
    if newcomer in people:
        for text, _side, _sign in (HOLLOW_PLEDGE, MORE_PLEDGES[1]):
            yield Pledged(person=newcomer, text=text, due_on=last_of_year, handed_in_at=at, decided_at=None)
    decided = working_day(span.until - timedelta(days=4))
    if decided >= span.until:
        return
    handed_in = _at(decided - timedelta(days=1), 20)
    for person, advice in ((shown, None), (advised, PLEDGE_ADVICE)):
        if person in people:
            text = HOLLOW_PLEDGE[0] if advice else PLEDGES[3][0]
            yield Pledged(
                person=person,
                text=text,
                due_on=last_of_year,
                handed_in_at=handed_in,
                decided_at=_at(decided, 17),
                advice=advice,
            )


def said_lately(pledges: Iterable[Pledged], branch: Branch, span: Span) -> Iterator[Pledged]:
    """The same pledges; of two running ones their members have just said how they ended, and nobody has decided."""
    wanted = dict(zip(branch.people[6:8], (Ending.DONE, Ending.EXCUSED), strict=False))
    for pledge in pledges:
        ending = wanted.get(pledge.person) if _is_running(pledge, span) else None
        if ending is None:
            yield pledge
            continue
        del wanted[pledge.person]
        said = OBJECTIVE_REASON if ending is Ending.EXCUSED else None
        yield replace(pledge, ended=Ended(ending=ending, said=said, on=span.until - timedelta(days=1), evaluated=False))


def _ended(happening: Happening, handed_in: date, decided: date, span: Span) -> Pledged:
    """What was pledged in January and has ended since; not before the publicity is over."""
    ending, earliest = _ENDINGS[happening.fact_type], last_day_of_publicity(decided) + timedelta(days=1)
    on = max(happening.written_on, earliest)
    said = OBJECTIVE_REASON if ending is Ending.EXCUSED else None
    return Pledged(
        person=happening.person,
        text=happening.note,
        due_on=max(happening.day, earliest),
        handed_in_at=_at(handed_in, 9),
        decided_at=_at(decided, 17),
        ended=Ended(ending=ending, said=said, on=on) if on <= span.until else None,
    )


def _running(person: Person, text: str, days: tuple[date, date], chance: Random) -> Pledged:
    """What goes on until the year ends; ``days`` are those on which it was handed in and approved."""
    handed_in, decided = days
    return Pledged(
        person=person,
        text=text,
        due_on=chance.choice((date(decided.year, 12, 20), date(decided.year, 12, 31))),
        handed_in_at=_at(handed_in, 9),
        decided_at=_at(decided, 17),
    )


def _taps(pledge: Pledged, span: Span, chance: Random) -> Iterator[Tap]:
    """A word in most quarters that have come, until the pledge ended."""
    last = min(span.until, pledge.ended.on) if pledge.ended else span.until
    for quarter in QUARTERS:
        on = working_day(date(pledge.due_on.year, quarter * 3, TOLD_BY)) - timedelta(days=chance.randint(0, 12))
        (state,) = chance.choices((Progress.ON_TRACK, Progress.IN_DIFFICULTY), weights=(88, 12))
        note = chance.choice(PLEDGE_NOTES) if chance.random() < 0.25 else None
        if on < last and chance.random() < 0.9:
            yield Tap(quarter=quarter, state=state, note=note, at=_at(on, 20))


def _is_running(pledge: Pledged, span: Span) -> bool:
    return pledge.ended is None and pledge.advice is None and pledge.due_on.year == span.until.year


def _at(day: date, hour: int) -> datetime:
    return clock.at(day, time(hour))
