"""Which streams the installation does without stands in a file that one person edits: each change is noted here."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.settings import settings
from app.features.audit.rules import KEPT_FOR
from app.features.members import audit
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction

NAME: Final = "SANLIANG_OFF"
RENEWED_AFTER: Final = KEPT_FOR - timedelta(days=30)
"""The log forgets: what holds is said again before it does."""
_LAST: Final = (
    select(AuditEntry.at, AuditEntry.changes)
    .where(AuditEntry.action == AuditAction.SETTINGS_CHANGED, AuditEntry.subject == NAME)
    .order_by(AuditEntry.id.desc())
    .limit(1)
)


def note(session: Session, now: datetime) -> int:
    """Let the log say what is left out, where that is not what it said last; gives 1 then. Twice is once."""
    off = ", ".join(sorted(settings().off))
    last = session.execute(_LAST).one_or_none()
    before = (last.changes["off"][1] or "") if last else ""
    if before == off and (not off or (last and last.at > now - RENEWED_AFTER)):
        return 0
    change = {"off": (before or None, off or None)}
    audit.record(session, None, AuditAction.SETTINGS_CHANGED, audit.Subject(NAME), change)
    return 1
