"""What waits for somebody today, for an officer from all streams, and what is kept about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.home import system
from app.features.home.rules import APPROVED_SHOWN, PASSWORD_ACTIONS, RETURNED_SHOWN, ROWS_SHOWN
from app.features.members.actor import Actor
from app.features.members.models import AuditEntry, Member
from app.features.members.news import News, unread
from app.features.members.posts import proposals
from app.features.members.rules import Permission
from app.features.notices import queries as notices
from app.features.notices.queries import Shown
from app.features.notices.sources import DueLine
from app.features.reviews.kinds import kind_called
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.reviews.waiting import NOTHING_WAITS, Waiting, waiting
from app.features.stream import Queue
from app.features.streams import STREAMS

AnyRow = Row[*tuple[Any, ...]]
_Correction = aliased(Review)
_OWN: Final = (
    select(Review.id, Review.kind, Review.title, Review.detail, Review.occurred_on, Review.status, Review.reason)
    .where(
        Review.member_id == bindparam("me"),
        or_(
            Review.status == ReviewStatus.PENDING,
            and_(Review.status == ReviewStatus.APPROVED, Review.decided_at >= bindparam("approved_since")),
            and_(
                Review.status == ReviewStatus.RETURNED,
                Review.decided_at >= bindparam("returned_since"),
                ~exists().where(_Correction.corrects_id == Review.id, _Correction.status != ReviewStatus.WITHDRAWN),
            ),
        ),
    )
    .order_by(Review.submitted_at.desc(), Review.id)
)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What waits for one person."""

    decide: Waiting = NOTHING_WAITS
    """Records that wait for this officer."""
    to_second: int = 0
    """Changes of posts that wait for this person's word."""
    to_correct: Sequence[AnyRow] = ()
    """Own records that came back with a reason."""
    due: Sequence[DueLine] = ()
    """What the person is responsible for, and its day is near or has passed, or it is asked for now."""
    reminders: Sequence[Shown] = ()
    """What the person is reminded of and does not read among ``due`` anyway."""
    ahead: Sequence[DueLine] = ()
    """What comes after that: nothing to do yet but to know it."""
    waiting: Sequence[AnyRow] = ()
    """Own records that wait for an officer."""
    decided: Sequence[AnyRow] = ()
    """Own records that were approved of late."""
    news: Sequence[News] = ()
    """What others did to the person's account and posts, until it is read."""
    queues: Sequence[Queue] = ()
    """What waits in the branch for this person as an officer, besides decisions."""

    @property
    def own(self) -> int:
        """How many things there are to do that nobody else does."""
        return len(self.to_correct) + len(self.due) + len(self.reminders) + self.to_second

    @property
    def matters(self) -> int:
        """The number that the page's heading says, and the tab: records to decide and own things; else queues."""
        return self.decide.total + self.own or len(self.queues)


def today(session: Session, actor: Actor) -> Today:
    """What waits for the actor: a statement for each stream, and a few more for officers."""
    day, now = clock.today(), clock.now()
    since = {"returned_since": now - RETURNED_SHOWN, "approved_since": now - APPROVED_SHOWN}
    own = [
        row
        for row in session.execute(_OWN, {"me": actor.member_id, **since}).all()
        if kind_called(row.kind).is_own_doing
    ]
    to_correct = [row for row in own if row.status is ReviewStatus.RETURNED]
    shown_already = {row.kind for row in to_correct}
    lines = [line for line in due_lines(session, actor, day) if line.came_back not in shown_already]
    decides = actor.may(Permission.APPROVE) or actor.may(Permission.STAND_IN)
    return Today(
        decide=waiting(session, actor) if decides else NOTHING_WAITS,
        to_second=len(proposals.waiting(session, actor)),
        to_correct=to_correct,
        due=[line for line in lines if not line.is_ahead],
        reminders=[reminder for reminder in notices.shown(session, actor) if not reminder.is_listed],
        ahead=[line for line in lines if line.is_ahead],
        waiting=[row for row in own if row.status is ReviewStatus.PENDING],
        decided=[row for row in own if row.status is ReviewStatus.APPROVED],
        news=unread(session, actor),
        queues=[
            *(queue for stream in STREAMS for queue in stream.queues(session, actor, day)),
            *system.queue(session, actor, now),
        ],
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


class Desk(NamedTuple):
    """The page on which somebody with a permission begins."""

    needs: Permission
    label: LazyText
    words: LazyText
    address: str
    act: LazyText


DESKS: Final = (
    Desk(
        Permission.MANAGE_ALL_PEOPLE,
        _("People of all branches"),
        _("Accounts, posts, slips and the roster"),
        "/organisations",
        _("Look for a branch or somebody"),
    ),
    Desk(
        Permission.ADMINISTER_SYSTEM,
        _("This installation"),
        _("Backups, the nightly run and what has to be looked at"),
        "/system",
        _("Look how it stands"),
    ),
    Desk(
        Permission.AUDIT,
        _("Audit log"),
        _("Who did what, and whether log and ledger are whole"),
        "/audit",
        _("Open the log"),
    ),
    Desk(
        Permission.SEE_AGGREGATES,
        _("All branches"),
        _("What waits in each of them, by name"),
        "/organisations/board",
        _("Look at the branches"),
    ),
)
"""Who may the first of these begins there."""


def desk_of(actor: Actor) -> Desk | None:
    """The desk of the actor; ``None`` for whose work is in a branch."""
    return next((desk for desk in DESKS if actor.may(desk.needs)), None)


def due_lines(session: Session, actor: Actor, today: date) -> list[DueLine]:
    """What the actor has to do soon or is late with, the nearest first."""
    return sorted(
        line for stream in STREAMS for source in stream.reminders for line in source.lines(session, actor, today)
    )


def week_lines(session: Session, actor: Actor, today: date) -> list[str]:
    """What the coming days bring for the actor's branch, as sentences that everybody may read."""
    return [line for stream in STREAMS for line in stream.week(session, actor, today)]
