"""What is typed about duties, and what phones send."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from app.core import texts
from app.core.forms import Day, FormModel
from app.features.shows.duties.rules import (
    BASIS_LENGTH,
    MATTER_LENGTH,
    MOST_HELPERS,
    SENTENCE_LENGTH,
    DutyKind,
    DutyResult,
    Progress,
    Repeat,
    Tap,
)
from app.features.sync.items import ChosenDay


def _visible(sent: Any) -> Any:
    return texts.visible(sent) if isinstance(sent, str) else sent


Matter = Annotated[str, Field(min_length=1, max_length=MATTER_LENGTH)]
Basis = Annotated[str, Field(max_length=BASIS_LENGTH)]
Sentence = Annotated[str, Field(max_length=SENTENCE_LENGTH), BeforeValidator(_visible)]
"""May stay empty wherever it stands (red line 4), but for reasons that somebody else has to confirm."""
Helpers = Annotated[list[UUID], Field(max_length=MOST_HELPERS)]


class DutyForm(FormModel):
    """A duty that is taken or given. Its id is made with the page, so that sending it twice is once."""

    id: UUID
    kind: DutyKind
    matter: Matter
    basis: Basis | None = None
    due_on: Day
    repeat: Repeat = Repeat.NONE
    helper_ids: Helpers = Field(default_factory=list)


class AssignmentForm(DutyForm):
    """The same for others."""

    member_ids: list[UUID] = Field(default_factory=list)
    wholes: list[str] = Field(default_factory=list)
    """Keys of ``whom.wholes``: everybody in them, beside those who are named."""


class ProgressForm(FormModel):
    """How it goes: one tap, and a sentence if wanted."""

    id: UUID
    state: Progress
    note: Sentence | None = None


class EndForm(FormModel):
    """How it ended."""

    id: UUID
    result: DutyResult
    sentence: Sentence | None = None
    ended_on: Day | None = None


class HandOverForm(FormModel):
    """Who takes it over, and from which day."""

    to_id: UUID
    starts_on: Day
    ends_on: Day | None = None
    reason: Sentence | None = None


class DueDayForm(FormModel):
    """Another due day."""

    due_on: Day
    reason: Sentence | None = None


class HelpersForm(FormModel):
    """Who helps; none ticked means nobody."""

    helper_ids: Helpers = Field(default_factory=list)


class CancelForm(FormModel):
    """Why it is struck."""

    reason: Annotated[str, Field(min_length=1, max_length=SENTENCE_LENGTH)]


class ProgressPayload(ChosenDay):
    """The content of a captured ``duty.progress``."""

    duty_id: UUID
    state: Tap
    note: Sentence | None = None
