"""Who carries a wish, with whom, what somebody should look back at, and what was found."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.rows import columns, locked
from app.features.history.service import history
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.queries import AnyRow
from app.features.organisations.communities.models import CommunityPairing
from app.features.wishes.models import Wish, WishClaim, WishEvent, WishParticipant, WishRevisit
from app.features.wishes.queries import IN_SIGHT, sight
from app.features.wishes.rules import ACTIVE, ClaimEnd, Helped, Status, Step


class Person(NamedTuple):
    """Somebody who takes part in a claim, or is invited as long as ``joined_at`` is ``None``."""

    member_id: UUID
    branch_id: UUID
    joined_at: datetime | None
    invited_by_id: UUID | None
    name: str
    branch_name: str


class Colleague(NamedTuple):
    """A member of a paired branch who can be invited."""

    id: UUID
    name: str
    branch_id: UUID
    branch_name: str


class Realised(NamedTuple):
    """A realised wish that somebody should look back at."""

    id: UUID
    code: str
    title: str
    community: str
    fulfilled_on: date
    taken_by_id: UUID | None
    taken_by: str | None


class Found(NamedTuple):
    """What somebody found who looked back."""

    made_on: date
    helped: Helped
    sentence: str | None
    by: str


_GROUP = aliased(Organisation)
_CURRENT: Final = locked(select(WishClaim).where(WishClaim.wish_id == bindparam("wish"), WishClaim.ended_at.is_(None)))
_RELEASED_LAST: Final = (
    select(WishClaim)
    .join(Wish, Wish.id == WishClaim.wish_id)
    .join(WishEvent, and_(WishEvent.wish_id == Wish.id, WishEvent.seq == Wish.steps))
    .where(
        Wish.id == bindparam("wish"),
        WishEvent.step == Step.RELEASE,
        WishEvent.by_id == bindparam("member"),
        WishClaim.ended_as == ClaimEnd.RELEASED,
    )
    .order_by(WishClaim.ended_at.desc())
    .limit(1)
)
_PARTICIPANT: Final = (
    select(WishParticipant)
    .where(WishParticipant.claim_id == bindparam("claim"), WishParticipant.member_id == bindparam("member"))
    .execution_options(populate_existing=True)
)
_THERE: Final = WishParticipant.left_at.is_(None)
_JOINED: Final = and_(WishParticipant.joined_at.is_not(None), _THERE)
_ACTIVE: Final = (
    select(func.count())
    .select_from(WishParticipant)
    .join(WishClaim, WishClaim.id == WishParticipant.claim_id)
    .where(
        WishParticipant.member_id == bindparam("member"),
        _JOINED,
        WishClaim.ended_at.is_(None),
        WishClaim.fulfilled_on.is_(None),
    )
)
_PEOPLE: Final = (
    select(*columns(Person, WishParticipant, Member, branch_name=Organisation.name))
    .join(Member, Member.id == WishParticipant.member_id)
    .join(Organisation, Organisation.id == WishParticipant.branch_id)
    .where(WishParticipant.claim_id == bindparam("claim"), _THERE)
    .order_by(Organisation.pinyin, Member.pinyin, Member.id)
)
_NAME: Final = (
    select(Member.name)
    .join(WishClaim, WishClaim.claimed_by_id == Member.id)
    .where(WishClaim.wish_id == bindparam("wish"), WishClaim.ended_at.is_(None))
)
_COLLEAGUES: Final = (
    select(*columns(Colleague, Member, branch_name=Organisation.name))
    .join(Organisation, Organisation.id == Member.branch_id)
    .join(CommunityPairing, CommunityPairing.branch_id == Member.branch_id)
    .outerjoin(_GROUP, _GROUP.id == Member.group_id)
    .where(
        CommunityPairing.community_id == bindparam("community"),
        Member.is_here(bindparam("day")),
        ~exists().where(WishParticipant.claim_id == bindparam("claim"), WishParticipant.member_id == Member.id, _THERE),
    )
    .order_by(Organisation.pinyin, Member.group_id.is_(None), _GROUP.pinyin, Member.pinyin, Member.id)
)
_EVER: Final = (
    select(WishParticipant.claim_id)
    .join(WishClaim, WishClaim.id == WishParticipant.claim_id)
    .where(
        WishClaim.wish_id == bindparam("wish"),
        WishParticipant.member_id == bindparam("member"),
        WishParticipant.took_part_from.is_not(None),
    )
    .limit(1)
)
_SINCE: Final = (
    select(WishParticipant.claim_id)
    .where(WishParticipant.member_id == bindparam("member"), WishParticipant.joined_at >= bindparam("since"))
    .limit(1)
)
_LATE: Final = (
    select(Wish.id, Wish.wanted_by, WishClaim.fulfil_from, WishClaim.extended_at)
    .join(WishClaim, WishClaim.wish_id == Wish.id)
    .where(WishClaim.ended_at.is_(None), Wish.status.in_(ACTIVE), WishClaim.fulfil_from < bindparam("before"))
    .order_by(Wish.id)
)
_OF_CLAIM: Final = (
    select(WishRevisit)
    .where(WishRevisit.claim_id == bindparam("claim"), WishRevisit.attempt == bindparam("attempt"))
    .execution_options(populate_existing=True)
)
_LISTED: Final = (
    select(*columns(Realised, Wish, WishClaim, WishRevisit, community=Organisation.name, taken_by=Member.name))
    .join(WishClaim, WishClaim.wish_id == Wish.id)
    .join(Organisation, Organisation.id == Wish.community_id)
    .outerjoin(WishRevisit, and_(WishRevisit.claim_id == WishClaim.id, WishRevisit.attempt == WishClaim.attempt))
    .outerjoin(Member, Member.id == WishRevisit.taken_by_id)
    .where(Wish.status == Status.REALISED, WishClaim.ended_at.is_(None))
    .order_by(WishClaim.fulfilled_on, Wish.id)
)
_TOOK_PART: Final = (
    exists()
    .where(
        WishParticipant.claim_id == WishClaim.id,
        WishParticipant.member_id == bindparam("me"),
        WishParticipant.took_part_from.is_not(None),
    )
    .correlate(WishClaim)
)
_FOR_MEMBER: Final = _LISTED.where(IN_SIGHT, ~_TOOK_PART)
_TAKEN: Final = _LISTED.where(WishRevisit.taken_by_id == bindparam("me"))
_TAKEN_BY: Final = (
    select(Member.id, Member.name)
    .join(WishRevisit, WishRevisit.taken_by_id == Member.id)
    .where(WishRevisit.claim_id == bindparam("claim"), WishRevisit.attempt == bindparam("attempt"))
)
_MADE: Final = (
    select(*columns(Found, WishRevisit, by=Member.name))
    .join(Member, Member.id == WishRevisit.taken_by_id)
    .where(WishRevisit.claim_id == bindparam("claim"), WishRevisit.made_on.is_not(None))
    .order_by(WishRevisit.attempt)
)


def current_claim(session: Session, wish_id: UUID) -> WishClaim | None:
    """The current claim of the wish, for changing it; lock the wish before."""
    return session.scalars(_CURRENT, {"wish": wish_id}).one_or_none()


def released_last(session: Session, wish_id: UUID, member_id: UUID) -> WishClaim | None:
    """The claim with whose release by this member the history of a wish ends; lock the wish before."""
    return session.scalars(_RELEASED_LAST, {"wish": wish_id, "member": member_id}).one_or_none()


def participant(session: Session, claim_id: UUID, member_id: UUID) -> WishParticipant | None:
    """Somebody's part in a claim, whatever became of it, for changing it."""
    return session.scalars(_PARTICIPANT, {"claim": claim_id, "member": member_id}).one_or_none()


def took_part(session: Session, claim_id: UUID, member_id: UUID) -> bool:
    """Whether somebody takes part in a claim, or ever did: leaving it and being asked again change nothing of that."""
    part = participant(session, claim_id, member_id)
    return part is not None and part.took_part_from is not None


def ever_took_part(session: Session, wish_id: UUID, member_id: UUID) -> bool:
    """Whether somebody takes part in a wish, or ever did in any of its claims."""
    return session.scalar(_EVER, {"wish": wish_id, "member": member_id}) is not None


def has_corrected_estimate(session: Session, wish_id: UUID, member_id: UUID) -> bool:
    """Whether somebody has set the estimate of a wish anew after it had been handed in."""
    corrected = [happened for happened in history(session, wish_id) if happened.by_id == member_id]
    return any("yuan" in happened.detail["fields"] for happened in corrected)


def active_claims(session: Session, member_id: UUID) -> int:
    """How many wishes the member looks after now; lock the member before a limit stands on it."""
    return session.execute(_ACTIVE, {"member": member_id}).scalar_one()


def people_of(session: Session, claim_id: UUID) -> Sequence[Person]:
    """Who takes part in a claim or is invited (``joined_at`` is ``None``), by branch and pinyin."""
    return [Person._make(row) for row in session.execute(_PEOPLE, {"claim": claim_id})]


def claimer(session: Session, wish_id: UUID) -> str:
    """The name of whoever claimed the wish; empty if nobody does."""
    return session.scalar(_NAME, {"wish": wish_id}) or ""


def colleagues(session: Session, *, community_id: UUID, claim_id: UUID) -> Sequence[Colleague]:
    """Members of the paired branches who can be invited."""
    asked = {"community": community_id, "claim": claim_id, "day": clock.today()}
    return [Colleague._make(row) for row in session.execute(_COLLEAGUES, asked)]


def took_part_since(session: Session, member_id: UUID, since: datetime) -> bool:
    """Whether the member has taken part in a wish since then, whatever became of it."""
    return session.scalar(_SINCE, {"member": member_id, "since": since}) is not None


def unfulfilled(session: Session, *, before: date) -> Sequence[AnyRow]:
    """Wishes of which the days to fulfil began ``before``: rows ``id, wanted_by, fulfil_from, extended_at``."""
    return session.execute(_LATE, {"before": before}).all()


def revisit_of(session: Session, claim: WishClaim) -> WishRevisit | None:
    """The revisit of a claim's present attempt, taken over or made, for changing it; lock the wish before."""
    return session.scalars(_OF_CLAIM, {"claim": claim.id, "attempt": claim.attempt}).one_or_none()


def to_revisit(session: Session, actor: Actor) -> Sequence[Realised]:
    """Realised wishes in the actor's sight in which the actor took no part, longest first."""
    return [Realised._make(row) for row in session.execute(_FOR_MEMBER, sight(actor))]


def revisits_taken(session: Session, member_id: UUID) -> Sequence[Realised]:
    """Realised wishes that the member has taken over to look back at."""
    return [Realised._make(row) for row in session.execute(_TAKEN, {"me": member_id})]


def revisit_taken_by(session: Session, claim_id: UUID | None, attempt: int | None) -> AnyRow | None:
    """Who has taken over to look back at a claim's attempt: a row ``id, name``."""
    return session.execute(_TAKEN_BY, {"claim": claim_id, "attempt": attempt}).one_or_none()


def revisits_made(session: Session, claim_id: UUID) -> Sequence[Found]:
    """What was found, the first time first; for callers that may see the wish."""
    return [Found._make(row) for row in session.execute(_MADE, {"claim": claim_id})]
