"""What pages, cards, walls and officers see of pledges."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock, holidays
from app.core.errors import NotFoundError
from app.core.rows import IDS, AnyRow
from app.core.workdays import Calendar
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import Permission
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.pledges.models import Pledge, PledgeOutcome, PledgeProgress
from app.features.shows.pledges.rules import PledgeFacts, PledgeState, Side, state_of
from app.features.shows.pledges.view import ProgressReport, ShownPledge

_Writer, _Decider, _Teller, _Recorder = aliased(Member), aliased(Member), aliased(Member), aliased(Member)
_OutcomeReview, _Correction, _Attempt = aliased(Review), aliased(Review), aliased(PledgeOutcome)
_LAST_ATTEMPT: Final = (
    select(func.max(_Attempt.attempt))
    .join(_Correction, _Correction.id == _Attempt.id)
    .where(_Attempt.pledge_id == Pledge.id, _Correction.status != ReviewStatus.WITHDRAWN)
    .correlate(Pledge)
    .scalar_subquery()
)
_ATTEMPTS: Final = (
    select(func.count(_Attempt.id)).where(_Attempt.pledge_id == Pledge.id).correlate(Pledge).scalar_subquery()
)
_ROWS: Final = (
    select(
        Pledge.id,
        Pledge.member_id,
        Pledge.year,
        Pledge.side,
        Pledge.text,
        Pledge.sign,
        Pledge.due_on,
        Pledge.copied_from_id,
        Pledge.corrects_id,
        case(
            (and_(Review.id.is_not(None), Review.recorded_by_id != Pledge.member_id), _Recorder.name),
            (and_(Review.id.is_(None), Pledge.written_by_id != Pledge.member_id), _Writer.name),
        ).label("entered_by"),
        Review.status,
        Review.decided_at,
        Review.reason,
        _Decider.name.label("decided_by"),
        PledgeOutcome.id.label("outcome_id"),
        PledgeOutcome.outcome,
        PledgeOutcome.said,
        PledgeOutcome.said_on,
        _ATTEMPTS.label("attempts"),
        _OutcomeReview.status.label("outcome_status"),
        _OutcomeReview.reason.label("outcome_advice"),
        case((_OutcomeReview.recorded_by_id != Pledge.member_id, _Teller.name)).label("outcome_entered_by"),
    )
    .join(Member, Member.id == Pledge.member_id)
    .join(_Writer, _Writer.id == Pledge.written_by_id)
    .outerjoin(Review, Review.id == Pledge.id)
    .outerjoin(_Recorder, _Recorder.id == Review.recorded_by_id)
    .outerjoin(_Decider, _Decider.id == Review.decided_by_id)
    .outerjoin(PledgeOutcome, and_(PledgeOutcome.pledge_id == Pledge.id, PledgeOutcome.attempt == _LAST_ATTEMPT))
    .outerjoin(_OutcomeReview, _OutcomeReview.id == PledgeOutcome.id)
    .outerjoin(_Teller, _Teller.id == _OutcomeReview.recorded_by_id)
)
_STANDING: Final = or_(
    Review.id.is_(None),
    Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
    and_(
        Review.status == ReviewStatus.RETURNED,
        ~exists().where(_Correction.corrects_id == Pledge.id, _Correction.status != ReviewStatus.WITHDRAWN),
    ),
)
"""Neither withdrawn nor corrected by a later one."""
_YEAR: Final = Pledge.year == bindparam("year")
_OF_MEMBER: Final = _ROWS.where(Pledge.member_id == bindparam("member"), _YEAR, _STANDING)
_IS_HERE: Final = Member.is_here(bindparam("day", type_=Member.left_on.type))
_OF_BRANCH: Final = _ROWS.where(Member.branch_id == bindparam("branch"), _IS_HERE, _YEAR, _STANDING)
_OF_SOME: Final = _OF_BRANCH.where(Pledge.member_id.in_(bindparam("people", type_=Uuid(), expanding=True)))
_TEXTS: Final = (
    select(Pledge.member_id, Pledge.side, Pledge.text)
    .join(Member, Member.id == Pledge.member_id)
    .join(Review, Review.id == Pledge.id)
    .where(Member.branch_id == bindparam("branch"), _IS_HERE, _YEAR, Review.status == ReviewStatus.APPROVED)
    .order_by(Pledge.due_on, Pledge.id)
)
_OF_COLLEAGUE: Final = _ROWS.where(
    Pledge.id == bindparam("pledge"), Member.branch_id == bindparam("branch"), _IS_HERE, _STANDING
)
_ONE: Final = _ROWS.where(
    Pledge.id == bindparam("pledge"),
    or_(Pledge.member_id == bindparam("me"), Member.branch_id == bindparam("officer_of", type_=Uuid())),
)
_SEVERAL: Final = _ROWS.where(Pledge.id.in_(IDS))
_PROGRESS: Final = (
    select(
        PledgeProgress.pledge_id,
        PledgeProgress.quarter,
        PledgeProgress.state,
        PledgeProgress.note,
        PledgeProgress.said_at,
        case((PledgeProgress.recorded_by_id != PledgeProgress.member_id, _Recorder.name)).label("entered_by"),
    )
    .join(_Recorder, _Recorder.id == PledgeProgress.recorded_by_id)
    .where(PledgeProgress.pledge_id.in_(IDS))
    .order_by(PledgeProgress.said_at, PledgeProgress.id)
)
_YEARS: Final = select(Pledge.year).where(Pledge.member_id == bindparam("member")).distinct().order_by(Pledge.year)
_OUTCOMES: Final = (
    select(
        PledgeOutcome.id,
        PledgeOutcome.pledge_id,
        PledgeOutcome.member_id,
        PledgeOutcome.outcome,
        PledgeOutcome.said,
        PledgeOutcome.said_on,
        Pledge.text,
        Pledge.due_on,
    )
    .join(Pledge, Pledge.id == PledgeOutcome.pledge_id)
    .where(PledgeOutcome.id.in_(IDS))
)
_Settled, _SettledBy = aliased(PledgeOutcome), aliased(Review)
_TO_COME: Final = (
    select(Pledge.member_id)
    .join(Review, Review.id == Pledge.id)
    .where(
        Pledge.member_id.in_(IDS),
        _YEAR,
        Review.status == ReviewStatus.APPROVED,
        ~exists().where(
            _Settled.pledge_id == Pledge.id, _SettledBy.id == _Settled.id, _SettledBy.status == ReviewStatus.APPROVED
        ),
    )
)
_DECIDED: Final = frozenset({"status", "decided_at", "reason"})
"""What of a row is said in other words."""
_SIDES: Final = {side: place for place, side in enumerate(Side)}


def of_member(session: Session, member_id: UUID, year: int) -> list[ShownPledge]:
    """What stands of a member's year, from draft to archive, by side and date. For callers that know who may see it."""
    return _shown(session, _OF_MEMBER, {"member": member_id, "year": year})


def to_come(session: Session, ids: Collection[UUID], year: int) -> Mapping[UUID, int]:
    """How many pledges of these members' ``year`` the branch has approved and nobody has settled."""
    return Counter(session.scalars(_TO_COME, {"ids": ids, "year": year}))


def shown(session: Session, member_id: UUID, year: int) -> list[ShownPledge]:
    """What the branch has approved of a member's year: for card, wall and prints."""
    return [pledge for pledge in of_member(session, member_id, year) if pledge.is_approved]


def of_branch(
    session: Session, branch_id: UUID, year: int, only: Collection[UUID] | None = None
) -> Mapping[UUID, Sequence[ShownPledge]]:
    """What stands of everybody's year in a branch, or of ``only`` these in it, by member.

    For callers that know the branch is theirs.
    """
    by_member: dict[UUID, list[ShownPledge]] = {}
    asked: dict[str, object] = {"branch": branch_id, "year": year, "day": clock.today()}
    if only is None:
        found = _shown(session, _OF_BRANCH, asked)
    else:
        found = _shown(session, _OF_SOME, asked | {"people": sorted(only)})
    for pledge in found:
        by_member.setdefault(pledge.member_id, []).append(pledge)
    return by_member


def texts_in_branch(session: Session, branch_id: UUID, year: int) -> Mapping[UUID, Sequence[str]]:
    """The words alone of what a branch has approved, by member, in the order of their lists; one statement."""
    texts: dict[UUID, list[str]] = {}
    rows = session.execute(_TEXTS, {"branch": branch_id, "year": year, "day": clock.today()}).all()
    for row in sorted(rows, key=lambda row: _SIDES[row.side]):
        texts.setdefault(row.member_id, []).append(row.text)
    return texts


def one(session: Session, actor: Actor, pledge_id: UUID) -> ShownPledge:
    """One pledge, of the actor's own or, for officers who record for others, of somebody in their branch."""
    officer_of = actor.branch_id if actor.may(Permission.RECORD_FOR_OTHERS) else None
    found = _shown(session, _ONE, {"pledge": pledge_id, "me": actor.member_id, "officer_of": officer_of})
    if not found:
        raise NotFoundError
    return found[0]


def of_colleague(session: Session, actor: Actor, pledge_id: UUID) -> ShownPledge:
    """One pledge that the actor's branch has approved, of anybody in it."""
    asked = {"pledge": pledge_id, "branch": actor.branch_id, "day": clock.today()}
    found = [pledge for pledge in _shown(session, _OF_COLLEAGUE, asked) if pledge.is_approved]
    if not found:
        raise NotFoundError
    return found[0]


def several(session: Session, ids: Collection[UUID]) -> Mapping[UUID, ShownPledge]:
    """These pledges, whoever asks: for services and officers, who may see them already."""
    return {pledge.id: pledge for pledge in _shown(session, _SEVERAL, {"ids": sorted(ids)})}


def outcomes(session: Session, ids: Collection[UUID]) -> Sequence[AnyRow]:
    """What was said under these ids about how pledges ended; for services and officers, who may see it already."""
    return session.execute(_OUTCOMES, {"ids": sorted(ids)}).all()


def years(session: Session, member_id: UUID) -> list[int]:
    """The years in which a member has written pledges, oldest first."""
    return list(session.scalars(_YEARS, {"member": member_id}))


def _shown(session: Session, statement: Select[Any], asked: Mapping[str, object]) -> list[ShownPledge]:
    rows = session.execute(statement, asked).all()
    said = _said(session, [row.id for row in rows if row.status is ReviewStatus.APPROVED])
    today = clock.today()
    days = holidays.calendar(session)
    pledges = [_pledge(row, said.get(row.id, ()), today, days) for row in rows]
    return sorted(pledges, key=lambda pledge: (_SIDES[pledge.side], pledge.due_on, pledge.id))


def _said(session: Session, ids: Iterable[UUID]) -> dict[UUID, tuple[ProgressReport, ...]]:
    asked = list(ids)
    said: dict[UUID, tuple[ProgressReport, ...]] = {}
    if not asked:
        return said
    for row in session.execute(_PROGRESS, {"ids": asked}):
        one_tap = ProgressReport(row.quarter, row.state, row.note, row.said_at, row.entered_by)
        said[row.pledge_id] = (*said.get(row.pledge_id, ()), one_tap)
    return said


def _pledge(row: AnyRow, progress: tuple[ProgressReport, ...], today: date, days: Calendar) -> ShownPledge:
    decided_on = clock.local_day(row.decided_at) if row.decided_at else None
    standing = PledgeFacts(
        year=row.year,
        review=row.status,
        decided_on=decided_on,
        outcome=row.outcome,
        outcome_review=row.outcome_status,
        days=days,
    )
    state = state_of(standing, today=today)
    same = {name: value for name, value in row._mapping.items() if name not in _DECIDED}
    advice = row.reason if state is PledgeState.RETURNED else None
    return ShownPledge(**same, state=state, decided_on=decided_on, advice=advice, progress=progress, days=days)
