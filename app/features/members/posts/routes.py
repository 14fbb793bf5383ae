"""The pages on which posts are given and ended, and on which a second person says a word."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock
from app.core.answers import AS_IT_IS, Answer, act
from app.core.forms import FormModel, RawForm
from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members import places, powers, queries, reach
from app.features.members.actor import Actor
from app.features.members.forms import EndPostForm, PostForm
from app.features.members.posts import proposals, service
from app.features.members.posts.models import PostProposal
from app.features.members.rules import GIVEN_BY_ORGAN, POST_ORDER, POSTS_AT, OrganisationKind, Permission, Role
from app.features.members.standing import Way, way_to_appoint, weight_of
from app.features.sign_in.door import require_recent

POSTS = "members/posts.html"
APPOINTMENTS = "members/appointments.html"
router = Router(prefix="/members")
appointments = Router(prefix="/appointments")
Officer = Annotated[Actor, require_recent(Permission.MANAGE_BRANCH_PEOPLE, Permission.APPOINT)]
"""Who gives posts, and typed the password lately."""
Second = Annotated[
    Actor,
    require_recent(Permission.MANAGE_BRANCH_PEOPLE, Permission.APPOINT, Permission.ADMINISTER_SYSTEM, Permission.AUDIT),
]
"""Who may be the second person for a post."""

WHAT_IT_PERMITS: Final[Mapping[Role, LazyText]] = {
    Role.GROUP_LEADER: lazy_gettext("Nothing more than every member may; the post is named."),
    Role.SECRETARY: lazy_gettext("Approves records, keeps members and slips of the branch, records for others."),
    Role.DEPUTY: lazy_gettext("Approves records, keeps members and slips of the branch, records for others."),
    Role.ORGANISATION: lazy_gettext("Approves records, keeps members and slips of the branch, records for others."),
    Role.PUBLICITY: lazy_gettext("Sees the branch in detail and records for others."),
    Role.DISCIPLINE: lazy_gettext("Sees the branch in detail."),
    Role.SUPERVISOR: lazy_gettext("Decides on an officer's record where no other officer of the branch may."),
    Role.COMMITTEE_OFFICER: lazy_gettext(
        "Sees numbers of all branches below, appoints their officers, decides where none of a branch may."
    ),
    Role.INSPECTOR: lazy_gettext("Sees numbers of all branches below."),
    Role.SYSTEM_ADMINISTRATOR: lazy_gettext("Looks after the installation; sees no records."),
    Role.BUSINESS_ADMINISTRATOR: lazy_gettext("Keeps people, posts, organisations and rules of all branches."),
    Role.AUDIT_ADMINISTRATOR: lazy_gettext("Reads the audit log and proves the ledger."),
    Role.COLLECTOR: lazy_gettext("Enters and confirms wishes of the community."),
}


@router.get("/{member_id}/posts")
def show_posts(request: Request, session: DbSession, actor: Officer, member_id: UUID, place: str = "") -> Response:
    """The posts a member holds or has held. ``place`` looks for the organisation of a post above the branches."""
    return _page(request, session, actor, member_id, place=place.strip())


@router.post("/{member_id}/posts")
def give_post(request: Request, session: DbSession, actor: Officer, member_id: UUID, raw: RawForm) -> Response:
    """Give the member a post."""

    def give(form: PostForm) -> str:
        return _said(service.give_post(session, actor, member_id=member_id, **form.model_dump()))

    page = partial(_page, request, session, actor, member_id)
    return act(request, session, raw, PostForm, give, page=page, to=f"/members/{member_id}/posts")


@router.post("/{member_id}/posts/{term_id}/end")
def end_post(
    request: Request, session: DbSession, actor: Officer, *, member_id: UUID, term_id: UUID, raw: RawForm
) -> Response:
    """Say which day is the last of a post, or that it is over now."""

    def end(form: EndPostForm) -> str:
        return _said(service.end_post(session, actor, member_id=member_id, term_id=term_id, ends_on=form.last_day()))

    page = partial(_page, request, session, actor, member_id)
    return act(request, session, raw, EndPostForm, end, page=page, to=f"/members/{member_id}/posts", at=str(term_id))


@appointments.get("")
def show_appointments(request: Request, session: DbSession, actor: Second) -> Response:
    """Changes of posts that wait for the actor's word, and the own ones that wait for somebody else's."""
    return _appointments(request, session, actor)


@appointments.post("/{proposal_id}/confirm")
def confirm(request: Request, session: DbSession, actor: Second, proposal_id: UUID, raw: RawForm) -> Response:
    """The second person's yes."""

    def second(_form: FormModel) -> str:
        proposals.confirm(session, actor, proposal_id=proposal_id)
        return _("Confirmed: it is in force.")

    page = partial(_appointments, request, session, actor)
    return act(request, session, raw, FormModel, second, page=page, to="/appointments")


@appointments.post("/{proposal_id}/decline")
def decline(request: Request, session: DbSession, actor: Second, proposal_id: UUID, raw: RawForm) -> Response:
    """The second person's no, or the first one's change of mind."""

    def refuse(_form: FormModel) -> str:
        proposals.decline(session, actor, proposal_id=proposal_id)
        return _("Nothing changes; it no longer waits.")

    page = partial(_appointments, request, session, actor)
    return act(request, session, raw, FormModel, refuse, page=page, to="/appointments")


def _said(done: object) -> str:
    if isinstance(done, PostProposal):
        return _("It takes effect when a second person confirms it; until then nothing changes.")
    return _("Saved.")


def _appointments(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    return answer.drawn(
        request,
        APPOINTMENTS,
        block="appointments",
        waiting=proposals.waiting(session, actor),
        own=proposals.own(session, actor),
    )


def _page(
    request: Request, session: Session, actor: Actor, member_id: UUID, answer: Answer = AS_IT_IS, *, place: str = ""
) -> Response:
    member = reach.appointed_card(session, actor, member_id)
    ways = _ways(session, actor, member)
    organ = actor.may(Permission.MANAGE_ALL_PEOPLE) and member.home is OrganisationKind.BRANCH
    meant = places.meant(session, place, places.ABOVE_BRANCHES) if organ else []
    return answer.drawn(
        request,
        POSTS,
        block="posts",
        member=member,
        terms=queries.terms_of(session, member_id),
        proposed=proposals.of_member(session, member_id),
        places=[(found.id, found.name) for found in meant[: places.HOMES_LISTED]],
        has_more=len(meant) > places.HOMES_LISTED,
        typed=place,
        organ=organ,
        roles=[(role, role.label, WHAT_IT_PERMITS[role]) for role in ways],
        by_two=[role.label for role, way in ways.items() if way is Way.BY_TWO],
        ends=set(ways),
        today=clock.today(),
    )


def _ways(session: Session, actor: Actor, member: queries.AnyRow) -> dict[Role, Way]:
    """How the actor gives this member each post, those left out that the actor does not give."""
    if member.home is OrganisationKind.COMMUNITY:
        roles = set(POSTS_AT[member.home])
    else:
        organ = GIVEN_BY_ORGAN if actor.may(Permission.MANAGE_ALL_PEOPLE) else frozenset()
        roles = {*POSTS_AT[OrganisationKind.BRANCH], Role.GROUP_LEADER, *organ}
    side = powers.side(session, actor, member.branch_id)
    ways = {role: way_to_appoint(side, weight_of([role])) for role in sorted(roles, key=POST_ORDER.__getitem__)}
    return {role: way for role, way in ways.items() if way is not Way.NOT_HERE}
