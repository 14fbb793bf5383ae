"""The pages of every kind of record: the own list and the form; it is recorded, taken back, and waits after all."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import pages
from app.core.answers import AS_IT_IS, Answer, Done, act, shown
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.messages import Undo
from app.core.routing import DbSession, Door, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.records import service
from app.features.records.forms import RecordForm
from app.features.records.kinds import RecordKind
from app.features.records.views import form_context, own_lists
from app.features.reviews.rules import Flag
from app.features.sign_in.door import require

MEMBER: Final = require(Permission.BE_MEMBER)
LIST: Final = "records/list.html"
"""What ``<room>/records.html`` extends; ``record_row`` in it is one record."""
FORM: Final = "records/form.html"
"""What ``<room>/new.html`` extends, its fields in ``<room>/fields.html``; of study also the page that phones keep."""


def record_router(
    kind: RecordKind[Any],
    *,
    listed: Callable[[Session, Actor], dict[str, Any]] = lambda *asked: {},
    asked: Callable[[Request, Session, Actor, dict[str, Any]], dict[str, Any]] = lambda *asked: {},
    form_door: Door = MEMBER,
) -> Router:
    """The routes below ``kind.home``.

    Args:
        kind: of what records.
        listed: what else the page of the list shows.
        asked: what else the form shows, which it is given.
        form_door: whom the empty form is shown to; the rest is for members.
    """
    home = kind.home
    router = Router(prefix=home)

    @router.get("")
    def my_records(
        request: Request,
        session: DbSession,
        actor: Annotated[Actor, MEMBER],
        *,
        before: str = "",
        month: str = "",
        q: str = "",
    ) -> Response:
        """What I have recorded, and what became of it: all, one month alone, or what has these words in its title."""
        lists = own_lists(session, actor, kind.lists, before=before, month=month, typed=q)
        return _render(request, kind, "records.html", LIST, "record_list", **lists, **listed(session, actor))

    @router.get("/new")
    def new(
        request: Request,
        session: DbSession,
        actor: Annotated[Actor, form_door],
        corrects: UUID | None = None,
        for_other: bool = False,
    ) -> Response:
        """The form, empty or filled with a returned record that is to be corrected."""
        return form(request, session, actor, corrects_id=corrects, for_other=for_other)

    @router.post("/records")
    def record(request: Request, session: DbSession, actor: Annotated[Actor, MEMBER], raw: RawForm) -> Response:
        """Record it; a form that is sent twice records once."""

        def keep(form: RecordForm) -> Done:
            service.record(session, actor, kind, **form.model_dump())
            return Done(home, _("Recorded. It now waits for approval."))

        return act(request, session, raw, kind.form, keep, page=partial(form, request, session, actor))

    @router.post("/records/{record_id}/withdraw")
    def withdraw(request: Request, session: DbSession, actor: Annotated[Actor, MEMBER], record_id: UUID) -> Response:
        """Take back what nobody has decided on."""
        service.withdraw(session, actor, kind, record_id=record_id)
        card = kind.lists.card(session, actor, record_id)
        to = f"{home}/records/{record_id}/restore"
        undo = None if card.entered_by or card.entered_for else Undo(to, _("Restore"))
        return row(request, session, actor, record_id, _("Withdrawn."), undo=undo)

    @router.post("/records/{record_id}/restore")
    def restore(request: Request, session: DbSession, actor: Annotated[Actor, MEMBER], record_id: UUID) -> Response:
        """Let it wait after all."""
        service.restore(session, actor, kind, record_id=record_id)
        return row(request, session, actor, record_id, _("Restored. It waits for approval again."))

    def form(
        request: Request,
        session: Session,
        actor: Actor,
        answer: Answer = AS_IT_IS,
        *,
        corrects_id: UUID | None = None,
        for_other: bool = False,
    ) -> Response:
        """The form, as it is or after it was sent."""
        filled = form_context(session, actor, kind.lists, answer, corrects_id=corrects_id, for_other=for_other)
        filled |= asked(request, session, actor, filled)
        return _render(request, kind, "new.html", FORM, "record_form", status=answer.status, **filled)

    def row(
        request: Request, session: Session, actor: Actor, record_id: UUID, message: str, *, undo: Undo | None = None
    ) -> Response:
        """One record in the list, after something was done with it."""

        def shown_row(answer: Answer) -> Response:
            said = {"message": answer.message, "undo": answer.undo, "flag_named": Flag}
            card = kind.lists.card(session, actor, record_id)
            return _render(request, kind, "records.html", LIST, "record_row", record=card, **said)

        return shown(request, message, page=shown_row, to=home, undo=undo)

    return router


def _render(request: Request, kind: RecordKind[Any], template: str, frame: str, block: str, **context: Any) -> Response:
    """The kind's own page or, where htmx asked for a part, the ``block`` of the ``frame`` that all kinds share."""
    page = frame if pages.wants_fragment(request) else f"{kind.room}/{template}"
    return pages.render(request, page, block=block, room=kind.room, home=kind.home, about=kind.in_list, **context)
