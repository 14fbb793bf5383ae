"""The code of the room: where a member types it, and where the organiser's phone shows it."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import answers, clock, forms, ids, pages
from app.core.answers import AS_IT_IS, Answer, Done
from app.core.errors import BadInputError
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Nobody, Router
from app.features.meetings.checkins.captures import CODE_LENGTH, Code, outcome
from app.features.meetings.checkins.codes import secret_for
from app.features.meetings.checkins.queries import NewCheckIn
from app.features.meetings.checkins.service import check_in
from app.features.meetings.events import queries
from app.features.meetings.venue_code.rules import CheckIn, Moment, code_at
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require

PAGE: Final = "meetings/room.html"
router = Router(prefix="/m")
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]


class CodeForm(FormModel):
    """A code as it was typed. Its id is made with the page or on the phone, so that sending it twice is once."""

    id: UUID
    code: Code


@router.get("")
def kept(request: Request, _door: Nobody) -> Response:
    """Both pages as phones keep them: the same for everybody, filled in on the phone."""
    return pages.render_shell(request, PAGE, event=None, part="", form=None, code="", id="", code_length=CODE_LENGTH)


@router.get("/{event_id}")
def type_code(request: Request, session: DbSession, actor: MemberActor, event_id: UUID) -> Response:
    """Where a member types the code, or has scanned it: then it stands behind the ``#`` and comes to no log."""
    return _page(request, session, actor, event_id)


@router.post("/{event_id}")
def typed(request: Request, session: DbSession, actor: MemberActor, event_id: UUID, raw: RawForm) -> Response:
    """Take a code that was typed with a network. A refused one is kept, too: the tries are counted."""
    page = partial(_page, request, session, actor, event_id)

    def do(form: CodeForm) -> Done | Response:
        now = clock.now()
        new = NewCheckIn(
            id=form.id,
            event_id=event_id,
            member_id=actor.member_id,
            branch_id=actor.branch_id,
            recorded_by_id=actor.member_id,
            code=form.code,
            moment=Moment(now),
            received_at=now,
        )
        checked = check_in(session, [new])[form.id]
        told = outcome(checked)
        if checked.judged.outcome is CheckIn.REFUSED:
            wrong = forms.parse(CodeForm, raw).refused(BadInputError(told.message), "code")
            return page(Answer(409, {"form": wrong}))
        return Done(f"/meetings/{event_id}", told.message or _("Recorded. An officer confirms it with the others."))

    queries.card(session, actor, event_id)
    return answers.act(request, session, raw, CodeForm, do, page=page)


@router.get("/{event_id}/code")
def show_code(request: Request, session: DbSession, actor: MemberActor, event_id: UUID) -> Response:
    """Show the code of this minute; the organiser's phone goes on by itself, with or without a network."""
    code = code_at(secret_for(session, actor, event_id), clock.now())
    event = queries.card(session, actor, event_id)
    return pages.render(request, PAGE, event=event, part="code", form=None, code=code, id="", code_length=CODE_LENGTH)


def _page(request: Request, session: Session, actor: Actor, event_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    event = queries.card(session, actor, event_id)
    typed_id = answer.form and ids.read(answer.form.typed("id"))
    return answer.drawn(
        request,
        PAGE,
        block="check_in",
        event=event,
        part="check_in",
        code="",
        id=new_id() if answer.status == 409 else typed_id or new_id(),  # a refused try is kept under its own
        code_length=CODE_LENGTH,
    )
