"""Rules asked from outside: a list of cases in, a list of results out, without a database.

Each kind of case is a ``Case``: its fields are the question, ``answer`` asks the same pure function that the pages ask.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from app.core import clock, workdays
from app.core.errors import AppError
from app.core.months import IN_A_YEAR
from app.core.workdays import Calendar

MOST: Final = 1_000_000
"""Larger counts are no counts of people, days or votes."""
ERROR: Final = "error"
_LONGEST: Final = 18
"""Digits and sign of a whole number that is read as one."""


class NoListError(ValueError):
    """What was sent is no list of cases."""


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    if moment is None or moment.tzinfo is None:
        raise ValueError("a moment is ISO text with its offset")
    return moment


def _day(value: object) -> date:
    if isinstance(value, str) and len(value) == len("2026-04-01"):
        return date.fromisoformat(value)
    return clock.local_day(_moment(value))


def _month(value: object) -> tuple[int, int]:
    if not isinstance(value, str) or len(value) != len("2026-04"):
        raise ValueError("a month is 2026-04")
    first = date.fromisoformat(f"{value}-01")
    return first.year, first.month


def _period(value: object) -> tuple[date, int]:
    """First day and months of a period as people write it: 2026, 2026-Q4 or 2026-11."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    year, _dash, rest = text.partition("-") if isinstance(text, str) else ("", "", "")
    if not isinstance(text, str) or len(year) != len("2026") or not (year.isascii() and year.isdigit()):
        raise ValueError("a period is a year, a quarter or a month")
    if not rest and "-" not in text:
        return date(int(year), 1, 1), IN_A_YEAR
    if rest.startswith("Q") and rest[1:] in {"1", "2", "3", "4"}:
        return date(int(year), 3 * int(rest[1:]) - 2, 1), 3
    return date(*_month(text), 1), 1


Count = Annotated[int, Field(ge=0, le=MOST)]
Some = Annotated[int, Field(ge=1, le=MOST)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Month = Annotated[tuple[int, int], BeforeValidator(_month)]
"""Year and month, written 2026-04."""
Period = Annotated[tuple[date, int], BeforeValidator(_period)]
"""First day and months of a year (2026), a quarter (2026-Q2) or a month (2026-04)."""
Year = Annotated[int, Field(ge=1900, le=9000)]


class Question(BaseModel):
    """A part of a case: no field too many, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class DaysOff(Question):
    """Days of a loaded calendar."""

    working: tuple[Day, ...] = ()
    off: tuple[Day, ...] = ()

    @model_validator(mode="after")
    def _one_word_a_day(self) -> "DaysOff":
        if set(self.working) & set(self.off):
            raise ValueError("a day is working or off")
        return self


class Case(Question, ABC):
    """A question to a rule."""

    @abstractmethod
    def answer(self) -> Mapping[str, Any]:
        """What the rule says.

        Raises:
            AppError: what the rule refuses.
        """


class CalendarCase(Case, ABC):
    """A question whose answer counts working days."""

    calendar: DaysOff | None = None

    @property
    def calendar_days(self) -> Calendar:
        """The calendar to count with."""
        if self.calendar is None:
            return workdays.PUBLISHED
        return Calendar(frozenset(self.calendar.working), frozenset(self.calendar.off))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value)


def _answered(case: type[Case], asked: object) -> Mapping[str, Any]:
    try:
        return dict(case.model_validate_json(json.dumps(asked)).answer())
    except AppError as refusal:
        return {ERROR: refusal.code}
    except ValidationError as refusal:
        first = refusal.errors(include_context=False, include_url=False)[0]
        return {ERROR: first["type"], "field": ".".join(str(part) for part in first["loc"])}
    except (ValueError, OverflowError):
        return {ERROR: "out_of_range"}


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _whole(digits: str) -> object:
    """A whole number; one beyond any count stays text, so that its case alone is refused."""
    return int(digits) if len(digits) <= _LONGEST else digits


def results(case: type[Case], text: str) -> str:
    """The results of a JSON list of cases, as a JSON list of the same length and order. A bad case spoils no other.

    Raises:
        NoListError: ``text`` is no JSON list.
    """
    try:
        cases = json.loads(text, parse_constant=_no_constant, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise NoListError from error
    if not isinstance(cases, list):
        raise NoListError
    return json.dumps([_answered(case, one) for one in cases], ensure_ascii=False, default=_plain)
