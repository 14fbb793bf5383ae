"""Leave, asked from outside (``sanliang try``)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import Field

from app.core.tried import CalendarCase, Case, Day, Moment, Question
from app.features.leave import rules
from app.features.leave.rules import Half, LeaveType, Span


class Due(CalendarCase):
    """When a leave must be closed."""

    until: Day
    stored: Day | None = None
    closed_on: Day | None = None
    today: Day | None = None

    def answer(self) -> Mapping[str, Any]:
        """The day, and whether the system would suggest that it was missed."""
        due = rules.due_on(self.until, stored=self.stored, calendar=self.calendar_days)
        return {
            "due": due,
            "suggests_unclosed": rules.suggests_unclosed(due, closed_on=self.closed_on, today=self.today),
        }


class Covers(Case):
    """Whether an event falls into a leave."""

    first: Day = Field(alias="from")
    from_half: Half = Half.AM
    until: Day
    until_half: Half = Half.EVENING
    begins: Moment

    def answer(self) -> Mapping[str, Any]:
        """Yes or no."""
        return {"covered": Span(self.first, self.until, self.from_half, self.until_half).covers(self.begins)}


class _Leave(Question):
    type: LeaveType
    first: Day = Field(alias="from")
    until: Day

    @property
    def span(self) -> Span:
        """Whole days."""
        return Span(self.first, self.until)


class Overlap(Case):
    """Two leaves of one person."""

    a: _Leave
    b: _Leave

    def answer(self) -> Mapping[str, Any]:
        """Whether they overlap, and whether they may."""
        return {
            "overlap": self.a.span.overlaps(self.b.span),
            "allowed": rules.may_stand_beside(self.a.type, self.a.span, self.b.type, self.b.span),
        }


CASES: Final[Mapping[str, type[Case]]] = MappingProxyType(
    {"leave_due": Due, "leave_covers": Covers, "leave_overlap": Overlap}
)
