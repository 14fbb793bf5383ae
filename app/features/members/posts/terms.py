"""A post begins and ends: where it is, what it goes together with, and the row in the audit log."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.features.members import audit
from app.features.members.errors import HasLeftError, MisplacedPostError, NoGroupError, NotFullMemberError
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.posts.rules import FOR_EVER, Term, check_days, check_post
from app.features.members.rules import ORGAN_POSTS, POSTS_AT, AuditAction, MemberStatus, OrganisationKind, Role

_PLACE: Final = select(Organisation).where(Organisation.id == bindparam("place")).with_for_update(key_share=True)
_ROOT: Final = select(Organisation).where(Organisation.parent_id.is_(None)).with_for_update(key_share=True)
_HOME_KIND: Final = select(Organisation.kind).where(Organisation.id == bindparam("home"))
_PLACE_NAME: Final = select(Organisation.name).where(Organisation.id == bindparam("place"))
_OVERLAPPING: Final = (
    select(
        RoleTerm.id,
        RoleTerm.member_id,
        Member.name,
        RoleTerm.organisation_id,
        RoleTerm.role,
        RoleTerm.starts_on,
        RoleTerm.ends_on,
    )
    .join(Member, Member.id == RoleTerm.member_id)
    .where(
        or_(RoleTerm.member_id == bindparam("member"), RoleTerm.organisation_id == bindparam("place")),
        RoleTerm.starts_on <= bindparam("ends_on"),
        or_(RoleTerm.ends_on.is_(None), RoleTerm.ends_on >= bindparam("starts_on")),
        or_(RoleTerm.ended_at.is_(None), RoleTerm.ends_on > bindparam("starts_on")),
    )
)
_HELD_POST: Final = (
    select(RoleTerm)
    .where(
        RoleTerm.member_id == bindparam("member"),
        RoleTerm.organisation_id == bindparam("place"),
        RoleTerm.role == bindparam("role"),
        or_(RoleTerm.ends_on.is_(None), RoleTerm.ends_on >= bindparam("day")),
        RoleTerm.ended_at.is_(None),
    )
    .order_by(RoleTerm.starts_on, RoleTerm.id)
    .limit(1)
)


def check(
    session: Session, member: Member, role: Role, *, starts_on: date, ends_on: date | None, place_id: UUID | None
) -> tuple[Term, Organisation]:
    """The term of a post that can be given, and its place, held until the end.

    Raises:
        HasLeftError: the member will have left by then.
        NoGroupError, MisplacedPostError, NotFullMemberError: there is no such post there, or not for this member.
        EndsBeforeStartError, PostHeldError, SecretaryHeldError, SeparateAdministratorsError: see ``rules``.
    """
    check_days(starts_on, ends_on)
    if member.left_on and member.left_on <= starts_on:
        raise HasLeftError(name=member.name)
    if role is Role.SUPERVISOR and member.status is not MemberStatus.FULL:
        raise NotFullMemberError
    place = place_of(session, member, role, place_id)
    wanted = Term(member.id, member.name, place.id, role, starts_on, ends_on)
    check_post(wanted, _overlapping(session, wanted))
    return wanted, place


def begin(
    session: Session, by_id: UUID | None, member: Member, place: Organisation, wanted: Term, *, proposer: str = ""
) -> RoleTerm:
    """Write down that the post is held; ``by_id`` is ``None`` for the server."""
    term = RoleTerm(
        member_id=member.id,
        organisation_id=place.id,
        role=wanted.role,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
    )
    session.add(term)
    session.flush()
    said = words(term, place.name) | {"proposed_by": proposer}
    audit.record(session, by_id, AuditAction.POST_GIVEN, member, audit.changed({}, said))
    return term


def finish(
    session: Session, by_id: UUID | None, member: Member, term: RoleTerm, ends_on: date | None, *, proposer: str = ""
) -> RoleTerm:
    """End a post on a day, or at once: then its last day is today, and it is over from this moment."""
    last = ends_on or clock.today()
    check_days(term.starts_on, last)
    wanted = Term(member.id, member.name, term.organisation_id, term.role, term.starts_on, last)
    check_post(wanted, _overlapping(session, wanted, apart_from=term.id))
    place = session.scalars(_PLACE_NAME, {"place": term.organisation_id}).one()
    before, term.ends_on = words(term, place), last
    if ends_on is None:
        term.ended_at = clock.now()
    session.flush()
    if changes := audit.changed(before, words(term, place)):
        changes |= audit.changed({}, {"proposed_by": proposer})
        audit.record(session, by_id, AuditAction.POST_ENDED, member, changes)
    return term


def held(session: Session, member: Member, role: Role, place_id: UUID, day: date) -> RoleTerm | None:
    """The post that a member holds there on ``day`` or later, if it is not over."""
    asked = {"member": member.id, "place": place_id, "role": role, "day": day}
    return session.scalars(_HELD_POST, asked).one_or_none()


def place_of(session: Session, member: Member, role: Role, place_id: UUID | None) -> Organisation:
    """Where the post is, held until the end: a branch has one secretary, so what is counted is the branch's."""
    home = session.scalars(_HOME_KIND, {"home": member.branch_id}).one()
    if home is OrganisationKind.COMMUNITY and role not in POSTS_AT[home]:
        raise MisplacedPostError(role=role.label)
    if role is Role.GROUP_LEADER:
        place_id = member.group_id
        if place_id is None:
            raise NoGroupError(name=member.name)
    elif role in POSTS_AT[OrganisationKind.BRANCH]:
        place_id = member.branch_id
    elif home is OrganisationKind.COMMUNITY:
        place_id = place_id or member.branch_id
    place = session.scalars(_PLACE if place_id else _ROOT, {"place": place_id}).one_or_none()
    if place is None:
        raise NotFoundError
    if role not in POSTS_AT[place.kind] and not (place.parent_id is None and role in ORGAN_POSTS):
        raise MisplacedPostError(role=role.label)
    return place


def _overlapping(session: Session, wanted: Term, apart_from: UUID | None = None) -> Iterator[Term]:
    rows = session.execute(
        _OVERLAPPING,
        {
            "member": wanted.member_id,
            "place": wanted.place_id,
            "starts_on": wanted.starts_on,
            "ends_on": wanted.ends_on or FOR_EVER,
        },
    )
    for row in rows.all():
        if row.id != apart_from:
            yield Term(row.member_id, row.name, row.organisation_id, row.role, row.starts_on, row.ends_on)


def words(term: RoleTerm, place: str) -> dict[str, object]:
    """The post as the audit log keeps it."""
    return {"role": term.role, "place": place, "starts_on": term.starts_on, "ends_on": term.ends_on}
