"""What pages and colleagues' rooms read of leaves. Lists of people go by group and pinyin, never by a number."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, case, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock, holidays
from app.core.errors import NotFoundError
from app.core.rows import IDS, one_row
from app.features.leave.life import End, Finding
from app.features.leave.models import Leave, LeaveFinding
from app.features.leave.rules import Away
from app.features.leave.view import ShownLeave
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission
from app.features.reviews import deciders
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

AHEAD: Final = timedelta(days=14)
"""How far ahead officers see who will be away."""
_Recorder, _Decider, _Ender = aliased(Member), aliased(Member), aliased(Member)
_Longer, _LongerReview, _Correction = aliased(Leave), aliased(Review), aliased(Review)
_IS_EXTENDED: Final = exists().where(
    _Longer.extends_id == Leave.id, _LongerReview.id == _Longer.id, _LongerReview.status == ReviewStatus.APPROVED
)
_WAITING_EXTENSION: Final = (
    select(_Longer.id)
    .join(_LongerReview, _LongerReview.id == _Longer.id)
    .where(_Longer.extends_id == Leave.id, _LongerReview.status == ReviewStatus.PENDING)
    .limit(1)
    .scalar_subquery()
)
LIST: Final = (
    select(
        Leave.id,
        Leave.branch_id,
        Leave.member_id,
        Member.branch_id.label("home_id"),
        Member.name,
        Leave.leave,
        Leave.first_on,
        Leave.first_half,
        Leave.last_on,
        Leave.last_half,
        Leave.destination,
        Leave.stand_in,
        Leave.approval,
        Leave.approved_by,
        Leave.extends_id,
        Leave.due_on,
        Leave.ended_as,
        Leave.ended_on,
        Leave.returned_on,
        Leave.checks,
        Review.status,
        Review.reason,
        Review.submitted_at.label("asked_at"),
        case((Review.recorded_by_id != Review.member_id, _Recorder.name)).label("entered_by"),
        _Decider.name.label("decided_by"),
        Review.decided_at,
        _Ender.name.label("ended_by"),
        exists()
        .where(_Correction.corrects_id == Leave.id, _Correction.status != ReviewStatus.WITHDRAWN)
        .label("is_corrected"),
        _IS_EXTENDED.label("is_extended"),
        _WAITING_EXTENSION.label("extension_id"),
    )
    .join(Review, Review.id == Leave.id)
    .join(Member, Member.id == Leave.member_id)
    .join(_Recorder, _Recorder.id == Review.recorded_by_id)
    .outerjoin(_Decider, _Decider.id == Review.decided_by_id)
    .outerjoin(_Ender, _Ender.id == Leave.ended_by_id)
)
_OF_IDS: Final = LIST.where(Leave.id.in_(IDS)).order_by(Leave.id)
_NEWEST_FIRST: Final = (Leave.first_on.desc(), Leave.id.desc())
_OWN: Final = LIST.where(Leave.member_id == bindparam("me")).order_by(*_NEWEST_FIRST)
_SIGHTS: Final = {
    stands_in: or_(
        Leave.member_id == bindparam("me", type_=Uuid()),
        Leave.branch_id == bindparam("sees", type_=Uuid()),
        Member.branch_id == bindparam("sees", type_=Uuid()),  # to which the member has moved since
        *((deciders.STANDS_IN,) if stands_in else ()),
    )
    for stands_in in (False, True)
}
_ONE: Final = {stands_in: LIST.where(Leave.id == bindparam("leave"), sight) for stands_in, sight in _SIGHTS.items()}
"""By whether the actor stands in for officers elsewhere."""
STANDS: Final = and_(
    Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
    or_(Leave.ended_as.is_(None), Leave.ended_as != End.CANCELLED),
    ~_IS_EXTENDED,
)
"""Whether its days are taken: asked for or decided, and no longer one has their place."""
_AROUND: Final = LIST.where(
    STANDS, Leave.member_id.in_(IDS), Leave.first_on <= bindparam("until"), Leave.last_on >= bindparam("since")
).order_by(Leave.first_on, Leave.id)
_NOW: Final = and_(
    STANDS,
    Leave.ended_as.is_(None),
    or_(Leave.last_on >= bindparam("since"), Review.status == ReviewStatus.APPROVED),
    Leave.first_on <= bindparam("until"),
)
_BRANCH: Final = LIST.where(Member.branch_id == bindparam("branch"), _NOW).order_by(Leave.first_on, Leave.id)
_OF_MEMBER: Final = LIST.where(Leave.member_id == bindparam("member"), _SIGHTS[False], _NOW).order_by(
    Leave.first_on, Leave.id
)
_Missed = aliased(Leave)
_CANDIDATES: Final = select(_Missed.id).where(
    _Missed.due_on.between(bindparam("since"), bindparam("yesterday")),
    or_(_Missed.ended_as.is_(None), _Missed.ended_on > _Missed.due_on),
)
"""Found by an index of their own before anybody asks whose they are: few."""
_MISSED: Final = LIST.where(
    Review.status == ReviewStatus.APPROVED,
    or_(Leave.ended_as.is_(None), Leave.ended_as == End.CLOSED),
    ~_IS_EXTENDED,
    ~exists().where(
        LeaveFinding.leave_id == Leave.id,
        LeaveFinding.finding == Finding.UNCLOSED,
        LeaveFinding.taken_back_at.is_(None),
    ),
    Leave.member_id != bindparam("me", type_=Uuid()),
    or_(Member.left_on.is_(None), Member.left_on > Leave.due_on),  # who had left could not close it
).order_by(Member.pinyin, Member.id, Leave.id)
_MISSED_BY_SCOPE: Final = {
    False: _MISSED.where(
        Leave.id.in_(_CANDIDATES.where(_Missed.branch_id == bindparam("officer_of", type_=Uuid()))), deciders.IN_BRANCH
    ),
    True: _MISSED.where(Leave.id.in_(_CANDIDATES), deciders.IN_SCOPE),
}
_Sayer, _Taker = aliased(Member), aliased(Member)
_FINDINGS: Final = (
    select(
        LeaveFinding.id,
        LeaveFinding.branch_id,
        LeaveFinding.member_id,
        Member.name,
        LeaveFinding.leave_id,
        LeaveFinding.finding,
        LeaveFinding.verdict,
        LeaveFinding.occurred_on,
        _Sayer.name.label("said_by"),
        LeaveFinding.said_at,
        _Taker.name.label("taken_back_by"),
        LeaveFinding.taken_back_at,
    )
    .join(Member, Member.id == LeaveFinding.member_id)
    .join(_Sayer, _Sayer.id == LeaveFinding.said_by_id)
    .outerjoin(_Taker, _Taker.id == LeaveFinding.taken_back_by_id)
    .order_by(LeaveFinding.id)
)
_FINDING: Final = _FINDINGS.where(LeaveFinding.id == bindparam("finding"))
_OF_LEAVE: Final = _FINDINGS.where(LeaveFinding.leave_id == bindparam("leave"))
_UNREPORTED: Final = _FINDINGS.where(LeaveFinding.leave_id.is_(None), LeaveFinding.occurred_on >= bindparam("since"))
_UNREPORTED_OWN: Final = _UNREPORTED.where(LeaveFinding.member_id == bindparam("me"))
_UNREPORTED_BRANCH: Final = _UNREPORTED.where(LeaveFinding.branch_id == bindparam("branch"))


def shown(session: Session, rows: Sequence[AnyRow]) -> list[ShownLeave]:
    """Rows of ``LIST`` as they stand now, their days counted with the lists of days off that are loaded."""
    if not rows:
        return []
    now, calendar = clock.now(), holidays.calendar(session)
    values: list[tuple[Any, ...]] = [(*row, now, clock.local_day(now), calendar) for row in rows]
    return [ShownLeave(*columns) for columns in values]


def mine(session: Session, actor: Actor) -> list[ShownLeave]:
    """The actor's own, the newest first."""
    return shown(session, session.execute(_OWN, {"me": actor.member_id}).all())


def card(session: Session, actor: Actor, leave_id: UUID) -> ShownLeave:
    """One for its member, the officers of its branch and of the member's, and who stands in for them."""
    stands_in = actor.may(Permission.STAND_IN)
    asked = {"leave": leave_id, **_sight(actor), **(deciders.scope(actor) if stands_in else {})}
    return shown(session, [one_row(session, _ONE[stands_in], asked)])[0]


def by_ids(session: Session, ids: Collection[UUID]) -> list[ShownLeave]:
    """These, whoever asks: one statement."""
    return shown(session, session.execute(_OF_IDS, {"ids": sorted(ids)}).all())


def is_officer(actor: Actor, leave: ShownLeave) -> bool:
    """Whether the actor acts for the member of this leave: an officer of the branch in which the member is now."""
    return actor.branch_id == leave.home_id and actor.may(Permission.APPROVE)


def around(
    session: Session, member_ids: Collection[UUID], since: date, until: date
) -> Mapping[UUID, Sequence[ShownLeave]]:
    """What these members have asked for or been given that touches these days: one statement, whoever asks."""
    found: dict[UUID, list[ShownLeave]] = defaultdict(list)
    asked = {"ids": sorted(member_ids), "since": since, "until": until}
    for leave in shown(session, session.execute(_AROUND, asked).all()):
        found[leave.member_id].append(leave)
    return found


def away(session: Session, member_ids: Collection[UUID], day: date) -> Mapping[UUID, Sequence[Away]]:
    """The same of one day as ``rules.covers`` takes it: attendance asks."""
    found = around(session, member_ids, day, day)
    return {member_id: [leave.away for leave in leaves] for member_id, leaves in found.items()}


def of_branch(session: Session, branch_id: UUID, today: date) -> list[ShownLeave]:
    """Who is away, soon will be, or has not said to be back. For callers that know the branch is theirs."""
    asked = {"branch": branch_id, "since": today, "until": today + AHEAD}
    return shown(session, session.execute(_BRANCH, asked).all())


def said_of(session: Session, actor: Actor, member_id: UUID) -> list[ShownLeave]:
    """What somebody is on now, soon will be, or has not closed, for the member and the officers of the branch."""
    asked = {"member": member_id, "since": clock.today(), "until": clock.today() + AHEAD, **_sight(actor)}
    return shown(session, session.execute(_OF_MEMBER, asked).all())


def missed(session: Session, actor: Actor, today: date) -> list[ShownLeave]:
    """What was not closed in time and nobody has confirmed or waived, as far as the actor decides on it."""
    if not (actor.may(Permission.APPROVE) or actor.may(Permission.STAND_IN)):
        return []
    days = {"since": date(today.year - 1, 1, 1), "yesterday": today - timedelta(days=1)}
    asked = {"me": actor.member_id, **days, **deciders.scope(actor)}
    rows = shown(session, session.execute(_MISSED_BY_SCOPE[actor.may(Permission.STAND_IN)], asked).all())
    return [leave for leave in rows if leave.is_missed]


def finding(session: Session, actor: Actor, finding_id: UUID) -> AnyRow:
    """What was said, for whoever sees the leave; of a day without a report, the person and officers of the branch."""
    found = one_row(session, _FINDING, {"finding": finding_id})
    sight = _sight(actor)
    if found.leave_id:
        card(session, actor, found.leave_id)
    elif found.member_id != sight["me"] and found.branch_id != sight["sees"]:
        raise NotFoundError
    return found


def findings_of(session: Session, leave_id: UUID) -> Sequence[AnyRow]:
    """What was said about a leave, oldest first. For callers that know they may read it."""
    return session.execute(_OF_LEAVE, {"leave": leave_id}).all()


def own_unreported(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """Days without a report that officers named for the actor, in this year and the one before."""
    return session.execute(_UNREPORTED_OWN, {"me": actor.member_id, "since": _since()}).all()


def unreported_in(session: Session, branch_id: UUID) -> Sequence[AnyRow]:
    """The same for a branch. For callers that know the branch is theirs."""
    return session.execute(_UNREPORTED_BRANCH, {"branch": branch_id, "since": _since()}).all()


def _since() -> date:
    return date(clock.today().year - 1, 1, 1)


def _sight(actor: Actor) -> dict[str, Any]:
    return {"me": actor.member_id, "sees": actor.branch_id if actor.may(Permission.SEE_BRANCH) else None}
