"""Out to somebody who knows the person, and back; and the own links."""

from collections.abc import Callable, Sequence
from typing import Annotated, Final, TypeVar
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import pages
from app.core.addresses import host_of
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.db import Database
from app.core.errors import NotFoundError
from app.core.forms import FormModel, SmallForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router, SignInUnits
from app.core.settings import settings
from app.core.visitors import network_of, peer_of
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import anyone, cookie_name, let_in, require, require_recent
from app.features.sign_in.outside import entering, links, trips, ways
from app.features.sign_in.outside.errors import StaleTripError
from app.features.sign_in.outside.rules import TRIP_LASTS, OutsideIdentity, Purpose, Way
from app.features.sign_in.outside.trips import Wanted
from app.features.sign_in.outside.ways import Trip
from app.features.sign_in.pages import confirm_page, device_of_browser, kind_of, sign_in_page
from app.features.sign_in.rules import SessionKind, landing

F = TypeVar("F", bound=FormModel)
router = Router()
OWN: Final = "/me/sign-ins"
PAGE: Final = "sign_in/outside.html"
OFFER: Final = "sign_in/outside_offer.html"
MOVED: Final = "moved"
"""In an address that has led to the installation's own name already."""
TRIP_COOKIE: Final = "sanliang_trip"
"""What the browser keeps while its owner is outside; the half of each secret that is nowhere else."""
Me = Annotated[Actor, require(Permission.HAVE_ACCOUNT)]
Sure = Annotated[Actor, require_recent(Permission.HAVE_ACCOUNT)]
Visitor = Annotated[Actor | None, anyone()]


class OutForm(FormModel):
    """Where to then, and whether others use this phone too."""

    next: str = "/"
    shared: bool = False


class BackForm(FormModel):
    """Which way back it is; the rest is for who reads it."""

    state: str = ""


class LinkForm(FormModel):
    """What was offered, as it was."""

    offer: Annotated[str, Field(max_length=4000)]


@router.get("/sign-in/with/{way}")
def go_out(request: Request, units: SignInUnits, actor: Visitor, way: Way) -> Response:
    """Off to where one is known; straight on for those who are signed in."""
    _check_open(way)

    def do(form: OutForm) -> Response:
        if actor:
            return pages.see_other(landing(form.next))
        return _out(request, units, way, Wanted(Purpose.ENTER, form.next, is_shared=form.shared))

    return _answered(request, units, actor, OutForm, do)


@router.get("/confirm/with/{way}")
def go_out_to_confirm(request: Request, units: SignInUnits, actor: Me, way: Way) -> Response:
    """Off to prove oneself there, before a sensitive act here."""
    _check_open(way)
    if not ways.can_prove(way):
        raise NotFoundError

    def do(form: OutForm) -> Response:
        return _out(request, units, way, Wanted(Purpose.CONFIRM, form.next, actor.member_id))

    return _answered(request, units, actor, OutForm, do)


@router.get("/me/sign-ins/{way}/link")
def go_out_to_link(request: Request, units: SignInUnits, actor: Sure, way: Way) -> Response:
    """Off to show which account there is one's own."""
    _check_open(way)

    def do(_form: OutForm) -> Response:
        with units.read() as session:
            links.check_may_link(session, actor)
        return _out(request, units, way, Wanted(Purpose.LINK, OWN, actor.member_id))

    return _answered(request, units, actor, OutForm, do)


@router.get("/sign-in/with/{way}/back")
def come_back(request: Request, units: SignInUnits, actor: Visitor, way: Way) -> Response:
    """Back from there: in, or asked whether to link, or proved; and whatever goes wrong says how to go on."""
    _check_open(way)
    taken: list[Wanted] = []

    def do(form: BackForm) -> Response:
        token = request.cookies.get(cookie_name(TRIP_COOKIE)) or ""
        wanted = trips.take(units, way, state=form.state, token=token)
        taken.append(wanted)
        trip = Trip(
            form.state,
            token,
            _back(request, way),
            proves=wanted.purpose is Purpose.CONFIRM,
            is_named=wanted.purpose is Purpose.LINK,
            headers=request.headers.getlist,
            peer=peer_of(request),
        )
        said = trips.ask(units, ways.reader(way, settings()), way, trip, request.query_params)
        return _arrived(request, units, wanted, actor, said)

    response = _answered(request, units, actor, BackForm, do, taken=taken)
    response.delete_cookie(cookie_name(TRIP_COOKIE), path="/", httponly=True, samesite="lax", secure=settings().https)
    return response


@router.get("/me/sign-ins")
def own_links(request: Request, session: DbSession, actor: Me) -> Response:
    """Where else I am known, and what I may link."""
    return _own_page(request, session, actor, AS_IT_IS)


@router.post("/me/sign-ins")
def link(request: Request, session: DbSession, actor: Me, raw: SmallForm) -> Response:
    """The account that I have just looked at is mine."""

    def do(form: LinkForm) -> Done:
        way = links.accept(session, actor, form.offer, called=lambda way: ways.called(way, settings()))
        return Done(OWN, _("Linked. From now on you can also sign in with %(way)s.") % {"way": way})

    return act(request, session, raw, LinkForm, do, page=lambda answer: _own_page(request, session, actor, answer))


@router.post("/me/sign-ins/{link_id}/end")
def end(request: Request, session: DbSession, actor: Me, raw: SmallForm, link_id: UUID) -> Response:
    """Not any more."""

    def do(_form: FormModel) -> str:
        links.end(session, actor, link_id=link_id, called=lambda way: ways.called(way, settings()))
        return _("The link has ended. Devices that had come in by it are signed out.")

    return act(
        request, session, raw, FormModel, do, page=lambda answer: _own_page(request, session, actor, answer), to=OWN
    )


def _check_open(way: Way) -> None:
    if way not in ways.ways(settings()):
        raise NotFoundError


def _answered(
    request: Request,
    units: Database,
    actor: Actor | None,
    model: type[F],
    do: Callable[[F], Response],
    *,
    taken: Sequence[Wanted] = (),
) -> Response:
    """What comes of an address that asks for something; a refusal stands on the page from which one goes on.

    ``taken`` is the trip that ends here, once it is known: what somebody was about to do is still the next thing then.
    """

    def page(answer: Answer) -> Response:
        told = Answer(answer.status, refusal=answer.refusal)
        to = taken[0].lands_on if taken else request.query_params.get("next", "/")
        with units.read() as session:
            if actor and taken and taken[0].purpose is Purpose.CONFIRM:
                return confirm_page(request, session, actor, told, to=to)
            if actor:
                return _own_page(request, session, actor, told)
            return sign_in_page(request, session, told, to=to)

    return act(request, None, FormData(dict(request.query_params)), model, do, page=page)


def _back(request: Request, way: Way) -> str:
    return pages.address_outside(request, f"/sign-in/with/{way.value}/back")


def _out(request: Request, units: Database, way: Way, wanted: Wanted) -> Response:
    named = settings().public_url
    is_there = host_of(request.headers.get("host", "")) == host_of(named) or MOVED in request.query_params
    if named and not is_there:  # the way back leads there, so begin there: once, as a proxy may not tell the name
        moved = request.url.include_query_params(**{MOVED: "1"})
        return RedirectResponse(f"{named.rstrip('/')}{moved.path}?{moved.query}", status_code=303)
    name = cookie_name(TRIP_COOKIE)
    out = trips.begin(
        units,
        ways.reader(way, settings()),
        way,
        wanted,
        back=_back(request, way),
        network=network_of(request),
        token=request.cookies.get(name),
        browser=request.headers.get("user-agent", ""),
    )
    response = RedirectResponse(out.address, status_code=303)
    lasts = int(TRIP_LASTS.total_seconds())
    response.set_cookie(
        name, out.token, max_age=lasts, path="/", httponly=True, samesite="lax", secure=settings().https
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _arrived(request: Request, units: Database, wanted: Wanted, actor: Actor | None, said: OutsideIdentity) -> Response:
    config = settings()
    if wanted.purpose is Purpose.ENTER:
        kind = SessionKind.DESK if wanted.is_shared else kind_of(request)
        token = entering.enter(units, said, config, kind=kind, device=device_of_browser(request))
        response: Response = pages.see_other(wanted.lands_on)
        let_in(request, response, units, token=token, kind=kind)
        return response
    if actor is None or actor.member_id != wanted.member_id:
        raise StaleTripError
    if wanted.purpose is Purpose.CONFIRM:
        entering.confirm(units, actor, said, config)
        return pages.see_other(wanted.lands_on)
    return pages.render(request, OFFER, said=said, called=ways.called(said.way, config), offer=links.offer(actor, said))


def _own_page(request: Request, session: Session, actor: Actor, answer: Answer) -> Response:
    config, kept = settings(), links.own(session, actor)
    linked = {row.way for row in kept}
    return answer.drawn(
        request,
        PAGE,
        block="links",
        refusal=answer.refusal or (answer.form.errors.get("form") if answer.form else None),
        links=[(row, ways.called(row.way, config)) for row in kept],
        open=[(way, ways.called(way, config)) for way in ways.ways(config) if way not in linked],
    )
