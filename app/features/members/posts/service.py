"""Who holds which post, from when until when. Nobody decides on the own posts; each change leaves an audit row.

Posts that decide are given and ended from above, or wait until a second person confirms (``standing``).
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.features.members import audit, powers, reach
from app.features.members.actor import Actor
from app.features.members.errors import FromAboveError, OrganPostError, PostsFirstError
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.posts import terms
from app.features.members.posts.models import PostProposal
from app.features.members.posts.proposals import propose
from app.features.members.posts.rules import check_days
from app.features.members.rules import GIVEN_BY_ORGAN, AuditAction, Permission, Role
from app.features.members.standing import Side, Way, way_to_appoint, weight_of

_TERM: Final = select(RoleTerm).where(RoleTerm.id == bindparam("term"), RoleTerm.member_id == bindparam("member"))
_UNFINISHED: Final = (
    select(RoleTerm, Organisation.name)
    .join(Organisation, Organisation.id == RoleTerm.organisation_id)
    .where(
        RoleTerm.member_id == bindparam("member"),
        or_(RoleTerm.ends_on.is_(None), RoleTerm.ends_on >= bindparam("day")),
        RoleTerm.ended_at.is_(None),
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
) -> RoleTerm | PostProposal:
    """Give a member a post: in the own branch, group or community, or at ``place_id`` (the root, if not said).

    A post that decides beside the actor waits for a second person: then the proposal is given back.

    Raises:
        OwnRecordError: it is the actor.
        OrganPostError: a post that no branch gives, and the actor keeps one branch only.
        FromAboveError: a secretary's post, and the actor is of that branch.
        HasLeftError: the member will have left by then.
        NoGroupError, MisplacedPostError, NotFullMemberError: there is no such post there, or not for this member.
        EndsBeforeStartError, PostHeldError, SecretaryHeldError, SeparateAdministratorsError: see ``rules``.
        AlreadyProposedError: it waits for a second person already.
    """
    member, side = reach.appointee(session, actor, member_id)
    way = _way(actor, side, role)
    wanted, place = terms.check(session, member, role, starts_on=starts_on, ends_on=ends_on, place_id=place_id)
    if way is Way.BY_TWO:
        return propose(session, actor, member, place, role, starts_on=starts_on, ends_on=ends_on)
    return terms.begin(session, actor.member_id, member, place, wanted)


def end_post(
    session: Session, actor: Actor, *, member_id: UUID, term_id: UUID, ends_on: date | None = None
) -> RoleTerm | PostProposal:
    """Say which day is the last of a post, or end it at once; the same again changes nothing.

    Raises:
        OwnRecordError: it is the actor's own post.
        OrganPostError: a post above the branches, and the actor keeps one branch only.
        FromAboveError: a secretary's post, and the actor is of that branch.
        EndsBeforeStartError: the last day lies before the first, or a post to come is ended at once.
        PostHeldError, SecretaryHeldError, SeparateAdministratorsError: a longer term would meet another.
        AlreadyProposedError: it waits for a second person already.
    """
    member, side = reach.appointee(session, actor, member_id)
    term = session.scalars(_TERM, {"term": term_id, "member": member_id}).one_or_none()
    if term is None:
        raise NotFoundError
    way = _way(actor, side, term.role)
    check_days(term.starts_on, ends_on or clock.today())
    if term.ended_at is not None or (ends_on is not None and term.ends_on == ends_on):
        return term
    if way is Way.BY_TWO:
        place = session.get_one(Organisation, term.organisation_id)
        return propose(session, actor, member, place, term.role, ends=True, ends_on=ends_on)
    return terms.finish(session, actor.member_id, member, term, ends_on)


def end_posts(
    session: Session, actor: Actor, member: Member, *, before: date, places: Collection[UUID] | None = None
) -> None:
    """End what a member who goes away holds (at ``places``, or all): the last day is the one ``before`` that day.

    A post that would only have begun then is taken back.

    Raises:
        OrganPostError: a post above the branches, and the actor keeps one branch only.
        FromAboveError: a secretary's post, and the actor is of that branch.
        PostsFirstError: a post that ends with a second person's word.
    """
    last = before - timedelta(days=1)
    side = powers.side(session, actor, member.branch_id)
    for term, place in session.execute(_UNFINISHED, {"member": member.id, "day": before}).all():
        if places is not None and term.organisation_id not in places:
            continue
        if _way(actor, side, term.role) is Way.BY_TWO:
            raise PostsFirstError(name=member.name)
        words = terms.words(term, place)
        if term.starts_on > last:
            session.delete(term)
        else:
            term.ends_on = last
        audit.record(
            session, actor.member_id, AuditAction.POST_ENDED, member, audit.changed(words, words | {"ends_on": last})
        )


def appoint_on_server(
    session: Session, member: Member, role: Role, *, starts_on: date, ends: bool, place_id: UUID | None = None
) -> None:
    """Give a post, or end it at once, by a command on the server; the member's row is held.

    Raises:
        NotFoundError: no such place; or there is no such post to end.
        As for ``give_post``, but nobody is asked for a second word.
    """
    if not ends:
        wanted, place = terms.check(session, member, role, starts_on=starts_on, ends_on=None, place_id=place_id)
        terms.begin(session, None, member, place, wanted)
        return
    where = terms.place_of(session, member, role, place_id)
    term = terms.held(session, member, role, where.id, starts_on)
    if term is None:
        raise NotFoundError
    terms.finish(session, None, member, term, None)


def _way(actor: Actor, side: Side, role: Role) -> Way:
    """How the actor gives or ends this post here: alone or by two.

    Raises:
        OrganPostError, FromAboveError: not at all.
    """
    if role in GIVEN_BY_ORGAN and not actor.may(Permission.MANAGE_ALL_PEOPLE):
        raise OrganPostError
    way = way_to_appoint(side, weight_of([role]))
    if way is Way.NOT_HERE:
        raise FromAboveError
    return way
