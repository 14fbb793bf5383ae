"""The year of my pledges, or of a colleague's for whom an officer writes: begun, handed in, taken back."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from app.core import forms, pages
from app.core.errors import BadInputError
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.pledges import queries, service
from app.features.shows.pledges.drafts import service as drafts
from app.features.shows.pledges.forms import YearForm
from app.features.shows.pledges.page import PAGE, TEMPLATE, address, year_of
from app.features.sign_in.door import require

router = Router(prefix=PAGE)
Me = Annotated[Actor, require(Permission.BE_MEMBER)]
Recorder = Annotated[Actor, require(Permission.RECORD_FOR_OTHERS)]


@router.get("")
def mine(request: Request, session: DbSession, actor: Me, year: int | None = None) -> Response:
    """My pledges of this year, or of one before."""
    return pages.render(request, TEMPLATE, **year_of(session, actor, actor.member_id, year))


@router.get("/of/{member_id}")
def of_colleague(
    request: Request, session: DbSession, actor: Recorder, member_id: UUID, year: int | None = None
) -> Response:
    """A colleague's pledges, for an officer who writes for them."""
    return pages.render(request, TEMPLATE, **year_of(session, actor, member_id, year))


@router.post("/take-over")
def take_over(request: Request, session: DbSession, actor: Me, raw: RawForm) -> Response:
    """Begin with last year's."""
    member_id = _whose(raw)
    number = drafts.take_over(session, actor, member_id=member_id)
    said = ngettext(
        "%(n)s pledge of last year is a draft now. Change it to what this year needs.",
        "%(n)s pledges of last year are drafts now. Change them to what this year needs.",
        number,
    ) % {"n": number}
    return pages.go(request, address(actor, member_id), message=said)


@router.post("/submit")
def submit(request: Request, session: DbSession, actor: Me, raw: RawForm) -> Response:
    """Hand in all drafts."""
    member_id = _whose(raw)
    number = len(service.submit(session, actor, member_id=member_id))
    said = ngettext(
        "%(n)s pledge handed in. An officer looks at each one by itself.",
        "%(n)s pledges handed in. An officer looks at each one by itself.",
        number,
    ) % {"n": number}
    return pages.go(request, address(actor, member_id), message=said)


@router.post("/{pledge_id}/withdraw")
def withdraw(request: Request, session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """Take back what nobody has decided on."""
    pledge = queries.one(session, actor, pledge_id)
    service.withdraw(session, actor, pledge_id=pledge_id)
    said = _("Taken back.")
    if not pages.wants_fragment(request):
        return pages.see_other(address(actor, pledge.member_id), message=said)
    context = year_of(session, actor, pledge.member_id, pledge.year)
    return pages.render(request, TEMPLATE, block="pledge_list", message=said, **context)


def _whose(raw: RawForm) -> UUID | None:
    form = forms.parse(YearForm, raw)
    if form.value is None:
        raise BadInputError
    return form.value.member_id
