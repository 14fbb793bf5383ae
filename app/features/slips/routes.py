"""Printing slips, and using one."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field, field_validator
from sqlalchemy.orm import Session

from app.core import forms, pages
from app.core.answers import Answer, act
from app.core.forms import Form, FormModel, RawForm, SmallForm
from app.core.i18n import gettext as _
from app.core.qr import qr_picture
from app.core.routing import DbSession, Nobody, Router, Units
from app.core.visitors import network_of
from app.features.members import places, reach
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import NAME_LENGTH
from app.features.members.rules import Permission
from app.features.sign_in.door import let_in, require_recent
from app.features.sign_in.forms import NewPasswordForm
from app.features.sign_in.password_rules import MIN_LENGTH
from app.features.sign_in.queries import is_demo
from app.features.sign_in.rules import SessionKind, device_name, kind_of_device
from app.features.slips import queries, service
from app.features.slips.rules import MOST_AT_ONCE, VALID_FOR, SlipState, UnknownCodeError, read_code, readable

router = Router()
LIST = "slips/list.html"
SHEET = "slips/sheet.html"
AGAIN = "slips/again.html"
ACTIVATE = "slips/activate.html"
KeepsPeople = Annotated[Actor, require_recent(Permission.MANAGE_BRANCH_PEOPLE, Permission.APPOINT)]


class PrintForm(FormModel):
    """The members ticked on the list."""

    member_id: list[UUID] = Field(default_factory=list, min_length=1, max_length=MOST_AT_ONCE, validate_default=True)
    replaces: list[UUID] = Field(default_factory=list, max_length=MOST_AT_ONCE)
    """The slips that are still good and may be ended by this: those that were shown, and no later ones."""


class ActivateForm(NewPasswordForm):
    """The code of the slip and the password to be."""

    code: Annotated[str, Field(max_length=40)]
    shared: bool = False
    """Somebody else uses this phone too: the session ends like one of a desk."""

    @field_validator("code")
    @classmethod
    def _readable(cls, code: str) -> str:
        """A typing error is said together with what is wrong with the password."""
        if read_code(code) is None:
            raise ValueError(UnknownCodeError().sentence)
        return code


class Ticked(StrEnum):
    """Who is ticked when the list is opened."""

    NEW = "new"
    ALL = "all"
    NONE = "none"


@router.get("/slips")
def slips(
    request: Request,
    session: DbSession,
    actor: KeepsPeople,
    *,
    branch: UUID | None = None,
    q: str = "",
    who: str = "",
    member: UUID | None = None,
    ticked: Ticked = Ticked.NEW,
) -> Response:
    """Whom a slip can be printed for; those who never had one and have no password are ticked.

    ``q`` looks for another place, ``who`` for people, ``member`` is the only one meant.
    """
    home = members.member_card(session, member).branch_id if member else branch
    return _list(
        request,
        session,
        actor,
        form=Form(),
        branch_id=home,
        typed=q.strip(),
        who=who.strip()[:NAME_LENGTH],
        member_id=member,
        ticked=Ticked.ALL if member else ticked,
    )


@router.post("/slips")
def print_slips(
    request: Request, session: DbSession, actor: KeepsPeople, raw: RawForm, branch: UUID | None = None
) -> Response:
    """The sheet itself, because the codes are nowhere else. A reload prints nothing but asks: these slips are good."""
    form = forms.parse(PrintForm, raw)
    if form.value is None:
        return _list(request, session, actor, form=form, branch_id=branch, status=422)
    wanted = form.value.member_id
    printed = service.print_slips(session, actor, member_ids=wanted, replaces=form.value.replaces)
    if isinstance(printed, service.StillValid):
        return _ask(request, session, actor, branch_id=branch or actor.branch_id, wanted=wanted, found=printed)
    address = pages.address_outside(request, "/activate")
    return pages.render(
        request,
        SHEET,
        slips=[(slip, code := readable(slip.code), qr_picture(f"{address}#{code}")) for slip in printed],
        address=address.split("://", 1)[-1],
        branch_id=branch or actor.branch_id,
    )


@router.get("/activate")
def activation(request: Request, session: DbSession, _door: Nobody) -> Response:
    """Where the code of a slip is typed, or comes from the scanned address behind ``#``."""
    return _activation(request, session, Form())


@router.post("/activate")
def activate(request: Request, units: Units, _door: Nobody, raw: SmallForm) -> Response:
    """In, with the new password."""
    agent = request.headers.get("user-agent", "")

    def come_in(form: ActivateForm) -> Response:
        kind = SessionKind.DESK if form.shared else kind_of_device(agent)
        token = service.activate(
            units,
            code=form.code,
            password=form.password,
            network=network_of(request),
            kind=kind,
            device=device_name(agent),
        )
        response = pages.go(request, "/", message=_("Welcome. Your password is set and you are signed in."))
        let_in(request, response, units, token=token, kind=kind)
        return response

    def again(answer: Answer) -> Response:
        with units.read() as session:
            return _activation(request, session, answer.form or Form(), answer.status)

    return act(request, None, raw, ActivateForm, come_in, page=again)


def _list(
    request: Request,
    session: DbSession,
    actor: Actor,
    *,
    form: Form[PrintForm],
    branch_id: UUID | None,
    typed: str = "",
    who: str = "",
    member_id: UUID | None = None,
    ticked: Ticked = Ticked.NEW,
    status: int = 200,
) -> Response:
    branch = reach.appointing_home(session, actor, branch_id or actor.branch_id)
    people = queries.candidates(session, actor, branch.id, typed=who, member_id=member_id)
    candidates = [person for person in people if person.is_in_reach]
    homes = places.homes_meant(session, typed) if actor.may(Permission.MANAGE_ALL_PEOPLE) else []
    return pages.render(
        request,
        LIST,
        block="place_choice",
        status=status,
        form=form,
        branch=branch,
        typed=typed,
        homes=homes[: places.HOMES_LISTED],
        has_more=len(homes) > places.HOMES_LISTED,
        can_choose=actor.may(Permission.MANAGE_ALL_PEOPLE),
        candidates=candidates,
        valid_for=VALID_FOR,
        still_valid=sum(person.state is SlipState.VALID for person in candidates),
        who=who,
        member_id=member_id,
        ticked=ticked,
        from_above=[person.name for person in people if not person.is_in_reach],
    )


def _ask(
    request: Request, session: Session, actor: Actor, *, branch_id: UUID, wanted: list[UUID], found: service.StillValid
) -> Response:
    """Whose slips are still good, before they end: print the others alone, or all of them."""
    people = [person for person in queries.candidates(session, actor, branch_id) if person.id in wanted]
    return pages.render(
        request,
        AGAIN,
        status=409,
        branch_id=branch_id,
        valid=[person for person in people if person.id in found.slips],
        others=[member_id for member_id in wanted if member_id not in found.slips],
        wanted=wanted,
        replaces=list(found.slips.values()),
    )


def _activation(request: Request, session: Session, form: Form[ActivateForm], status: int = 200) -> Response:
    request.state.is_demo = is_demo(session)
    is_phone = kind_of_device(request.headers.get("user-agent", "")) is SessionKind.PHONE
    return pages.render(request, ACTIVATE, status=status, form=form, is_phone=is_phone, least=MIN_LENGTH)
