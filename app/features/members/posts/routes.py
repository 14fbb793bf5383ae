"""The page on which officers give and end a member's posts."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, pages
from app.core.errors import BadInputError, ConflictError
from app.core.forms import Form, RawForm
from app.core.routing import DbSession, Router
from app.features.members import places, queries, reach
from app.features.members.actor import Actor
from app.features.members.forms import LastDayForm, PostForm
from app.features.members.posts import service
from app.features.members.rules import (
    BRANCH_POSTS,
    GIVEN_BY_ORGAN,
    POST_ORDER,
    POSTS_AT,
    ROLE_LABELS,
    OrganisationKind,
    Permission,
    Role,
)
from app.features.sign_in.door import require_recent

POSTS = "members/posts.html"
router = Router(prefix="/members")
Officer = Annotated[Actor, require_recent(Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE)]
"""Who gives posts, and typed the password lately."""


@router.get("/{member_id}/posts")
def show_posts(request: Request, session: DbSession, actor: Officer, member_id: UUID) -> Response:
    """The posts a member holds or has held."""
    return _page(request, session, actor, member_id)


@router.post("/{member_id}/posts")
def give_post(request: Request, session: DbSession, actor: Officer, member_id: UUID, raw: RawForm) -> Response:
    """Give the member a post."""
    form = forms.parse(PostForm, raw)
    if form.value:
        try:
            service.give_post(session, actor, member_id=member_id, **form.value.model_dump())
        except (BadInputError, ConflictError) as refusal:
            form = form.refused(refusal)
        else:
            return _done(request, session, actor, member_id)
    return _page(request, session, actor, member_id, form=form, status=422)


@router.post("/{member_id}/posts/{term_id}/end")
def end_post(
    request: Request, session: DbSession, actor: Officer, *, member_id: UUID, term_id: UUID, raw: RawForm
) -> Response:
    """Say which day is the last of a post."""
    form = forms.parse(LastDayForm, raw)
    if form.value:
        try:
            service.end_post(session, actor, member_id=member_id, term_id=term_id, ends_on=form.value.ends_on)
        except (BadInputError, ConflictError) as refusal:
            form = form.refused(refusal, at="ends_on")
        else:
            return _done(request, session, actor, member_id)
    return _page(request, session, actor, member_id, ending={term_id: form}, status=422)


def _done(request: Request, session: Session, actor: Actor, member_id: UUID) -> Response:
    if pages.wants_fragment(request):
        return _page(request, session, actor, member_id)
    return pages.see_other(f"/members/{member_id}/posts")


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    member_id: UUID,
    *,
    form: Form[PostForm] | None = None,
    ending: dict[UUID, Form[LastDayForm]] | None = None,
    status: int = 200,
) -> Response:
    member = reach.card(session, actor, member_id)
    organ = GIVEN_BY_ORGAN if actor.may(Permission.MANAGE_ALL_PEOPLE) else frozenset()
    roles = sorted({*BRANCH_POSTS, Role.GROUP_LEADER, *organ}, key=POST_ORDER.__getitem__)
    chosen_elsewhere = [*places.organs(session), *places.communities(session)] if organ else []
    if member.home is OrganisationKind.COMMUNITY:
        roles, chosen_elsewhere = list(POSTS_AT[member.home]), []
    return pages.render(
        request,
        POSTS,
        block="posts",
        status=status,
        member=member,
        terms=queries.terms_of(session, member_id),
        places=chosen_elsewhere,
        roles=[(role, ROLE_LABELS[role]) for role in roles],
        role_labels=ROLE_LABELS,
        today=clock.today(),
        form=form,
        ending=ending or {},
    )
