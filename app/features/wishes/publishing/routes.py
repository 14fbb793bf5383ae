"""What the leading branch decides about a wish, and its day of publishing."""

from collections.abc import Callable
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import formats, forms, pages
from app.core.errors import AppError, NotFoundError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.wishes.desk import view
from app.features.wishes.publishing import service
from app.features.wishes.publishing.forms import DayForm, LaterForm, PublishForm, ReferForm, ReturnForm, When

router = Router(prefix="/wishes/desk")
DESK: Final = "wishes/desk.html"
CARD: Final = "wishes/desk_wish.html"
Officer = Annotated[Actor, require(Permission.APPROVE)]
"""The service lets only officers of the branch pass that leads in the wish's community."""


@router.post("/day")
def set_day(request: Request, session: DbSession, actor: Officer, raw: RawForm) -> Response:
    """Choose the day of the month on which the branch publishes."""
    form = forms.parse(DayForm, raw)
    if form.value is None:
        return pages.render(request, DESK, status=422, **view.desk(session, actor, day=form))
    service.set_day(session, actor, day=form.value.day)
    return pages.go(request, "/wishes/desk", message=_("Saved."))


@router.post("/{wish_id:uuid}/return")
def return_to_collector(request: Request, session: DbSession, actor: Officer, wish_id: UUID, raw: RawForm) -> Response:
    """Back to the collector, with what is missing."""
    form = forms.parse(ReturnForm, raw)
    if form.value is None:
        return _card(request, session, actor, wish_id, status=422, returning=form)
    reason = form.value.reason
    return _decided(
        request,
        session,
        actor,
        wish_id,
        act=lambda: service.return_to_collector(session, actor, wish_id=wish_id, reason=reason),
        message=_("Returned to the collector."),
        returning=form,
    )


@router.post("/{wish_id:uuid}/refer")
def refer(request: Request, session: DbSession, actor: Officer, wish_id: UUID, raw: RawForm) -> Response:
    """To a channel where the wish is in better hands."""
    form = forms.parse(ReferForm, raw)
    if form.value is None:
        return _card(request, session, actor, wish_id, status=422, referring=form)
    said = form.value
    return _decided(
        request,
        session,
        actor,
        wish_id,
        act=lambda: service.refer(session, actor, wish_id=wish_id, channel=said.channel, sentence=said.sentence),
        message=_("Referred. The collector tells the wisher."),
        referring=form,
    )


@router.post("/{wish_id:uuid}/publish")
def publish(request: Request, session: DbSession, actor: Officer, wish_id: UUID, raw: RawForm) -> Response:
    """Out to the members, now or with the round."""
    form = forms.parse(PublishForm, raw)
    in_round = form.value is not None and form.value.when is When.ROUND

    def out() -> str:
        if in_round:
            due_on = service.publish_in_round(session, actor, wish_id=wish_id)
            return _("Goes out on %(day)s.") % {"day": formats.short_day(due_on)}
        service.publish(session, actor, wish_id=wish_id)
        return _("It is on the board now.")

    return _decided(request, session, actor, wish_id, act=out, message="", publishing=form)


@router.post("/{wish_id:uuid}/wait")
def take_out_of_round(request: Request, session: DbSession, actor: Officer, wish_id: UUID) -> Response:
    """Not with the next round after all."""
    service.take_out_of_round(session, actor, wish_id=wish_id)
    return _done(request, session, actor, wish_id, _("It waits."))


@router.post("/{wish_id:uuid}/later")
def put_off(request: Request, session: DbSession, actor: Officer, wish_id: UUID, raw: RawForm) -> Response:
    """Into the next round, where it goes first."""
    form = forms.parse(LaterForm, raw)
    if form.value is None:
        return _card(request, session, actor, wish_id, status=422, later=form)
    wanted_by = form.value.wanted_by
    return _decided(
        request,
        session,
        actor,
        wish_id,
        act=lambda: service.put_off(session, actor, wish_id=wish_id, wanted_by=wanted_by),
        message=_("It goes first in the next round."),
        later=form,
    )


def _decided(
    request: Request,
    session: Session,
    actor: Actor,
    wish_id: UUID,
    *,
    act: Callable[[], object],
    message: str,
    **typed: Form[Any],
) -> Response:
    """Do ``act``, which may say its own sentence; what it refuses stands in the form that was typed."""
    (name, form), *_none = typed.items()
    try:
        with session.begin_nested():
            said = act()
    except NotFoundError:
        raise
    except AppError as refusal:
        refused = form.refused(refusal, "form")
        return _card(request, session, actor, wish_id, status=refusal.status, **{name: refused})
    return _done(request, session, actor, wish_id, message or str(said))


def _done(request: Request, session: Session, actor: Actor, wish_id: UUID, message: str) -> Response:
    if pages.wants_fragment(request):
        context = view.card(session, actor, wish_id)
        return pages.render(request, CARD, block="desk_wish", message=message, **context)
    return pages.see_other(f"/wishes/desk/{wish_id}", message=message)


def _card(
    request: Request, session: Session, actor: Actor, wish_id: UUID, *, status: int, **typed: Form[Any]
) -> Response:
    return pages.render(request, CARD, block="desk_wish", status=status, **view.card(session, actor, wish_id, **typed))
