"""Asking for a leave, extending it, calling it off, closing it on return. Officers decide in the approval queue.

Whoever changes a leave holds its review first, then its row, then the ledger's heads; who asks, the member before all.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock, holidays
from app.core.errors import NotFoundError
from app.core.rows import locked, one, put_once, rowcount
from app.features.leave import life, queries, rules
from app.features.leave.errors import NotStandingError, OverlapsError, ReopenOverError, ReturnDayError
from app.features.leave.life import Approval, End, TripCheck
from app.features.leave.models import Leave
from app.features.leave.review_kind import LEAVE, detail_of
from app.features.leave.rules import LeaveType, Span
from app.features.leave.view import ShownLeave, dates_words
from app.features.members import leavers
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.reviews import restoring
from app.features.reviews import service as reviews
from app.features.reviews.kinds import followed
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import ReviewStatus

_LEAVES: Final = cast(Table, Leave.__table__)
_SAID: Final = (
    "leave", "first_on", "first_half", "last_on", "last_half", "destination", "stand_in", "approval", "approved_by",
    "extends_id",
)  # fmt: skip
_HELD_REVIEW: Final = locked(select(Review).where(Review.id == bindparam("leave")))
_HELD: Final = locked(select(Leave).where(Leave.id == bindparam("leave")))
_EXTENSIONS: Final = (
    select(Leave).join(Review, Review.id == Leave.id).where(Leave.extends_id == bindparam("leave")).order_by(Leave.id)
)
_WAITING: Final = _EXTENSIONS.where(Review.status == ReviewStatus.PENDING)
_CALLED_OFF: Final = (Leave.ended_as == End.CANCELLED, Leave.ended_on == bindparam("today"))
_GONE_WITH_IT: Final = _EXTENSIONS.where(Review.status == ReviewStatus.WITHDRAWN, *_CALLED_OFF)
"""Withdrawn when the leave ended; what was withdrawn by itself has no end of its own."""
_OF_LEAVERS: Final = (
    update(Leave)
    .where(Leave.member_id.in_(leavers.OF_LEAVERS), or_(Leave.destination.is_not(None), Leave.stand_in.is_not(None)))
    .values(destination=None, stand_in=None, checks=[])
    .execution_options(synchronize_session=False)
)


def ask(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    leave: LeaveType,
    span: Span,
    destination: str | None = None,
    stand_in: str | None = None,
    approval: Approval = Approval.ELSEWHERE,
    approved_by: str | None = None,
    member_id: UUID | None = None,
    corrects_id: UUID | None = None,
    extends_id: UUID | None = None,
) -> Review:
    """Ask for a leave, or for officers enter one of somebody of the branch; it waits for another officer's word.

    An extension keeps the kind and the first day of what it extends. What has ended when it is entered is closed with
    it. Twice is once.

    Raises:
        OverlapsError: it overlaps with another one of the member.
    """
    whose = _whose(session, actor, member_id)
    members.lock(session, whose.id)  # no second one of the member is asked for meanwhile
    now = clock.now()
    today, calendar = clock.local_day(now), holidays.calendar(session)
    extended = _extended(session, actor, extends_id, whose.id) if extends_id else None
    if extended:
        leave, span = extended.leave, Span(extended.first_on, span.last, extended.first_half, span.last_half)
    if session.get(Leave, id) is None:  # what came before is not judged by what has happened since
        life.check_place(destination)
        life.check_days(span, today=today, by_officer=actor.member_id != whose.id, calendar=calendar)
        if extended:
            if not extended.is_standing:
                raise NotStandingError(state=extended.state.label)
            life.check_extension(extended.span, span, now=now)
        _check_alone(session, whose.id, leave, span, besides={id, extends_id, corrects_id})
    has_ended = now >= span.ends
    row = {
        "id": id,
        "branch_id": whose.branch_id,
        "member_id": whose.id,
        "leave": leave,
        "first_on": span.first,
        "first_half": span.first_half,
        "last_on": span.last,
        "last_half": span.last_half,
        "destination": destination or None,
        "stand_in": stand_in or None,
        "approval": approval,
        "approved_by": (approved_by or None) if approval is Approval.ELSEWHERE else None,
        "extends_id": extends_id,
        "due_on": None,
        "ended_as": End.CLOSED if has_ended else None,
        "ended_on": today if has_ended else None,
        "ended_by_id": actor.member_id if has_ended else None,
        "returned_on": span.last if has_ended else None,
        "checks": [],
    }
    new = NewReview(
        id=id,
        kind=LEAVE.name,
        branch_id=whose.branch_id,
        member_id=whose.id,
        recorded_by_id=actor.member_id,
        title=str(leave.label),
        detail=detail_of(row, span, asked_at=now, days=rules.days_of(span, calendar)),
        occurred_on=span.first,
        submitted_at=now,
        corrects_id=corrects_id,
    )
    submitted = reviews.submit(session, [new])[0]
    put_once(session, _LEAVES, [row], said=_SAID)
    return submitted.review


def cancel(session: Session, actor: Actor, *, leave_id: UUID) -> None:
    """Call off what waits or has not begun: the member, or an officer of the branch. Twice is once."""
    held, row = _hold(session, actor, leave_id)
    if row.state is life.State.CANCELLED:
        return
    if not row.can_cancel:
        raise NotStandingError(state=row.state.label)
    if row.state is life.State.ASKED:
        _withdraw(session, [leave_id], row.member_id)
        return
    _end(session, actor, held, End.CANCELLED)


def close(session: Session, actor: Actor, *, leave_id: UUID, returned_on: date | None = None) -> End:
    """Say that somebody is back: the member, or an officer for the member. Twice is once.

    Without a day it is today, at most the last day: closing late is not coming back late, that somebody has to say.
    What has not begun is cancelled by it.

    Raises:
        NotStandingError: it waits, was returned, extended or cancelled.
        ReturnDayError: the day lies before the leave or in the future.
    """
    held, row = _hold(session, actor, leave_id)
    if row.state is life.State.CLOSED:
        return End.CLOSED
    if row.state in {life.State.APPROVED, life.State.KNOWN}:
        _end(session, actor, held, End.CANCELLED)
        return End.CANCELLED
    if not row.can_close:
        raise NotStandingError(state=row.state.label)
    returned_on = returned_on or min(row.today, row.last_on)
    if not row.first_on <= returned_on <= row.today:
        raise ReturnDayError
    _end(session, actor, held, End.CLOSED, returned_on=returned_on)
    followed(session, LEAVE.name, [leave_id], actor.member_id)
    return End.CLOSED


def reopen(session: Session, actor: Actor, *, leave_id: UUID) -> bool:
    """Take back a closing that was a slip: who closed it, on the same day. Twice is once.

    An extension that went with it waits again while ``reviews.restoring`` lets it. Gives whether one stays withdrawn.

    Raises:
        ReopenOverError: another day, or somebody else closed it.
        OverlapsError: another leave has taken days of it, or of its extension, meanwhile.
    """
    members.lock(session, queries.card(session, actor, leave_id).member_id)
    held, row = _hold(session, actor, leave_id)
    if row.is_standing:
        return False
    if row.state is not life.State.CLOSED or (held.ended_on, held.ended_by_id) != (row.today, actor.member_id):
        raise ReopenOverError
    _check_alone(session, row.member_id, row.leave, row.span, besides={leave_id})
    held.ended_as = held.ended_on = held.ended_by_id = held.returned_on = None
    gone = {longer.id: longer for longer in session.scalars(_GONE_WITH_IT, {"leave": leave_id, "today": row.today})}
    stays = {refused.id for refused in restoring.restore(session, gone, kind=LEAVE.name, by_id=row.member_id)}
    for longer in [gone[name] for name in gone.keys() - stays]:
        span = Span(longer.first_on, longer.last_on, longer.first_half, longer.last_half)
        _check_alone(session, row.member_id, longer.leave, span, besides={longer.id, leave_id})
        longer.ended_as = longer.ended_on = longer.ended_by_id = None
    session.flush()
    followed(session, LEAVE.name, [leave_id], actor.member_id)
    return bool(stays)


def tick(session: Session, actor: Actor, *, leave_id: UUID, checks: Collection[TripCheck]) -> None:
    """Tick what was looked through before a trip of one's own. It is never a fact."""
    held, row = _hold(session, actor, leave_id)
    if row.member_id != actor.member_id:
        raise NotFoundError
    if not row.has_list:
        raise NotStandingError(state=row.state.label)
    held.checks = [check.value for check in TripCheck if check in checks]
    session.flush()


def forget_leavers(session: Session, now: datetime) -> int:
    """Erase where those who left long ago went and who stood in for them; kind and days stay. Gives how many leaves."""
    result = session.execute(_OF_LEAVERS, {"before": leavers.gone_before(now)})
    return rowcount(result)


def hold(session: Session, leave_id: UUID) -> Leave:
    """A leave that nobody else changes or decides on meanwhile, whoever asks."""
    one(session, _HELD_REVIEW, {"leave": leave_id})
    return one(session, _HELD, {"leave": leave_id})


def _hold(session: Session, actor: Actor, leave_id: UUID) -> tuple[Leave, ShownLeave]:
    """The same for its member or an officer of the branch, and how it stands by then."""
    seen = queries.card(session, actor, leave_id)
    if seen.member_id != actor.member_id and not queries.is_officer(actor, seen):
        raise NotFoundError
    held = hold(session, leave_id)
    return held, queries.card(session, actor, leave_id)


def _end(session: Session, actor: Actor, held: Leave, end: End, *, returned_on: date | None = None) -> None:
    held.ended_as, held.ended_on, held.ended_by_id = end, clock.today(), actor.member_id
    held.returned_on = returned_on
    session.flush()
    waiting = session.scalars(_WAITING, {"leave": held.id}).all()
    _withdraw(session, [longer.id for longer in waiting], held.member_id)
    for longer in waiting:
        longer.ended_as, longer.ended_on, longer.ended_by_id = End.CANCELLED, held.ended_on, actor.member_id
    session.flush()


def _withdraw(session: Session, ids: Collection[UUID], member_id: UUID) -> None:
    for refused in reviews.withdraw(session, ids, by_id=member_id):
        raise refused.error


def _whose(session: Session, actor: Actor, member_id: UUID | None) -> members.AnyRow:
    if member_id is None or member_id == actor.member_id:
        return members.member_card(session, actor.member_id)
    if not actor.may(Permission.RECORD_FOR_OTHERS):
        raise NotFoundError
    whose = members.colleague(session, actor, member_id)
    if whose.left_on is not None and whose.left_on <= clock.today():
        raise NotFoundError
    return whose


def _extended(session: Session, actor: Actor, leave_id: UUID, member_id: UUID) -> ShownLeave:
    hold(session, leave_id)
    found = queries.card(session, actor, leave_id)
    if found.member_id != member_id:
        raise NotFoundError
    return found


def _check_alone(
    session: Session, member_id: UUID, leave: LeaveType, span: Span, *, besides: Collection[UUID | None]
) -> None:
    """Let days pass that are the member's only ones, or lie in a secondment or a training; of a leave one extension.

    Raises:
        OverlapsError: they overlap with another one, which it names.
    """
    for other in queries.around(session, [member_id], span.first, span.last).get(member_id, ()):
        fits = rules.may_stand_beside(leave, span, other.leave, other.taken)
        if other.id not in besides and (not fits or (other.extends_id and other.extends_id in besides)):
            raise OverlapsError(leave=other.leave.label, days=dates_words(other.taken))
