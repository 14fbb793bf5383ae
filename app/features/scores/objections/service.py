"""What is done with an objection: taking up, answering, accepting, taking further, deciding, each with its day."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock, holidays
from app.core.i18n import gettext as _
from app.core.rows import locked, one
from app.core.words import Word
from app.core.workdays import Calendar
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.scores.objections import queries, rules
from app.features.scores.objections.corrections import SignedWords, correct
from app.features.scores.objections.deciders import check_answers
from app.features.scores.objections.models import Objection

_LOCKED: Final = locked(select(Objection).where(Objection.id == bindparam("objection")))
_LOCKED_OWN: Final = locked(
    select(Objection).where(Objection.id == bindparam("objection"), Objection.member_id == bindparam("me"))
)

_TODAY: Final = bindparam("today", type_=Objection.answer_by.type)
_MAY_MOVE: Final = locked(
    select(Objection)
    .where(
        or_(
            and_(Objection.state == rules.State.FILED, Objection.answer_by >= _TODAY),
            and_(Objection.state == rules.State.ANSWERED, Objection.escalate_until >= _TODAY),
            and_(Objection.state == rules.State.ESCALATED, Objection.decide_by >= _TODAY),
        )
    )
    .order_by(Objection.id)
)


def withdraw(session: Session, actor: Actor, objection_id: UUID) -> None:
    """Withdraw it, as long as nobody has answered. Twice is once."""
    objection = one(session, _LOCKED_OWN, {"objection": objection_id, "me": actor.member_id})
    if objection.state is not rules.State.WITHDRAWN:
        objection.state, objection.ended_at = rules.LIFE.after(objection.state, rules.Step.WITHDRAW), clock.now()
        session.flush()


def take_up(session: Session, actor: Actor, objection_id: UUID, *, taken: bool, because: str) -> None:
    """Take a late one up, which gives it its days, or say why not.

    Raises:
        NoReasonsError: it is not taken up, and nothing says why.
    """
    objection = _held(session, actor, objection_id)
    state = _word(session, actor, objection, rules.Step.TAKE_UP if taken else rules.Step.DECLINE)
    if not (taken or because):
        raise rules.NoReasonsError
    objection.state = state
    objection.taken_by_id, objection.taken_at = actor.member_id, clock.now()
    if taken:
        objection.answer_by = rules.days_from(clock.today(), holidays.calendar(session)).branch_answers_by
    else:
        objection.declined_because = because
    _note(session, actor, objection, AuditAction.OBJECTION_TAKEN, objection.state)


def answer(session: Session, actor: Actor, objection_id: UUID, said: SignedWords) -> None:
    """Answer it with reasons; what is upheld is corrected in the ledger at once. The same words twice are one."""
    objection = _held(session, actor, objection_id)
    before = objection.answered_by_id, objection.outcome, objection.reasons
    if before == (actor.member_id, said.outcome, said.reasons):
        return
    state = _word(session, actor, objection, rules.Step.ANSWER)
    correct(session, actor, objection, said, stage="answer")
    objection.state, objection.outcome, objection.reasons = state, said.outcome, said.reasons
    objection.answered_by_id, objection.answered_at = actor.member_id, clock.now()
    objection.escalate_until = rules.days_from(clock.today(), holidays.calendar(session)).escalate_until
    _note(session, actor, objection, AuditAction.OBJECTION_ANSWERED, said.outcome)


def accept(session: Session, actor: Actor, objection_id: UUID) -> None:
    """Accept the answer. Twice is once."""
    objection = one(session, _LOCKED_OWN, {"objection": objection_id, "me": actor.member_id})
    if objection.state is not rules.State.ACCEPTED:
        objection.state, objection.ended_at = rules.LIFE.after(objection.state, rules.Step.ACCEPT), clock.now()
        session.flush()


def escalate(session: Session, actor: Actor, objection_id: UUID) -> None:
    """Take it further: an answer up to its last day, a silent branch at once. Twice is once."""
    objection = one(session, _LOCKED_OWN, {"objection": objection_id, "me": actor.member_id})
    if objection.state is rules.State.ESCALATED:
        return
    today, state = clock.today(), rules.LIFE.after(objection.state, rules.Step.ESCALATE)
    rules.check_escalation(today, answer_by=objection.answer_by or today, escalate_until=objection.escalate_until)
    objection.state, objection.escalated_at = state, clock.now()
    objection.decide_by = rules.days_from(today, holidays.calendar(session)).committee_answers_by
    session.flush()


def decide(session: Session, actor: Actor, objection_id: UUID, said: SignedWords) -> None:
    """Decide for good, as the committee. The same words twice are one decision."""
    objection = _held(session, actor, objection_id)
    before = objection.decided_by_id, objection.decision, objection.decision_reasons
    if before == (actor.member_id, said.outcome, said.reasons):
        return
    state = _word(session, actor, objection, rules.Step.DECIDE)
    correct(session, actor, objection, said, stage="decision")
    objection.state, objection.decision, objection.decision_reasons = state, said.outcome, said.reasons
    objection.decided_by_id, objection.decided_at = actor.member_id, clock.now()
    _note(session, actor, objection, AuditAction.OBJECTION_DECIDED, said.outcome)


def _held(session: Session, actor: Actor, objection_id: UUID) -> Objection:
    queries.shown(session, actor, objection_id)
    return one(session, _LOCKED, {"objection": objection_id})


def _word(session: Session, actor: Actor, objection: Objection, step: rules.Step) -> rules.State:
    """Where ``step`` leads, for the actor who has the word."""
    state = rules.LIFE.after(objection.state, step)
    check_answers(session, actor, objection.id)
    return state


def _note(session: Session, actor: Actor, objection: Objection, action: AuditAction, what: Word) -> None:
    """Into the log goes which one and what came of it, never whose it is."""
    session.flush()
    about = audit.Subject(
        f"{_('Objection')} {rules.called(objection.year, objection.number)}", objection.id, objection.branch_id
    )
    audit.record(session, actor.member_id, action, about, audit.changed({}, {"outcome": what.value}))


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
    days = rules.days_from(clock.local_day(began), calendar)
    if objection.state is rules.State.FILED:
        return "answer_by", days.branch_answers_by
    if objection.state is rules.State.ANSWERED:
        return "escalate_until", days.escalate_until
    return "decide_by", days.committee_answers_by
