"""A year of pledges, one's own or a colleague's for whom an officer writes: drafts, and what is handed in."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import forms, ids, pages
from app.core.answers import AS_IT_IS, Answer, Done, act, shown
from app.core.errors import BadInputError
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.ids import new_id
from app.core.messages import Undo
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.reviews.models import Review
from app.features.shows.pledges import queries, restoring, service
from app.features.shows.pledges.errors import NotADraftError, NotReturnedError
from app.features.shows.pledges.forms import DraftForm, PledgeForm, RestoreForm, YearForm
from app.features.shows.pledges.hints import hints
from app.features.shows.pledges.page import TEMPLATE, address, new_form, pledge_form, year_of
from app.features.shows.pledges.rules import TEXT_LENGTH, PledgeState, Side
from app.features.shows.pledges.view import PAGE, ShownPledge
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
    member_id = forms.sent(YearForm, raw).member_id
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
    member_id = forms.sent(YearForm, raw).member_id
    number = len(service.submit(session, actor, member_id=member_id))
    said = ngettext(
        "%(n)s pledge handed in. An officer looks at each one by itself.",
        "%(n)s pledges handed in. An officer looks at each one by itself.",
        number,
    ) % {"n": number}
    return pages.go(request, address(actor, member_id), message=said)


@router.get("/new")
def new(
    request: Request, session: DbSession, actor: Me, suggestion: UUID | None = None, member: UUID | None = None
) -> Response:
    """An empty draft, or one that begins with a suggestion."""
    return _new(request, session, actor, member_id=member, suggestion_id=suggestion)


@router.post("/drafts")
def add_draft(request: Request, session: DbSession, actor: Me, raw: RawForm) -> Response:
    """Keep a draft."""

    def do(form: DraftForm) -> Done:
        draft = service.add_draft(session, actor, **form.model_dump(exclude={"hand_in"}))
        waits, advice = session.get(Review, draft.id) is not None, hints(draft.text, draft.sign)
        if form.hand_in and not (waits or advice):
            waits = bool(service.submit(session, actor, member_id=form.member_id, only_id=draft.id))
        if waits:
            said = _("Handed in. An officer looks at it by itself.")
        elif form.hand_in:
            said = _("The draft is kept, with advice below it. It can be handed in as it is, too.")
        else:
            said = _("The draft is kept. Nobody decides on it yet.")
        return Done(address(actor, form.member_id), said)

    return act(request, session, raw, DraftForm, do, page=partial(_new, request, session, actor))


@router.get("/{pledge_id}/edit")
def edit(request: Request, session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """A draft, to be said in other words."""
    pledge = queries.one(session, actor, pledge_id)
    if pledge.state is not PledgeState.DRAFT:
        raise NotADraftError
    return _old(request, actor, pledge, "edit")


@router.post("/{pledge_id}/edit")
def change_draft(request: Request, session: DbSession, actor: Me, pledge_id: UUID, raw: RawForm) -> Response:
    """Keep a draft in other words."""
    pledge = queries.one(session, actor, pledge_id)

    def do(form: PledgeForm) -> Done:
        service.change_draft(session, actor, pledge_id=pledge_id, **form.model_dump(exclude={"id", "member_id"}))
        return Done(address(actor, pledge.member_id), _("The draft is changed."))

    return act(request, session, raw, PledgeForm, do, page=partial(_old, request, actor, pledge, "edit"))


@router.post("/{pledge_id}/remove")
def remove_draft(request: Request, session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """Throw a draft away."""
    pledge = queries.one(session, actor, pledge_id)
    service.remove_draft(session, actor, pledge_id=pledge_id)
    said = {name: getattr(pledge, name) for name in DraftForm.model_fields if name != "hand_in"}
    undo = Undo(f"{PAGE}/drafts", _("Restore"), {name: str(value) for name, value in said.items() if value})
    return _list(request, session, actor, pledge, _("The draft is removed."), undo=undo)


@router.get("/{pledge_id}/correct")
def correction(request: Request, session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """A returned pledge with the officer's advice, to be said in other words."""
    pledge = queries.one(session, actor, pledge_id)
    if pledge.state is not PledgeState.RETURNED:
        raise NotReturnedError
    return _old(request, actor, pledge, "correct")


@router.post("/{pledge_id}/correct")
def correct(request: Request, session: DbSession, actor: Me, pledge_id: UUID, raw: RawForm) -> Response:
    """Hand it in again."""
    pledge = queries.one(session, actor, pledge_id)

    def do(form: PledgeForm) -> Done:
        service.correct(session, actor, pledge_id=pledge_id, **form.model_dump(exclude={"member_id"}))
        return Done(address(actor, pledge.member_id), _("Handed in again, in the new words."))

    return act(request, session, raw, PledgeForm, do, page=partial(_old, request, actor, pledge, "correct"))


@router.post("/{pledge_id}/withdraw")
def withdraw(request: Request, session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """Take back what nobody has decided on."""
    pledge = queries.one(session, actor, pledge_id)
    draft_id = service.withdraw(session, actor, pledge_id=pledge_id)
    to = Undo(f"{PAGE}/{pledge_id}/restore", _("Restore"), {"id": str(draft_id or pledge_id)})
    undo = None if pledge.entered_by or pledge.member_id != actor.member_id else to
    return _list(request, session, actor, pledge, _("Taken back."), undo=undo)


@router.post("/{pledge_id}/restore")
def restore(request: Request, session: DbSession, actor: Me, pledge_id: UUID, raw: RawForm) -> Response:
    """Let it wait after all."""
    pledge = queries.one(session, actor, pledge_id)
    restoring.restore(session, actor, pledge_id=pledge_id, draft_id=forms.sent(RestoreForm, raw).id)
    return _list(request, session, actor, pledge, _("Handed in again."))


def _list(
    request: Request, session: Session, actor: Actor, pledge: ShownPledge, message: str, *, undo: Undo | None = None
) -> Response:
    """The year of a pledge, after something was done with it."""

    def page(answer: Answer) -> Response:
        context = year_of(session, actor, pledge.member_id, pledge.year)
        return pages.render(request, TEMPLATE, block="pledge_list", message=answer.message, undo=answer.undo, **context)

    return shown(request, message, page=page, to=address(actor, pledge.member_id), undo=undo)


def _new(
    request: Request,
    session: Session,
    actor: Actor,
    answer: Answer = AS_IT_IS,
    *,
    member_id: UUID | None = None,
    suggestion_id: UUID | None = None,
) -> Response:
    """The form of a draft, above what the library suggests for the member's posts."""
    member_id = member_id or ids.read(answer.form.typed("member_id") if answer.form else "")
    return _form(request, answer, new_form(session, actor, member_id, suggestion_id))


def _old(request: Request, actor: Actor, pledge: ShownPledge, act_on: str, answer: Answer = AS_IT_IS) -> Response:
    """The form of a pledge that is there already; ``act_on`` ends its address."""
    return _form(request, answer, pledge_form(actor, pledge, act_on))


def _form(request: Request, answer: Answer, context: Mapping[str, Any]) -> Response:
    """With an id of its own: what was refused under the old one may be sent under a new; a slip of the pen keeps it."""
    typed_id = ids.read(answer.form.typed("id")) if answer.form and answer.status == BadInputError.status else None
    return answer.drawn(
        request,
        "shows/pledges/form.html",
        id=typed_id or new_id(),
        sides=Side.choices(),
        text_length=TEXT_LENGTH,
        **context,
    )
