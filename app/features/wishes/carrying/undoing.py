"""A wish that was given back by mistake stays with whoever had it."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.wishes import queries as wishes
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import queries, rules
from app.features.wishes.carrying.claims import has_joined
from app.features.wishes.carrying.errors import UndoOverError
from app.features.wishes.rules import ACTIVE, Step


def undo_release(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """Take back a release that the actor has just made: the claim goes on with its people and its days. Twice is once.

    Raises:
        NotFoundError: no such wish in the actor's sight.
        UndoOverError: the actor made none ``UNDO_LASTS`` ago or later, or somebody else has the wish by now.
        TooManyClaimsError: the actor has taken other ones meanwhile.
    """
    members.lock(session, actor.member_id)
    wishes.wish(session, actor, wish_id)
    wish = wish_service.lock_wish(session, wish_id)
    claim = queries.current_claim(session, wish_id)
    own = queries.participant(session, claim.id, actor.member_id) if claim else None
    if has_joined(own):
        return
    now = clock.now()
    if claim is not None and own is not None and own.joined_at is not None and wish.status in ACTIVE:
        if not rules.can_undo(own.left_at, now):
            raise UndoOverError
        rules.check_active(queries.active_claims(session, actor.member_id))
        own.left_at = None
        session.flush()
        return
    released = queries.released_last(session, wish_id, actor.member_id)
    if claim is not None or released is None or not rules.can_undo(released.ended_at, now):
        raise UndoOverError
    rules.check_active(queries.active_claims(session, actor.member_id))
    released.ended_at = released.ended_as = released.end_note = None
    wish_service.advance(session, wish, Step.CLAIM, by_id=actor.member_id)
    if released.contacted_at is not None:
        wish_service.advance(session, wish, Step.CONTACT, by_id=actor.member_id)
