"""Taking part in another branch: the list, one of them, and the form with which an officer enters it."""

from datetime import date
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import answers, clock, pages
from app.core.answers import AS_IT_IS, Answer, Done, shown
from app.core.forms import Day, FormModel, RawForm, id_of
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.leave import queries as leaves
from app.features.leave.rules import LeaveType
from app.features.leave.view import ShownLeave
from app.features.meetings.attachments import queries, service
from app.features.meetings.attachments.rules import AttachmentKind
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import NAME_LENGTH, PLACE_NAME_LENGTH
from app.features.members.rules import Permission
from app.features.sign_in.door import require

HOME: Final = "/attachments"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.APPROVE)]
_KINDS: Final = {LeaveType.SECONDMENT: AttachmentKind.SECONDED, LeaveType.TRAINING: AttachmentKind.STUDY}


class AttachForm(FormModel):
    """Somebody of ours goes there, or somebody named there comes to us. Sending it twice is once."""

    id: UUID
    member_id: UUID | None = None
    name: Annotated[str, Field(max_length=NAME_LENGTH)] | None = None
    branch: Annotated[str, Field(min_length=1, max_length=PLACE_NAME_LENGTH)]
    kind: AttachmentKind
    first: Day
    last: Day | None = None


@router.get("")
def listed(request: Request, session: DbSession, actor: MemberActor) -> Response:
    """My own and, for officers, the branch's: who of us takes part elsewhere, and who from elsewhere with us."""
    found = queries.listed(session, actor)
    ours = [one for one in found if one.host_id != actor.branch_id]
    return pages.render(
        request, "meetings/attachments.html", ours=ours, theirs=[one for one in found if one not in ours]
    )


@router.get("/new")
def new(
    request: Request, session: DbSession, actor: Officer, leave: UUID | None = None, *, comes: bool = False
) -> Response:
    """The form: for one of ours, out of a leave or not, or for somebody who ``comes`` to us."""
    away = leaves.card(session, actor, leave) if leave else None
    return _form(request, session, actor, away=away, comes=comes)


@router.post("")
def attach(request: Request, session: DbSession, actor: Officer, raw: RawForm) -> Response:
    """Enter it; the other branch then decides."""

    def do(form: AttachForm) -> Done:
        service.attach(session, actor, **form.model_dump())
        return Done(f"{HOME}/{form.id}", _("Entered. An officer of the other branch agrees to it."))

    page = partial(_form, request, session, actor, comes=not raw.get("member_id") and "name" in raw)
    return answers.act(request, session, raw, AttachForm, do, page=page)


@router.get("/{attachment_id}")
def one(request: Request, session: DbSession, actor: MemberActor, attachment_id: UUID) -> Response:
    """One, for the person and the officers of both branches."""
    return _one(request, session, actor, attachment_id)


@router.post("/{attachment_id}/end")
def end(request: Request, session: DbSession, actor: Officer, attachment_id: UUID) -> Response:
    """Let it end with today, or take back what waits."""
    service.end(session, actor, attachment_id=attachment_id)
    page = partial(_one, request, session, actor, attachment_id)
    return shown(request, _("Ended."), page=page, to=f"{HOME}/{attachment_id}")


def _one(request: Request, session: Session, actor: Actor, attachment_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    found = queries.card(session, actor, attachment_id)
    waits_here = found.decided_in == actor.branch_id and found.state == "asked"
    decides = actor.may(Permission.APPROVE) and found.member_id != actor.member_id
    return answer.drawn(
        request,
        "meetings/attachment.html",
        block="attachment",
        one=found,
        decides=decides and waits_here,
        may_end=decides and found.can_end and not waits_here,
    )


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    answer: Answer = AS_IT_IS,
    *,
    away: ShownLeave | None = None,
    comes: bool = False,
) -> Response:
    today: date = clock.today()
    people = members.branch_members(session, actor.branch_id)
    return answer.drawn(
        request,
        "meetings/attach.html",
        block="attach_form",
        id=id_of(answer.form),
        people=[(str(row.id), row.name) for row in people if row.id != actor.member_id],
        comes=comes,
        kinds=AttachmentKind.choices(),
        kind=_KINDS.get(away.leave, AttachmentKind.SECONDED) if away else AttachmentKind.SECONDED,
        member_id=str(away.member_id) if away else "",
        first=away.first_on if away else today,
        last=away.last_on if away else None,
        name_length=NAME_LENGTH,
        place_length=PLACE_NAME_LENGTH,
    )
