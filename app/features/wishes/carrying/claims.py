"""Claiming, sharing and giving back. First come, first served: the wish is locked, and an index decides.

Everywhere in one order: the member (a limit counts their rows), then the wish, then its claim.
"""

from collections.abc import Collection
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.notices import service as notices
from app.features.wishes import queries as wishes
from app.features.wishes import rules as wish_rules
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import queries, rules
from app.features.wishes.carrying.errors import (
    AlreadyClaimedError,
    CannotInviteError,
    ExtendedOnceError,
    NotInvitedError,
    NotLeaderError,
    NotYoursError,
    OwnEstimateError,
    PastItsDayError,
)
from app.features.wishes.contacts.service import check_sentence
from app.features.wishes.models import Wish, WishClaim, WishParticipant
from app.features.wishes.rules import ACTIVE, ClaimEnd, ClaimKind, Status, Step

_CURRENT_CLAIM: Final = MappingProxyType({"uq_wish_claims_current": AlreadyClaimedError})
_PAST_ITS_DAY: Final = (
    select(Wish.id).where(Wish.status == Status.PUBLISHED, Wish.wanted_by < bindparam("today")).order_by(Wish.id)
)


def claim(session: Session, actor: Actor, *, wish_id: UUID, kind: ClaimKind = ClaimKind.ALONE) -> WishClaim:
    """Give the wish to the actor, who leads if it is a team. Twice is once.

    Raises:
        AlreadyClaimedError: somebody else was first; it says who. Others: see ``check_allowed``.
    """
    members.lock(session, actor.member_id)
    wishes.check_claimable(session, actor, wish_id)
    wish = wish_service.lock_wish(session, wish_id)
    first = queries.current_claim(session, wish_id)
    if first is not None:
        if has_joined(queries.participant(session, first.id, actor.member_id)):
            return first
        raise AlreadyClaimedError(name=queries.claimer(session, wish_id))
    check_allowed(session, actor, wish, kind)
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
        with refusing(session, _CURRENT_CLAIM):
            session.add(claimed)
    except AlreadyClaimedError:
        raise AlreadyClaimedError(name=queries.claimer(session, wish_id)) from None
    session.add(
        WishParticipant(
            claim_id=claimed.id, member_id=actor.member_id, branch_id=actor.branch_id, joined_at=now, took_part_from=now
        )
    )
    wish_service.advance(session, wish, Step.CLAIM, by_id=actor.member_id)
    return claimed


def check_allowed(session: Session, actor: Actor, wish: Wish, kind: ClaimKind) -> None:
    """Let the actor, whose row is locked, have a locked wish that nobody has.

    Raises:
        StepRefusedError, OwnEstimateError: it stands elsewhere, or the actor has corrected its estimate.
        TooManyClaimsError, TooDearError: see ``rules.check_claim``.
        PastItsDayError: it helps no more, and the sweep has not taken it off the board yet.
    """
    wish_rules.LIFE.check(wish.status, Step.CLAIM)
    if queries.has_corrected_estimate(session, wish.id, actor.member_id):
        raise OwnEstimateError
    active = queries.active_claims(session, actor.member_id)
    rules.check_claim(active=active, yuan=wish.yuan, kind=kind, roles=actor.roles)
    if rules.is_past(wish.wanted_by, clock.today()):
        raise PastItsDayError


def invite(session: Session, actor: Actor, *, wish_id: UUID, member_ids: Collection[UUID]) -> WishClaim:
    """Ask colleagues of the paired branches to take part; each joins by the own tap, or does not answer.

    Who left may be asked again, and stays somebody who took part, whatever the answer is.

    Raises:
        NotFoundError, NotYoursError, NotLeaderError, StepRefusedError: the actor does not carry the wish now.
        CannotInviteError: somebody belongs to no paired branch, or is asked already.
        TeamFullError: no room for so many.
    """
    wish, claim, _own = lock_own_claim(session, actor, wish_id)
    _check_leads(session, actor, claim)
    free = {row.id: row for row in queries.colleagues(session, community_id=wish.community_id, claim_id=claim.id)}
    people = len(queries.people_of(session, claim.id))
    for number, member_id in enumerate(sorted(set(member_ids))):
        if member_id not in free:
            raise CannotInviteError
        rules.check_room(people + number)
        asked = queries.participant(session, claim.id, member_id)
        if asked is None:
            asked = WishParticipant(claim_id=claim.id, member_id=member_id)
            session.add(asked)
        asked.branch_id, asked.invited_by_id = free[member_id].branch_id, actor.member_id
        asked.joined_at = asked.left_at = None
    if claim.kind is ClaimKind.ALONE and member_ids:
        claim.kind = ClaimKind.SHARED
    session.flush()
    return claim


def join(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """Accept an invitation. Twice is once.

    Raises:
        NotInvitedError: nobody has asked the actor, or it is over.
        TooManyToJoinError: the actor already looks after ``MOST_ACTIVE`` wishes.
    """
    members.lock(session, actor.member_id)
    asked = _asked(session, actor, wish_id)
    if asked.joined_at is None:
        rules.check_joining(queries.active_claims(session, actor.member_id))
        asked.joined_at, asked.branch_id = clock.now(), actor.branch_id
        asked.took_part_from = asked.took_part_from or asked.joined_at
        session.flush()


def decline(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """Say no to an invitation; nobody has to say why.

    Raises:
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
        NotFoundError, NotYoursError, StepRefusedError: the actor does not carry the wish now.
    """
    wish, claim, _own = lock_own_claim(session, actor, wish_id)
    if wish.status is Status.CLAIMED:
        claim.contacted_at = clock.now()
        wish_service.advance(session, wish, Step.CONTACT, by_id=actor.member_id)


def extend(session: Session, actor: Actor, *, wish_id: UUID) -> date:
    """``EXTENSION`` more, once, as far as the wisher's own day leaves it; gives the day by which it is handed over now.

    Raises:
        NotFoundError, NotYoursError, StepRefusedError: the actor does not carry the wish now.
        ExtendedOnceError: it was used.
        WantedEarlierError: the wisher's own day leaves no more time.
    """
    wish, claim, _own = lock_own_claim(session, actor, wish_id)
    if claim.extended_at is not None:
        raise ExtendedOnceError
    rules.check_extension(claim.fulfil_from, wish.wanted_by)
    claim.extended_at = clock.now()
    session.flush()
    notices.settle(session, wish_rules.REMINDERS, [wish_id])
    return rules.fulfil_by(claim.fulfil_from, wish.wanted_by, is_extended=True)


def release(session: Session, actor: Actor, *, wish_id: UUID, reason: str = "") -> bool:
    """Give the wish back, without blame; others of the claim keep it. Gives whether it is on the board again.

    A team goes with its leader. Who shares a wish leaves it to the others.

    Raises:
        NotFoundError, NotYoursError, StepRefusedError: the actor does not carry the wish now.
        NamesSomebodyError: the reason carries a number, or says who wishes.
    """
    wish, claim, own = lock_own_claim(session, actor, wish_id)
    check_sentence(session, wish_id, reason, at="reason")
    others = [row for row in queries.people_of(session, claim.id) if row.joined_at and row.member_id != actor.member_id]
    leads_team = claim.kind is ClaimKind.TEAM and claim.claimed_by_id == actor.member_id
    if others and not leads_team:
        own.left_at = clock.now()
        if claim.claimed_by_id == actor.member_id:
            claim.claimed_by_id = min(others, key=lambda row: (row.joined_at, row.member_id)).member_id
        session.flush()
        return False
    end_claim(session, claim, ClaimEnd.RELEASED, note=reason)
    wish_service.advance(session, wish, Step.RELEASE, by_id=actor.member_id, note=reason)
    return True


def end_claim(session: Session, claim: WishClaim, how: ClaimEnd, *, note: str = "") -> None:
    """Let a claim be over; the caller takes the step of its wish."""
    claim.ended_at, claim.ended_as, claim.end_note = clock.now(), how, note or None
    session.flush()


def lock_own_claim(session: Session, actor: Actor, wish_id: UUID) -> tuple[Wish, WishClaim, WishParticipant]:
    """The wish, its claim and the actor's part in it, locked, as long as the wish is not handed over.

    Raises:
        NotYoursError: the actor has no part in its current claim.
        StepRefusedError: it is handed over by now.
    """
    wishes.wish(session, actor, wish_id)
    wish = wish_service.lock_wish(session, wish_id)
    claim = queries.current_claim(session, wish_id)
    own = queries.participant(session, claim.id, actor.member_id) if claim else None
    if claim is None or own is None or not has_joined(own):
        raise NotYoursError
    wish_rules.LIFE.check(wish.status, Step.RELEASE)
    return wish, claim, own


def return_overdue(session: Session, now: datetime) -> int:
    """Give wishes back to the board that were not handed over in time and grace; gives their number.

    Safe when several do it at once: each wish is locked by itself, and whoever comes second finds nothing to do.
    """
    today = clock.local_day(now)
    returned = 0
    for row in queries.unfulfilled(session, before=today - rules.GRACE):
        if today < _returns_on(row, row.wanted_by):
            continue
        wish = wish_service.lock_wish(session, row.id)
        claim = queries.current_claim(session, row.id)
        if wish.status not in ACTIVE or claim is None:
            continue
        if today >= _returns_on(claim, wish.wanted_by):
            end_claim(session, claim, ClaimEnd.OVERDUE)
            wish_service.advance(session, wish, Step.OVERDUE, by_id=None)
            returned += 1
    return returned


def expire(session: Session, now: datetime) -> int:
    """Take unclaimed wishes off the board whose last day has passed; gives their number.

    Their collector asks whether they still matter: then they go into the next round.
    """
    today, expired = clock.local_day(now), 0
    for wish_id in session.scalars(_PAST_ITS_DAY, {"today": today}).all():
        wish = wish_service.lock_wish(session, wish_id)
        if wish.status is Status.PUBLISHED and rules.is_past(wish.wanted_by, today):
            wish_service.advance(session, wish, Step.EXPIRE, by_id=None)
            expired += 1
    return expired


def _returns_on(claim: Any, wanted_by: date | None) -> date:
    by = rules.fulfil_by(claim.fulfil_from, wanted_by, is_extended=claim.extended_at is not None)
    return rules.returns_on(by)


def _asked(session: Session, actor: Actor, wish_id: UUID) -> WishParticipant:
    wishes.wish(session, actor, wish_id)
    wish = wish_service.lock_wish(session, wish_id)
    claim = queries.current_claim(session, wish_id)
    asked = queries.participant(session, claim.id, actor.member_id) if claim else None
    if asked is None or asked.left_at is not None or wish.status not in ACTIVE:
        raise NotInvitedError
    return asked


def has_joined(part: WishParticipant | None) -> bool:
    """Whether somebody takes part, by the own tap, and has not left."""
    return part is not None and part.joined_at is not None and part.left_at is None


def _check_leads(session: Session, actor: Actor, claim: WishClaim) -> None:
    if claim.kind is ClaimKind.TEAM and claim.claimed_by_id != actor.member_id:
        raise NotLeaderError(name=queries.claimer(session, claim.wish_id))
