"""On which day a branch publishes, and when that is next."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.features.wishes.publishing import rules
from app.features.wishes.publishing.models import PublishingDay

_DAY: Final = select(PublishingDay.day).where(PublishingDay.branch_id == bindparam("branch"))


def publishing_day(session: Session, branch_id: UUID) -> int | None:
    """The day of the month on which a branch publishes, or ``None`` where it has none."""
    return session.scalar(_DAY, {"branch": branch_id})


def next_round(session: Session, branch_id: UUID, today: date) -> date | None:
    """When the branch publishes next, today included; ``None`` where it has no day."""
    day = publishing_day(session, branch_id)
    return rules.next_round(day, today) if day else None
