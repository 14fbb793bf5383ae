"""The pages on which one signs in and proves oneself: a way from outside that fails leads back to them."""

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core.answers import Answer
from app.core.forms import Form
from app.core.settings import settings
from app.features.members.actor import Actor
from app.features.sign_in import queries
from app.features.sign_in.outside import links, ways
from app.features.sign_in.rules import SessionKind, device_name, kind_of_device, landing

SIGN_IN = "sign_in/sign_in.html"
CONFIRM = "sign_in/confirm.html"


def sign_in_page(request: Request, session: Session, answer: Answer, *, to: str = "/", ended: bool = False) -> Response:
    """The form and the ways in from outside, with what went wrong."""
    request.state.is_demo = queries.is_demo(session)
    config = settings()
    return answer.drawn(
        request,
        SIGN_IN,
        form=answer.form or Form(raw={"next": landing(to)}),
        refusal=answer.refusal if answer.form is None else None,
        is_phone=kind_of(request) is SessionKind.PHONE,
        ended=ended,
        ways=[(way, ways.called(way, config)) for way in ways.ways(config)],
    )


def confirm_page(request: Request, session: Session, actor: Actor, answer: Answer, *, to: str = "/") -> Response:
    """The password once more, or a proof from outside, with what went wrong."""
    config, linked = settings(), {row.way for row in links.own(session, actor)}
    return answer.drawn(
        request,
        CONFIRM,
        form=answer.form or Form(raw={"next": landing(to)}),
        refusal=answer.refusal if answer.form is None else None,
        login=login_of(session, actor),
        ways=[(way, ways.called(way, config)) for way in ways.ways(config) if ways.can_prove(way) and way in linked],
    )


def login_of(session: Session, actor: Actor) -> str:
    """What the actor signs in by, as a browser that keeps passwords should know it."""
    account = queries.account_of(session, actor.member_id)
    return str(account.phone or account.member_number) if account else ""


def kind_of(request: Request) -> SessionKind:
    """What the browser that asks lives on."""
    return kind_of_device(request.headers.get("user-agent", ""))


def device_of_browser(request: Request) -> str:
    """What its owner would call it."""
    return device_name(request.headers.get("user-agent", ""))
