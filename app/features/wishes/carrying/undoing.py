"""A wish that was given back by mistake stays with whoever had it."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.wishes import queries as wishes
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import queries, rules
from app.features.wishes.carrying.claims import check_allowed, has_joined
from app.features.wishes.carrying.errors import UndoOverError
from app.features.wishes.models import WishClaim, WishParticipant
from app.features.wishes.rules import ACTIVE, Step


class Undone(NamedTuple):
    """How a wish is carried after a release was taken back."""

    leads: str | None
    """Who claims it now, where that is not the actor: who leaves a shared wish leaves the lead to another one."""
    without: Sequence[str] = ()
    """Who took part before and does not any more."""


def undo_release(session: Session, actor: Actor, *, wish_id: UUID) -> Undone:
    """Take back a release that the actor has just made, as far as it could be claimed or joined now. Twice is once.

    The claim goes on with its days, and with those of its people who could still be asked and may join.

    Raises:
        NotFoundError: no such wish in the actor's sight, or no longer on the board of the actor's branch.
        UndoOverError: the actor made none ``UNDO_LASTS`` ago or later, or somebody else has the wish by now.
        TooManyToJoinError, TeamFullError: as for joining, if others kept the wish.
        AppError: see ``claims.check_allowed``, if nobody did.
    """
    released = queries.released_last(session, wish_id, actor.member_id)
    people = queries.people_of(session, released.id) if released else []  # a claim that is over gets no new ones
    for member_id in sorted({actor.member_id, *(row.member_id for row in people)}):
        members.lock(session, member_id)
    wishes.wish(session, actor, wish_id)
    wish = wish_service.lock_wish(session, wish_id)
    claim = queries.current_claim(session, wish_id)
    own = queries.participant(session, claim.id, actor.member_id) if claim else None
    if claim is not None and own is not None and own.joined_at is not None and wish.status in ACTIVE:
        if not has_joined(own):
            if not rules.can_undo(own.left_at, clock.now()):
                raise UndoOverError
            rules.check_joining(queries.active_claims(session, actor.member_id))
            rules.check_room(len(queries.people_of(session, claim.id)))
            own.left_at = None
            session.flush()
        return Undone(None if claim.claimed_by_id == actor.member_id else queries.claimer(session, wish_id))
    released = queries.released_last(session, wish_id, actor.member_id)
    if claim is not None or released is None or not rules.can_undo(released.ended_at, clock.now()):
        raise UndoOverError
    wishes.check_claimable(session, actor, wish_id)
    check_allowed(session, actor, wish, released.kind)
    without = _leave_out(session, actor, wish.community_id, released)
    released.ended_at = released.ended_as = released.end_note = None
    wish_service.advance(session, wish, Step.CLAIM, by_id=actor.member_id)
    if released.contacted_at is not None:
        wish_service.advance(session, wish, Step.CONTACT, by_id=actor.member_id)
    return Undone(None, without)


def _leave_out(session: Session, actor: Actor, community_id: UUID, claim: WishClaim) -> list[str]:
    """Let those leave a claim that is to go on who could not be asked or may not join now; gives their names."""
    people = [row for row in queries.people_of(session, claim.id) if row.member_id != actor.member_id]
    parts = [(row, session.get_one(WishParticipant, (claim.id, row.member_id))) for row in people]
    for _row, part in parts:
        part.left_at = claim.ended_at
    session.flush()
    free = {row.id for row in queries.colleagues(session, community_id=community_id, claim_id=claim.id)}
    without = []
    for row, part in parts:
        if row.member_id in free and _may_join(session, row):
            part.left_at = None
        else:
            without.append(row.name)
    session.flush()
    return without


def _may_join(session: Session, row: queries.Person) -> bool:
    """Whether somebody who took part has room for one more wish; who is only invited counts when joining."""
    return row.joined_at is None or not rules.has_enough(queries.active_claims(session, row.member_id))
