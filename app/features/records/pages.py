"""What is done on the pages of every kind of record: it is recorded, taken back, and waits after all."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import pages
from app.core.answers import Answer, Done, act, shown
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.messages import Undo
from app.core.routing import DbSession, Door, Router
from app.features.members.actor import Actor
from app.features.records import service
from app.features.records.queries import Lists
from app.features.records.views import RecordForm
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag


@dataclass(frozen=True, kw_only=True)
class RecordPages:
    """How a kind of record is shown where something is done with it."""

    kind: str
    """Its kind of review."""
    lists: Lists
    template: str
    """Of the own list, in which ``record_row`` is the block of one record."""
    length: Callable[[int], str]
    form: type[RecordForm]
    record: Callable[..., Review]
    """Takes the session, the actor and the fields of the form by name."""
    page: Callable[[Request, Session, Actor, Answer], Response]
    """The page of the form, as it is or after it was sent."""


def add_record_pages(router: Router, door: Door, said: RecordPages) -> None:
    """The routes below ``records`` of ``router``, for people whom ``door`` lets in."""
    home = router.prefix

    @router.post("/records")
    def record(request: Request, session: DbSession, actor: Annotated[Actor, door], raw: RawForm) -> Response:
        """Record it; a form that is sent twice records once."""

        def keep(form: RecordForm) -> Done:
            said.record(session, actor, **form.model_dump())
            return Done(home, _("Recorded. It now waits for approval."))

        return act(request, session, raw, said.form, keep, page=partial(said.page, request, session, actor))

    @router.post("/records/{record_id}/withdraw")
    def withdraw(request: Request, session: DbSession, actor: Annotated[Actor, door], record_id: UUID) -> Response:
        """Take back what nobody has decided on."""
        service.withdraw(session, actor, said.lists, record_id=record_id)
        card = said.lists.card(session, actor, record_id)
        to = f"{home}/records/{record_id}/restore"
        undo = None if card.entered_by or card.entered_for else Undo(to, _("Restore"))
        return row(request, session, actor, record_id, _("Withdrawn."), undo=undo)

    @router.post("/records/{record_id}/restore")
    def restore(request: Request, session: DbSession, actor: Annotated[Actor, door], record_id: UUID) -> Response:
        """Let it wait after all."""
        service.restore(session, actor, said.kind, record_id=record_id)
        return row(request, session, actor, record_id, _("Restored. It waits for approval again."))

    def row(
        request: Request, session: Session, actor: Actor, record_id: UUID, message: str, *, undo: Undo | None = None
    ) -> Response:
        """One record in the list, after something was done with it."""

        def shown_row(answer: Answer) -> Response:
            context: dict[str, Any] = {"record": said.lists.card(session, actor, record_id), "length": said.length}
            return pages.render(
                request,
                said.template,
                block="record_row",
                message=answer.message,
                undo=answer.undo,
                flag_named=Flag,
                **context,
            )

        return shown(request, message, page=shown_row, to=home, undo=undo)
