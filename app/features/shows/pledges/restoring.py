"""A withdrawal that was a slip: what was taken back waits for an officer again."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import NotFoundError
from app.features.members.actor import Actor
from app.features.reviews import restoring as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.pledges import queries, service
from app.features.shows.pledges.due import settle_done
from app.features.shows.pledges.errors import DraftChangedError, OutcomeWaitsError
from app.features.shows.pledges.models import PledgeOutcome
from app.features.shows.pledges.review_kinds import OUTCOME, PLEDGE
from app.features.shows.pledges.rules import PledgeState, check_room
from app.features.shows.pledges.view import ShownPledge

_OUTCOME: Final = select(PledgeOutcome.id).where(
    PledgeOutcome.id == bindparam("outcome"), PledgeOutcome.pledge_id == bindparam("pledge")
)

_Later = aliased(PledgeOutcome)
_SAID_SINCE: Final = (
    select(_Later.id)
    .join(PledgeOutcome, (PledgeOutcome.pledge_id == _Later.pledge_id) & (PledgeOutcome.attempt < _Later.attempt))
    .join(Review, Review.id == _Later.id)
    .where(PledgeOutcome.id == bindparam("outcome"), Review.status != ReviewStatus.WITHDRAWN)
    .limit(1)
)
"""What was said after it, also where an officer has given that back: it is said anew there."""


def restore(session: Session, actor: Actor, *, pledge_id: UUID, draft_id: UUID | None = None) -> None:
    """Let a withdrawn pledge wait again; the draft that its withdrawal left goes, in the same words. Twice is once.

    Without ``draft_id`` it is the one that says the same.

    Raises:
        DraftChangedError: the draft says something else by now.
        NotADraftError: the draft has been handed in meanwhile.
        TooManyPledgesError: others have been written meanwhile.
        UndoOverError, CorrectedSinceError: see ``reviews.restoring.restore``.
    """
    pledge, whose = service.lock_pledge(session, actor, pledge_id)
    if pledge.state is not PledgeState.WITHDRAWN:
        return
    standing = queries.of_member(session, whose.member_id, pledge.year)
    if pledge.corrects_id is None:
        named = [one for one in standing if one.id == draft_id]
        drafts = named or [one for one in standing if _says(one) == _says(pledge)][:1]
        for draft in drafts:
            if draft.state is PledgeState.DRAFT and _says(draft) != _says(pledge):
                raise DraftChangedError
            service.remove_draft(session, actor, pledge_id=draft.id)
        check_room(len(standing) - len(drafts))
    for refused in reviews.restore(session, [pledge_id], kind=PLEDGE.name, by_id=actor.member_id):
        raise refused.error
    settle_done(session, whose.member_id)


def _says(pledge: ShownPledge) -> tuple[Any, ...]:
    return pledge.side, pledge.text, pledge.sign, pledge.due_on


def restore_outcome(session: Session, actor: Actor, *, pledge_id: UUID, outcome_id: UUID) -> None:
    """Let what was said about how a pledge ended wait again. Twice is once.

    Raises:
        NotFoundError: no such pledge or word in the actor's reach, or another person said it.
        OutcomeWaitsError: something else has been said meanwhile.
        UndoOverError: see ``reviews.restoring.restore``.
    """
    pledge, whose = service.lock_pledge(session, actor, pledge_id)
    if session.scalar(_OUTCOME, {"outcome": outcome_id, "pledge": pledge_id}) is None:
        raise NotFoundError
    if pledge.outcome_id == outcome_id:
        return
    if pledge.state is not PledgeState.IN_PROGRESS or session.scalar(_SAID_SINCE, {"outcome": outcome_id}):
        raise OutcomeWaitsError
    for refused in reviews.restore(session, [outcome_id], kind=OUTCOME.name, by_id=actor.member_id):
        raise refused.error
    settle_done(session, whose.member_id)
