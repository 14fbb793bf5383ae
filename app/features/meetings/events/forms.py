"""What is typed about a meeting."""

from datetime import time
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.forms import Day, FormModel
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import rules


class MeetingForm(FormModel):
    """A meeting that is planned, or changed. Its id is made with the page, so that sending it twice is once."""

    id: UUID
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=len(Kind))] = Field(
        default_factory=list, validate_default=True
    )
    title: Annotated[str, Field(max_length=rules.TITLE_LENGTH)] | None = None
    """Empty: what the kinds are called."""
    day: Day
    begins: time
    ends: time
    place: Annotated[str, Field(max_length=rules.PLACE_LENGTH)] | None = None
    reason: Annotated[str, Field(max_length=rules.REASON_LENGTH)] | None = None
    """Why it is recorded afterwards."""
    group_id: UUID | None = None
    study: bool = False
    minutes: Annotated[int, Field(ge=0, le=24 * 60)] | None = None
    """Of education; empty: as long as it lasts."""
    speaker: Annotated[str, Field(max_length=rules.NAME_LENGTH)] | None = None
    chair_id: UUID | None = None
    recorder_id: UUID | None = None
    linked_to_id: UUID | None = None
    fixed_day: Annotated[int, Field(ge=1, le=31)] | None = None
    repeat: Annotated[int, Field(ge=0, le=rules.MOST_REPEATS)] = 0
    """In how many of the following months it is planned again."""
    branches: Annotated[str, Field(max_length=rules.BRANCHES_LENGTH)] | None = None


class CancelForm(FormModel):
    """Why it is not held."""

    reason: Annotated[str, Field(min_length=1, max_length=rules.REASON_LENGTH)]


class GuestForm(FormModel):
    """Who sits in: by name, and whom of those who bear it."""

    name: Annotated[str, Field(min_length=1, max_length=rules.NAME_LENGTH)]
    who: str | None = None


class JoinsForm(FormModel):
    """Whether the own branch meets jointly."""

    joins: bool


class CopyForm(FormModel):
    """Which meetings of the month before are planned again."""

    month: Day
    """Its first day."""
    ids: Annotated[list[UUID], Field(min_length=1)] = Field(default_factory=list, validate_default=True)
