"""My reminders: what I am reminded of, read and silenced by me alone."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field

from app.core import forms, pages, refusals
from app.core.errors import BadInputError
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.core.settings import settings
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.notices import queries, rules, service
from app.features.notices.sources import sources
from app.features.sign_in.door import require

router = Router(prefix="/me/reminders")
PAGE: Final = "notices/reminders.html"
Me = Annotated[Actor, require(Permission.HAVE_ACCOUNT)]


class SourcesForm(FormModel):
    """The ticked kinds of things; those that are not ticked stay silent."""

    sources: list[str] = Field(default_factory=list)


@router.get("")
def reminders(request: Request, session: DbSession, actor: Me) -> Response:
    """What I am reminded of, how seldom, and what not."""
    return pages.render(
        request,
        PAGE,
        reminders=queries.shown(session, actor),
        silenced=queries.silenced(session, actor),
        sources=sources(),
        silenced_sources=queries.silenced_sources(session, actor),
        rules=rules,
        leads_outside=bool(settings().notices),
    )


@router.post("")
def choose(request: Request, session: DbSession, actor: Me, raw: RawForm) -> Response:
    """From now on only of these kinds of things.

    Raises:
        BadInputError: the form was not ours.
    """
    form = forms.parse(SourcesForm, raw)
    if form.value is None:
        raise BadInputError
    service.choose_sources(session, actor, wanted=form.value.sources)
    return pages.go(request, "/me/reminders", message=_("Saved."))


@router.post("/{source}/{subject_id}/put-aside")
def put_aside(request: Request, session: DbSession, actor: Me, source: str, subject_id: UUID) -> Response:
    """I have read it."""
    return _changed(request, service.put_aside(session, actor, source=source, subject_id=subject_id))


@router.post("/{source}/{subject_id}/silence")
def silence(request: Request, session: DbSession, actor: Me, source: str, subject_id: UUID) -> Response:
    """No more of this item."""
    return _changed(request, service.silence(session, actor, source=source, subject_id=subject_id))


@router.post("/{source}/{subject_id}/show-again")
def show_again(request: Request, session: DbSession, actor: Me, source: str, subject_id: UUID) -> Response:
    """After all."""
    return _changed(request, service.show_again(session, actor, source=source, subject_id=subject_id))


def _changed(request: Request, reminder: queries.Shown) -> Response:
    """The line in its new state; or back to the page on which it stood."""
    if pages.wants_fragment(request):
        return pages.render(request, PAGE, block="reminder_row", reminder=reminder)
    return pages.see_other(refusals.page_behind(request))
