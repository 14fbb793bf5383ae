"""How a pledge goes, a tap a quarter, and how it ended, for an officer to decide."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import forms, pages
from app.core.answers import AS_IT_IS, Answer, Done, act, shown
from app.core.errors import NotFoundError
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.messages import Undo
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.pledges import progress, queries, restoring
from app.features.shows.pledges.forms import EndingForm, ProgressForm, RestoreForm
from app.features.shows.pledges.page import TEMPLATE, card_words, is_over, year_address
from app.features.shows.pledges.rules import NOTE_LENGTH, Ending, PledgeState, Progress, check_outcome
from app.features.shows.pledges.view import PAGE, ShownPledge
from app.features.sign_in.door import require

router = Router(prefix=PAGE)
Me = Annotated[Actor, require(Permission.BE_MEMBER)]


@router.post("/{pledge_id}/progress")
def report_progress(request: Request, session: DbSession, actor: Me, pledge_id: UUID, raw: RawForm) -> Response:
    """How it goes: one tap."""
    form = forms.sent(ProgressForm, raw)
    pledge = progress.report_progress(session, actor, pledge_id=pledge_id, **form.model_dump(exclude={"on_today"}))
    if form.on_today:
        is_over = form.state is Progress.DONE and pledge.state is PledgeState.IN_PROGRESS
        said = _("Said: %(state)s. On the page of your pledges it can be said anew.") % {"state": form.state.label}
        return pages.go(request, f"{PAGE}/{pledge_id}/ending" if is_over else "/", message=said)
    said = _("Said: %(state)s. If it was a slip, tap again; the last word of a quarter counts.")
    return _card(request, session, actor, pledge_id, said % {"state": form.state.label})


@router.get("/{pledge_id:uuid}")
def one(session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """A pledge, where it stands in its year."""
    pledge = queries.one(session, actor, pledge_id)
    return pages.see_other(f"{year_address(actor, pledge)}#pledge-card-{pledge.id}")


@router.get("/{pledge_id}/ending")
def ending(request: Request, session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """The form for how it ended."""
    pledge = queries.one(session, actor, pledge_id)
    check_outcome(pledge.state, Ending.DONE, None, public_until=pledge.public_until)
    return _ending(request, actor, pledge)


@router.get("/endings/{ending_id}")
def of_ending(session: DbSession, actor: Me, ending_id: UUID) -> Response:
    """The pledge about which something was said; the form for saying it anew, if that came back."""
    found = queries.outcomes(session, [ending_id])
    if not found:
        raise NotFoundError
    pledge = queries.one(session, actor, found[0].pledge_id)
    if pledge.state is PledgeState.IN_PROGRESS:
        return pages.see_other(f"{PAGE}/{pledge.id}/ending")
    return pages.see_other(f"{year_address(actor, pledge)}#pledge-card-{pledge.id}")


@router.post("/{pledge_id}/ending")
def report_outcome(request: Request, session: DbSession, actor: Me, pledge_id: UUID, raw: RawForm) -> Response:
    """Say how it ended, for an officer to decide."""
    pledge = queries.one(session, actor, pledge_id)

    def do(form: EndingForm) -> Done:
        progress.report_outcome(session, actor, id=form.id, pledge_id=pledge_id, outcome=form.ending, said=form.said)
        return Done(year_address(actor, pledge), _("Said. Another person, an officer, decides on it now."))

    return act(request, session, raw, EndingForm, do, page=partial(_ending, request, actor, pledge))


@router.post("/{pledge_id}/ending/withdraw")
def withdraw_outcome(request: Request, session: DbSession, actor: Me, pledge_id: UUID) -> Response:
    """Take back how it ended, while nobody has decided on it."""
    pledge = queries.one(session, actor, pledge_id)
    taken_back = progress.withdraw_outcome(session, actor, pledge_id=pledge_id)
    to = f"{PAGE}/{pledge_id}/ending/restore"
    is_own = pledge.member_id == actor.member_id and not pledge.outcome_entered_by
    undo = Undo(to, _("Restore"), {"id": str(taken_back)}) if taken_back and is_own else None
    return _card(request, session, actor, pledge_id, _("Taken back."), undo=undo)


@router.post("/{pledge_id}/ending/restore")
def restore_outcome(request: Request, session: DbSession, actor: Me, pledge_id: UUID, raw: RawForm) -> Response:
    """Let what was said about its end wait after all."""
    restoring.restore_outcome(session, actor, pledge_id=pledge_id, outcome_id=forms.sent(RestoreForm, raw).id)
    return _card(request, session, actor, pledge_id, _("Handed in again."))


def _card(
    request: Request, session: Session, actor: Actor, pledge_id: UUID, message: str, *, undo: Undo | None = None
) -> Response:
    """One pledge on the page of its year, after something was said of it."""
    pledge = queries.one(session, actor, pledge_id)
    context = {"pledge": pledge, "is_own": pledge.member_id == actor.member_id, **card_words()}

    def page(answer: Answer) -> Response:
        return pages.render(request, TEMPLATE, block="pledge_card", message=answer.message, undo=answer.undo, **context)

    return shown(request, message, page=page, to=year_address(actor, pledge), undo=undo)


def _ending(request: Request, actor: Actor, pledge: ShownPledge, answer: Answer = AS_IT_IS) -> Response:
    return answer.drawn(
        request,
        "shows/pledges/ending.html",
        id=new_id(),
        pledge=pledge,
        back=year_address(actor, pledge),
        is_own=pledge.member_id == actor.member_id,
        is_over=is_over,
        endings=[(one.value, one.label, "") for one in Ending],
        proposed=pledge.outcome or pledge.proposal or "",
        note_length=NOTE_LENGTH,
    )
