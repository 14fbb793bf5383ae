"""What is due for one person in every stream, as lines of one card."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import formats
from app.features.members.actor import Actor
from app.features.shows.duties import queries as duties
from app.features.shows.duties import words as duty_words


class DueLine(NamedTuple):
    """Something to do, and where it is done."""

    due_on: date
    subject_id: UUID
    """The same as in a reminder of it."""
    title: str
    words: str
    address: str
    is_late: bool


def due_lines(session: Session, actor: Actor, today: date) -> list[DueLine]:
    """What the actor has to do soon or is late with, the nearest first. Returned records stand elsewhere."""
    return sorted(_duties(session, actor, today))


def _duties(session: Session, actor: Actor, today: date) -> list[DueLine]:
    return [
        DueLine(
            due_on=duty.due_on,
            subject_id=duty.id,
            title=duty.matter,
            words=f"{formats.short_day(duty.due_on)} · {duty_words.due(duty.days)}",
            address=f"/shows/duties/{duty.id}",
            is_late=duty.is_overdue,
        )
        for duty in duties.due(session, actor, today)
        if duty.reason is None
    ]
