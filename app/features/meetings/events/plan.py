"""What is said about a meeting, before it is written."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from app.core import clock
from app.features.meetings.attendance.rules import Item, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is said about a meeting: the values of ``MeetingForm`` but its id."""

    kinds: Collection[Kind]
    day: date
    begins: time
    ends: time
    title: str | None = None
    place: str | None = None
    reason: str | None = None
    group_id: UUID | None = None
    study: bool = False
    minutes: int | None = None
    speaker: str | None = None
    chair_id: UUID | None = None
    recorder_id: UUID | None = None
    linked_to_id: UUID | None = None
    fixed_day: int | None = None
    branches: str | None = None
    """Names of other branches that meet jointly, one a line."""

    @property
    def begins_at(self) -> datetime:
        """On the branch's clock."""
        return datetime.combine(self.day, self.begins, clock.zone())

    @property
    def ends_at(self) -> datetime:
        """On the branch's clock."""
        return datetime.combine(self.day, self.ends, clock.zone())

    def items(self) -> list[dict[str, Any]]:
        """The agenda in the order of kinds; minutes of education stand with the first that teaches."""
        kinds = [kind for kind in Kind if kind in self.kinds]
        teaching = [kind for kind in kinds if Item(kind, study=self.study).teaches]
        lasts = int((self.ends_at - self.begins_at).total_seconds()) // 60
        minutes = lasts if self.minutes is None else self.minutes
        return [
            {
                "place": place,
                "kind": kind,
                "minutes": minutes if kind in teaching[:1] else 0,
                "study": self.study and kind is Kind.THEME_DAY,
                "speaker": self.speaker if kind is Kind.LECTURE else None,
                "group_id": self.group_id if kind is Kind.GROUP else None,
            }
            for place, kind in enumerate(kinds, 1)
        ]
