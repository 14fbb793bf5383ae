"""The committee's page: a sheet is opened again, and a small branch has its other officer."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import clock
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.errors import NotFoundError
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.scores.archive.above import queries, service
from app.features.scores.archive.rules import DOCUMENT_LENGTH, REASON_LENGTH
from app.features.sign_in.door import require_recent

router = Router()
Above = Annotated[Actor, require_recent(Permission.STAND_IN)]


class ReopenForm(FormModel):
    """Whose sheet is opened again, and by which decision."""

    who: Annotated[str, Field(min_length=1, max_length=60)]
    year: Annotated[int, Field(ge=2000, le=2999)]
    reason: Annotated[str, Field(min_length=1, max_length=REASON_LENGTH)]
    document: Annotated[str, Field(min_length=1, max_length=DOCUMENT_LENGTH)]


@router.get("/archive/above")
def above(request: Request, session: DbSession, actor: Above, after: UUID | None = None) -> Response:
    """What the committee does: open a sheet again, and stand in where a branch has no other officer."""
    return _above(request, session, actor, after=after)


@router.post("/archive/above")
def reopen(request: Request, session: DbSession, actor: Above, raw: RawForm) -> Response:
    """Open somebody's archived sheet again."""

    def do(form: ReopenForm) -> Done:
        service.reopen(session, actor, **dict(form))
        return Done("/archive/above", _("Open again: its year takes facts. What was archived stays readable."))

    return act(request, session, raw, ReopenForm, do, page=partial(_above, request, session, actor), at="reopen")


def _above(
    request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS, *, after: UUID | None = None
) -> Response:
    if not actor.leads:
        raise NotFoundError
    waiting, next_after = queries.waiting(session, actor, after)
    return answer.drawn(
        request,
        "scores/archive_above.html",
        form=answer.forms.get("reopen"),
        waiting=waiting,
        next_after=next_after,
        year=clock.today().year - 1,
        reason_length=REASON_LENGTH,
        document_length=DOCUMENT_LENGTH,
    )
