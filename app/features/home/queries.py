"""What waits for somebody today, and what is kept about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.features.home.due import due_lines
from app.features.home.rules import PASSWORD_ACTIONS, RETURNED_SHOWN, ROWS_SHOWN
from app.features.members.actor import Actor
from app.features.members.models import AuditEntry, Member
from app.features.members.news import News, unread
from app.features.members.posts import proposals
from app.features.members.rules import Permission
from app.features.notices import queries as notices
from app.features.notices.queries import Shown
from app.features.notices.sources import DueLine
from app.features.reviews import deciders
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

AnyRow = Row[*tuple[Any, ...]]
_Correction = aliased(Review)
_OWN: Final = (
    select(Review.id, Review.kind, Review.title, Review.detail, Review.occurred_on, Review.status, Review.reason)
    .where(
        Review.member_id == bindparam("me"),
        or_(
            Review.status == ReviewStatus.PENDING,
            and_(
                Review.status == ReviewStatus.RETURNED,
                Review.decided_at >= bindparam("since"),
                ~exists().where(_Correction.corrects_id == Review.id, _Correction.status != ReviewStatus.WITHDRAWN),
            ),
        ),
    )
    .order_by(Review.submitted_at.desc(), Review.id)
)
_WAITING: Final = (
    select(Review.kind, func.count(Review.id).label("number"))
    .where(
        Review.status == ReviewStatus.PENDING,
        Review.member_id != bindparam("me"),
        Review.recorded_by_id != bindparam("me"),
    )
    .group_by(Review.kind)
    .order_by(Review.kind)
)
_TO_DECIDE: Final = {False: _WAITING.where(deciders.IN_BRANCH), True: _WAITING.where(deciders.IN_SCOPE)}
"""By whether the actor stands in for officers of other branches."""
_Decider, _Recorder, _Changer = aliased(Member), aliased(Member), aliased(Member)
_RECORDS: Final = (
    select(
        Review.id,
        Review.title,
        Review.occurred_on,
        Review.submitted_at,
        _Recorder.name.label("recorded_by"),
        Review.status,
        _Decider.name.label("decided_by"),
        Review.decided_at,
        Review.reason,
    )
    .join(_Recorder, _Recorder.id == Review.recorded_by_id)
    .outerjoin(_Decider, _Decider.id == Review.decided_by_id)
    .where(Review.member_id == bindparam("me"))
    .order_by(Review.submitted_at, Review.id)
)
_CHANGES: Final = (
    select(AuditEntry.at, AuditEntry.action, _Changer.name.label("actor"), AuditEntry.changes)
    .outerjoin(_Changer, _Changer.id == AuditEntry.actor_id)
    .where(AuditEntry.subject_id == bindparam("me"))
    .order_by(AuditEntry.id)
)
_PASSWORDS: Final = (
    select(AuditEntry.at, AuditEntry.action, _Changer.name.label("actor"))
    .outerjoin(_Changer, _Changer.id == AuditEntry.actor_id)
    .where(AuditEntry.subject_id == bindparam("me"), AuditEntry.action.in_(sorted(PASSWORD_ACTIONS)))
    .order_by(AuditEntry.id.desc())
    .limit(ROWS_SHOWN)
)


@dataclass(frozen=True, slots=True)
class Today:
    """What waits for one person."""

    to_decide: Mapping[str, int]
    """Records that wait for this officer, by kind."""
    to_correct: Sequence[AnyRow]
    """Own records that came back with a reason."""
    waiting: Sequence[AnyRow]
    """Own records that wait for an officer: nothing to do here but to know it."""
    due: Sequence[DueLine]
    """What the person is responsible for, and its day is near or has passed."""
    reminders: Sequence[Shown]
    """What the person is reminded of and does not read among ``due`` anyway."""
    news: Sequence[News]
    """What others did to the person's account and posts, until it is read."""
    to_second: int
    """Changes of posts that wait for this person's word."""

    @property
    def matters(self) -> int:
        """How many things there are to do. A queue is one thing however long it is."""
        return len(self.to_correct) + bool(self.to_decide) + len(self.due) + len(self.reminders) + bool(self.to_second)


def today(session: Session, actor: Actor) -> Today:
    """What waits for the actor: a statement for each stream, and one more for officers."""
    own = session.execute(_OWN, {"me": actor.member_id, "since": clock.now() - RETURNED_SHOWN}).all()
    to_decide: dict[str, int] = {}
    if actor.may(Permission.APPROVE) or actor.may(Permission.STAND_IN):
        statement = _TO_DECIDE[actor.may(Permission.STAND_IN)]
        rows = session.execute(statement, {"me": actor.member_id, **deciders.scope(actor)})
        to_decide = {row.kind: row.number for row in rows}
    to_correct = [row for row in own if row.status is ReviewStatus.RETURNED]
    lines = due_lines(session, actor, clock.today())
    return Today(
        to_decide=to_decide,
        to_correct=to_correct,
        waiting=[row for row in own if row.status is ReviewStatus.PENDING],
        due=[line for line in lines if line.came_back not in {row.kind for row in to_correct}],
        reminders=[reminder for reminder in notices.shown(session, actor) if not reminder.is_listed],
        news=unread(session, actor),
        to_second=len(proposals.waiting(session, actor)),
    )


def own_records(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """Everything of the actor's that was ever handed in for a decision."""
    return session.execute(_RECORDS, {"me": actor.member_id}).all()


def changes_to_own_data(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """What officers and the actor changed about the actor."""
    return session.execute(_CHANGES, {"me": actor.member_id}).all()


def password_history(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """The last that was done about the actor's password, and by whom; a slip one did not ask for shows here."""
    return session.execute(_PASSWORDS, {"me": actor.member_id}).all()
