"""The page on which officers exempt a member from being scored."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, pages
from app.core.errors import BadInputError, ConflictError
from app.core.forms import Form, RawForm
from app.core.routing import DbSession, Router
from app.features.members import queries, reach
from app.features.members.actor import Actor
from app.features.members.exemptions import service
from app.features.members.forms import ExemptionForm, LastDayForm
from app.features.members.rules import EXEMPTION_LABELS, Permission
from app.features.sign_in.door import require

EXEMPTIONS = "members/exemptions.html"
router = Router(prefix="/members")
Officer = Annotated[Actor, require(Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE)]
"""Who keeps the people of the own branch, or of all."""


@router.get("/{member_id}/exemptions")
def show_exemptions(request: Request, session: DbSession, actor: Officer, member_id: UUID) -> Response:
    """When and why a member is or was exempt."""
    return _page(request, session, actor, member_id)


@router.post("/{member_id}/exemptions")
def exempt_member(request: Request, session: DbSession, actor: Officer, member_id: UUID, raw: RawForm) -> Response:
    """Exempt the member from a day on."""
    form = forms.parse(ExemptionForm, raw)
    if form.value:
        try:
            service.exempt_member(session, actor, member_id=member_id, **form.value.model_dump())
        except (BadInputError, ConflictError) as refusal:
            form = form.refused(refusal)
        else:
            return _done(request, session, actor, member_id)
    return _page(request, session, actor, member_id, form=form, status=422)


@router.post("/{member_id}/exemptions/{exemption_id}/end")
def end_exemption(
    request: Request, session: DbSession, actor: Officer, *, member_id: UUID, exemption_id: UUID, raw: RawForm
) -> Response:
    """Say which day is the last of an exemption."""
    form = forms.parse(LastDayForm, raw)
    if form.value:
        try:
            service.end_exemption(
                session, actor, member_id=member_id, exemption_id=exemption_id, ends_on=form.value.ends_on
            )
        except (BadInputError, ConflictError) as refusal:
            form = form.refused(refusal, at="ends_on")
        else:
            return _done(request, session, actor, member_id)
    return _page(request, session, actor, member_id, ending={exemption_id: form}, status=422)


def _done(request: Request, session: Session, actor: Actor, member_id: UUID) -> Response:
    if pages.wants_fragment(request):
        return _page(request, session, actor, member_id)
    return pages.see_other(f"/members/{member_id}/exemptions")


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    member_id: UUID,
    *,
    form: Form[ExemptionForm] | None = None,
    ending: dict[UUID, Form[LastDayForm]] | None = None,
    status: int = 200,
) -> Response:
    return pages.render(
        request,
        EXEMPTIONS,
        block="exemptions",
        status=status,
        member=reach.card(session, actor, member_id),
        exemptions=queries.exemptions_of(session, member_id),
        kinds=list(EXEMPTION_LABELS.items()),
        exemption_labels=EXEMPTION_LABELS,
        today=clock.today(),
        form=form,
        ending=ending or {},
    )
