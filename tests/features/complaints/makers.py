"""What lies in the box."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.features.complaints.models import Complaint
from app.features.complaints.rules import due_on
from app.features.members.models import Organisation
from tests.makers import Person


def make_complaint(
    session: Session, sender: Person | None, *, said: str = "会开得太多", sent_on: date | None = None, **columns: Any
) -> UUID:
    """One that waits for the organ committee's answer, or for that of ``place_id``."""
    sent_on = sent_on or clock.today()
    root = select(Organisation.id).where(Organisation.parent_id.is_(None))
    complaint = Complaint(
        sender_id=sender.id if sender else None,
        said=said,
        sent_on=sent_on,
        due_on=due_on(sent_on),
        **{"place_id": session.scalar(root)} | columns,
    )
    session.add(complaint)
    session.flush()
    return complaint.id
