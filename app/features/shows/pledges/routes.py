"""The year of my pledges, or of a colleague's for whom an officer writes: begun, handed in, taken back."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import forms, pages
from app.core.errors import BadInputError, NotFoundError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.pledges import outcomes, progress, queries, service
from app.features.shows.pledges.forms import EndingForm, ProgressForm, YearForm
from app.features.shows.pledges.page import TEMPLATE, address, card_words, year_of
from app.features.shows.pledges.rules import NOTE_LENGTH, Ending, PledgeState, check_ending
from app.features.shows.pledges.view import PAGE, ShownPledge
from app.features.shows.pledges.words import ENDING_LABELS, PROGRESS_LABELS
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
    number = service.take_over(session, actor, member_id=member_id)
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


ENDING = "shows/pledges/ending.html"


@router.post("/{pledge_id}/progress")
def report_progress(request: Request, session: DbSession, actor: Me, pledge_id: UUID, raw: RawForm) -> Response:
    """How it goes: one tap."""
    form = forms.parse(ProgressForm, raw)
    if form.value is None:
        raise BadInputError(next(iter(form.errors.values())))
    progress.report_progress(session, actor, pledge_id=pledge_id, **form.value.model_dump())
    said = _("Said: %(state)s. If it was a slip, tap again; the last word of a quarter counts.") % {
        "state": PROGRESS_LABELS[form.value.state]
    }
    return _changed(request, session, actor, pledge_id, said)


@router.get("/{pledge_id}/ending")
def ending(request: Request, session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """The form for how it ended."""
    pledge = queries.one(session, actor, pledge_id)
    check_ending(pledge.state, Ending.DONE, None, public_until=pledge.public_until)
    return _form(request, actor, pledge, None)


@router.get("/endings/{ending_id}")
def of_ending(session: DbSession, actor: Me, ending_id: UUID) -> Response:
    """The pledge about which something was said; the form for saying it anew, if that came back.

    Raises:
        NotFoundError: no such word in the actor's reach.
    """
    found = queries.endings(session, [ending_id])
    if not found:
        raise NotFoundError
    pledge = queries.one(session, actor, found[0].pledge_id)
    if pledge.state is PledgeState.IN_PROGRESS:
        return pages.see_other(f"{PAGE}/{pledge.id}/ending")
    return pages.see_other(f"{_back(actor, pledge)}#pledge-card-{pledge.id}")


@router.post("/{pledge_id}/ending")
def propose(request: Request, session: DbSession, actor: Me, pledge_id: UUID, raw: RawForm) -> Response:
    """Say how it ended, for an officer to decide."""
    pledge, form = queries.one(session, actor, pledge_id), forms.parse(EndingForm, raw)
    if form.value is None:
        return _form(request, actor, pledge, form, status=422)
    try:
        outcomes.report_outcome(session, actor, pledge_id=pledge_id, **form.value.model_dump())
    except BadInputError as error:
        return _form(request, actor, pledge, form.refused(error), status=error.status)
    said = _("Said. Another person, an officer, decides on it now.")
    return pages.go(request, _back(actor, pledge), message=said)


@router.post("/{pledge_id}/ending/withdraw")
def withdraw_outcome(request: Request, session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """Take back how it ended, while nobody has decided on it."""
    outcomes.withdraw_outcome(session, actor, pledge_id=pledge_id)
    return _changed(request, session, actor, pledge_id, _("Taken back."))


def _changed(request: Request, session: Session, actor: Actor, pledge_id: UUID, said: str) -> Response:
    pledge = queries.one(session, actor, pledge_id)
    if not pages.wants_fragment(request):
        return pages.see_other(_back(actor, pledge), message=said)
    is_own = pledge.member_id == actor.member_id
    return pages.render(
        request, TEMPLATE, block="pledge_card", message=said, pledge=pledge, is_own=is_own, **card_words()
    )


def _form(
    request: Request, actor: Actor, pledge: ShownPledge, form: Form[EndingForm] | None, *, status: int = 200
) -> Response:
    return pages.render(
        request,
        ENDING,
        status=status,
        form=form,
        id=new_id(),
        pledge=pledge,
        back=_back(actor, pledge),
        is_own=pledge.member_id == actor.member_id,
        endings=[(one.value, ENDING_LABELS[one], "") for one in Ending],
        proposed=pledge.ending or pledge.proposal or "",
        note_length=NOTE_LENGTH,
    )


def _back(actor: Actor, pledge: ShownPledge) -> str:
    return f"{address(actor, pledge.member_id)}?year={pledge.year}"
