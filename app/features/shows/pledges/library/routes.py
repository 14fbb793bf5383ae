"""The branch's library of suggestions, for its officers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import forms, pages
from app.core.errors import NotFoundError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.pledges.errors import SuggestionTakenError
from app.features.shows.pledges.forms import SuggestionForm
from app.features.shows.pledges.library import queries, service
from app.features.shows.pledges.library.rules import Suggestion
from app.features.shows.pledges.rules import KEYWORD_LENGTH, TEXT_LENGTH, Audience, Side
from app.features.shows.pledges.words import AUDIENCE_LABELS, SIDE_LABELS
from app.features.sign_in.door import require

router = Router(prefix="/shows/pledges/library")
LIBRARY = "shows/pledges/library.html"
LINE = "shows/pledges/suggestion.html"
HOME = "/shows/pledges/library"
Officer = Annotated[Actor, require(Permission.RECORD_FOR_OTHERS)]


@router.get("")
def lines(request: Request, session: DbSession, actor: Officer) -> Response:
    """Everything the branch suggests, by side."""
    return pages.render(request, LIBRARY, block="line_list", **_lines(session, actor))


@router.get("/new")
def new(request: Request, _actor: Officer) -> Response:
    """A new line."""
    return _form(request, None, None)


@router.post("")
def add(request: Request, session: DbSession, actor: Officer, raw: RawForm) -> Response:
    """Suggest something more."""
    form = forms.parse(SuggestionForm, raw)
    if form.value is None:
        return _form(request, form, None, status=422)
    try:
        service.add(session, actor, **form.value.model_dump())
    except SuggestionTakenError as error:
        return _form(request, form.refused(error), None, status=error.status)
    return pages.go(request, HOME, message=_("The library has it now."))


@router.get("/{suggestion_id}")
def edit(request: Request, session: DbSession, actor: Officer, suggestion_id: UUID) -> Response:
    """A line, to be said in other words."""
    return _form(request, None, queries.suggestion(session, actor.branch_id, suggestion_id))


@router.post("/{suggestion_id}")
def change(request: Request, session: DbSession, actor: Officer, suggestion_id: UUID, raw: RawForm) -> Response:
    """Say it in other words."""
    form, line = forms.parse(SuggestionForm, raw), queries.suggestion(session, actor.branch_id, suggestion_id)
    if form.value is None:
        return _form(request, form, line, status=422)
    try:
        service.change(session, actor, suggestion_id=suggestion_id, **form.value.model_dump())
    except NotFoundError:
        raise
    except SuggestionTakenError as error:
        return _form(request, form.refused(error), line, status=error.status)
    return pages.go(request, HOME, message=_("Saved."))


@router.post("/{suggestion_id}/remove")
def remove(request: Request, session: DbSession, actor: Officer, suggestion_id: UUID) -> Response:
    """Suggest it no longer; pledges that began with it stay."""
    service.remove(session, actor, suggestion_id=suggestion_id)
    said = _("Removed. Pledges that began with it stay as they are.")
    if not pages.wants_fragment(request):
        return pages.see_other(HOME, message=said)
    return pages.render(request, LIBRARY, block="line_list", message=said, **_lines(session, actor))


def _lines(session: Session, actor: Actor) -> dict[str, Any]:
    found = queries.library(session, actor.branch_id)
    return {
        "sides": [(SIDE_LABELS[side], [line for line in found if line.side is side]) for side in Side],
        "audience_labels": AUDIENCE_LABELS,
    }


def _form(
    request: Request, form: Form[SuggestionForm] | None, line: Suggestion | None, *, status: int = 200
) -> Response:
    return pages.render(
        request,
        LINE,
        status=status,
        form=form,
        line=line,
        action=f"{HOME}/{line.id}" if line else HOME,
        sides=[(side.value, SIDE_LABELS[side]) for side in Side],
        audiences=[(audience.value, AUDIENCE_LABELS[audience]) for audience in Audience],
        text_length=TEXT_LENGTH,
        keyword_length=KEYWORD_LENGTH,
    )
