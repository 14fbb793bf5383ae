"""Writing a step into the history of a thing, and reading it again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from app.core.words import Word
from app.features.history.models import Event
from app.features.members.models import Member

_HISTORY: Final = (
    select(Event.step, Event.at, Event.by_id, Member.name.label("by"), Event.note, Event.detail)
    .outerjoin(Member, Member.id == Event.by_id)
    .where(Event.subject_id == bindparam("subject", type_=Uuid()))
    .order_by(Event.id)
)


class Happened(NamedTuple):
    """One step of a history."""

    step: str
    at: datetime
    by_id: UUID | None
    by: str | None
    """The name of who did it; ``None`` for time, or a command on the server."""
    note: str | None
    detail: Mapping[str, Any]


def record(
    session: Session,
    subject: str,
    subject_id: UUID,
    step: Word,
    *,
    by_id: UUID | None,
    note: str | None = None,
    **detail: Any,
) -> None:
    """Write down that ``step`` happened to the thing, with what its words will need (values that JSON knows)."""
    session.add(Event(subject=subject, subject_id=subject_id, step=step.value, by_id=by_id, note=note, detail=detail))


def history(session: Session, subject_id: UUID) -> list[Happened]:
    """Everything that happened to a thing, oldest first; one statement. The caller asks who may read it."""
    return [Happened(*row) for row in session.execute(_HISTORY, {"subject": subject_id})]
