"""My ways: where I let myself be reminded outside, chosen, tried and switched off by me alone."""

from collections.abc import Callable
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field

from app.core import answers, clock, pages
from app.core.answers import AS_IT_IS, Answer
from app.core.db import Database
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, OutsideUnits, Router, Units
from app.core.settings import settings
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.outward import errors, push_key, queries, rules, sending, service, telling
from app.features.outward.rules import ChannelKind
from app.features.sign_in.door import require
from app.features.sign_in.rules import device_name

PAGE: Final = "/me/channels"
PATIENCE_S: Final = 12.0
"""How long somebody who tries a way waits for its service, in seconds; htmx gives up after fifteen."""
router = Router(prefix=PAGE)
Me = Annotated[Actor, require(Permission.HAVE_ACCOUNT)]


class AddForm(FormModel):
    """Where to."""

    kind: ChannelKind
    to: Annotated[str, Field(max_length=400)]
    secret: Annotated[str, Field(max_length=200)] = ""


class BrowserForm(FormModel):
    """What a browser says when it has subscribed."""

    subscription: Annotated[str, Field(max_length=4000)]


class CodeForm(FormModel):
    """The code that was sent there."""

    code: Annotated[str, Field(max_length=20)]


class PauseForm(FormModel):
    """Whether to say nothing for now."""

    paused: bool = False


@router.get("")
def channels(request: Request, units: Units, actor: Me) -> Response:
    """Where I am reminded, what was sent, and how another way is switched on."""
    return _page(request, units, actor)(AS_IT_IS)


@router.post("")
def add(request: Request, units: OutsideUnits, actor: Me, raw: RawForm) -> Response:
    """Another way: a code goes there, and it is on once I have typed it here."""

    def do(form: AddForm) -> str:
        with units.write() as session:
            underway = service.add(session, actor, clock.now(), kind=form.kind, to=form.to, secret=form.secret)
        _carry(units, underway)
        return _("A code was sent there. Type it here, and you are reminded there from then on.")

    return _act(request, units, actor, (f"add-{raw.get('kind', '')}", raw, AddForm), do)


@router.post("/browser")
def add_browser(request: Request, session: DbSession, actor: Me, raw: RawForm) -> Response:
    """This browser, which has subscribed."""
    label = device_name(request.headers.get("user-agent", ""))

    def do(form: BrowserForm) -> answers.Done:
        service.add_browser(session, actor, clock.now(), subscription=form.subscription, label=label)
        return answers.Done(PAGE, _("You are reminded in this browser from now on."))

    def page(answer: Answer) -> Response:
        return pages.go(request, PAGE, message=answer.refusal or _("Please try again."))

    return answers.act(request, session, raw, BrowserForm, do, page=page)


@router.post("/{channel_id}/code")
def prove(request: Request, units: Units, actor: Me, raw: RawForm, channel_id: UUID) -> Response:
    """The code that was sent there."""

    def do(form: CodeForm) -> str:
        with units.write() as session:
            refusal = service.prove(session, actor, clock.now(), channel_id=channel_id, code=form.code)
        if refusal:
            raise refusal
        return _("It is on: you are reminded there from now on.")

    return _act(request, units, actor, (f"code-{channel_id}", raw, CodeForm), do)


@router.post("/{channel_id}/try")
def try_out(request: Request, units: OutsideUnits, actor: Me, raw: RawForm, channel_id: UUID) -> Response:
    """A trial, or another code."""

    def do(_form: FormModel) -> str:
        with units.write() as session:
            underway = service.try_out(session, actor, clock.now(), channel_id=channel_id)
        _carry(units, underway)
        return _("Sent. Please look whether it has arrived.")

    return _act(request, units, actor, (f"try-{channel_id}", raw, FormModel), do)


@router.post("/{channel_id}/pause")
def pause(request: Request, units: Units, actor: Me, raw: RawForm, channel_id: UUID) -> Response:
    """Nothing for now, or again."""

    def do(form: PauseForm) -> str:
        with units.write() as session:
            service.pause(session, actor, channel_id=channel_id, paused=form.paused)
        return _("Paused.") if form.paused else _("You are reminded there again.")

    return _act(request, units, actor, (f"pause-{channel_id}", raw, PauseForm), do)


@router.post("/{channel_id}/end")
def end(request: Request, units: Units, actor: Me, raw: RawForm, channel_id: UUID) -> Response:
    """Off, and the address erased."""

    def do(_form: FormModel) -> str:
        with units.write() as session:
            service.end(session, actor, channel_id=channel_id)
        return _("Removed. The address is erased here.")

    return _act(request, units, actor, (f"end-{channel_id}", raw, FormModel), do)


def _act(
    request: Request, units: Database, actor: Actor, sent: tuple[str, Any, type[Any]], do: Callable[[Any], str]
) -> Response:
    """Answer a form on the page: ``sent`` is its name there, what came, and what it is read as."""
    at, raw, form = sent
    return answers.act(request, None, raw, form, do, page=_page(request, units, actor), to=PAGE, at=at)


def _carry(units: Database, underway: service.Underway) -> None:
    """Send it, while nothing is held, and write down what became of it.

    Raises:
        NotSentError: it did not go out; the sentence says what to do.
    """
    with sending.courier(PATIENCE_S) as carry:
        verdict = carry(underway.order)
    with units.write() as session:
        telling.note(session, underway.notice_id, verdict, clock.now())
    if verdict.answer is not rules.ServiceAnswer.TAKEN:
        raise errors.NotSentError(why=verdict.answer.label)


def _page(request: Request, units: Database, actor: Actor) -> answers.Page:
    def draw(answer: Answer) -> Response:
        with units.read() as session:
            notices = queries.sent(session, actor)
            mine = queries.shown(session, actor, notices)
        taken = {one.kind for one in mine}
        ways = sending.ways(settings())
        return answer.drawn(
            request,
            "outward/channels.html",
            block="channels",
            answer=answer,
            mine=mine,
            notices=notices,
            asked={kind: rules.ASKED[kind] for kind in ways if kind in rules.ASKED and kind not in taken},
            push_key=push_key.public_key(settings().push_key_file) if rules.ChannelKind.PUSH in ways else "",
            has_ways=bool(ways),
            rules=rules,
        )

    return draw
