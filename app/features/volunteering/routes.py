"""My volunteering, and the form that records it."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import pages
from app.core.answers import AS_IT_IS, Answer, Done, act, shown
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.messages import Undo
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.records import service as records
from app.features.records.rules import earliest_day
from app.features.records.views import form_of, own_lists
from app.features.reviews.rules import Flag
from app.features.sign_in.door import require
from app.features.volunteering import service
from app.features.volunteering.forms import VolunteeringForm
from app.features.volunteering.review_kind import LISTS, VOLUNTEERING
from app.features.volunteering.rules import TITLE_LENGTH, length

HOME = "/volunteering"
RECORDS = "volunteering/records.html"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]


@router.get("")
def my_records(request: Request, session: DbSession, actor: MemberActor, *, before: str = "") -> Response:
    """What I have recorded, and what became of it."""
    return pages.render(request, RECORDS, length=length, **own_lists(session, actor, LISTS, before=before))


@router.get("/new")
def new(
    request: Request, session: DbSession, actor: MemberActor, corrects: UUID | None = None, for_other: bool = False
) -> Response:
    """The form, empty or filled with a returned record that is to be corrected."""
    return _form(request, session, actor, corrects_id=corrects, for_other=for_other)


@router.post("/records")
def record(request: Request, session: DbSession, actor: MemberActor, raw: RawForm) -> Response:
    """Record it; a form that is sent twice records once."""

    def keep(form: VolunteeringForm) -> Done:
        service.record(session, actor, **form.model_dump())
        return Done(HOME, _("Recorded. It now waits for approval."))

    return act(request, session, raw, VolunteeringForm, keep, page=partial(_form, request, session, actor))


@router.post("/records/{half_day_id}/withdraw")
def withdraw(request: Request, session: DbSession, actor: MemberActor, half_day_id: UUID) -> Response:
    """Take back what nobody has decided on."""
    records.withdraw(session, actor, LISTS, record_id=half_day_id)
    card = LISTS.card(session, actor, half_day_id)
    to = f"{HOME}/records/{half_day_id}/restore"
    undo = None if card.entered_by or card.entered_for else Undo(to, _("Restore"))
    return _row(request, session, actor, half_day_id, _("Withdrawn."), undo=undo)


@router.post("/records/{half_day_id}/restore")
def restore(request: Request, session: DbSession, actor: MemberActor, half_day_id: UUID) -> Response:
    """Let it wait after all."""
    records.restore(session, actor, VOLUNTEERING.name, record_id=half_day_id)
    return _row(request, session, actor, half_day_id, _("Restored. It waits for approval again."))


def _row(
    request: Request, session: Session, actor: Actor, record_id: UUID, message: str, *, undo: Undo | None = None
) -> Response:
    """One record in the list, after something was done with it."""

    def row(answer: Answer) -> Response:
        card = LISTS.card(session, actor, record_id)
        return pages.render(
            request,
            RECORDS,
            block="record_row",
            message=answer.message,
            undo=answer.undo,
            record=card,
            length=length,
            flag_named=Flag,
        )

    return shown(request, message, page=row, to=HOME, undo=undo)


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    answer: Answer = AS_IT_IS,
    *,
    corrects_id: UUID | None = None,
    for_other: bool = False,
) -> Response:
    filled = form_of(session, actor, LISTS, answer, corrects_id=corrects_id, for_other=for_other)
    return pages.render(
        request,
        "volunteering/new.html",
        block="volunteering_form",
        status=answer.status,
        title_length=TITLE_LENGTH,
        earliest=earliest_day(filled["today"]),
        **filled,
    )
