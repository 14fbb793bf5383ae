"""My volunteering, and the form that records it."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import pages
from app.core.answers import AS_IT_IS, Answer
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.records.pages import RecordPages, add_record_pages
from app.features.records.rules import earliest_day
from app.features.records.views import form_of, own_lists
from app.features.sign_in.door import require
from app.features.volunteering import service
from app.features.volunteering.forms import VolunteeringForm
from app.features.volunteering.review_kind import LISTS, VOLUNTEERING
from app.features.volunteering.rules import TITLE_LENGTH, length

HOME = "/volunteering"
RECORDS = "volunteering/records.html"
router = Router(prefix=HOME)
MEMBER: Final = require(Permission.BE_MEMBER)
MemberActor = Annotated[Actor, MEMBER]


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


add_record_pages(
    router,
    MEMBER,
    RecordPages(
        kind=VOLUNTEERING.name,
        lists=LISTS,
        template=RECORDS,
        length=length,
        form=VolunteeringForm,
        record=service.record,
        page=_form,
    ),
)
