"""What is due for one person in every stream, as lines of one card."""

from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import formats
from app.features.members.actor import Actor
from app.features.shows.duties import queries as duties
from app.features.shows.duties import words as duty_words
from app.features.wishes import due as wishes

SOON: Final = timedelta(days=7)
"""From when on the day of a claimed wish is near enough to stand on the page of today."""


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
    return sorted([*_duties(session, actor, today), *_wishes(session, actor, today)])


def _wishes(session: Session, actor: Actor, today: date) -> list[DueLine]:
    return [
        DueLine(
            due_on=wish.next.by or today,
            subject_id=wish.wish_id,
            title=wish.sentence,
            words=wish.code,
            address=wish.address,
            is_late=wish.next.is_late,
        )
        for wish in wishes.due(session, actor, today)
        if wish.next.by is None or wish.next.by - today <= SOON
    ]


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
