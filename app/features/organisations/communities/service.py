"""Who looks after a community: the business administrator pairs it with branches, one of which leads."""

from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.core.db import refusing
from app.core.errors import ForbiddenError
from app.core.rows import one
from app.features.history.service import record
from app.features.members import reach
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.rules import OrganisationKind, Permission
from app.features.organisations.communities import queries
from app.features.organisations.communities.models import CommunityPairing
from app.features.organisations.communities.rules import AlreadyPairedError, PairingChangeKind, check_end

_TAKEN: Final = MappingProxyType({"pk_community_pairings": AlreadyPairedError})
_LOCKED: Final = (
    select(Organisation)
    .where(Organisation.id == bindparam("community"), Organisation.kind == OrganisationKind.COMMUNITY)
    .with_for_update(key_share=True)
)
_PAIRING: Final = select(CommunityPairing).where(
    CommunityPairing.community_id == bindparam("community"), CommunityPairing.branch_id == bindparam("branch")
)
_NOBODY_LEADS: Final = (
    update(CommunityPairing)
    .where(CommunityPairing.community_id == bindparam("of_community"))
    .values(leads=False)
    .execution_options(synchronize_session=False)
)


def pair(session: Session, actor: Actor, *, community_id: UUID, branch_id: UUID) -> CommunityPairing:
    """Let a branch look after the community; the first one leads.

    Raises:
        ForbiddenError: the actor keeps one branch only.
        AlreadyPairedError: the branch does so already.
    """
    _lock(session, actor, community_id)
    branch = reach.branch(session, actor, branch_id)
    leads = queries.leader(session, community_id) is None
    pairing = CommunityPairing(community_id=community_id, branch_id=branch.id, leads=leads)
    with refusing(session, _TAKEN):
        session.add(pairing)
    _note(session, actor, pairing, PairingChangeKind.PAIRED)
    if leads:
        _note(session, actor, pairing, PairingChangeKind.LEADS)
    return pairing


def let_lead(session: Session, actor: Actor, *, community_id: UUID, branch_id: UUID) -> CommunityPairing:
    """Let another of the paired branches lead from now on. Wishes that were entered stay with the one before.

    Raises:
        ForbiddenError: the actor keeps one branch only.
    """
    _lock(session, actor, community_id)
    pairing = _paired(session, community_id, branch_id)
    if not pairing.leads:
        session.execute(_NOBODY_LEADS, {"of_community": community_id})
        pairing.leads = True
        session.flush()
        _note(session, actor, pairing, PairingChangeKind.LEADS)
    return pairing


def end_pairing(session: Session, actor: Actor, *, community_id: UUID, branch_id: UUID) -> None:
    """The branch no longer looks after the community.

    Raises:
        ForbiddenError: the actor keeps one branch only.
        LeaderMissingError: it leads, and others would stay without a leader.
    """
    _lock(session, actor, community_id)
    pairing = _paired(session, community_id, branch_id)
    paired = [row.id for row in queries.pairings(session, community_id)]
    check_end(branch_id, leader_id=queries.leader(session, community_id), paired=paired)
    session.delete(pairing)
    session.flush()
    _note(session, actor, pairing, PairingChangeKind.ENDED)


def _lock(session: Session, actor: Actor, community_id: UUID) -> Organisation:
    """The community, locked until the end: which of its branches leads is decided by one at a time."""
    if not actor.may(Permission.MANAGE_ALL_PEOPLE):
        raise ForbiddenError
    return one(session, _LOCKED, {"community": community_id})


def _paired(session: Session, community_id: UUID, branch_id: UUID) -> CommunityPairing:
    return one(session, _PAIRING, {"community": community_id, "branch": branch_id})


def _note(session: Session, actor: Actor, pairing: CommunityPairing, change: PairingChangeKind) -> None:
    record(session, "community", pairing.community_id, change, by_id=actor.member_id, branch_id=str(pairing.branch_id))
    session.flush()
