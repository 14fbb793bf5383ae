"""What is typed about leaves. There is no field for a reason, a diagnosis, an address or a proof."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from app.core.errors import ImpossibleError
from app.core.forms import Day, FormModel
from app.features.leave.life import NAME_LENGTH, PLACE_LENGTH, Approval, Finding, LeaveDecision, TripCheck
from app.features.leave.rules import Half, LeaveType, Span

Name = Annotated[str, Field(max_length=NAME_LENGTH)]


class LeaveForm(FormModel):
    """Asking, correcting and extending. Its id is made with the page, so that sending it twice is once."""

    id: UUID
    member_id: UUID | None = None
    """For whom an officer enters it."""
    corrects_id: UUID | None = None
    extends_id: UUID | None = None
    leave: LeaveType
    first: Day
    first_half: Half = Half.AM
    last: Day
    last_half: Annotated[Half, Field(validate_default=True)] = Half.EVENING
    destination: Annotated[str, Field(max_length=PLACE_LENGTH)] | None = None
    stand_in: Name | None = None
    approval: Approval = Approval.ELSEWHERE
    approved_by: Name | None = None

    @field_validator("last_half")
    @classmethod
    def _it_ends_after_it_begins(cls, half: Half, info: ValidationInfo) -> Half:
        said = info.data
        if said.keys() >= {"first", "first_half", "last"}:
            try:
                Span(said["first"], said["last"], said["first_half"], half)
            except ImpossibleError as error:
                raise ValueError(error.sentence) from None
        return half

    @property
    def span(self) -> Span:
        """Its days."""
        return Span(self.first, self.last, self.first_half, self.last_half)


class CloseForm(FormModel):
    """Being back: today, unless another day is said."""

    returned_on: Day | None = None


class ChecksForm(FormModel):
    """The ticks before a trip; none ticked means none."""

    checks: list[TripCheck] = Field(default_factory=list)


class FindingForm(FormModel):
    """An officer's word on a leave."""

    finding: Finding
    verdict: LeaveDecision = LeaveDecision.CONFIRMED


class UnreportedForm(FormModel):
    """Somebody was away on a day and had not reported it."""

    id: UUID
    member_id: UUID
    day: Day
