"""The review of a year: prepared, its ballot opened and closed by whoever chairs."""

from collections.abc import Collection
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, update
from sqlalchemy.orm import Session

from app.core.db import refusing
from app.core.errors import ContentDiffersError, NotFoundError
from app.features.ballots import box, life, queries, rolls
from app.features.ballots.models import BallotBox, BallotTally, DemocraticReview, ReviewPerson, SelfAssessment
from app.features.ballots.queries import Roll
from app.features.ballots.rules import Cast, check_cast, check_marks
from app.features.members import audit
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction, Permission

_PEOPLE, _TALLIES = (cast(Table, model.__table__) for model in (ReviewPerson, BallotTally))
_BOX: Final = delete(BallotBox).where(BallotBox.review_id == bindparam("review"))
_WRITE: Final = (
    update(_PEOPLE)
    .where(_PEOPLE.c.review_id == bindparam("of_review"), _PEOPLE.c.member_id == bindparam("of_member"))
    .values({name: bindparam(f"now_{name}") for name in ("is_present", "has_voted", "on_paper")})
)


def prepare(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    event_id: UUID,
    year: int,
    chair_id: UUID,
) -> DemocraticReview:
    """Prepare the review of a year at a meeting of the branch with it on the agenda; its day is the meeting's.

    Raises:
        ContentDiffersError: from the same form another one came.
    """
    if not actor.may(Permission.APPROVE) or event_id not in {
        row.id for row in queries.meetings(session, actor.branch_id)
    }:
        raise NotFoundError
    members.colleague(session, actor, chair_id)
    new = DemocraticReview(
        id=id,
        branch_id=actor.branch_id,
        event_id=event_id,
        year=year,
        chair_id=chair_id,
        prepared_by_id=actor.member_id,
    )
    if there := session.get(DemocraticReview, id):
        if (there.branch_id, there.event_id, there.year) != (new.branch_id, event_id, year):
            raise ContentDiffersError
        return there
    with refusing(session, {"uq_democratic_reviews_one": life.PreparedAlreadyError}):
        session.add(new)
    return new


def open_ballot(session: Session, actor: Actor, *, review_id: UUID, present_ids: Collection[UUID]) -> None:
    """Write down who is on the list and who is there, and let those who are there vote.

    Raises:
        NotOnRollError: nobody is there, or somebody of another branch.
    """
    found = _led(session, actor, review_id)
    after, people = life.LIFE.after(found.state, life.Step.OPEN), rolls.expected(session, found)
    if not present_ids or not set(present_ids) <= {one.id for one in Roll(people).voters}:
        raise NotFoundError if present_ids else life.NotOnRollError
    rows = [
        {
            "review_id": review_id,
            "member_id": one.id,
            "is_full": one.is_full,
            "is_exempt": one.is_exempt,
            "is_away": one.is_away,
            "is_present": one.id in present_ids,
            "moved": one.moved,
            "has_voted": False,
            "on_paper": False,
        }
        for one in sorted(people, key=lambda one: one.id)
    ]
    session.execute(_PEOPLE.insert(), rows)
    box.make(session, review_id, subjects=[one.id for one in Roll(people).subjects], people=len(people))
    found.state = after
    _note(session, actor, AuditAction.BALLOT_OPENED, found)


def admit(session: Session, actor: Actor, *, review_id: UUID, present_ids: Collection[UUID]) -> None:
    """Let people of the list who came later take part; nobody who is there is put out."""
    found = _led(session, actor, review_id)
    roll = open_roll(session, found)
    if not set(present_ids) <= {one.id for one in roll.voters}:
        raise NotFoundError
    rewrite(session, review_id, roll, present=present_ids)


def close_ballot(session: Session, actor: Actor, *, review_id: UUID) -> DemocraticReview:
    """Open the box, write the counters and forget everything else; without a ballot it was not held.

    Raises:
        PaperUncheckedError: no second officer has counted the paper.
        TooFewBallotsError: not more than half: wait, or repeat the ballot.
        ImpossibleError: numbers that cannot be.
    """
    found = _led(session, actor, review_id)
    roll, lies = open_roll(session, found), box.opened(session, review_id)
    if (roll.on_paper or found.paper_entered_by_id) and not found.paper_confirmed_by_id:
        raise life.PaperUncheckedError
    ballots = Cast(lies.cast, len(roll.on_paper), found.returned, found.invalid)
    is_valid = check_cast(ballots, present=len(roll.present), may_take_part=roll.may_take_part)
    if ballots.cast and not is_valid:
        raise life.TooFewBallotsError(cast=ballots.cast, all=roll.may_take_part)
    if not ballots.cast:
        _fail(session, actor, found, life.Step.FAIL)
        return found
    all_back = roll.taken == ballots.cast
    for one in roll.subjects:
        check_marks(lies.of(one.id), ballots, subject_voted=all_back and (one.has_voted or one.on_paper))
    rows = [
        {"review_id": review_id, "member_id": one.id}
        | dict(zip(("excellent", "qualified", "basic", "failed"), lies.of(one.id), strict=True))
        for one in sorted(roll.subjects, key=lambda one: one.id)
    ]
    if rows:
        session.execute(_TALLIES.insert(), rows)
    session.execute(_BOX, {"review": review_id})
    rewrite(session, review_id, roll, closed=True)
    found.state, found.phone, found.issued = life.LIFE.after(found.state, life.Step.CLOSE), lies.cast, ballots.issued
    _note(session, actor, AuditAction.BALLOT_CLOSED, found)
    return found


def repeat_ballot(session: Session, actor: Actor, *, review_id: UUID) -> None:
    """Throw the ballots away unread: it is held again as another review of the year."""
    found = _led(session, actor, review_id)
    open_roll(session, found)
    _fail(session, actor, found, life.Step.REPEAT)


def open_roll(session: Session, found: DemocraticReview) -> Roll:
    """The list of a ballot that is open."""
    queries.check_open(found)
    return queries.roll(session, found)


def rewrite(
    session: Session,
    review_id: UUID,
    roll: Roll,
    *,
    present: Collection[UUID] = (),
    voted: UUID | None = None,
    on_paper: Collection[UUID] | None = None,
    closed: bool = False,
) -> None:
    """Write every row of the list anew, in one order, whatever changed: none is told from the others by when.

    PostgreSQL keeps with each row by which unit of work it was written; of rows written one by one that would be the
    order of the votes.
    """
    session.connection().execute(
        _WRITE,
        [
            {
                "of_review": review_id,
                "of_member": one.id,
                "now_is_present": one.is_present or one.id in present,
                "now_has_voted": one.has_voted or one.id == voted or (closed and one.on_paper),
                "now_on_paper": (one.on_paper if on_paper is None else one.id in on_paper) and not closed,
            }
            for one in sorted(roll.people, key=lambda one: one.id)
        ],
    )


def _led(session: Session, actor: Actor, review_id: UUID) -> DemocraticReview:
    found = queries.review(session, actor, review_id, held=True)
    if not queries.leads(actor, found):
        raise NotFoundError
    return found


def _fail(session: Session, actor: Actor, found: DemocraticReview, step: life.Step) -> None:
    session.execute(_BOX, {"review": found.id})
    rewrite(session, found.id, queries.roll(session, found), closed=True)
    found.state = life.LIFE.after(found.state, step)
    _note(session, actor, AuditAction.BALLOT_CLOSED, found)


def _note(session: Session, actor: Actor, action: AuditAction, found: DemocraticReview) -> None:
    session.flush()
    said: dict[str, Any] = {"year": found.year, "state": found.state}
    audit.record(
        session,
        actor.member_id,
        action,
        audit.Subject(str(found.year), found.id, found.branch_id),
        audit.changed({}, said),
    )


def may_say(found: DemocraticReview) -> bool:
    """Whether anything may still be said."""
    return found.state in (life.State.PREPARED, life.State.OPEN)


def say(session: Session, actor: Actor, *, review_id: UUID, words: str | None) -> None:
    """Keep a few words on the own year, or none."""
    found = queries.review(session, actor, review_id, held=True)
    if queries.roll(session, found).of(actor.member_id) is None:
        raise NotFoundError
    if not may_say(found):
        raise life.NotOpenError
    there = session.get(SelfAssessment, (review_id, actor.member_id))
    if there and words:
        there.words = words
    elif there:
        session.delete(there)
    elif words:
        session.add(SelfAssessment(review_id=review_id, member_id=actor.member_id, words=words))
    session.flush()


def words_of(session: Session, review_id: UUID, member_id: UUID) -> str:
    """What was said. For callers that know they may read it."""
    there = session.get(SelfAssessment, (review_id, member_id))
    return there.words if there else ""
