"""What waits for an officer: oldest first, of the own branch, never anything of one's own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, Row, String, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.errors import NotFoundError
from app.features.ledger.models import Fact
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.rules import Permission
from app.features.reviews import deciders
from app.features.reviews.models import Review
from app.features.reviews.rules import UNDO_LASTS, ReviewStatus

AnyRow = Row[*tuple[Any, ...]]
PAGE: Final = 50
"""Records on one page."""
LATELY: Final = timedelta(days=7)
"""How far back one sees what was decided."""
LATELY_SHOWN: Final = 200
_Recorder, _Decider = aliased(Member), aliased(Member)
_Reversal = aliased(Fact)
_ENTERED: Final = Review.recorded_by_id != Review.member_id
_PENDING: Final = Review.status == ReviewStatus.PENDING
_COLUMNS: Final = (
    Review.id,
    Review.kind,
    Review.title,
    Review.detail,
    Review.occurred_on,
    Review.submitted_at,
    Review.flags,
    Review.corrects_id,
    deciders.OF_AN_OFFICER.label("of_officer"),
    Review.branch_id,
    Organisation.name.label("branch"),
    Member.name.label("member"),
    case((_ENTERED, _Recorder.name)).label("entered_by"),
)
_QUEUE: Final = (
    select(*_COLUMNS)
    .join(Member, Member.id == Review.member_id)
    .join(_Recorder, _Recorder.id == Review.recorded_by_id)
    .join(Organisation, Organisation.id == Review.branch_id)
    .where(_PENDING, Review.member_id != bindparam("me"), Review.recorded_by_id != bindparam("me"))
    .order_by(Review.submitted_at, Review.id)
    .limit(PAGE + 1)
)
_OF_KIND: Final = Review.kind == bindparam("kind")
_AFTER: Final = or_(
    Review.submitted_at > bindparam("after_moment"),
    and_(Review.submitted_at == bindparam("after_moment"), Review.id > bindparam("after_id")),
)
_SCOPES: Final = {False: deciders.IN_BRANCH, True: deciders.IN_SCOPE}
"""By whether the actor stands in for officers of other branches."""
_WAITING: Final = _SCOPES | {True: and_(deciders.WAITS_NEAR, deciders.IN_SCOPE)}
_QUEUES: Final = {
    (stands_in, of_kind, after): _QUEUE.where(scope, *((_OF_KIND,) if of_kind else ()), *((_AFTER,) if after else ()))
    for stands_in, scope in _WAITING.items()
    for of_kind in (False, True)
    for after in (False, True)
}
"""By that, and whether a kind and a place to go on from are given: each is compiled once."""
_LAST_DECISION: Final = (
    select(Review.decision_id, Review.status, func.count().label("records"), func.max(Review.decided_at).label("at"))
    .where(Review.decided_by_id == bindparam("me"), Review.decided_at >= bindparam("since"))
    .group_by(Review.decision_id, Review.status)
    .order_by(func.max(Review.decided_at).desc())
    .limit(1)
)
_LATELY: Final = (
    select(
        Review.id,
        Review.kind,
        Review.title,
        Review.status,
        Review.reason,
        Review.decided_at,
        Review.decided_by_id,
        Review.decision_id,
        Member.name.label("member"),
        _Decider.name.label("decided_by"),
    )
    .join(Member, Member.id == Review.member_id)
    .join(_Decider, _Decider.id == Review.decided_by_id)
    .where(Review.decided_at >= bindparam("since"))
    .order_by(Review.decided_at.desc(), Review.decision_id, Review.id)
    .limit(bindparam("most", type_=Integer()))
)
_DECIDED: Final = {
    False: _LATELY.where(deciders.IN_BRANCH),
    True: _LATELY.where(deciders.DECIDED_NEAR, deciders.IN_SCOPE),
}
_ANY: Final = (
    select(
        *_COLUMNS,
        Review.status,
        Review.round,
        Review.reason,
        Review.returned_for,
        Review.decided_at,
        Review.member_id,
        Review.recorded_by_id,
        _Decider.name.label("decided_by"),
    )
    .join(Member, Member.id == Review.member_id)
    .join(_Recorder, _Recorder.id == Review.recorded_by_id)
    .outerjoin(_Decider, _Decider.id == Review.decided_by_id)
    .join(Organisation, Organisation.id == Review.branch_id)
    .where(Review.id == bindparam("review"))
)
_ONE: Final = {stands_in: _ANY.where(scope) for stands_in, scope in _SCOPES.items()}

_TAKEN_BACK: Final = (
    select(_Decider.name.label("approved_by"), Fact.posted_at.label("approved_at"), _Reversal.posted_at)
    .join(_Reversal, _Reversal.reversal_of == Fact.id)
    .join(_Decider, _Decider.id == Fact.confirmed_by_id)
    .where(Fact.source == bindparam("kind"), Fact.source_id.in_(bindparam("rounds", type_=String(), expanding=True)))
    .order_by(Fact.posted_at)
)


def queue(
    session: Session, actor: Actor, *, kind: str = "", after: tuple[datetime, UUID] | None = None
) -> Sequence[AnyRow]:
    """What waits for the actor, longest first: at most ``PAGE``, and one more if there is more.

    ``after`` is the arrival and id of the last one of the page before.
    """
    asked: dict[str, object] = {"me": actor.member_id, **deciders.scope(actor)}
    if kind:
        asked["kind"] = kind
    if after:
        asked["after_moment"], asked["after_id"] = after
    return session.execute(_QUEUES[actor.may(Permission.STAND_IN), bool(kind), after is not None], asked).all()


def last_decision(session: Session, actor: Actor) -> AnyRow | None:
    """What the actor decided last with one tap, while it can be taken back."""
    asked = {"me": actor.member_id, "since": clock.now() - UNDO_LASTS}
    return session.execute(_LAST_DECISION, asked).one_or_none()


def decided(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """What officers decided ``LATELY`` in the actor's scope, the latest first.

    At most ``LATELY_SHOWN``, and one more if there are more.
    """
    asked = {"since": clock.now() - LATELY, "most": LATELY_SHOWN + 1, **deciders.scope(actor)}
    return session.execute(_DECIDED[actor.may(Permission.STAND_IN)], asked).all()


def one(session: Session, actor: Actor, review_id: UUID) -> AnyRow:
    """One record that is the actor's to decide, or was decided in the branch.

    Raises:
        NotFoundError: there is none.
    """
    row = session.execute(
        _ONE[actor.may(Permission.STAND_IN)], {"review": review_id, **deciders.scope(actor)}
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return row


def taken_back(session: Session, review: AnyRow) -> Sequence[AnyRow]:
    """The approvals of a record (a row of ``one``) that were taken back: by whom, when, and when it ended."""
    rounds = [f"{review.id}:{number}" for number in range(1, review.round)]
    return session.execute(_TAKEN_BACK, {"kind": review.kind, "rounds": rounds}).all() if rounds else ()
