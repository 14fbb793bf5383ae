"""What the audit administrator looks for."""

from uuid import UUID

from app.core.forms import Day, FormModel
from app.features.members.rules import AuditAction


class FilterForm(FormModel):
    """Empty fields leave nothing out. ``before`` is the last entry of the page before."""

    day: Day | None = None
    action: AuditAction | None = None
    before: UUID | None = None
