"""The own devices for the second step of signing in."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.forms import FormModel, SmallForm
from app.core.i18n import gettext as _
from app.core.qr import qr_picture
from app.core.routing import DbSession, Router, Units
from app.features.members.actor import Actor
from app.features.sign_in.door import let_in, may_add_factor, minds_factors, site_of
from app.features.sign_in.factors import passkeys, queries, rules, service
from app.features.sign_in.factors.forms import NewAppForm, NewPasskeyForm
from app.features.sign_in.factors.rules import must_have_one, readable
from app.features.sign_in.factors.second.service import Completed, complete

router = Router()
FACTORS = "sign_in/factors.html"
APP = "sign_in/factor_app.html"
CODES = "sign_in/factor_codes.html"
OWN = "/me/factors"
Adds = Annotated[Actor, may_add_factor()]
Sure = Annotated[Actor, minds_factors()]


@router.get("/me/factors")
def own_factors(request: Request, session: DbSession, actor: Adds) -> Response:
    """The own devices for the second step, and how to add one."""
    return _own_page(request, session, actor, AS_IT_IS)


@router.get("/me/factors/app")
def app_page(request: Request, actor: Adds) -> Response:
    """The picture that an app scans."""
    return _app_page(request, actor, AS_IT_IS)


@router.post("/me/factors/app")
def add_app(request: Request, units: Units, actor: Adds, raw: SmallForm) -> Response:
    """The app is kept once it has shown its first code."""

    def add(session: Session, form: NewAppForm) -> Sequence[str]:
        return service.add_app(session, actor, sealed=form.secret, code=form.code, label=form.label)

    return _added(request, units, actor, raw, NewAppForm, add=add, page=partial(_app_page, request, actor))


@router.post("/me/factors/passkey")
def add_passkey(request: Request, units: Units, actor: Adds, raw: SmallForm) -> Response:
    """The passkey that the browser has made is kept."""
    site = site_of(request, "make")

    def add(session: Session, form: NewPasskeyForm) -> Sequence[str]:
        return service.add_passkey(session, actor, site=site, answer=form.credential, label=form.label)

    def page(answer: Answer) -> Response:
        with units.read() as session:
            return _own_page(request, session, actor, answer)

    return _added(request, units, actor, raw, NewPasskeyForm, add=add, page=page)


@router.post("/me/factors/codes")
def renew_codes(request: Request, session: DbSession, actor: Sure) -> Response:
    """New recovery codes; they stand on the answer and nowhere else."""
    return _codes_page(request, service.renew_codes(session, actor))


@router.post("/me/factors/{factor_id}/remove")
def remove(request: Request, session: DbSession, actor: Sure, raw: SmallForm, factor_id: UUID) -> Response:
    """One device less."""

    def do(_form: FormModel) -> str:
        service.remove(session, actor, factor_id=factor_id)
        return _("Removed.")

    page = partial(_own_page, request, session, actor)
    return act(request, session, raw, FormModel, do, page=page, to=OWN)


def _added(
    request: Request,
    units: Units,
    actor: Actor,
    raw: SmallForm,
    model: type[Any],
    *,
    add: Callable[[Session, Any], Sequence[str]],
    page: Callable[[Answer], Response],
) -> Response:
    """Add a factor. The session of somebody who had to add it is complete by that."""
    is_half_in = hasattr(request.state, "half_in")
    new_codes: list[str] = []
    completed: list[Completed] = []

    def do(form: FormModel) -> Done:
        with units.write() as session:
            new_codes.extend(add(session, form))
            if is_half_in:
                completed.append(complete(session, actor))
        return Done(OWN, _("Added."))

    response = act(request, None, raw, model, do, page=page)
    if new_codes:
        response = _codes_page(request, new_codes)
    for done in completed:
        let_in(request, response, units, token=done.token, kind=done.kind)
    return response


def _own_page(request: Request, session: Session, actor: Actor, answer: Answer) -> Response:
    kept = queries.own_factors(session, actor)
    site = site_of(request, "make")
    known = [row.credential_id for row in queries.passkeys(kept)]
    return replace(answer, message=answer.refusal).drawn(
        request,
        FACTORS,
        factors=kept,
        codes_left=queries.codes_left(session, actor.member_id),
        must=must_have_one(actor.roles, is_demo=actor.is_demo),
        options=passkeys.options_to_make(site, member_id=actor.member_id, name=actor.name, known=known)
        if site
        else None,
    )


def _app_page(request: Request, actor: Actor, answer: Answer) -> Response:
    typed = answer.form
    secret = service.secret_for(actor, typed.typed("secret") if typed else "")
    address = rules.address_for(secret.plain, name=actor.name, issuer=_("Sanliang"))
    return answer.drawn(
        request,
        APP,
        form=typed,
        secret=secret.sealed,
        spelled=rules.spelled(secret.plain),
        picture=qr_picture(address),
        address=address,
    )


def _codes_page(request: Request, new_codes: Sequence[str]) -> Response:
    return pages.render(request, CODES, codes=[readable(code) for code in new_codes])
