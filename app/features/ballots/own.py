"""What somebody says of the own year in writing, if anything: spoken is as good (red line 4)."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.ballots import queries
from app.features.ballots.life import NotOpenError, State
from app.features.ballots.models import DemocraticReview, SelfAssessment
from app.features.members.actor import Actor


def may_say(found: DemocraticReview) -> bool:
    """Whether anything may still be said."""
    return found.state in (State.PREPARED, State.OPEN)


def say(session: Session, actor: Actor, *, review_id: UUID, words: str | None) -> None:
    """Keep a few words on the own year, or none.

    Raises:
        NotFoundError: no review in which the actor is assessed.
        NotOpenError: the ballot is closed.
    """
    found = queries.review(session, actor, review_id, held=True)
    if queries.roll(session, found).of(actor.member_id) is None:
        raise NotFoundError
    if not may_say(found):
        raise NotOpenError
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
