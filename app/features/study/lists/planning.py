"""What taking such a list in would do, row by row. Pure. Source: domain, study §7."""

import hashlib
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from app.core.errors import NotFoundError
from app.features.education.rules import folded
from app.features.imports.people import Candidate, People
from app.features.imports.rows import Problem, ReadRow, RowVerdict
from app.features.imports.values import plain
from app.features.members.rules import masked_phone
from app.features.study.lists.reading import MONTH_LENGTH, ReadHours
from app.features.study.lists.rules import MOST_A_DAY, MOST_A_YEAR, Broken


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row and what would be done with it."""

    row: ReadRow[ReadHours]
    verdict: RowVerdict
    who: Candidate | None = None
    on: date | None = None
    minutes: int = 0
    """What is new."""
    key: str = ""
    is_history: bool = False
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    namesakes: tuple[Candidate, ...] = ()


class HoursBroughtIn(NamedTuple):
    """Hours that were brought in before and stand, in the order in which they were."""

    member_id: UUID
    on: date
    title: str
    minutes: int
    total: int | None
    key: str
    fingerprint: str
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the list as a whole says, and what is there already."""

    fingerprint: str
    is_cumulative: bool
    as_of: date | None
    today: date
    people: People
    remembered: Mapping[str, UUID] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    known: Callable[[Sequence[UUID]], Iterable[HoursBroughtIn]]
    closed: Callable[[Sequence[UUID], Sequence[int]], frozenset[tuple[UUID, int]]]


def planned(rows: Iterable[ReadRow[ReadHours]], setting: Setting) -> list[PlannedRow]:
    """What taking ``rows`` in would do, in their order; a row with a problem does not hold up the others."""
    return _Planner(setting).rows(list(rows))


class _Planner:
    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.keys: dict[str, str] = {}
        """Keys that stand, and the place of those that this list has."""
        self.day_sums: dict[tuple[UUID, date], int] = defaultdict(int)
        self.year_sums: dict[tuple[UUID, int], int] = defaultdict(int)
        self.totals: dict[tuple[UUID, int, str], tuple[int, bool]] = {}
        """The last total of a person, year and title, and whether it waits."""
        self.closed: frozenset[tuple[UUID, int]] = frozenset()

    def rows(self, rows: Sequence[ReadRow[ReadHours]]) -> list[PlannedRow]:
        found = [self._whose(row) for row in rows]
        people = sorted({one.who.id for one in found if one.who})
        for known in self.setting.known(people):
            self._know(known)
        years = sorted({one.on.year for one in found if one.on})
        self.closed = self.setting.closed(people, years) if people and years else frozenset()
        return [
            self._what(one, one.who, one.on) if one.who and one.on and one.verdict is RowVerdict.NEW else one
            for one in found
        ]

    def _know(self, known: HoursBroughtIn) -> None:
        self.keys[known.key] = ""
        self.year_sums[known.member_id, known.on.year] += known.minutes
        if known.total is None:
            is_day = known.minutes <= MOST_A_DAY and not self._is_of_month(known)
            self.day_sums[known.member_id, known.on] += known.minutes if is_day else 0
        elif known.fingerprint == self.setting.fingerprint:
            self.totals[known.member_id, known.on.year, folded(known.title)] = (known.total, known.waits)

    @staticmethod
    def _is_of_month(known: HoursBroughtIn) -> bool:
        """Whether a month stood in its row: the day that is kept is only the last one of it."""
        month = known.on.isoformat()[:MONTH_LENGTH]
        return known.key == _digest(known.fingerprint, known.member_id, known.title, month, known.minutes)

    def _whose(self, row: ReadRow[ReadHours]) -> PlannedRow:
        entry, problems, notes = row.entry, [*row.problems], []
        if entry.skipped and not problems:
            return PlannedRow(row, RowVerdict.SKIPPED, notes=(entry.skipped,))
        who: Candidate | None = None
        namesakes: tuple[Candidate, ...] = ()
        if entry.name or entry.phone or entry.number:
            who, problem, namesakes = self._person(row)
            problems += [problem] if problem else []
            notes += ["by_name"] if who and not namesakes and self._is_by_name(entry, who) else []
        on = self._on(entry)
        if on and on > self.setting.today:
            problems.append(Problem("future"))
        verdict = RowVerdict.PROBLEM if problems or on is None else RowVerdict.NEW
        return PlannedRow(row, verdict, who, on, problems=tuple(problems), notes=tuple(notes), namesakes=namesakes)

    def _is_by_name(self, entry: ReadHours, who: Candidate) -> bool:
        """Whether a number stands in the row, and only the name told who is meant."""
        numbers = {entry.phone, entry.number} - {""}
        return bool(numbers) and numbers.isdisjoint({who.phone, who.member_number, *self.setting.remembered})

    def _person(self, row: ReadRow[ReadHours]) -> tuple[Candidate | None, Problem | None, tuple[Candidate, ...]]:
        """Phone, then number, then a name that only one has; numbers must not contradict the name. Source: §7."""
        entry, people = row.entry, self.setting.people
        by_phone = people.of_number(entry.phone) if entry.phone else None
        if by_phone and entry.is_cut and not self._is_called(by_phone, entry):
            by_phone = None  # of the digits that are left, many may be meant
        by_number = people.of_number(entry.number) if entry.number else None
        told = [one for one in (by_phone, by_number) if one]
        shown = {"name": entry.name or masked_phone(entry.phone) or entry.number}
        if told:
            is_another = entry.name and not self._is_called(told[0], entry)
            if is_another or len({one.id for one in told}) > 1:
                return None, Problem("other_person", shown), ()
            return told[0], None, ()
        remembered = self.setting.remembered.get(_number(entry))
        named = people.named(entry.name) if entry.name else ()
        if remembered and not entry.name and (one := people.by_id.get(remembered)):
            return one, None, ()
        if not named:
            return None, Problem("unknown_person", shown), ()
        meant = [one for one in named if str(one.id) == self.setting.chosen.get(row.place) or one.id == remembered]
        another = bool(entry.phone) and not entry.is_cut and all(one.phone for one in named)
        if len(named) == 1 and not another:
            return named[0], None, ()
        if meant:
            return meant[0], None, named
        if len(named) > 1:
            return None, Problem("same_name", shown | {"number": str(len(named))}), named
        return None, Problem("other_number", shown), named

    @staticmethod
    def _is_called(who: Candidate, entry: ReadHours) -> bool:
        return bool(entry.name) and plain(who.name) == plain(entry.name)

    def _on(self, entry: ReadHours) -> date | None:
        """The day of a row; of a month its last one, or today's where it is not over."""
        if not entry.day:
            return self.setting.as_of
        if len(entry.day) > MONTH_LENGTH:
            return date.fromisoformat(entry.day)
        first = date.fromisoformat(f"{entry.day}-01")
        last = first.replace(day=monthrange(first.year, first.month)[1])
        return min(last, self.setting.today) if first <= self.setting.today else last

    def _what(self, one: PlannedRow, who: Candidate, on: date) -> PlannedRow:
        entry = one.row.entry
        minutes, same, problem = entry.minutes, False, None
        is_day = len(entry.day) != MONTH_LENGTH and entry.days == 1 and not self.setting.is_cumulative
        key = self._key(one)
        place = self.keys.get(key)
        if self.setting.is_cumulative:
            minutes, same, problem = self._more(who.id, on.year, entry)
        elif place is not None:
            same, problem = True, Problem("twice", {"row": place}) if place else None
        if not same and problem is None:
            problem = self._too_much(who.id, on, minutes, entry, is_day=is_day)
        if problem:
            return PlannedRow(one.row, RowVerdict.PROBLEM, who, on, problems=(problem,), namesakes=one.namesakes)
        if same:
            return PlannedRow(one.row, RowVerdict.SAME, who, on, namesakes=one.namesakes)
        self.keys[key] = one.row.place
        self.year_sums[who.id, on.year] += minutes
        self.day_sums[who.id, on] += minutes if is_day else 0
        if self.setting.is_cumulative:
            self.totals[who.id, on.year, folded(entry.title)] = (entry.minutes, False)
        is_history = (who.id, on.year) in self.closed
        notes = (*one.notes, "history") if is_history else one.notes
        return PlannedRow(
            one.row, RowVerdict.NEW, who, on, minutes, key, is_history, notes=notes, namesakes=one.namesakes
        )  # fmt: skip

    def _more(self, who: UUID, year: int, entry: ReadHours) -> tuple[int, bool, Problem | None]:
        """What a total adds to the last one of its year. Source: §7, §9."""
        last, waits = self.totals.get((who, year, folded(entry.title)), (0, False))
        more = entry.minutes - last
        if more < 0:
            return 0, False, Problem("smaller", {"last": str(last)})
        return more, more == 0, Problem("waits") if waits and more else None

    def _too_much(self, who: UUID, on: date, minutes: int, entry: ReadHours, *, is_day: bool) -> Problem | None:
        """24 hours of each day that the entry is of, 400 education hours of a year. Source: §7."""
        days = 366 if self.setting.is_cumulative else entry.days
        if len(entry.day) == MONTH_LENGTH:
            days = max(days, monthrange(on.year, on.month)[1])
        before = self.day_sums[who, on] if is_day else 0
        if before + minutes > MOST_A_DAY * days:
            return Problem(Broken.DAY_FULL)
        if self.year_sums[who, on.year] + minutes > MOST_A_YEAR:
            return Problem(Broken.YEAR_FULL)
        return None

    def _key(self, one: PlannedRow) -> str:
        """Headings, person, title, day and amount; of a total that grows, or without a day in the row, its year."""
        entry, year = one.row.entry, str(one.on and one.on.year)
        day = year if self.setting.is_cumulative else entry.day or year
        return _digest(self.setting.fingerprint, one.who and one.who.id, entry.title, day, entry.minutes)


def _digest(fingerprint: str, who: UUID | None, title: str, day: str, minutes: int) -> str:
    said = (fingerprint, str(who), folded(title), day, str(minutes))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def chosen_for(rows: Sequence[PlannedRow], place: str, who: UUID) -> dict[str, str]:
    """The rows that ``who`` goes for, once chosen for the one at ``place``: all with its number, or that row alone.

    Raises:
        NotFoundError: no such row, or that one is none of those it may mean.
    """
    here = next((one for one in rows if one.row.place == place), None)
    if here is None or who not in {one.id for one in here.namesakes}:
        raise NotFoundError
    number = number_of(here)
    alike = [one.row.place for one in rows if number and number_of(one) == number and one.namesakes == here.namesakes]
    return dict.fromkeys((place, *alike), str(who))


def number_of(one: PlannedRow) -> str:
    """The number by which somebody chosen is remembered; never the name."""
    return _number(one.row.entry)


def _number(entry: ReadHours) -> str:
    return entry.number or ("" if entry.is_cut else entry.phone)
