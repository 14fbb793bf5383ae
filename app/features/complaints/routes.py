"""The box, its receipts, and the desk of those who answer."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID, uuid4

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import AfterValidator, Field
from sqlalchemy.orm import Session

from app.core import pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.db import Database
from app.core.forms import Form, FormModel, RawForm, SmallForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router, Units
from app.core.visitors import network_of
from app.features.complaints import queries, receipts, service
from app.features.complaints.rules import ANSWERED_WITHIN, TEXT_LENGTH, Reader, State, line_of
from app.features.complaints.service import NewComplaint
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission
from app.features.sign_in.door import anyone, require
from app.features.slips.rules import readable

router = Router(prefix="/complaints")
BOX: Final = "complaints/box.html"
RECEIPT: Final = "complaints/receipt.html"
DESK: Final = "complaints/desk.html"
ONE: Final = "complaints/one.html"
Anyone = Annotated[Actor | None, anyone()]
Me = Annotated[Actor, require(Permission.HAVE_ACCOUNT)]


def _empty(typed: str) -> str:
    if typed:
        raise ValueError(_("Please leave this one field empty and send again; everything else is kept."))
    return typed


class ComplaintForm(FormModel):
    """What is written into the box. Residents see the text alone."""

    id: UUID = Field(default_factory=uuid4)
    """Of the form: sent twice is sent once."""
    said: str = Field(min_length=2, max_length=TEXT_LENGTH)
    reader: Reader = Reader.ABOVE
    whom: UUID | None = None
    about: str = Field(default="", max_length=20)
    unsigned: bool = False
    website: Annotated[str, AfterValidator(_empty)] = ""
    """A field that people do not see. Programs fill it in, and nothing is kept."""


class CodeForm(FormModel):
    """The code of a receipt."""

    code: str = Field(max_length=100)


class AnswerForm(FormModel):
    """What is answered."""

    answer: str = Field(min_length=2, max_length=TEXT_LENGTH)


@router.get("")
def box(
    request: Request, session: DbSession, actor: Anyone, about: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """The box, for everybody; who is signed in reads below what became of the own ones."""
    return _box(request, session, actor, about)


@router.post("")
def send(request: Request, units: Units, actor: Anyone, raw: SmallForm) -> Response:
    """Into the box. What is not signed gets a receipt; it stands in no address, so the page is the answer itself."""

    def put(form: ComplaintForm) -> Response | Done:
        signed = actor is not None and not form.unsigned
        new = NewComplaint(
            said=form.said,
            form=form.id,
            reader=form.reader,
            about_id=form.whom if actor else None,
            line=line_of(form.about),
            signed=signed,
        )
        if not signed and not service.is_here(units, new):
            receipts.begin(units, network=network_of(request))
        with units.write() as session:
            code = service.send(session, actor, new)
        if code is None:
            return Done("/complaints", _("It has arrived. You read the answer here."))
        return pages.render(request, RECEIPT, sent=readable(code), found=None, code="", form=Form())

    def again(answer: Answer) -> Response:
        with units.read() as session:
            return _box(request, session, actor, str(raw.get("about", "")), answer)

    return act(request, None, raw, ComplaintForm, put, page=again)


@router.get("/receipt")
def receipt_page(request: Request, _actor: Anyone) -> Response:
    """Where the code of a receipt is typed."""
    return _receipt(request)


@router.post("/receipt")
def look(request: Request, units: Units, _actor: Anyone, raw: SmallForm) -> Response:
    """How it stands, and the answer."""
    return _with_code(request, units, raw, take_back=False)


@router.post("/receipt/withdraw")
def withdraw_by_receipt(request: Request, units: Units, _actor: Anyone, raw: SmallForm) -> Response:
    """Taken back by whoever has the receipt."""
    return _with_code(request, units, raw, take_back=True)


@router.get("/desk")
def desk(request: Request, session: DbSession, actor: Me) -> Response:
    """What waits for my answer, and what was answered."""
    return pages.render(
        request, DESK, waiting=queries.to_answer(session, actor), answered=queries.answered(session, actor)
    )


@router.get("/{complaint_id:uuid}")
def one(request: Request, session: DbSession, actor: Me, complaint_id: UUID) -> Response:
    """One of my own, or one that I answer."""
    return _one(request, session, actor, complaint_id)


@router.post("/{complaint_id:uuid}/answer")
def answer(request: Request, session: DbSession, actor: Me, complaint_id: UUID, raw: RawForm) -> Response:
    """The answer, for good."""

    def reply(form: AnswerForm) -> Done:
        service.answer(session, actor, complaint_id=complaint_id, words=form.answer)
        return Done("/complaints/desk", _("Answered. The sender reads it now."))

    return act(request, session, raw, AnswerForm, reply, page=partial(_one, request, session, actor, complaint_id))


@router.post("/{complaint_id:uuid}/withdraw")
def withdraw(request: Request, session: DbSession, actor: Me, complaint_id: UUID) -> Response:
    """Taken back by whoever signed it."""
    service.withdraw(session, queries.lock_own(session, actor, complaint_id))
    return pages.go(request, "/complaints", message=_("Taken back. Nothing of what you wrote is kept."))


def _with_code(request: Request, units: Database, raw: SmallForm, *, take_back: bool) -> Response:
    def open_it(form: CodeForm) -> Response:
        found = receipts.open_with(units, typed=form.code, network=network_of(request), take_back=take_back)
        return _receipt(request, found=found, code=form.code)

    return act(request, None, raw, CodeForm, open_it, page=partial(_receipt, request))


def _box(request: Request, session: Session, actor: Actor | None, about: str, answer: Answer = AS_IT_IS) -> Response:
    ladder = queries.ladder(session, actor)
    posts = queries.posts(session, ladder)
    me = actor.member_id if actor else None
    people = {post[0]: post for place in ladder for post in posts.get(place, ()) if actor and post[0] != me}
    line = line_of(about)
    return answer.drawn(
        request,
        BOX,
        id=uuid4(),
        line=line,
        people=[
            (member_id, _("%(what)s (%(of)s)") % {"what": name, "of": role.label})
            for member_id, name, role in people.values()
        ],
        readers=Reader.choices(),
        reader=Reader.BRANCH if line else Reader.ABOVE,
        own=queries.own(session, actor) if actor else (),
        may_answer=me is not None and any(me == post[0] for place in ladder for post in posts.get(place, ())),
        text_length=TEXT_LENGTH,
        days=ANSWERED_WITHIN,
    )


def _receipt(request: Request, answer: Answer = AS_IT_IS, *, found: AnyRow | None = None, code: str = "") -> Response:
    request.state.is_demo = bool(found and found.is_demo)
    return answer.drawn(request, RECEIPT, form=answer.form or Form(), sent="", found=found, code=code)


def _one(request: Request, session: Session, actor: Actor, complaint_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    found = queries.shown(session, actor, complaint_id)
    return answer.drawn(
        request,
        ONE,
        found=found,
        is_own=found.sender_id == actor.member_id,
        waits=found.state is State.WAITING,
        text_length=TEXT_LENGTH,
    )
