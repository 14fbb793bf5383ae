"""What the committee decided: entered on one page, confirmed in the queue by another officer."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import clock, ids, pages
from app.core.answers import AS_IT_IS, Answer, act
from app.core.forms import Day, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.features.entries.decided import service
from app.features.entries.decided.rules import DOCUMENT_LENGTH, MOST_POINTS, What
from app.features.ledger.rules import MATTER_LENGTH, CommendationLevel
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.records.rules import earliest_day
from app.features.sign_in.door import require

HOME: Final = "/decided"
Recorder = Annotated[Actor, require(Permission.RECORD_FOR_OTHERS)]
router = Router(prefix=HOME)


class EntryForm(FormModel):
    """What was decided about whom."""

    id: UUID
    what: What
    member_id: UUID
    title: Annotated[str, Field(min_length=1, max_length=MATTER_LENGTH)]
    day: Day
    points: Annotated[int, Field(ge=1, le=MOST_POINTS)] | None = None
    level: CommendationLevel | None = None
    decided_on: Day | None = None
    document: Annotated[str, Field(max_length=DOCUMENT_LENGTH)] | None = None


@router.get("")
def entries(request: Request, session: DbSession, actor: Recorder, what: What = What.TASK) -> Response:
    """The form of one kind, and what was entered last."""
    return _page(request, session, actor, what)


@router.post("")
def enter(request: Request, session: DbSession, actor: Recorder, raw: RawForm) -> Response:
    """Enter what the committee decided for another officer to confirm."""
    what = next((one for one in What if one == raw.get("what")), What.TASK)

    def do(form: EntryForm) -> str:
        service.enter(session, actor, **dict(form))
        return _("Entered. It counts when another officer has confirmed it.")

    page = partial(_page, request, session, actor, what)
    return act(request, session, raw, EntryForm, do, page=page, to=f"{HOME}?what={what}")


@router.post("/{entry_id:uuid}/withdraw")
def withdraw(request: Request, session: DbSession, actor: Recorder, entry_id: UUID) -> Response:
    """Take back what the actor entered and nobody has decided on."""
    service.withdraw(session, actor, entry_id=entry_id)
    return pages.go(request, HOME, message=_("Withdrawn."))


def _page(request: Request, session: Session, actor: Actor, what: What, answer: Answer = AS_IT_IS) -> Response:
    people = [row for row in members.branch_members(session, actor.branch_id) if row.id != actor.member_id]
    form = answer.form
    today = clock.today()
    return answer.drawn(
        request,
        "entries/decided.html",
        block="decided",
        form=form,
        id=(form and answer.status == 422 and ids.read(form.typed("id"))) or new_id(),
        what=what,
        views=[(f"?what={one}", one.label, one is what) for one in What],
        people=[(str(row.id), row.name) for row in people],
        rows=service.of_branch(session, actor),
        levels=CommendationLevel.choices(),
        points=[(number, str(number)) for number in range(1, MOST_POINTS + 1)],
        me=actor.member_id,
        today=today,
        earliest=earliest_day(today),
        matter_length=MATTER_LENGTH,
        document_length=DOCUMENT_LENGTH,
    )
