"""How a pledge ended: said by the member or for them, decided by an officer."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import ContentDiffersError
from app.features.ledger.periods import open_from
from app.features.members.actor import Actor
from app.features.reviews import service as reviews
from app.features.reviews.errors import NotYoursError
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.shows.pledges.due import settle_done
from app.features.shows.pledges.models import PledgeOutcome
from app.features.shows.pledges.review_kinds import ENDING, ending_detail
from app.features.shows.pledges.rules import Ending, PledgeState, check_ending, day_of_fact
from app.features.shows.pledges.service import hold


def report_outcome(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    pledge_id: UUID,
    ending: Ending,
    said: str | None = None,
) -> Review:
    """Say how a pledge ended, for an officer to decide. Sent twice it is one.

    What an officer returned is said anew by the same call.

    Raises:
        NotFoundError: no such pledge in the actor's reach.
        NotApprovedError, InPublicityError, EndingWaitsError, EvaluatedError, ReasonMissingError:
            see ``rules.check_ending``.
        ContentDiffersError, NotYoursError: the id is taken.
    """
    pledge, whose = hold(session, actor, pledge_id)
    there = session.get(PledgeOutcome, id)
    if there is not None:
        if there.member_id != whose.member_id:
            raise NotYoursError
        if (there.pledge_id, there.outcome, there.said) != (pledge_id, ending, said):
            raise ContentDiffersError
        return session.get_one(Review, id)
    check_ending(pledge.state, ending, said, public_until=pledge.public_until)
    now = clock.now()
    today = clock.local_day(now)
    day = day_of_fact(said_on=today, due_on=pledge.due_on)
    new = NewReview(
        id=id,
        kind=ENDING.name,
        branch_id=whose.branch_id,
        member_id=whose.member_id,
        recorded_by_id=actor.member_id,
        title=pledge.text,
        detail=ending_detail(sign=pledge.sign, ending=ending, said=said),
        occurred_on=day,
        submitted_at=now,
        flags=frozenset({Flag.PERIOD_CLOSED} if day < open_from(today) else ()),
        corrects_id=pledge.ending_id if pledge.ending_status is ReviewStatus.RETURNED else None,
    )
    (submission,) = reviews.submit(session, [new])
    session.add(
        PledgeOutcome(
            id=id,
            pledge_id=pledge_id,
            member_id=whose.member_id,
            attempt=pledge.attempts + 1,
            outcome=ending,
            said=said,
            said_on=today,
        )
    )
    settle_done(session, whose.member_id)
    return submission.review


def withdraw_outcome(session: Session, actor: Actor, *, pledge_id: UUID) -> None:
    """Take back what was said about how a pledge ended, while nobody has decided on it. Twice is once.

    Raises:
        NotFoundError: no such pledge in the actor's reach, or another person said it.
        AlreadyDecidedError: an officer was faster.
    """
    pledge, _whose = hold(session, actor, pledge_id)
    if pledge.ending_id is None or pledge.state in (PledgeState.DRAFT, PledgeState.IN_PROGRESS):
        return
    for refused in reviews.withdraw(session, [pledge.ending_id], by_id=actor.member_id):
        raise refused.error
