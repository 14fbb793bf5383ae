"""Working days and what is asked of a branch, asked from outside (``sanliang try``)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import Field

from app.core import workdays
from app.core.tried import CalendarCase, Case, Count, Day, Moment, Month, Period, Question
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.calendar import rules as calendar


class WorkingDays(CalendarCase):
    """Working days, in one of three ways of asking."""

    first: Day | None = Field(default=None, alias="from")
    after: Count | None = None
    until: Day | None = None
    month: Month | None = None
    fixed: Annotated[int, Field(ge=1, le=31)] | None = None

    def answer(self) -> Mapping[str, Any]:
        """A day, or how many days there are."""
        asked = {name for name in self.model_fields_set if name != "calendar"}
        if asked == {"first", "after"} and self.first and self.after is not None:
            return {"day": workdays.after(self.first, self.after, self.calendar_days)}
        if asked == {"first", "until"} and self.first and self.until and self.first <= self.until:
            natural = (self.until - self.first).days + 1
            return {
                "natural": natural,
                "working": workdays.working_days_between(self.first, self.until, self.calendar_days),
            }
        if asked == {"month", "fixed"} and self.month and self.fixed:
            return {"day": workdays.in_month(*self.month, self.fixed, self.calendar_days)}
        raise ValueError("from and after, from and until, or month and fixed")


class _Gathering(Question):
    begins: Moment
    ends: Moment | None = None
    items: list[Kind]
    group: str | None = None
    present: Count | None = None
    committee_present: Count | None = None
    cancelled: bool = False


class Duties(Case):
    """One line of the calendar of duties."""

    kind: Kind
    period: Period
    full: Count
    committee: Count = 0
    groups: tuple[str, ...] = ()
    events: tuple[_Gathering, ...] = ()
    as_of: Day | None = None

    def answer(self) -> Mapping[str, Any]:
        """How far it is."""
        first, months = self.period
        if calendar.MONTHS.get(self.kind) != months or len(set(self.groups)) != len(self.groups):
            raise ValueError("another period, or a group named twice")
        found = calendar.duty(
            self.kind,
            first,
            calendar.Branch(self.full, self.committee, self.groups),
            [
                calendar.Gathering(
                    one.begins, one.items, one.ends, one.group, one.present, one.committee_present, one.cancelled
                )
                for one in self.events
            ],
            self.as_of,
        )
        groups = None if found.groups_done is None else f"{found.groups_done}/{len(self.groups)}"
        return {"state": found.state, "done_on": found.done_on, "groups_done": groups}


class Talks(Case):
    """The talks of a year."""

    committee: Count
    others: Count

    def answer(self) -> Mapping[str, Any]:
        """How few are enough."""
        fewest = calendar.talks(self.committee, self.others)
        return {
            "committee_pairs": fewest.committee_pairs,
            "committee_member": fewest.committee_member,
            "member_member": fewest.member_member,
            "enough": fewest.enough,
        }


CASES: Final[Mapping[str, type[Case]]] = MappingProxyType(
    {"working_days": WorkingDays, "duties": Duties, "talks": Talks}
)
