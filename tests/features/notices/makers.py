"""A source that exists only in tests, and reminders of it."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import lazy_gettext
from app.core.ids import new_id
from app.features.notices.models import RaisedReminder
from app.features.notices.rules import ReminderState
from app.features.notices.sources import Reminder, ReminderSource, know
from tests.makers import NEVER_OVER, Person

due: list[Reminder] = []
"""What is due in the source at this moment; a test fills it."""

SOURCE = ReminderSource(
    name="test.matter",
    label=lazy_gettext("Test"),
    due=lambda session, now: list(due),
    words=lambda details: f"请看{details['title']}",
)
know([SOURCE])


def matter(member: Person, title: str = "责任清单", *, subject_id: UUID | None = None, **values: Any) -> Reminder:
    """Something that is due for ``member``."""
    return Reminder(
        member_id=member.id,
        subject_id=subject_id or new_id(),
        address="/study",
        details={"title": title},
        **values,
    )


def make_reminder(
    session: Session,
    member: Person,
    title: str = "责任清单",
    *,
    subject_id: UUID | None = None,
    state: ReminderState = ReminderState.SHOWN,
    until: date | None = None,
) -> UUID:
    """A reminder as it stands in the database; gives its subject."""
    subject_id = subject_id or new_id()
    session.add(
        RaisedReminder(
            member_id=member.id,
            source=SOURCE.name,
            subject_id=subject_id,
            address="/study",
            details={"title": title},
            raised_at=NEVER_OVER,
            until=until,
            state=state,
        )
    )
    session.flush()
    return subject_id
