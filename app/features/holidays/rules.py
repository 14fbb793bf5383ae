"""What a list of a year's days off and make-up days may say, and what loading it would do. Pure.

Source: domain, meetings §13; the list is the yearly notice of the State Council on holidays.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.core.workdays import STATUTORY, DayKind, is_weekend
from app.features.imports.rows import Note, Problem, ReadRow, RowVerdict

YEARS_BACK: Final = 1
YEARS_AHEAD: Final = 2
"""Of which years a list is of any use, counted from the running one."""
FEW_DAYS_OFF: Final = 20
"""Every list so far names about thirty; one of fewer is most likely a part of one."""


class ProblemCode(Word):
    """Why a row waits while the others are taken in. Other programs read these codes: they never change."""

    MISSING_DAY = "missing_day", _("The day is missing. Write it like 2027-02-05.")
    BAD_DAY = "bad_day", _("“%(typed)s” is no whole day. Write it with its year, like 2027-02-05.")
    YEAR_TOO_FAR = "year_too_far", _("%(day)s lies in a year that needs no list now. Correct the year.")
    MISSING_KIND = "missing_kind", _("It is not said whether people are off. Write 放假 or 上班.")
    UNKNOWN_KIND = "unknown_kind", _("“%(typed)s” is neither 放假 nor 上班. Write one of the two.")
    STATUTORY = "statutory", _("%(day)s is off in every year by law. Leave the row out.")
    OTHER_YEAR = "other_year", _("This is the list of %(year)s. Load %(day)s with the list of its own year.")
    DUPLICATE_ROW = "duplicate_row", _("The same day stands in row %(row)s already. Keep one of the two rows.")


NOT_A_WEEKEND: Final = "not_a_weekend"
SENTENCES: Final[Mapping[str, LazyText]] = {
    **dict(ProblemCode.choices()),
    NOT_A_WEEKEND: _("This is no Saturday and no Sunday: people work on it anyway. Is the date right?"),
}


@dataclass(frozen=True, slots=True)
class ReadHoliday:
    """What a row says."""

    day: date | None
    kind: DayKind | None
    typed: str = ""
    """The day as it was written."""


DayRow = ReadRow[ReadHoliday]


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row and what would be done with it."""

    row: DayRow
    verdict: RowVerdict
    problems: tuple[Problem, ...] = ()
    before: DayKind | None = None
    """What the loaded list says of the day now."""


def year_of(rows: Sequence[DayRow]) -> int | None:
    """The year of the list: of most of its days, and of two with as many the later; ``None``: no row names a day."""
    years = Counter(row.entry.day.year for row in rows if row.entry.day is not None and not row.problems)
    return max(years, key=lambda year: (years[year], year), default=None)


def plan(rows: Sequence[DayRow], loaded: Mapping[date, DayKind]) -> list[PlannedRow]:
    """What loading ``rows`` would do to the list of their year that is ``loaded``; a bad row holds up no other."""
    year = year_of(rows)
    seen: dict[date, str] = {}
    planned = []
    for row in rows:
        problems = row.problems or tuple(_beside_others(row, year, seen))
        day = row.entry.day
        if problems or day is None:
            planned.append(PlannedRow(row, RowVerdict.PROBLEM, problems))
            continue
        seen[day] = row.place
        before = loaded.get(day)
        verdict = (
            RowVerdict.NEW if before is None else RowVerdict.SAME if before is row.entry.kind else RowVerdict.CHANGED
        )
        planned.append(PlannedRow(row, verdict, before=before))
    return planned


def _beside_others(row: DayRow, year: int | None, seen: Mapping[date, str]) -> list[Problem]:
    day = row.entry.day
    if day is None:
        return []
    if day.year != year:
        return [Problem(ProblemCode.OTHER_YEAR, {"day": day.isoformat(), "year": str(year)})]
    if day in seen:
        return [Problem(ProblemCode.DUPLICATE_ROW, {"row": seen[day]})]
    return []


def days_of(planned: Sequence[PlannedRow]) -> dict[date, DayKind]:
    """The days that the good rows name."""
    good = (row.row.entry for row in planned if row.verdict is not RowVerdict.PROBLEM)
    return {entry.day: entry.kind for entry in good if entry.day is not None and entry.kind is not None}


def problem_of(day: date, kind: DayKind | None, *, today: date) -> Problem | None:
    """What is wrong with the day itself."""
    if not today.year - YEARS_BACK <= day.year <= today.year + YEARS_AHEAD:
        return Problem(ProblemCode.YEAR_TOO_FAR, {"day": day.isoformat()})
    if kind is DayKind.WORKING and (day.month, day.day) in STATUTORY:
        return Problem(ProblemCode.STATUTORY, {"day": day.isoformat()})
    return None


def note_of(day: date, kind: DayKind | None) -> Note | None:
    """What is worth a look: a make-up day is a Saturday or a Sunday."""
    return Note(NOT_A_WEEKEND) if kind is DayKind.WORKING and not is_weekend(day) else None
