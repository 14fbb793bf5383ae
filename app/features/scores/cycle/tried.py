"""Publicity, closings, standing and whole sheets, asked from outside (``sanliang try``)."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, model_validator

from app.core.months import months_later
from app.core.tried import CalendarCase, Case, Day, Period, Question, Year
from app.features.ledger.forbidden import fact_type, forbidden
from app.features.ledger.periods import month_counted_in, month_until_archived
from app.features.ledger.quantities import parse_hundredths, two_places
from app.features.ledger.rules import APPRAISAL_NAMES, ONE, FactType, Total, check_fact, contribution
from app.features.scores.cycle import rules
from app.features.scores.rule_set import rule_set
from app.features.scores.rules import evaluate
from app.features.scores.trial import as_json

VERSION: Final = "2026.1"


class Publicity(CalendarCase):
    """A publicity and an objection."""

    opened: Day
    days: int
    filed_on: Day | None = None
    answered_on: Day | None = None
    escalated_on: Day | None = None
    silent: bool = False

    def answer(self) -> Mapping[str, Any]:
        """All deadlines."""
        filed = rules.Filed(self.filed_on, self.answered_on, self.escalated_on, self.silent)
        found = rules.deadlines(self.opened, self.days, filed, self.calendar_days)
        return {name: getattr(found, name) for name in rules.Deadlines.__slots__}


class CountsIn(Case):
    """In which month a fact counts."""

    occurred_on: Day | None = None
    period: Period | None = None
    recorded_on: Day
    objection: bool = False
    archived_on: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "CountsIn":
        if (self.occurred_on is None) == (self.period is None):
            raise ValueError("a day or a period")
        if self.recorded_on < (self.occurred_on or (self.period or (date.max, 0))[0]):
            raise ValueError("recorded before it happened")
        return self

    def answer(self) -> Mapping[str, Any]:
        """Day, month and year."""
        if self.period is not None:
            occurred_on = months_later(*self.period) - timedelta(days=1)
        else:
            occurred_on = self.occurred_on or date.max
        if (
            self.period is not None
            or self.objection
            or (self.archived_on is not None and self.recorded_on > self.archived_on)
        ):
            month = month_until_archived(occurred_on, self.recorded_on, self.archived_on)
        else:
            month = month_counted_in(occurred_on, self.recorded_on)
        return {"occurred_on": occurred_on, "counts_in": f"{month:%Y-%m}", "year": month.year}


class _Span(Question):
    first: Day = Field(alias="from")
    until: Day


class Exemption(Case):
    """A year with an exemption from scoring."""

    year: Year
    spans: tuple[_Span, ...]

    def answer(self) -> Mapping[str, Any]:
        """Days, and whether there is a score."""
        spans = [(span.first, span.until) for span in self.spans]
        return {"days": rules.exempt_days(self.year, spans), "scored": rules.scored(self.year, spans)}


class Standing(Case):
    """A member's standing at the review."""

    year: Year
    review_on: Day
    full_since: Day | None = None

    def answer(self) -> Mapping[str, Any]:
        """Graded, advised."""
        found = rules.standing(self.year, self.review_on, self.full_since)
        return {"graded": found.graded, "advice": found.advice}


class FactName(Case):
    """A name that somebody wants in a rule set."""

    name: str

    def answer(self) -> Mapping[str, Any]:
        """Whether it may stand there."""
        return {"allowed": forbidden(self.name) is None}


class RulePublication(Case):
    """A rule set published within a year."""

    year: Year
    on: Day
    first_publicity: Day | None = None

    def answer(self) -> Mapping[str, Any]:
        """Whether it may hold for the year, and which year is offered."""
        allowed = rules.may_publish_rules(self.year, self.on, self.first_publicity)
        return {"allowed": allowed, "offered_year": self.year if allowed else max(self.year + 1, self.on.year)}


def _number(value: object) -> int:
    try:
        return parse_hundredths("" if isinstance(value, bool) else format(Decimal(str(value)), "f"))
    except InvalidOperation as error:
        raise ValueError(str(value)) from error


class _Fact(Question):
    fact: str
    grade: str = ""
    quantity: Annotated[int, BeforeValidator(_number)] = ONE
    on: Day | None = None
    matter: str = ""

    def total(self, year: int) -> Total:
        """What it adds to the year."""
        kind, day = fact_type(self.fact), self.on or date(year, 6, 30)
        if day.year != year:
            raise ValueError("a fact of another year")
        month = day.replace(day=1)
        check_fact(kind, grade=self.grade, quantity=self.quantity, occurred_on=day, counts_in=month, matter=self.matter)
        return contribution(
            kind, grade=self.grade, quantity=self.quantity, counts_in=month, matter=self.matter, reverses=False
        )


class Sheet(Case):
    """The facts of a member's year."""

    facts: tuple[_Fact, ...]
    year: Year = 2026

    def answer(self) -> Mapping[str, Any]:
        """The sheet that rule set 2026.1 gives."""
        totals = [one.total(self.year) for one in self.facts]
        sheet = evaluate(rule_set(VERSION), totals, through=date(self.year, 12, 31), closed=True)
        return as_json(sheet)


class Appraisal(Case):
    """The quarterly appraisals of a year; what is missing is still to come."""

    grades: Annotated[tuple[str | None, ...], Field(max_length=4)]

    def answer(self) -> Mapping[str, Any]:
        """The points so far, and what is still possible."""
        unknown = [name for name in self.grades if name is not None and name not in APPRAISAL_NAMES]
        if unknown:
            raise ValueError(unknown[0])
        grades = [APPRAISAL_NAMES[name] for name in self.grades if name is not None]
        totals = [Total(date(2026, 12, 1), FactType.APPRAISAL_QUARTER, grade, "", 1, ONE) for grade in grades]
        sheet = evaluate(rule_set(VERSION), totals, through=date(2026, 12, 31))
        (line,) = (line for section in sheet.sections for line in section.lines if line.rule_id == "A1")
        return {"points": two_places(line.points), "possible": two_places(line.possible)}


CASES: Final[Mapping[str, type[Case]]] = MappingProxyType(
    {
        "appraisal": Appraisal,
        "publicity": Publicity,
        "counts_in": CountsIn,
        "exemption": Exemption,
        "standing": Standing,
        "fact_name": FactName,
        "rule_publication": RulePublication,
        "sheet": Sheet,
    }
)
