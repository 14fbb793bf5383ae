"""The directory of a branch, a member's page, what is known about a member, and where the member belongs."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, pages
from app.core.errors import BadInputError, ConflictError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members import places, queries, reach, service
from app.features.members.actor import Actor
from app.features.members.directory import directory
from app.features.members.forms import DepartureForm, MemberForm, MoveForm
from app.features.members.partial_dates import years_since
from app.features.members.posts.rules import overlap
from app.features.members.rules import (
    EXEMPTION_LABELS,
    ROLE_LABELS,
    SEX_LABELS,
    STATUS_LABELS,
    OrganisationKind,
    Permission,
)
from app.features.sign_in.door import require, require_recent

DIRECTORY = "members/directory.html"
MEMBER = "members/member.html"
FORM = "members/form.html"
MEMBERSHIP = "members/membership.html"
router = Router(prefix="/members")
Reader = Annotated[Actor, require(Permission.BE_MEMBER)]
"""Everybody who is signed in; the queries decide what they see."""
Officer = Annotated[Actor, require(Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE)]
"""Who keeps the people of the own branch, or of all."""
Keeper = Annotated[Actor, require_recent(Permission.MANAGE_ALL_PEOPLE)]
"""Who keeps the people of all branches, and typed the password lately."""


@router.get("")
def list_members(
    request: Request,
    session: DbSession,
    actor: Reader,
    *,
    branch: UUID | None = None,
    q: str = "",
    former: bool = False,
) -> Response:
    """The members of a branch, by group and pinyin."""
    return pages.render(
        request,
        DIRECTORY,
        block="member_list",
        directory=directory(session, actor, branch_id=branch, typed=q.strip(), former=former),
        role_labels=ROLE_LABELS,
        exemption_labels=EXEMPTION_LABELS,
        status_labels=STATUS_LABELS,
    )


@router.get("/new")
def new_member(request: Request, session: DbSession, actor: Officer, branch: UUID | None = None) -> Response:
    """An empty form for a member of the branch."""
    return _form_page(request, session, actor, branch or actor.branch_id)


@router.post("")
def add_member(
    request: Request, session: DbSession, actor: Officer, raw: RawForm, branch: UUID | None = None
) -> Response:
    """Take a member into the branch."""
    form = forms.parse(MemberForm, raw)
    branch_id = branch or actor.branch_id
    if form.value:
        try:
            member = service.add_member(session, actor, branch_id=branch_id, details=form.value.details())
        except (BadInputError, ConflictError) as refusal:
            form = form.refused(refusal)
        else:
            return pages.go(request, f"/members/{member.id}", message=_("%(name)s is added.") % {"name": member.name})
    return _form_page(request, session, actor, branch_id, form=form)


@router.get("/{member_id}")
def show_member(request: Request, session: DbSession, actor: Reader, member_id: UUID) -> Response:
    """What is kept about a member: for the member, and for the officers of the branch."""
    member = queries.card(session, actor, member_id)
    today = clock.today()
    terms = queries.terms_of(session, member_id)
    exemptions = queries.exemptions_of(session, member_id)
    return pages.render(
        request,
        MEMBER,
        member=member,
        party_years=years_since(member.joined, today) if member.joined else None,
        terms=terms,
        posts=[term.role for term in terms if overlap(term.starts_on, term.ends_on, today, today)],
        exemptions=exemptions,
        exempt=[time.kind for time in exemptions if overlap(time.starts_on, time.ends_on, today, today)],
        can_change=reach.may_change(actor, member.branch_id),
        role_labels=ROLE_LABELS,
        exemption_labels=EXEMPTION_LABELS,
        status_labels=STATUS_LABELS,
        sex_labels=SEX_LABELS,
    )


@router.get("/{member_id}/edit")
def edit_member(request: Request, session: DbSession, actor: Officer, member_id: UUID) -> Response:
    """The form with what is known."""
    member = reach.card(session, actor, member_id)
    return _form_page(request, session, actor, member.branch_id, member=member)


@router.post("/{member_id}")
def change_member(request: Request, session: DbSession, actor: Officer, member_id: UUID, raw: RawForm) -> Response:
    """Write down what is known now."""
    member = reach.card(session, actor, member_id)
    form = forms.parse(MemberForm, raw, known=member._asdict())
    if form.value:
        try:
            service.change_member(session, actor, member_id=member_id, details=form.value.details())
        except (BadInputError, ConflictError) as refusal:
            form = form.refused(refusal)
        else:
            return pages.go(request, f"/members/{member_id}", message=_("Saved."))
    return _form_page(request, session, actor, member.branch_id, member=member, form=form)


@router.get("/{member_id}/membership")
def show_membership(request: Request, session: DbSession, actor: Officer, member_id: UUID) -> Response:
    """Where a member belongs, and what can change about it."""
    return _membership_page(request, session, actor, member_id)


@router.post("/{member_id}/leave")
def record_departure(request: Request, session: DbSession, actor: Officer, member_id: UUID, raw: RawForm) -> Response:
    """The member leaves the branch on a day."""
    form = forms.parse(DepartureForm, raw)
    if not form.value:
        return _membership_page(request, session, actor, member_id, leaving=form)
    member = service.record_departure(session, actor, member_id=member_id, left_on=form.value.left_on)
    sentence = _("%(name)s leaves the branch. The history stays.") % {"name": member.name}
    return pages.go(request, f"/members/{member_id}", message=sentence)


@router.post("/{member_id}/return")
def record_return(request: Request, session: DbSession, actor: Officer, member_id: UUID) -> Response:
    """The member belongs to the branch again."""
    member = service.record_return(session, actor, member_id=member_id)
    sentence = _("%(name)s is in the branch again.") % {"name": member.name}
    return pages.go(request, f"/members/{member_id}", message=sentence)


@router.post("/{member_id}/move")
def move_member(request: Request, session: DbSession, actor: Keeper, member_id: UUID, raw: RawForm) -> Response:
    """The member moves to another branch."""
    form = forms.parse(MoveForm, raw)
    if form.value:
        try:
            branch = places.branch_named(session, form.value.branch)
            member = service.move_member(session, actor, member_id=member_id, branch_id=branch.id)
        except (BadInputError, ConflictError) as refusal:
            form = form.refused(refusal)
        else:
            sentence = _("%(name)s is in %(branch)s now.") % {"name": member.name, "branch": branch.name}
            return pages.go(request, f"/members/{member_id}", message=sentence)
    return _membership_page(request, session, actor, member_id, moving=form)


def _form_page(
    request: Request,
    session: Session,
    actor: Actor,
    branch_id: UUID,
    *,
    member: queries.AnyRow | None = None,
    form: Form[MemberForm] | None = None,
) -> Response:
    home = reach.home(session, actor, branch_id)
    return pages.render(
        request,
        FORM,
        block="member_form",
        status=422 if form else 200,
        form=form,
        member=member,
        branch_id=branch_id,
        branch_name=home.name,
        in_community=home.kind is OrganisationKind.COMMUNITY,
        groups=queries.groups_of(session, branch_id),
        status_labels=STATUS_LABELS,
        sex_labels=SEX_LABELS,
    )


def _membership_page(
    request: Request,
    session: Session,
    actor: Actor,
    member_id: UUID,
    *,
    leaving: Form[DepartureForm] | None = None,
    moving: Form[MoveForm] | None = None,
) -> Response:
    return pages.render(
        request,
        MEMBERSHIP,
        block="membership",
        status=422 if leaving or moving else 200,
        member=reach.card(session, actor, member_id),
        today=clock.today(),
        leaving=leaving,
        moving=moving,
    )
