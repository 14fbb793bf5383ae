"""Submitting, deciding, taking back. Facts stand in the ledger exactly for what is approved.

Whoever changes a review holds its row first; the second of two officers then sees what the first one decided.
Rows are held in the order of their ids, and before the ledger's heads.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import fields, replace
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_ignoring_duplicates
from app.core.errors import AppError, NotFoundError
from app.core.ids import new_id
from app.core.rows import IDS
from app.features.ledger import service as ledger
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import AuditAction, Permission
from app.features.reviews import deciders, posting, sessions
from app.features.reviews.errors import CorrectedSinceError, NotCorrectableError, NotYoursError, TooManyAtOnceError
from app.features.reviews.kinds import by_kind, followed, kind_called, source_id
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview, Refused, Submission, TapOutcome, sift, unknown
from app.features.reviews.rules import (
    BATCH,
    Flag,
    ReturnReason,
    ReviewStatus,
    check_four_eyes,
    check_looked_at,
    check_open,
    check_undo,
)

_REVIEWS: Final = cast(Table, Review.__table__)
_OF_NEW: Final = tuple(field.name for field in fields(NewReview))
_OF_IDS: Final = select(Review).where(Review.id.in_(IDS)).order_by(Review.id)
_HELD: Final = _OF_IDS.with_for_update().execution_options(populate_existing=True)
_OWN: Final = _HELD.where(or_(Review.member_id == bindparam("by"), Review.recorded_by_id == bindparam("by")))
_IN_SCOPE: Final = {
    stands_in: _HELD.where(deciders.IN_SCOPE if stands_in else deciders.IN_BRANCH) for stands_in in (False, True)
}
"""By whether the actor stands in for officers elsewhere."""
_DECIDED: Final = (
    select(Review)
    .where(
        or_(Review.branch_id == bindparam("branch"), Review.decided_by_id == bindparam("me")),
        or_(Review.decision_id == bindparam("decision"), Review.undone_id == bindparam("decision")),
    )
    .order_by(Review.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_NAMES: Final = select(Member.id, Member.name).where(Member.id.in_(IDS))
_CORRECTED: Final = select(Review.corrects_id).where(
    Review.corrects_id.in_(IDS), Review.status != ReviewStatus.WITHDRAWN
)


def submit(session: Session, news: Iterable[NewReview]) -> list[Submission]:
    """Let these records wait for an officer; one that came before is given back as it stands today.

    Whether the content is the same is for the stream to say, whose words it is. A session of which another stream
    tells is marked.

    Raises:
        NotCorrectableError: it corrects a record that was not returned, or was corrected already.
        NotYoursError: the id belongs to a record of somebody else, or of another kind.
    """
    news = sorted(news, key=lambda new: new.id)
    if not news:
        return []
    beside = sessions.beside(session, news)
    news = [replace(new, flags=new.flags | {Flag.OVERLAP}) if new.id in beside else new for new in news]
    _check_correctable(session, news)
    statement = insert_ignoring_duplicates(session, _REVIEWS).returning(_REVIEWS.c.id)
    fresh = set(session.scalars(statement, [_row(new) for new in news]))
    there = {review.id: review for review in session.scalars(_OF_IDS, {"ids": [new.id for new in news]})}
    for new in news:
        if new.id not in there:
            raise NotCorrectableError  # the constraint let no second correction in
        if (there[new.id].member_id, there[new.id].kind) != (new.member_id, new.kind):
            raise NotYoursError
    return [Submission(there[new.id], new.id in fresh) for new in news]


def approve(session: Session, actor: Actor, ids: Collection[UUID], *, acknowledged: bool = False) -> TapOutcome:
    """Approve what can be approved and post its facts; what cannot stays and is named.

    A flagged record passes only alone and ``acknowledged``: the officer says to have looked at it.
    """
    looked_at = acknowledged and len(ids) == 1

    def check(review: Review) -> None:
        check_looked_at(review.flags, acknowledged=looked_at)

    outcome = _decide(session, actor, ids, check, status=ReviewStatus.APPROVED)
    sessions.hold(session, outcome.done)
    posting.post(session, outcome.done)
    _note(session, actor, AuditAction.APPROVED, outcome.done)
    posting.announce(session, outcome.done)
    for kind, reviews in by_kind(outcome.done):
        followed(session, kind.name, [review.id for review in reviews], actor.member_id)
    posting.post_beside(session, outcome.done)
    return outcome


def return_to_member(
    session: Session, actor: Actor, ids: Collection[UUID], *, reason: str, returned_for: ReturnReason | None = None
) -> TapOutcome:
    """Give records back with a ``reason`` (1 to ``REASON_LENGTH`` characters); the member may correct them.

    ``returned_for`` is its category, if the officer says one: what reports count.
    """
    outcome = _decide(session, actor, ids, lambda review: None, status=ReviewStatus.RETURNED, reason=reason)
    for review in outcome.done:
        review.returned_for = returned_for
    _note(session, actor, AuditAction.RETURNED, outcome.done)
    for kind, reviews in by_kind(outcome.done):
        if kind.on_returned:
            kind.on_returned(session, reviews)
    return outcome


def undo(session: Session, actor: Actor, *, decision_id: UUID) -> TapOutcome:
    """Take back what one tap decided, within ``UNDO_LASTS``: facts are reversed, the records wait again.

    A second undo of the same decision changes nothing.

    Raises:
        NotFoundError: no such decision in the actor's branch, or later ones on the same records were taken back too.
    """
    found = session.scalars(_DECIDED, {"branch": actor.branch_id, "me": actor.member_id, "decision": decision_id}).all()
    if not found:
        raise NotFoundError
    corrected = set(session.scalars(_CORRECTED, {"ids": [review.id for review in found]}))
    now = clock.now()

    def check(review: Review) -> None:
        check_undo(decided_by_id=review.decided_by_id, decided_at=review.decided_at, actor_id=actor.member_id, now=now)
        if review.id in corrected:
            raise CorrectedSinceError

    done, refused = sift([review for review in found if review.decision_id == decision_id], check)
    sessions.hold(session, done)
    posted = [
        fact.id
        for kind, reviews in by_kind([review for review in done if review.status is ReviewStatus.APPROVED])
        for fact in ledger.facts_of(session, kind.name, [source_id(review) for review in reviews])
    ]
    ledger.reverse(session, posted, recorded_by_id=actor.member_id)
    _note(session, actor, AuditAction.DECISION_UNDONE, done)
    approved = [review for review in done if review.status is ReviewStatus.APPROVED]
    for review in done:
        review.status, review.round, review.undone_id = ReviewStatus.PENDING, review.round + 1, decision_id
        review.decided_by_id = review.decided_at = review.decision_id = None
        review.reason = review.returned_for = None
    session.flush()
    for kind, reviews in by_kind(done):
        if kind.on_undone:
            kind.on_undone(session, reviews, actor.member_id)
        followed(session, kind.name, [review.id for review in reviews], actor.member_id)
    posting.post_beside(session, approved)
    return TapOutcome(None, tuple(done), tuple(refused))


def withdraw(session: Session, ids: Collection[UUID], *, by_id: UUID) -> tuple[Refused, ...]:
    """Take undecided records back, for the member or whoever recorded them. Twice is once.

    What is not the member's own doing takes back who recorded it, nobody else. What stays is named: ``NotFoundError``
    for what is none of theirs, ``AlreadyDecidedError`` for the rest.
    """
    found = session.scalars(_OWN, {"ids": list(ids), "by": by_id}).all()
    held = [one for one in found if one.recorded_by_id == by_id or kind_called(one.kind).is_own_doing]
    names = _deciders(session, held)

    def check(review: Review) -> None:
        check_open(review.status, decided_by=names.get(review.decided_by_id, ""))

    done, refused = sift([review for review in held if review.status is not ReviewStatus.WITHDRAWN], check)
    for review in done:
        review.status, review.decided_at = ReviewStatus.WITHDRAWN, clock.now()
    session.flush()
    for kind, reviews in by_kind(done):
        if kind.on_withdrawn:
            kind.on_withdrawn(session, reviews)
    return (*refused, *unknown(ids, held))


def _note(session: Session, actor: Actor, action: AuditAction, reviews: Collection[Review]) -> None:
    """One row of the audit log for each record: whose it is, of which kind, and its id; never what it says."""
    for review in reviews:
        whose = audit.Subject("", review.member_id, review.branch_id)
        record = audit.changed({}, {"record_kind": review.kind, "record": review.id})
        audit.record(session, actor.member_id, action, whose, record)


def _decide(
    session: Session,
    actor: Actor,
    ids: Collection[UUID],
    check: Callable[[Review], None],
    *,
    status: ReviewStatus,
    reason: str | None = None,
) -> TapOutcome:
    if len(ids) > BATCH:
        raise TooManyAtOnceError(most=BATCH)
    statement = _IN_SCOPE[actor.may(Permission.STAND_IN)]
    held = session.scalars(statement, {"ids": list(ids), **deciders.scope(actor)}).all()
    if not held:
        raise NotFoundError
    names = _deciders(session, held)
    barred = _barred(session, actor, held, status)

    def check_all(review: Review) -> None:
        check_four_eyes(decider_id=actor.member_id, member_id=review.member_id, recorded_by_id=review.recorded_by_id)
        if review.id in barred:
            raise barred[review.id]
        check_open(review.status, decided_by=names.get(review.decided_by_id, ""))
        check(review)

    done, refused = sift(held, check_all)
    decision_id, now = new_id(), clock.now()
    for review in done:
        review.status, review.reason = status, reason
        review.decided_by_id, review.decided_at, review.decision_id = actor.member_id, now, decision_id
    session.flush()
    return TapOutcome(decision_id if done else None, tuple(done), (*refused, *unknown(ids, held)))


def _deciders(session: Session, reviews: Iterable[Review]) -> dict[UUID | None, str]:
    """The names of the officers who decided on these; nothing is asked when nobody did."""
    ids = sorted({review.decided_by_id for review in reviews if review.decided_by_id})
    return {row.id: row.name for row in session.execute(_NAMES, {"ids": ids})} if ids else {}


def _barred(session: Session, actor: Actor, reviews: Sequence[Review], status: ReviewStatus) -> dict[UUID, AppError]:
    """Those of these that the actor does not decide so: for who they are, or because their streams say so."""
    return deciders.barred(session, actor, reviews) | {
        review_id: error
        for kind, same in by_kind(reviews)
        if kind.barred
        for review_id, error in kind.barred(session, actor.member_id, same, status).items()
    }


def _row(new: NewReview) -> dict[str, Any]:
    """All columns of a new row; Core fills in no defaults in a list of parameters."""
    return {name: getattr(new, name) for name in _OF_NEW} | {
        "flags": tuple(new.flags),
        "detail": dict(new.detail),
        "status": ReviewStatus.PENDING,
        "round": 1,
    }


def _check_correctable(session: Session, news: Iterable[NewReview]) -> None:
    """Hold what is corrected, so that its return is not undone at this moment.

    Raises:
        NotCorrectableError: it is not a returned record of the same member.
    """
    corrections = {new.corrects_id: new for new in news if new.corrects_id}
    if not corrections:
        return
    held = {review.id: review for review in session.scalars(_HELD, {"ids": sorted(corrections)})}
    for corrected_id, new in corrections.items():
        corrected = held.get(corrected_id)
        if corrected is None or corrected.status is not ReviewStatus.RETURNED:
            raise NotCorrectableError
        if (corrected.member_id, corrected.kind) != (new.member_id, new.kind):
            raise NotCorrectableError
