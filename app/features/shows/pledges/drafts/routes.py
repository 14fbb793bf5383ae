"""The form of a pledge: a new draft, a draft in other words, a returned pledge in other words."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, pages
from app.core.errors import AppError, BadInputError, NotFoundError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.pledges import library, queries, service
from app.features.shows.pledges import service as drafts
from app.features.shows.pledges.errors import NotADraftError, NotReturnedError
from app.features.shows.pledges.forms import PledgeForm
from app.features.shows.pledges.page import TEMPLATE, address, whose_page, year_of
from app.features.shows.pledges.rules import TEXT_LENGTH, PledgeState, Side
from app.features.shows.pledges.view import PAGE, ShownPledge
from app.features.shows.pledges.words import SIDE_LABELS
from app.features.sign_in.door import require

router = Router(prefix=PAGE)
FORM = "shows/pledges/form.html"
Me = Annotated[Actor, require(Permission.BE_MEMBER)]


@router.get("/new")
def new(
    request: Request, session: DbSession, actor: Me, suggestion: UUID | None = None, member: UUID | None = None
) -> Response:
    """An empty draft, or one that begins with a suggestion."""
    return _new(request, session, actor, member_id=member, suggestion_id=suggestion)


@router.post("/drafts")
def add(request: Request, session: DbSession, actor: Me, raw: RawForm) -> Response:
    """Keep a draft."""
    form = forms.parse(PledgeForm, raw)
    member_id = _id(form.typed("member_id"))
    if form.value is None:
        return _new(request, session, actor, form, member_id=member_id, status=422)
    try:
        with session.begin_nested():
            drafts.add_draft(session, actor, **form.value.model_dump())
    except NotFoundError:
        raise
    except AppError as error:
        return _new(request, session, actor, form.refused(error), member_id=member_id, status=error.status)
    return pages.go(request, address(actor, member_id), message=_("The draft is kept. Nobody decides on it yet."))


@router.get("/{pledge_id}/edit")
def edit(request: Request, session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """A draft, to be said in other words."""
    pledge = queries.one(session, actor, pledge_id)
    if pledge.state is not PledgeState.DRAFT:
        raise NotADraftError
    return _form(request, actor, pledge, "edit")


@router.post("/{pledge_id}/edit")
def change(request: Request, session: DbSession, actor: Me, pledge_id: UUID, raw: RawForm) -> Response:
    """Keep a draft in other words."""
    pledge, form = queries.one(session, actor, pledge_id), forms.parse(PledgeForm, raw)
    if form.value is None:
        return _form(request, actor, pledge, "edit", form, status=422)
    try:
        drafts.change_draft(session, actor, pledge_id=pledge_id, **form.value.model_dump(exclude={"id", "member_id"}))
    except BadInputError as error:
        return _form(request, actor, pledge, "edit", form.refused(error), status=error.status)
    return pages.go(request, address(actor, pledge.member_id), message=_("The draft is changed."))


@router.post("/{pledge_id}/remove")
def remove(request: Request, session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """Throw a draft away."""
    pledge = queries.one(session, actor, pledge_id)
    drafts.remove_draft(session, actor, pledge_id=pledge_id)
    said = _("The draft is removed.")
    if not pages.wants_fragment(request):
        return pages.see_other(address(actor, pledge.member_id), message=said)
    context = year_of(session, actor, pledge.member_id)
    return pages.render(request, TEMPLATE, block="pledge_list", message=said, **context)


@router.get("/{pledge_id}/correct")
def correction(request: Request, session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """A returned pledge with the officer's advice, to be said in other words."""
    pledge = queries.one(session, actor, pledge_id)
    if pledge.state is not PledgeState.RETURNED:
        raise NotReturnedError
    return _form(request, actor, pledge, "correct")


@router.post("/{pledge_id}/correct")
def correct(request: Request, session: DbSession, actor: Me, pledge_id: UUID, raw: RawForm) -> Response:
    """Hand it in again."""
    pledge, form = queries.one(session, actor, pledge_id), forms.parse(PledgeForm, raw)
    if form.value is None:
        return _form(request, actor, pledge, "correct", form, status=422)
    try:
        service.correct(session, actor, pledge_id=pledge_id, **form.value.model_dump(exclude={"member_id"}))
    except BadInputError as error:
        return _form(request, actor, pledge, "correct", form.refused(error), status=error.status)
    said = _("Handed in again, in the new words.")
    return pages.go(request, address(actor, pledge.member_id), message=said)


def _new(
    request: Request,
    session: Session,
    actor: Actor,
    form: Form[PledgeForm] | None = None,
    *,
    member_id: UUID | None,
    suggestion_id: UUID | None = None,
    status: int = 200,
) -> Response:
    """The form of a draft, above what the library suggests for the member's posts."""
    whose = whose_page(session, actor, member_id or actor.member_id)
    this_year = clock.today().year
    return _render(
        request,
        form,
        status=status,
        action=f"{PAGE}/drafts",
        back=address(actor, whose.id),
        pledge=None,
        begun=library.suggestion(session, actor.branch_id, suggestion_id) if suggestion_id else None,
        year=this_year,
        due_on=date(this_year, 12, 31),
        member_id=None if whose.id == actor.member_id else whose.id,
        member_name=whose.name,
        suggestions=library.suggestions_for(session, actor.branch_id, whose.id),
    )


def _form(
    request: Request,
    actor: Actor,
    pledge: ShownPledge,
    act: str,
    form: Form[PledgeForm] | None = None,
    *,
    status: int = 200,
) -> Response:
    """The form of a pledge that is there already; ``act`` ends its address."""
    return _render(
        request,
        form,
        status=status,
        action=f"{PAGE}/{pledge.id}/{act}",
        back=address(actor, pledge.member_id),
        pledge=pledge,
        begun=pledge,
        year=pledge.year,
        due_on=pledge.due_on,
        member_id=None if pledge.member_id == actor.member_id else pledge.member_id,
        member_name="",
        suggestions=[],
    )


def _render(request: Request, form: Form[PledgeForm] | None, *, status: int, **context: Any) -> Response:
    """With an id of its own: what was refused under the old one may be sent under a new; a slip of the pen keeps it."""
    typed_id = _id(form.typed("id")) if form and status == BadInputError.status else None
    return pages.render(
        request,
        FORM,
        status=status,
        form=form,
        id=typed_id or new_id(),
        sides=[(side.value, SIDE_LABELS[side]) for side in Side],
        side_labels=SIDE_LABELS,
        text_length=TEXT_LENGTH,
        **context,
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
