"""How a pledge ended: said by the member or for them, decided by an officer."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.features.ledger.periods import open_from
from app.features.members.actor import Actor
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.shows.pledges.due import settle_done
from app.features.shows.pledges.models import PledgeOutcome
from app.features.shows.pledges.review_kinds import OUTCOME, outcome_detail
from app.features.shows.pledges.rules import Ending, PledgeState, check_outcome, day_of_fact
from app.features.shows.pledges.service import check_repeated, lock_pledge


def report_outcome(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    pledge_id: UUID,
    outcome: Ending,
    said: str | None = None,
) -> Review:
    """Say how a pledge ended, for an officer to decide. Sent twice it is one.

    What an officer returned is said anew by the same call.

    Raises:
        NotFoundError: no such pledge in the actor's reach.
        NotApprovedError, InPublicityError, OutcomeWaitsError, EvaluatedError, ReasonMissingError:
            see ``rules.check_outcome``.
        ContentDiffersError, NotYoursError: the id is taken.
    """
    pledge, whose = lock_pledge(session, actor, pledge_id)
    if there := session.get(PledgeOutcome, id):
        check_repeated(there, whose.member_id, pledge_id=pledge_id, outcome=outcome, said=said)
        return session.get_one(Review, id)
    check_outcome(pledge.state, outcome, said, public_until=pledge.public_until)
    now = clock.now()
    today = clock.local_day(now)
    day = day_of_fact(said_on=today, due_on=pledge.due_on)
    new = NewReview(
        id=id,
        kind=OUTCOME.name,
        branch_id=whose.branch_id,
        member_id=whose.member_id,
        recorded_by_id=actor.member_id,
        title=pledge.text,
        detail=outcome_detail(sign=pledge.sign, outcome=outcome, said=said),
        occurred_on=day,
        submitted_at=now,
        flags=frozenset({Flag.PERIOD_CLOSED} if day < open_from(today) else ()),
        corrects_id=pledge.outcome_id if pledge.outcome_status is ReviewStatus.RETURNED else None,
    )
    (submission,) = reviews.submit(session, [new])
    session.add(
        PledgeOutcome(
            id=id,
            pledge_id=pledge_id,
            member_id=whose.member_id,
            attempt=pledge.attempts + 1,
            outcome=outcome,
            said=said,
            said_on=today,
        )
    )
    settle_done(session, whose.member_id)
    return submission.review


def withdraw_outcome(session: Session, actor: Actor, *, pledge_id: UUID) -> UUID | None:
    """Take back what was said about how a pledge ended, while nobody has decided on it; its id. Twice is once.

    Raises:
        NotFoundError: no such pledge in the actor's reach, or another person said it.
        AlreadyDecidedError: an officer was faster.
    """
    pledge, _whose = lock_pledge(session, actor, pledge_id)
    if pledge.outcome_id is None or pledge.state in (PledgeState.DRAFT, PledgeState.IN_PROGRESS):
        return None
    for refused in reviews.withdraw(session, [pledge.outcome_id], by_id=actor.member_id):
        raise refused.error
    return pledge.outcome_id
