"""Hours of education, asked from outside (``sanliang try``)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Self

from pydantic import Field, model_validator

from app.core.cells import SMALL_CELL
from app.core.tried import Case, Count, Day, Moment, Question, Year
from app.features.education import rules
from app.features.education.rules import HoursClass


class _Entry(Question):
    hours_class: HoursClass = Field(alias="class")
    minutes: Count | None = None
    on: Day | None = None
    title: str = ""
    begins: Moment | None = None
    ends: Moment | None = None
    dates: tuple[Day, ...] | None = None
    half_dates: tuple[Day, ...] | None = None

    @model_validator(mode="after")
    def _minutes_or_days(self) -> Self:
        if (self.minutes is None) == (self.dates is None and self.half_dates is None):
            raise ValueError("minutes, or days of training")
        days = [*(self.dates or ()), *(self.half_dates or ())]
        if len(set(days)) != len(days):
            raise ValueError("a day is named twice")
        return self

    def entries(self) -> list[rules.DayHours]:
        """One entry a day."""
        if self.minutes is not None:
            return [rules.DayHours(self.hours_class, self.minutes, self.on, self.title, self.begins, self.ends)]
        whole = [rules.DayHours(self.hours_class, rules.DAY_MINUTES, day, self.title) for day in self.dates or ()]
        half = [
            rules.DayHours(self.hours_class, rules.HALF_DAY_MINUTES, day, self.title) for day in self.half_dates or ()
        ]
        return whole + half


class Hours(Case):
    """The entries of a person."""

    entries: tuple[_Entry, ...]
    target: Count = rules.MEMBER_HOURS
    network_counts: bool = False
    year: Year | None = None

    def answer(self) -> Mapping[str, Any]:
        """Minutes by class, and whether the target is met."""
        entries = [entry for one in self.entries for entry in one.entries()]
        if self.year is not None:
            entries = [entry for entry in entries if entry.day is None or entry.day.year == self.year]
        found = rules.hours(entries, network_counts=self.network_counts)
        tenths = (20 * found.counted + rules.MINUTES) // (2 * rules.MINUTES)
        return {
            "minutes": {kind.value: minutes for kind, minutes in found.minutes.items()},
            "counted": found.counted,
            "hours": f"{tenths // 10}.{tenths % 10}",
            "met": found.met(self.target),
            "overlap": found.overlap,
        }


class _Post(Question):
    first: Day = Field(alias="from")
    until: Day | None = None


class HoursTarget(Case):
    """What is asked of a person."""

    year: Year
    posts: tuple[_Post, ...] = ()
    on: Day | None = None
    arrived_on: Day | None = None
    exempt: bool = False

    def answer(self) -> Mapping[str, Any]:
        """Hours; none of who is exempt."""
        if (self.arrived_on and self.arrived_on.year > self.year) or (self.on and self.on.year != self.year):
            raise ValueError("a day of another year")
        posts = [(post.first, post.until) for post in self.posts]
        asked = rules.target(self.year, posts, on=self.on, arrived_on=self.arrived_on)
        return {"target": None if self.exempt else asked}


class Coverage(Case):
    """How many of a branch are on track."""

    members: Count
    on_track: Count

    def answer(self) -> Mapping[str, Any]:
        """A share with its denominator; small numbers are hidden."""
        percent = rules.percent(self.members, self.on_track)
        shown = f"<{SMALL_CELL}" if percent is None else f"{self.on_track}/{self.members}"
        return {"percent": percent, "shown": shown}


CASES: Final[Mapping[str, type[Case]]] = MappingProxyType(
    {"hours": Hours, "hours_target": HoursTarget, "coverage": Coverage}
)
