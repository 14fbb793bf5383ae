"""Attachments for tests: Alice of the first branch takes part in the second one."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.features.meetings.attachments import service
from app.features.meetings.attachments.rules import AttachmentKind
from app.features.reviews import service as reviews
from tests.makers import Person

FIRST = date(2026, 10, 1)


def enter(session: Session, by: Person, branch: str, person: Person | None = None, **said: Any) -> UUID:
    """Entered by an officer; it waits in the other branch."""
    whose = {"member_id": person.id} if person else {}
    given = {"id": new_id(), "kind": AttachmentKind.SECONDED, "first": FIRST, **whose, **said}
    return service.attach(session, by.actor, branch=branch, **given).id


def agree(session: Session, by: Person, attachment_id: UUID) -> list[str]:
    """An officer approves it; codes of what was refused."""
    return [refused.error.code for refused in reviews.approve(session, by.actor, [attachment_id]).refused]


def attached(session: Session, person: Person, home: Person, host: Person, **said: Any) -> UUID:
    """Entered by an officer of the own branch, agreed to by one of the host."""
    attachment_id = enter(session, home, host.branch_name, person, **said)
    agree(session, host, attachment_id)
    return attachment_id
