"""What the audit administrator looks for."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from app.core.forms import Day, FormModel
from app.features.members.models import NAME_LENGTH, PLACE_NAME_LENGTH
from app.features.members.rules import AuditAction


class FilterForm(FormModel):
    """Empty fields leave nothing out. ``before`` is the last entry of the page before."""

    person: Annotated[str | None, StringConstraints(max_length=NAME_LENGTH)] = None
    """A part of the name of who did it or whom it was about."""
    branch: Annotated[str | None, StringConstraints(max_length=PLACE_NAME_LENGTH)] = None
    """A part of the name of the branch or community."""
    day: Day | None = None
    """The day, or the first one where ``until`` is said."""
    until: Day | None = None
    """The last day."""
    action: AuditAction | None = None
    before: UUID | None = None
