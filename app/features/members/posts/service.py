"""Who holds which post, from when until when. Nobody decides on the own posts; each change leaves an audit row."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.members import audit, reach
from app.features.members.actor import Actor
from app.features.members.errors import HasLeftError, MisplacedPostError, NoGroupError, OrganPostError
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.posts.rules import FOR_EVER, Term, check_days, check_post
from app.features.members.rules import (
    BRANCH_POSTS,
    GIVEN_BY_ORGAN,
    ORGAN_POSTS,
    POSTS_AT,
    ROLE_LABELS,
    AuditAction,
    OrganisationKind,
    Permission,
    Role,
)

_PLACE: Final = select(Organisation).where(Organisation.id == bindparam("place")).with_for_update(key_share=True)
_ROOT: Final = select(Organisation).where(Organisation.parent_id.is_(None)).with_for_update(key_share=True)
_HOME_KIND: Final = select(Organisation.kind).where(Organisation.id == bindparam("home"))
_PLACE_NAME: Final = select(Organisation.name).where(Organisation.id == bindparam("place"))
_TERM: Final = select(RoleTerm).where(RoleTerm.id == bindparam("term"), RoleTerm.member_id == bindparam("member"))
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
    )
)
_UNFINISHED: Final = (
    select(RoleTerm, Organisation.name)
    .join(Organisation, Organisation.id == RoleTerm.organisation_id)
    .where(
        RoleTerm.member_id == bindparam("member"),
        or_(RoleTerm.ends_on.is_(None), RoleTerm.ends_on >= bindparam("day")),
    )
)


def give_post(
    session: Session,
    actor: Actor,
    *,
    member_id: UUID,
    role: Role,
    starts_on: date,
    ends_on: date | None = None,
    place_id: UUID | None = None,
) -> RoleTerm:
    """Give a member a post: in the own branch, group or community, or at ``place_id`` (the root, if not said).

    Raises:
        NotFoundError: no such member or place.
        OwnRecordError: it is the actor.
        OrganPostError: a post that no branch gives, and the actor keeps one branch only.
        HasLeftError: the member will have left by then.
        NoGroupError, MisplacedPostError: there is no such post there.
        EndsBeforeStartError, PostHeldError, SecretaryHeldError, SeparateAdministratorsError: see ``terms``.
    """
    member = reach.other_member(session, actor, member_id)
    _check_may_decide(actor, role)
    check_days(starts_on, ends_on)
    if member.left_on and member.left_on <= starts_on:
        raise HasLeftError(name=member.name)
    place = _place(session, member, role, place_id)
    wanted = Term(member.id, member.name, place.id, role, starts_on, ends_on)
    check_post(wanted, _held(session, wanted))
    term = RoleTerm(member_id=member.id, organisation_id=place.id, role=role, starts_on=starts_on, ends_on=ends_on)
    session.add(term)
    session.flush()
    audit.record(session, actor.member_id, AuditAction.POST_GIVEN, member, audit.changed({}, _words(term, place.name)))
    return term


def end_post(session: Session, actor: Actor, *, member_id: UUID, term_id: UUID, ends_on: date) -> RoleTerm:
    """Say which day is the last of a post; the same again changes nothing.

    Raises:
        NotFoundError: no such member in the actor's reach, or no such post of the member.
        OwnRecordError: it is the actor's own post.
        OrganPostError: a post above the branches, and the actor keeps one branch only.
        EndsBeforeStartError: the last day lies before the first.
        PostHeldError, SecretaryHeldError, SeparateAdministratorsError: a longer term would meet another.
    """
    member = reach.other_member(session, actor, member_id)
    term = session.scalars(_TERM, {"term": term_id, "member": member_id}).one_or_none()
    if term is None:
        raise NotFoundError
    _check_may_decide(actor, term.role)
    check_days(term.starts_on, ends_on)
    wanted = Term(member.id, member.name, term.organisation_id, term.role, term.starts_on, ends_on)
    check_post(wanted, _held(session, wanted, apart_from=term.id))
    place = session.scalars(_PLACE_NAME, {"place": term.organisation_id}).one()
    before, term.ends_on = _words(term, place), ends_on
    session.flush()
    if changes := audit.changed(before, _words(term, place)):
        audit.record(session, actor.member_id, AuditAction.POST_ENDED, member, changes)
    return term


def end_posts(
    session: Session, actor: Actor, member: Member, *, before: date, places: Collection[UUID] | None = None
) -> None:
    """End what a member who goes away holds (at ``places``, or all): the last day is the one ``before`` that day.

    A post that would only have begun then is taken back.

    Raises:
        OrganPostError: a post above the branches, and the actor keeps one branch only.
    """
    last = before - timedelta(days=1)
    for term, place in session.execute(_UNFINISHED, {"member": member.id, "day": before}).all():
        if places is not None and term.organisation_id not in places:
            continue
        _check_may_decide(actor, term.role)
        words = _words(term, place)
        if term.starts_on > last:
            session.delete(term)
        else:
            term.ends_on = last
        audit.record(
            session, actor.member_id, AuditAction.POST_ENDED, member, audit.changed(words, words | {"ends_on": last})
        )


def _check_may_decide(actor: Actor, role: Role) -> None:
    if role in GIVEN_BY_ORGAN and not actor.may(Permission.MANAGE_ALL_PEOPLE):
        raise OrganPostError


def _place(session: Session, member: Member, role: Role, place_id: UUID | None) -> Organisation:
    """Where the post is, held until the end: a branch has one secretary, so what is counted is the branch's."""
    home = session.scalars(_HOME_KIND, {"home": member.branch_id}).one()
    if home is OrganisationKind.COMMUNITY and role not in POSTS_AT[home]:
        raise MisplacedPostError(role=ROLE_LABELS[role])
    if role is Role.GROUP_LEADER:
        place_id = member.group_id
        if place_id is None:
            raise NoGroupError(name=member.name)
    elif role in BRANCH_POSTS:
        place_id = member.branch_id
    elif home is OrganisationKind.COMMUNITY:
        place_id = place_id or member.branch_id
    place = session.scalars(_PLACE if place_id else _ROOT, {"place": place_id}).one_or_none()
    if place is None:
        raise NotFoundError
    if role not in POSTS_AT[place.kind] and not (place.parent_id is None and role in ORGAN_POSTS):
        raise MisplacedPostError(role=ROLE_LABELS[role])
    return place


def _held(session: Session, wanted: Term, apart_from: UUID | None = None) -> Iterator[Term]:
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


def _words(term: RoleTerm, place: str) -> dict[str, object]:
    return {"role": term.role, "place": place, "starts_on": term.starts_on, "ends_on": term.ends_on}
