"""Sign in and out, the password once more, a new password, the own devices."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from app.core import pages
from app.core.answers import AS_IT_IS, Answer, Done, act, shown
from app.core.db import Database
from app.core.forms import SmallForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Nobody, Router, Units
from app.core.visitors import network_of
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in import queries, service
from app.features.sign_in.door import anyone, device_of, key_of, let_in, let_out, require
from app.features.sign_in.errors import WrongOwnPasswordError
from app.features.sign_in.forms import ChangePasswordForm, ConfirmForm, SignInForm
from app.features.sign_in.pages import confirm_page, device_of_browser, kind_of, login_of, sign_in_page
from app.features.sign_in.password_rules import MIN_LENGTH
from app.features.sign_in.rules import SessionKind, landing

router = Router()
PASSWORD = "sign_in/password.html"  # noqa: S105 (a template)
DEVICES = "sign_in/devices.html"
Me = Annotated[Actor, require(Permission.HAVE_ACCOUNT)]
Next = Annotated[str, Query(alias="next")]


@router.get("/sign-in")
def sign_in_form(
    request: Request,
    session: DbSession,
    actor: Annotated[Actor | None, anyone()],
    next_page: Next = "/",
    *,
    ended: bool = False,
) -> Response:
    """The form, or straight on for those who are signed in. ``ended``: they were, until it was ended from elsewhere."""
    if actor:
        return pages.see_other(landing(next_page))
    return sign_in_page(request, session, AS_IT_IS, to=next_page, ended=ended)


@router.post("/sign-in")
def sign_in(request: Request, units: Units, _door: Nobody, raw: SmallForm) -> Response:
    """In, with a fresh session; or the form again, with the same sentence whatever was wrong."""
    opened: list[tuple[str, SessionKind]] = []

    def do(form: SignInForm) -> Done:
        kind = SessionKind.DESK if form.shared else kind_of(request)
        token = service.sign_in(
            units,
            login=form.login,
            password=form.password,
            network=network_of(request),
            kind=kind,
            device=device_of_browser(request),
            known=device_of(request),
        )
        opened.append((token, kind))
        return Done(landing(form.next))

    def page(answer: Answer) -> Response:
        with units.read() as session:
            return sign_in_page(request, session, answer)

    response = act(request, None, raw, SignInForm, do, page=page)
    for token, kind in opened:
        let_in(request, response, units, token=token, kind=kind)
    return response


@router.post("/sign-out")
def sign_out(request: Request, session: DbSession, _door: Nobody) -> Response:
    """Out, on this device. Also for those whose session has ended by itself."""
    if token := key_of(request):
        service.sign_out(session, token=token)
    response = pages.go(request, "/sign-in")
    let_out(response)
    return response


@router.get("/confirm")
def confirm_form(request: Request, units: Units, actor: Me, next_page: Next = "/") -> Response:
    """The password once more, before a sensitive act."""
    with units.read() as session:
        return confirm_page(request, session, actor, AS_IT_IS, to=next_page)


@router.post("/confirm")
def confirm(request: Request, units: Units, actor: Me, raw: SmallForm) -> Response:
    """On to the sensitive act."""

    def do(form: ConfirmForm) -> Done:
        service.confirm(units, actor, password=form.present)
        return Done(landing(form.next))

    def page(answer: Answer) -> Response:
        with units.read() as session:
            return confirm_page(request, session, actor, answer)

    return act(request, None, raw, ConfirmForm, do, page=page)


@router.get("/me/password")
def password_page(request: Request, units: Units, actor: Me) -> Response:
    """Another password."""
    return _password_page(request, units, actor, AS_IT_IS)


@router.post("/me/password")
def change_password(request: Request, units: Units, actor: Me, raw: SmallForm) -> Response:
    """The other password, from now on; other devices are signed out."""
    proved = False

    def do(form: ChangePasswordForm) -> Done:
        nonlocal proved
        proved = True  # or refused: either way it is not asked once more
        service.change_password(units, actor, present=form.present, password=form.password)
        return Done("/me", _("Your password was changed. Other devices were signed out."))

    def again(answer: Answer) -> Response:
        form = answer.form
        if (
            form
            and not proved
            and form.errors.keys() <= {"password", "again"}
            and not service.is_own(units, actor, password=form.typed("present"))
        ):
            form = form.refused(WrongOwnPasswordError())  # all that is wrong in one answer
        return _password_page(request, units, actor, Answer(answer.status, {"form": form} if form else {}))

    return act(request, None, raw, ChangePasswordForm, do, page=again)


@router.get("/me/devices")
def devices(request: Request, session: DbSession, actor: Me) -> Response:
    """Where the actor is signed in."""
    return _devices(request, session, actor, AS_IT_IS)


@router.post("/me/devices/end-others")
def end_other_devices(request: Request, session: DbSession, actor: Me) -> Response:
    """Signed out everywhere but here."""
    service.end_others(session, actor)
    return shown(request, None, page=partial(_devices, request, session, actor), to="/me/devices")


@router.post("/me/devices/{session_id}/end")
def end_device(request: Request, session: DbSession, actor: Me, session_id: UUID) -> Response:
    """Signed out on one device."""
    service.end_device(session, actor, session_id=session_id)
    return shown(request, None, page=partial(_devices, request, session, actor), to="/me/devices")


def _password_page(request: Request, units: Database, actor: Actor, answer: Answer) -> Response:
    with units.read() as session:
        login = login_of(session, actor)
    return answer.drawn(request, PASSWORD, least=MIN_LENGTH, login=login)


def _devices(request: Request, session: DbSession, actor: Actor, _answer: Answer) -> Response:
    return pages.render(request, DEVICES, block="device_list", devices=queries.devices(session, actor))
