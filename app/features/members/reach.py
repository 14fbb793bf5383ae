"""What an officer may change: rows for writing, found only within the officer's reach, and held until the end."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.members import powers, queries
from app.features.members.actor import Actor
from app.features.members.errors import DepartureFromAboveError, HigherPostError, OwnRecordError
from app.features.members.models import AuditEntry, Member, Organisation, RoleTerm
from app.features.members.rules import HOMES, AuditAction, OrganisationKind, Permission
from app.features.members.standing import Side, may_reach_account, weight_of

_EVERYWHERE: Final = bindparam("everywhere", type_=Boolean())
_MEMBER: Final = (
    select(Member)
    .where(
        Member.id == bindparam("member"), or_(Member.branch_id == bindparam("officer_of", type_=Uuid()), _EVERYWHERE)
    )
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_HOME: Final = select(Organisation).where(
    Organisation.id == bindparam("home"),
    Organisation.kind.in_(HOMES),
    or_(Organisation.id == bindparam("officer_of", type_=Uuid()), _EVERYWHERE),
)
_BRANCH_OF: Final = select(Member.branch_id).where(Member.id == bindparam("member"))

_RECORDED_BY: Final = (
    select(AuditEntry.actor_id)
    .where(AuditEntry.subject_id == bindparam("member"), AuditEntry.action == AuditAction.MEMBER_LEFT)
    .order_by(AuditEntry.id.desc())
    .limit(1)
)
_ENDED_WITH_IT: Final = select(RoleTerm.role).where(
    RoleTerm.member_id == bindparam("member"), RoleTerm.in_force(bindparam("last", type_=RoleTerm.starts_on.type))
)


def may_change(actor: Actor, branch_id: UUID) -> bool:
    """Whether the actor keeps the people of this branch."""
    reach = _reach(actor)
    return bool(reach["everywhere"]) or reach["officer_of"] == branch_id


def sees_in_detail(actor: Actor, branch_id: UUID) -> bool:
    """Whether phone numbers, states and the pages of this branch's people are for the actor."""
    is_own = branch_id == actor.branch_id and actor.may(Permission.SEE_BRANCH)
    return is_own or actor.may(Permission.MANAGE_ALL_PEOPLE)


def may_appoint(session: Session, actor: Actor, branch_id: UUID) -> bool:
    """Whether the actor has a hand in the posts and slips of this branch."""
    return powers.side(session, actor, branch_id) is not Side.OUTSIDE


def card(session: Session, actor: Actor, member_id: UUID) -> queries.AnyRow:
    """A member's card, for the pages on which the actor changes something."""
    found = queries.card(session, actor, member_id)
    if not may_change(actor, found.branch_id):
        raise NotFoundError
    return found


def appointed_card(session: Session, actor: Actor, member_id: UUID) -> queries.AnyRow:
    """A member's card, for the pages of posts and exemptions: those are for the level above as well.

    Raises:
        NotFoundError: no such member in the actor's reach, nor in a branch the actor stands above.
    """
    found = queries.member_card(session, member_id)
    if powers.side(session, actor, found.branch_id) is Side.OUTSIDE:
        raise NotFoundError
    return found


def member(session: Session, actor: Actor, member_id: UUID) -> Member:
    """A member whose data the actor keeps."""
    return _held(session, member_id, _reach(actor))


def other_member(session: Session, actor: Actor, member_id: UUID) -> Member:
    """A member on whose belonging the actor may decide: four eyes, never the own."""
    return _other(actor, member(session, actor, member_id))


def appointee(session: Session, actor: Actor, member_id: UUID) -> tuple[Member, Side]:
    """A member whose posts, exemptions and slips the actor may have a hand in, and where the actor stands to them.

    Raises:
        NotFoundError: no such member in the actor's reach, nor in a branch the actor stands above.
        OwnRecordError: it is the actor.
    """
    home = session.scalar(_BRANCH_OF, {"member": member_id})
    side = Side.OUTSIDE if home is None else powers.side(session, actor, home)
    if home is None or side is Side.OUTSIDE:
        raise NotFoundError
    return _other(actor, _held(session, member_id, {"officer_of": home, "everywhere": False})), side


def check_account(session: Session, actor: Actor, person: Member) -> None:
    """Let the actor touch what a person signs in with, or where the person belongs.

    Raises:
        HigherPostError: the person decides beside the actor, or stands higher; somebody above the branch does it.
    """
    posts = powers.posts_ahead(session, [person.id])[person.id]
    if not may_reach_account(powers.side(session, actor, person.branch_id), weight_of(posts)):
        raise HigherPostError(name=person.name)


def may_open_account(session: Session, actor: Actor, person: queries.AnyRow) -> bool:
    """Whether the actor prints a slip for this person (a row of ``queries.card``); never for themselves."""
    posts = powers.posts_ahead(session, [person.id])[person.id]
    side = powers.side(session, actor, person.branch_id)
    return person.id != actor.member_id and may_reach_account(side, weight_of(posts))


def check_departure(session: Session, actor: Actor, person: Member) -> None:
    """Let the actor take back the departure of a person, or give it another day; who has not left is no matter here.

    What was recorded from above, or on the server, is changed from above: an officer of the branch changes only what
    an officer of the branch recorded.

    Raises:
        DepartureFromAboveError: it was not, or the posts that ended with it were not the actor's to end.
    """
    if person.left_on is None:
        return
    side = powers.side(session, actor, person.branch_id)
    ended = session.scalars(_ENDED_WITH_IT, {"member": person.id, "last": person.left_on - timedelta(days=1)})
    if may_reach_account(side, weight_of(ended)):
        recorder = session.scalars(_RECORDED_BY, {"member": person.id}).first()
        if side is not Side.BESIDE or recorder == actor.member_id:
            return
        by = powers.standing(session, recorder) if recorder else None
        if by and powers.side(session, by, person.branch_id) is Side.BESIDE:
            return
    raise DepartureFromAboveError(name=person.name)


def branch(session: Session, actor: Actor, branch_id: UUID) -> Organisation:
    """A branch whose people the actor keeps."""
    found = home(session, actor, branch_id)
    if found.kind is not OrganisationKind.BRANCH:
        raise NotFoundError
    return found


def home(session: Session, actor: Actor, place_id: UUID) -> Organisation:
    """A branch or a community whose people the actor keeps."""
    return _home(session, place_id, _reach(actor))


def appointing_home(session: Session, actor: Actor, place_id: UUID) -> Organisation:
    """A branch or a community in whose posts and slips the actor has a hand.

    Raises:
        NotFoundError: no such place in the actor's reach, nor below the actor's post.
    """
    if powers.side(session, actor, place_id) is Side.OUTSIDE:
        raise NotFoundError
    return _home(session, place_id, {"officer_of": place_id, "everywhere": False})


def _held(session: Session, member_id: UUID, within: dict[str, object]) -> Member:
    found = session.scalars(_MEMBER, {"member": member_id, **within}).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def _other(actor: Actor, found: Member) -> Member:
    if found.id == actor.member_id:
        raise OwnRecordError
    return found


def _home(session: Session, place_id: UUID, within: dict[str, object]) -> Organisation:
    found = session.scalars(_HOME, {"home": place_id, **within}).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def _reach(actor: Actor) -> dict[str, object]:
    return {
        "officer_of": actor.branch_id if actor.may(Permission.MANAGE_BRANCH_PEOPLE) else None,
        "everywhere": actor.may(Permission.MANAGE_ALL_PEOPLE),
    }
