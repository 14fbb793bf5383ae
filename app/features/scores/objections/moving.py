"""Days of objections that a list of days off moves later: each was computed when its step opened, and stored."""

from datetime import date
from typing import Final

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock, holidays
from app.core.rows import locked
from app.core.workdays import Calendar
from app.features.scores.objections.models import Objection
from app.features.scores.objections.rules import State, days_from

_TODAY: Final = bindparam("today", type_=Objection.answer_by.type)
_MAY_MOVE: Final = locked(
    select(Objection)
    .where(
        or_(
            and_(Objection.state == State.FILED, Objection.answer_by >= _TODAY),
            and_(Objection.state == State.ANSWERED, Objection.escalate_until >= _TODAY),
            and_(Objection.state == State.ESCALATED, Objection.decide_by >= _TODAY),
        )
    )
    .order_by(Objection.id)
)


def move_later(session: Session, _now: object) -> int:
    """Give the steps that still run more time where a list of days off came after they had opened; never less."""
    calendar, moved = holidays.calendar(session), 0
    for objection in session.scalars(_MAY_MOVE, {"today": clock.today()}):
        column, day = _end(objection, calendar)
        if day and day > getattr(objection, column):
            setattr(objection, column, day)
            moved += 1
    session.flush()
    return moved


def _end(objection: Objection, calendar: Calendar) -> tuple[str, date | None]:
    """Which day ends the step that runs, and what it would be by the calendar of now."""
    began = objection.escalated_at or objection.answered_at or objection.taken_at or objection.filed_at
    days = days_from(clock.local_day(began), calendar)
    if objection.state is State.FILED:
        return "answer_by", days.branch_answers_by
    if objection.state is State.ANSWERED:
        return "escalate_until", days.escalate_until
    return "decide_by", days.committee_answers_by
