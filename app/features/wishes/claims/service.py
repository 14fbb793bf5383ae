"""Claiming, sharing and giving back. First come, first served: the wish is held, and an index decides.

Everywhere in one order: the member (a limit counts their rows), then the wish, then its claim.
"""

from collections.abc import Collection
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.notices import service as notices
from app.features.wishes import queries as wishes
from app.features.wishes import rules as wish_rules
from app.features.wishes import service as life
from app.features.wishes.claims import queries, rules
from app.features.wishes.claims.errors import (
    AlreadyClaimedError,
    CannotInviteError,
    ExtendedOnceError,
    NotInvitedError,
    NotLeaderError,
    NotYoursError,
    OwnEstimateError,
)
from app.features.wishes.claims.models import WishClaim, WishParticipant
from app.features.wishes.claims.rules import ClaimEnd, ClaimKind
from app.features.wishes.contacts.sentences import check_sentence
from app.features.wishes.models import Wish
from app.features.wishes.reminders import WISHES
from app.features.wishes.rules import HELD, Status, Step

_FIRST: Final = MappingProxyType({"uq_wish_claims_current": AlreadyClaimedError})


def claim(session: Session, actor: Actor, *, wish_id: UUID, kind: ClaimKind = ClaimKind.ALONE) -> WishClaim:
    """Give the wish to the actor, who leads if it is a team. Twice is once.

    Raises:
        NotFoundError: no such wish in the communities of the actor's branch.
        AlreadyClaimedError: somebody else was first; it says who.
        StepRefusedError: the wish cannot be claimed for another reason.
        TooManyClaimsError: the actor already looks after ``MOST_ACTIVE`` wishes.
        TooDearError: such a wish is for a committee's team.
        OwnEstimateError: the actor has corrected its estimate.
    """
    members.lock(session, actor.member_id)
    wishes.check_claimable(session, actor, wish_id)
    wish = life.hold(session, wish_id)
    held = queries.current(session, wish_id)
    if held is not None:
        if _joined(queries.participant(session, held.id, actor.member_id)):
            return held
        raise AlreadyClaimedError(name=queries.claimer(session, wish_id))
    wish_rules.after(wish.status, Step.CLAIM)
    if queries.has_corrected_estimate(session, wish_id, actor.member_id):
        raise OwnEstimateError
    rules.check_claim(active=queries.active(session, actor.member_id), yuan=wish.yuan, kind=kind, roles=actor.roles)
    now = clock.now()
    claimed = WishClaim(
        wish_id=wish.id,
        kind=kind,
        claimed_by_id=actor.member_id,
        claimed_at=now,
        fulfil_from=clock.local_day(now),
        attempt=1,
    )
    try:
        with refusing(session, _FIRST):
            session.add(claimed)
    except AlreadyClaimedError:
        raise AlreadyClaimedError(name=queries.claimer(session, wish_id)) from None
    session.add(
        WishParticipant(
            claim_id=claimed.id,
            member_id=actor.member_id,
            branch_id=actor.branch_id,
            joined_at=now,
            took_part_from=now,
        )
    )
    life.take(session, wish, Step.CLAIM, by_id=actor.member_id)
    return claimed


def invite(session: Session, actor: Actor, *, wish_id: UUID, member_ids: Collection[UUID]) -> WishClaim:
    """Ask colleagues of the paired branches to take part; each joins by the own tap, or does not answer.

    Who left may be asked again, and stays somebody who took part, whatever the answer is.

    Raises:
        NotFoundError, NotYoursError, NotLeaderError, StepRefusedError: the actor does not hold the wish now.
        CannotInviteError: somebody belongs to no paired branch, or is asked already.
        TeamFullError: no room for so many.
    """
    wish, held, _own = hold(session, actor, wish_id)
    _check_leads(session, actor, held)
    free = {row.id: row for row in queries.colleagues(session, community_id=wish.community_id, claim_id=held.id)}
    people = len(queries.people(session, held.id))
    for number, member_id in enumerate(sorted(set(member_ids))):
        if member_id not in free:
            raise CannotInviteError
        rules.check_room(people + number)
        asked = queries.participant(session, held.id, member_id)
        if asked is None:
            asked = WishParticipant(claim_id=held.id, member_id=member_id)
            session.add(asked)
        asked.branch_id, asked.invited_by_id = free[member_id].branch_id, actor.member_id
        asked.joined_at = asked.left_at = None
    if held.kind is ClaimKind.ALONE and member_ids:
        held.kind = ClaimKind.SHARED
    session.flush()
    return held


def join(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """Accept an invitation. Twice is once.

    Raises:
        NotFoundError: no such wish in the actor's sight.
        NotInvitedError: nobody has asked the actor, or it is over.
        TooManyClaimsError: the actor already looks after ``MOST_ACTIVE`` wishes.
    """
    members.lock(session, actor.member_id)
    asked = _asked(session, actor, wish_id)
    if asked.joined_at is None:
        rules.check_active(queries.active(session, actor.member_id))
        asked.joined_at, asked.branch_id = clock.now(), actor.branch_id
        asked.took_part_from = asked.took_part_from or asked.joined_at
        session.flush()


def decline(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """Say no to an invitation; nobody has to say why.

    Raises:
        NotFoundError: no such wish in the actor's sight.
        NotInvitedError: there is no open invitation.
    """
    asked = _asked(session, actor, wish_id)
    if asked.joined_at is not None:
        raise NotInvitedError
    asked.left_at = clock.now()
    session.flush()


def contacted(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """The wisher has heard from those who claimed. Twice is once.

    Raises:
        NotFoundError, NotYoursError, StepRefusedError: the actor does not hold the wish now.
    """
    wish, held, _own = hold(session, actor, wish_id)
    if wish.status is Status.CLAIMED:
        held.contacted_at = clock.now()
        life.take(session, wish, Step.CONTACT, by_id=actor.member_id)


def extend(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """Two more weeks, once.

    Raises:
        NotFoundError, NotYoursError, StepRefusedError: the actor does not hold the wish now.
        ExtendedOnceError: it was used.
    """
    _wish, held, _own = hold(session, actor, wish_id)
    if held.extended_at is not None:
        raise ExtendedOnceError
    held.extended_at = clock.now()
    session.flush()
    notices.settle(session, WISHES.name, [wish_id])


def release(session: Session, actor: Actor, *, wish_id: UUID, reason: str = "") -> bool:
    """Give the wish back, without blame; others of the claim keep it. Gives whether it is on the board again.

    A team goes with its leader. Who shares a wish leaves it to the others.

    Raises:
        NotFoundError, NotYoursError, StepRefusedError: the actor does not hold the wish now.
        NamesSomebodyError: the reason carries a number, or says who wishes.
    """
    wish, held, own = hold(session, actor, wish_id)
    check_sentence(session, wish_id, reason)
    others = [row for row in queries.people(session, held.id) if row.joined_at and row.member_id != actor.member_id]
    leads_team = held.kind is ClaimKind.TEAM and held.claimed_by_id == actor.member_id
    if others and not leads_team:
        own.left_at = clock.now()
        if held.claimed_by_id == actor.member_id:
            held.claimed_by_id = min(others, key=lambda row: (row.joined_at, row.member_id)).member_id
        session.flush()
        return False
    end(session, held, ClaimEnd.RELEASED, note=reason)
    life.take(session, wish, Step.RELEASE, by_id=actor.member_id, note=reason)
    return True


def end(session: Session, held: WishClaim, how: ClaimEnd, *, note: str = "") -> None:
    """Let a claim be over; the caller takes the step of its wish."""
    held.ended_at, held.ended_as, held.end_note = clock.now(), how, note or None
    session.flush()


def hold(session: Session, actor: Actor, wish_id: UUID) -> tuple[Wish, WishClaim, WishParticipant]:
    """The wish, its claim and the actor's part in it, held, as long as the wish is not handed over.

    Raises:
        NotFoundError: no such wish in the actor's sight.
        NotYoursError: the actor has no part in its current claim.
        StepRefusedError: it is handed over by now.
    """
    wishes.wish(session, actor, wish_id)
    wish = life.hold(session, wish_id)
    held = queries.current(session, wish_id)
    own = queries.participant(session, held.id, actor.member_id) if held else None
    if held is None or own is None or not _joined(own):
        raise NotYoursError
    wish_rules.after(wish.status, Step.RELEASE)
    return wish, held, own


def _asked(session: Session, actor: Actor, wish_id: UUID) -> WishParticipant:
    wishes.wish(session, actor, wish_id)
    wish = life.hold(session, wish_id)
    held = queries.current(session, wish_id)
    asked = queries.participant(session, held.id, actor.member_id) if held else None
    if asked is None or asked.left_at is not None or wish.status not in HELD:
        raise NotInvitedError
    return asked


def _joined(part: WishParticipant | None) -> bool:
    return part is not None and part.joined_at is not None and part.left_at is None


def _check_leads(session: Session, actor: Actor, held: WishClaim) -> None:
    if held.kind is ClaimKind.TEAM and held.claimed_by_id != actor.member_id:
        raise NotLeaderError(name=queries.claimer(session, held.wish_id))
