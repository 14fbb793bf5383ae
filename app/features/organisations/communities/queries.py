"""Reads about communities: who may look at which, who answers for their wishes, and who works there."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, Exists, Uuid, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import IDS, one_row
from app.features.history.service import history
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.queries import AnyRow, Rows
from app.features.members.rules import OrganisationKind, Permission, Role
from app.features.organisations.communities.models import CommunityPairing
from app.features.organisations.communities.rules import PairingChangeKind

CHANGES_SHOWN: Final = 20
_DAY: Final = bindparam("day", type_=RoleTerm.starts_on.type)
_HOLDS_POST: Final = and_(RoleTerm.role == Role.COLLECTOR, RoleTerm.in_force(_DAY))
_IS_HERE: Final = Member.is_here(_DAY)
COLLECTED: Final = select(RoleTerm.organisation_id).where(
    RoleTerm.member_id == bindparam("collector", type_=Uuid()), _HOLDS_POST
)
"""The communities where somebody is collector today. Give it ``collecting(actor)``."""
PAIRED: Final = select(CommunityPairing.community_id).where(
    CommunityPairing.branch_id == bindparam("paired_branch", type_=Uuid())
)
"""The communities that a branch looks after. Give it ``looking_after(actor)``."""
_COMMUNITIES: Final = (
    select(Organisation.id, Organisation.name)
    .where(Organisation.kind == OrganisationKind.COMMUNITY)
    .order_by(Organisation.pinyin, Organisation.id)
)
_COLLECTED: Final = _COMMUNITIES.where(Organisation.id.in_(COLLECTED))
_LED: Final = _COMMUNITIES.join(CommunityPairing, CommunityPairing.community_id == Organisation.id).where(
    CommunityPairing.branch_id == bindparam("branch"), CommunityPairing.leads
)
_IN_SIGHT: Final = _COMMUNITIES.where(
    Organisation.id == bindparam("community"),
    or_(bindparam("everywhere", type_=Boolean()), Organisation.id.in_(COLLECTED), Organisation.id.in_(PAIRED)),
)
_PAIRINGS: Final = (
    select(Organisation.id, Organisation.name, CommunityPairing.leads)
    .join(CommunityPairing, CommunityPairing.branch_id == Organisation.id)
    .where(CommunityPairing.community_id == bindparam("community"))
    .order_by(CommunityPairing.leads.desc(), Organisation.pinyin, Organisation.id)
)
_LEADER: Final = select(CommunityPairing.branch_id).where(
    CommunityPairing.community_id == bindparam("community"), CommunityPairing.leads
)
_HOLDS_IT_HERE: Final[Exists] = exists().where(
    RoleTerm.member_id == Member.id, RoleTerm.organisation_id == bindparam("community"), _HOLDS_POST
)
_PEOPLE: Final = (
    select(
        Member.id,
        Member.name,
        Member.phone,
        Organisation.name.label("home_name"),
        (Organisation.kind == OrganisationKind.COMMUNITY).label("works_here"),
        _HOLDS_IT_HERE.label("collects"),
    )
    .join(Organisation, Organisation.id == Member.branch_id)
    .where(
        _IS_HERE,
        or_(
            Member.branch_id == bindparam("community"),
            Member.id.in_(
                select(RoleTerm.member_id).where(RoleTerm.organisation_id == bindparam("community"), _HOLDS_POST)
            ),
        ),
    )
    .order_by(Member.pinyin, Member.id)
)
_NAMES: Final = select(Organisation.id, Organisation.name).where(Organisation.id.in_(IDS))
_LED_BY: Final = select(CommunityPairing.community_id).where(
    CommunityPairing.leads, CommunityPairing.branch_id == bindparam("officer_of", type_=Uuid())
)
ANSWERED: Final = select(Organisation.id).where(or_(Organisation.id.in_(COLLECTED), Organisation.id.in_(_LED_BY)))
"""The communities somebody answers for. Give it ``answering(actor)``."""
_ANSWERED: Final = _COMMUNITIES.where(Organisation.id.in_(ANSWERED))
_ONE_ANSWERED: Final = _ANSWERED.where(Organisation.id == bindparam("community"))


def collecting(actor: Actor) -> dict[str, object]:
    """The parameters of ``COLLECTED``: nothing is found for those who collect nowhere."""
    collector = actor.member_id if actor.may(Permission.COLLECT_WISHES) else None
    return {"collector": collector, "day": clock.today()}


def looking_after(actor: Actor) -> dict[str, object]:
    """The parameters of ``PAIRED``: only Party members look after communities."""
    return {"paired_branch": actor.branch_id if actor.may(Permission.BE_MEMBER) else None}


def community(session: Session, actor: Actor, community_id: UUID) -> AnyRow:
    """A community for its collectors, its branches, and who keeps all people: a row ``id, name``."""
    asked = {"community": community_id, "everywhere": actor.may(Permission.MANAGE_ALL_PEOPLE)}
    return one_row(session, _IN_SIGHT, asked | collecting(actor) | looking_after(actor))


def communities(session: Session) -> Rows:
    """Every community, by name: rows ``id, name``."""
    return session.execute(_COMMUNITIES).all()


def collected(session: Session, actor: Actor) -> Rows:
    """The communities where the actor collects, by name: rows ``id, name``."""
    return session.execute(_COLLECTED, collecting(actor)).all()


def collected_by(session: Session, member_id: UUID) -> Rows:
    """The same for somebody else than the one who asks, by today's posts."""
    return session.execute(_COLLECTED, {"collector": member_id, "day": clock.today()}).all()


def led(session: Session, branch_id: UUID) -> Rows:
    """The communities in which the branch leads, by name: rows ``id, name``."""
    return session.execute(_LED, {"branch": branch_id}).all()


def pairings(session: Session, community_id: UUID) -> Rows:
    """The branches that look after a community, the leading one first: rows ``id, name, leads``."""
    return session.execute(_PAIRINGS, {"community": community_id}).all()


def leader(session: Session, community_id: UUID) -> UUID | None:
    """The branch that leads in a community, or ``None`` while no branch is paired with it."""
    return session.scalars(_LEADER, {"community": community_id}).one_or_none()


def people(session: Session, community_id: UUID) -> Rows:
    """Who works for a community, and who collects there: rows ``id, name, phone, home_name, works_here, collects``."""
    return session.execute(_PEOPLE, {"community": community_id, "day": clock.today()}).all()


class Change(NamedTuple):
    """A change of a community's pairings."""

    at: datetime
    what: PairingChangeKind
    branch: str
    by: str | None
    """``None`` for a command on the server."""


def changes(session: Session, community_id: UUID) -> list[Change]:
    """The last changes of a community's pairings, the newest first; two statements."""
    last = history(session, community_id)[-CHANGES_SHOWN:]
    branches = {UUID(happened.detail["branch_id"]) for happened in last}
    names = {row.id: row.name for row in session.execute(_NAMES, {"ids": sorted(branches)})}
    return [
        Change(each.at, PairingChangeKind(each.step), names[UUID(each.detail["branch_id"])], each.by)
        for each in reversed(last)
    ]


def answering(actor: Actor) -> dict[str, object]:
    """The parameters of ``ANSWERED``."""
    officer_of = actor.branch_id if actor.may(Permission.APPROVE) else None
    return collecting(actor) | {"officer_of": officer_of}


def answered(session: Session, actor: Actor) -> Rows:
    """The communities the actor answers for, by name: rows ``id, name``."""
    return session.execute(_ANSWERED, answering(actor)).all()


def answered_community(session: Session, actor: Actor, community_id: UUID) -> AnyRow:
    """One of the communities that the actor answers for: a row ``id, name``."""
    return one_row(session, _ONE_ANSWERED, answering(actor) | {"community": community_id})
