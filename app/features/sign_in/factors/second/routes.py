"""The second step of signing in."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.errors import NotSignedInError
from app.core.forms import Form, SmallForm
from app.core.routing import DbSession, Router, Units
from app.features.members.actor import Actor
from app.features.sign_in.door import device_of, half_in, let_in, site_of
from app.features.sign_in.factors import passkeys, queries
from app.features.sign_in.factors.forms import CodeForm, PasskeyForm
from app.features.sign_in.factors.second import service
from app.features.sign_in.factors.second.service import Completed
from app.features.sign_in.queries import BY_WORD_ALONE
from app.features.sign_in.rules import landing

router = Router()
SECOND = "sign_in/second.html"
HalfIn = Annotated[Actor | None, half_in()]
Next = Annotated[str, Query(alias="next")]


@router.get("/sign-in/second")
def second_step(request: Request, session: DbSession, actor: HalfIn, next_page: Next = "/") -> Response:
    """What is asked for beside the password; an administrator who has nothing yet adds it now."""
    if actor is None:
        return pages.see_other(landing(next_page))
    if not queries.number(session, actor.member_id):
        return pages.see_other("/me/factors")
    return _second_page(request, session, actor, next_page, AS_IT_IS)


@router.post("/sign-in/second")
def give_code(request: Request, units: Units, actor: HalfIn, raw: SmallForm) -> Response:
    """In, by a code."""
    person = _still_half_in(actor)

    def give(form: CodeForm) -> Completed:
        return service.give_code(units, person, code=form.code, device=device_of(request))

    return _second(request, units, person, raw, CodeForm, give=give)


@router.post("/sign-in/second/passkey")
def give_passkey(request: Request, units: Units, actor: HalfIn, raw: SmallForm) -> Response:
    """In, by a passkey."""
    person = _still_half_in(actor)
    site = site_of(request, "prove")

    def give(form: PasskeyForm) -> Completed:
        return service.give_passkey(units, person, site=site, answer=form.credential, device=device_of(request))

    return _second(request, units, person, raw, PasskeyForm, give=give)


def _second(
    request: Request, units: Units, actor: Actor, raw: SmallForm, model: type[Any], *, give: Callable[[Any], Completed]
) -> Response:
    completed: list[Completed] = []

    def do(form: CodeForm | PasskeyForm) -> Done:
        completed.append(give(form))
        return Done(landing(form.next))

    def page(answer: Answer) -> Response:
        with units.read() as session:
            return _second_page(request, session, actor, str(raw.get("next", "/")), answer)

    response = act(request, None, raw, model, do, page=page)
    for done in completed:
        let_in(request, response, units, token=done.token, kind=done.kind)
    return response


def _still_half_in(actor: Actor | None) -> Actor:
    if actor is None:
        raise NotSignedInError  # the form of an old page; who is in is led on from there
    return actor


def _second_page(request: Request, session: Session, actor: Actor, next_page: str, answer: Answer) -> Response:
    kept = queries.own_factors(session, actor)
    keys = [row.credential_id for row in queries.passkeys(kept)]
    site = site_of(request, "prove")
    return answer.drawn(
        request,
        SECOND,
        form=answer.form or Form(raw={"next": landing(next_page)}),
        name=actor.name,
        is_by_word=bool(session.execute(BY_WORD_ALONE, {"session": actor.session_id}).first()),
        options=passkeys.options_to_prove(site, keys) if site and keys else None,
        has_app=len(keys) < len(kept),
    )
