"""What is due for one person in every stream, as lines of one card."""

from datetime import date

from sqlalchemy.orm import Session

from app.features.members.actor import Actor
from app.features.notices.sources import DueLine
from app.features.streams import STREAMS


def due_lines(session: Session, actor: Actor, today: date) -> list[DueLine]:
    """What the actor has to do soon or is late with, the nearest first."""
    return sorted(
        line for stream in STREAMS for source in stream.reminders for line in source.lines(session, actor, today)
    )


def week_lines(session: Session, actor: Actor, today: date) -> list[str]:
    """What the coming days bring for the actor's branch, as sentences that everybody may read."""
    return [line for stream in STREAMS for line in stream.week(session, actor, today)]
