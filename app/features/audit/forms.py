"""What the audit administrator looks for."""

from datetime import date
from uuid import UUID

from app.core.forms import FormModel
from app.features.members.rules import AuditAction


class FilterForm(FormModel):
    """Empty fields leave nothing out. ``before`` is the last entry of the page before."""

    day: date | None = None
    action: AuditAction | None = None
    before: UUID | None = None
