"""An officer's word on what was missed: never the system's. What is confirmed is a fact, what is taken back no longer.

Who decides on the leave decides here: officers of the branch, never about themselves, and who stands in for them.
"""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import AppError, NotFoundError
from app.core.i18n import lazy_gettext as _
from app.core.rows import locked, one
from app.features.leave import errors, queries
from app.features.leave.life import YEAR, Finding, LeaveDecision
from app.features.leave.models import LeaveFinding
from app.features.leave.service import hold
from app.features.leave.view import ShownLeave, dates_words
from app.features.ledger import service as ledger
from app.features.ledger.fact_sources import FactSource
from app.features.ledger.new_facts import NewFact
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission
from app.features.reviews import deciders
from app.features.reviews.models import Review

WORDS: Final = FactSource(
    name="leave",
    label=_("Leave"),
    found_at="/leave/findings/{id}",
    fact_types=tuple(finding.fact_type for finding in Finding),
)
_MINE_TO_DECIDE: Final = {
    stands_in: select(Review).where(Review.id == bindparam("leave"), scope)
    for stands_in, scope in ((False, deciders.IN_BRANCH), (True, deciders.IN_SCOPE))
}
_STANDING: Final = select(LeaveFinding).where(LeaveFinding.taken_back_at.is_(None))
_OF_LEAVE: Final = _STANDING.where(
    LeaveFinding.leave_id == bindparam("leave"),
    LeaveFinding.finding == bindparam("finding", type_=LeaveFinding.finding.type),
)
_HELD: Final = locked(select(LeaveFinding).where(LeaveFinding.id == bindparam("finding")))
_TAKEN: Final = {
    "uq_leave_findings_one_stands": errors.SaidAlreadyError,
    "uq_leave_findings_one_a_day": errors.SaidAlreadyError,
}


def decides(session: Session, actor: Actor, leave: ShownLeave) -> bool:
    """Whether the actor says what counts about this leave."""
    try:
        _check_decides(session, actor, leave.id, leave.member_id)
    except AppError:
        return False
    return True


def say(session: Session, actor: Actor, *, leave_id: UUID, finding: Finding, verdict: LeaveDecision) -> UUID:
    """Confirm or waive that a leave was not closed in time, or say that somebody was back late without a reason.

    Twice is once.
    """
    seen = queries.card(session, actor, leave_id)
    _check_decides(session, actor, leave_id, seen.member_id)
    hold(session, leave_id)
    leave = queries.card(session, actor, leave_id)
    there = session.scalars(_OF_LEAVE, {"leave": leave_id, "finding": finding}).one_or_none()
    if there is not None:
        if (there.said_by_id, there.verdict) == (actor.member_id, verdict):
            return there.id
        raise errors.SaidAlreadyError
    if leave.due_on is None or finding is Finding.UNREPORTED:
        raise errors.NotDueError
    if finding is Finding.UNCLOSED:
        if not leave.is_missed:
            raise errors.NotDueError
        day = leave.due_on
    else:
        if not leave.late_days:
            raise errors.NotLateBackError
        day, verdict = leave.last_on + timedelta(days=1), LeaveDecision.CONFIRMED
    word = LeaveFinding(
        branch_id=leave.branch_id,
        member_id=leave.member_id,
        leave_id=leave_id,
        finding=finding,
        verdict=verdict,
        occurred_on=day,
        said_by_id=actor.member_id,
    )
    return _write(session, word, note=dates_words(leave.span))


def say_unreported(session: Session, actor: Actor, *, id: UUID, member_id: UUID, day: date) -> UUID:  # noqa: A002
    """Say that somebody of the branch was away on a day and had not reported it. Twice is once.

    Raises:
        DayNotPastError: a day that has not passed, or more than a year ago.
        ReportedError: the day lies in a leave of the member.
    """
    if not actor.may(Permission.APPROVE):
        raise NotFoundError
    if member_id == actor.member_id:
        raise errors.OwnLeaveError
    whose = members.colleague(session, actor, member_id)
    if whose.left_on is not None and whose.left_on <= day:
        raise NotFoundError
    members.lock(session, member_id)
    if there := session.get(LeaveFinding, id):
        if (there.member_id, there.occurred_on, there.said_by_id) == (member_id, day, actor.member_id):
            return id
        raise errors.SaidAlreadyError
    if not clock.today() - YEAR < day < clock.today():
        raise errors.DayNotPastError
    for leave in queries.around(session, [member_id], day, day).get(member_id, ()):
        raise errors.ReportedError(leave=leave.leave.label, days=dates_words(leave.taken))
    word = LeaveFinding(
        id=id,
        branch_id=whose.branch_id,
        member_id=member_id,
        finding=Finding.UNREPORTED,
        verdict=LeaveDecision.CONFIRMED,
        occurred_on=day,
        said_by_id=actor.member_id,
    )
    return _write(session, word)


def take_back(session: Session, actor: Actor, *, finding_id: UUID) -> None:
    """Take back what was said: its fact is reversed, and the question is open again. Twice is once."""
    seen = queries.finding(session, actor, finding_id)
    _check_may_take_back(session, actor, seen.leave_id, seen.member_id)
    if seen.leave_id:
        hold(session, seen.leave_id)
    word = one(session, _HELD, {"finding": finding_id})
    if word.taken_back_at is not None:
        return
    word.taken_back_at, word.taken_back_by_id = clock.now(), actor.member_id
    session.flush()
    posted = [fact.id for fact in ledger.facts_of(session, WORDS.name, [str(finding_id)])]
    ledger.reverse(session, posted, recorded_by_id=actor.member_id)


def may_take_back(session: Session, actor: Actor, word: AnyRow) -> bool:
    """Whether the actor takes back what was said."""
    try:
        _check_may_take_back(session, actor, word.leave_id, word.member_id)
    except AppError:
        return False
    return True


def _check_may_take_back(session: Session, actor: Actor, leave_id: UUID | None, member_id: UUID) -> None:
    if leave_id:
        _check_decides(session, actor, leave_id, member_id)
    elif member_id == actor.member_id:
        raise errors.OwnLeaveError
    elif not actor.may(Permission.APPROVE):
        raise NotFoundError


def _check_decides(session: Session, actor: Actor, leave_id: UUID, member_id: UUID) -> None:
    """Let pass who decides on this leave by the rules that all reviews have."""
    if member_id == actor.member_id:
        raise errors.OwnLeaveError
    if not (actor.may(Permission.APPROVE) or actor.may(Permission.STAND_IN)):
        raise NotFoundError
    statement = _MINE_TO_DECIDE[actor.may(Permission.STAND_IN)]
    review = one(session, statement, {"leave": leave_id, **deciders.scope(actor)})
    for refusal in deciders.barred(session, actor, [review]).values():
        raise refusal


def _write(session: Session, word: LeaveFinding, *, note: str = "") -> UUID:
    with refusing(session, _TAKEN):
        session.add(word)
    if word.verdict is LeaveDecision.CONFIRMED:
        ledger.append(
            session,
            [
                NewFact(
                    branch_id=word.branch_id,
                    member_id=word.member_id,
                    fact_type=word.finding.fact_type,
                    occurred_on=word.occurred_on,
                    source=WORDS.name,
                    source_id=str(word.id),
                    recorded_by_id=word.said_by_id,
                    confirmed_by_id=word.said_by_id,
                    note=note,
                )
            ],
        )
    return word.id
