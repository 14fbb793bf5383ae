"""Changes of posts that want two: one person proposes, another confirms, and everything is asked again then."""

from collections.abc import Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.db import refusing
from app.core.errors import NotFoundError
from app.core.rows import rowcount
from app.features.members import audit, powers
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.errors import AlreadyProposedError, NotSecondError, ProposalOverError
from app.features.members.models import Member, Organisation
from app.features.members.posts import terms
from app.features.members.posts.models import PostProposal
from app.features.members.queries import AnyRow, Rows
from app.features.members.rules import ADMINISTRATORS, AuditAction, Permission, ProposalState, Role
from app.features.members.standing import PROPOSAL_LASTS, Side, Way, may_second, way_to_appoint, weight_of

_PROPOSAL: Final = (
    select(PostProposal)
    .where(PostProposal.id == bindparam("proposal"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_LAPSE: Final = (
    update(PostProposal)
    .where(PostProposal.state == ProposalState.WAITING, PostProposal.proposed_at < bindparam("before"))
    .values(state=ProposalState.LAPSED, decided_at=bindparam("lapsed_at"))
    .execution_options(synchronize_session=False)
)
_PROPOSED: Final = MappingProxyType({"uq_post_proposals_waiting": AlreadyProposedError})
_Proposer, _Branch = aliased(Member), aliased(Organisation)
_WAITING: Final = (
    select(
        PostProposal.id,
        PostProposal.member_id,
        PostProposal.role,
        PostProposal.ends,
        PostProposal.starts_on,
        PostProposal.ends_on,
        PostProposal.proposed_by_id,
        PostProposal.proposed_at,
        Member.name,
        Member.branch_id,
        _Branch.name.label("branch"),
        Organisation.name.label("place"),
        _Proposer.name.label("proposed_by"),
    )
    .join(Member, Member.id == PostProposal.member_id)
    .join(_Branch, _Branch.id == Member.branch_id)
    .join(Organisation, Organisation.id == PostProposal.organisation_id)
    .join(_Proposer, _Proposer.id == PostProposal.proposed_by_id)
    .where(PostProposal.state == ProposalState.WAITING, PostProposal.proposed_at >= bindparam("since"))
    .order_by(_Branch.pinyin, Member.pinyin, PostProposal.id)
)
_OF_MEMBER: Final = _WAITING.where(PostProposal.member_id == bindparam("member"))
_OWN: Final = _WAITING.where(PostProposal.proposed_by_id == bindparam("me"))
_SECONDS: Final = frozenset({Permission.MANAGE_BRANCH_PEOPLE, Permission.APPOINT})


def propose(
    session: Session,
    actor: Actor,
    member: Member,
    place: Organisation,
    role: Role,
    *,
    ends: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> PostProposal:
    """Let a change of a post wait for a second person."""
    lapse(session, clock.now())
    proposal = PostProposal(
        member_id=member.id,
        organisation_id=place.id,
        role=role,
        ends=ends,
        starts_on=starts_on,
        ends_on=ends_on,
        proposed_by_id=actor.member_id,
    )
    with refusing(session, _PROPOSED):
        session.add(proposal)
    words = {"role": role, "place": place.name, "starts_on": starts_on, "ends_on": ends_on}
    changes = audit.changed(words, {}) if ends else audit.changed({}, words)
    audit.record(session, actor.member_id, AuditAction.POST_PROPOSED, member, changes)
    session.flush()
    return proposal


def confirm(session: Session, actor: Actor, *, proposal_id: UUID) -> PostProposal:
    """Let a proposed change take effect: the second person's word. Everything is asked again, the first one's too.

    Raises:
        NotSecondError: the actor proposed it, it is the actor's post, or the two came about by each other.
        ProposalOverError: it does not wait any more, or who proposed it no longer may.
        HasLeftError and others: as for ``give_post`` and ``end_post``.
    """
    proposal, member, place = _found(session, actor, proposal_id)
    if actor.member_id in (proposal.proposed_by_id, proposal.member_id):
        raise NotSecondError
    if powers.are_bound(session, actor.member_id, proposal.proposed_by_id):
        raise NotSecondError
    first = powers.standing(session, proposal.proposed_by_id)
    if first is None:
        raise ProposalOverError
    side = powers.side(session, first, member.branch_id)
    if way_to_appoint(side, weight_of([proposal.role])) is Way.NOT_HERE:
        raise ProposalOverError
    proposer = session.get_one(Member, proposal.proposed_by_id).name
    if proposal.ends:
        term = terms.held(session, member, proposal.role, place.id, clock.today())
        if term is None:
            raise ProposalOverError
        terms.finish(session, actor.member_id, member, term, proposal.ends_on, proposer=proposer)
    else:
        starts_on = max(cast(date, proposal.starts_on), clock.today())
        ends_on = proposal.ends_on
        wanted, where = terms.check(
            session, member, proposal.role, starts_on=starts_on, ends_on=ends_on, place_id=place.id
        )
        if where.id != place.id:
            raise ProposalOverError  # the member has moved
        terms.begin(session, actor.member_id, member, place, wanted, proposer=proposer)
    _decided(session, proposal, ProposalState.CONFIRMED, actor)
    return proposal


def decline(session: Session, actor: Actor, *, proposal_id: UUID) -> PostProposal:
    """Say no to a proposed change, or take back the own proposal.

    Raises:
        ProposalOverError: it does not wait any more.
    """
    proposal, member, _place = _found(session, actor, proposal_id)
    is_own = proposal.proposed_by_id == actor.member_id
    _decided(session, proposal, ProposalState.WITHDRAWN if is_own else ProposalState.DECLINED, actor)
    audit.record(session, actor.member_id, AuditAction.POST_DECLINED, member, {"role": (proposal.role.value, None)})
    return proposal


def lapse(session: Session, now: datetime) -> int:
    """Let proposals go that have waited for ``PROPOSAL_LASTS``; gives their number."""
    lapsed = session.execute(_LAPSE, {"before": now - PROPOSAL_LASTS, "lapsed_at": now})
    return rowcount(lapsed)


def waiting(session: Session, actor: Actor) -> list[AnyRow]:
    """What waits for the actor's word as the second person."""
    if actor.permissions.isdisjoint(_SECONDS) and actor.roles.isdisjoint(ADMINISTRATORS):
        return []
    sides: dict[UUID, Side] = {}
    found = []
    for row in _rows(session, _WAITING):
        if actor.member_id in (row.proposed_by_id, row.member_id):
            continue
        if row.branch_id not in sides:
            sides[row.branch_id] = powers.side(session, actor, row.branch_id)
        if may_second(sides[row.branch_id], weight_of([row.role]), actor.roles):
            found.append(row)
    return found


def own(session: Session, actor: Actor) -> Rows:
    """What the actor proposed and still waits."""
    return _rows(session, _OWN, me=actor.member_id)


def of_member(session: Session, member_id: UUID) -> Rows:
    """What waits for a second word about the posts of one member. For callers that reach the member."""
    return _rows(session, _OF_MEMBER, member=member_id)


def _rows(session: Session, statement: Any, **values: object) -> Sequence[AnyRow]:
    return session.execute(statement, {"since": clock.now() - PROPOSAL_LASTS, **values}).all()


def _found(session: Session, actor: Actor, proposal_id: UUID) -> tuple[PostProposal, Member, Organisation]:
    """A waiting proposal that the actor made or may be the second person for, with its member's row held."""
    seen = session.get(PostProposal, proposal_id)
    if seen is None:
        raise NotFoundError
    members.lock(session, seen.member_id)  # the member first, as everywhere
    proposal = session.scalars(_PROPOSAL, {"proposal": proposal_id}).one()
    member = session.get_one(Member, proposal.member_id, populate_existing=True)
    side = powers.side(session, actor, member.branch_id)
    if proposal.proposed_by_id != actor.member_id and not may_second(side, weight_of([proposal.role]), actor.roles):
        raise NotFoundError
    if proposal.state is not ProposalState.WAITING or clock.now() - proposal.proposed_at > PROPOSAL_LASTS:
        raise ProposalOverError
    return proposal, member, session.get_one(Organisation, proposal.organisation_id)


def _decided(session: Session, proposal: PostProposal, state: ProposalState, actor: Actor) -> None:
    proposal.state, proposal.decided_by_id, proposal.decided_at = state, actor.member_id, clock.now()
    session.flush()
