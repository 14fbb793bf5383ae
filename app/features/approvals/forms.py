"""What an officer's tap sends."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from app.core.forms import FormModel
from app.core.i18n import gettext as _
from app.features.reviews.rules import REASON_LENGTH, ReturnReason


class DecisionForm(FormModel):
    """What is decided, and on which records."""

    decision: Literal["approve", "return"]
    ids: Annotated[list[UUID], Field(min_length=1)] = Field(default_factory=list, validate_default=True)
    reason: Annotated[str, Field(max_length=REASON_LENGTH, validate_default=True)] = ""
    returned_for: ReturnReason | None = None
    """What kind of reason it is, if the officer says."""
    acknowledged: bool = False
    """The officer has looked at what a record is marked for."""
    kind: str = ""
    """The view of the queue to come back to."""
    page: str = ""
    """``one`` where it was sent from the page of one record."""

    @field_validator("reason")
    @classmethod
    def _a_return_has_a_reason(cls, reason: str, info: ValidationInfo) -> str:
        if info.data.get("decision") == "return" and not reason:
            raise ValueError(_("Please say in a few words why, so that it can be corrected."))
        return reason


class UndoForm(FormModel):
    """Which tap is taken back."""

    decision_id: UUID
    kind: str = ""
