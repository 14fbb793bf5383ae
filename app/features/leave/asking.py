"""What the form shows: empty, or with a returned leave to correct or a standing one to extend."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock, ids
from app.core.answers import Answer
from app.core.errors import NotFoundError
from app.core.forms import Form
from app.core.ids import new_id
from app.features.leave import queries
from app.features.leave.life import NAME_LENGTH, PLACE_LENGTH, Approval
from app.features.leave.rules import Half, LeaveType
from app.features.members.actor import Actor
from app.features.records.service import people
from app.features.reviews.errors import NotCorrectableError
from app.features.reviews.rules import ReviewStatus


def form_of(
    session: Session,
    actor: Actor,
    answer: Answer,
    *,
    corrects_id: UUID | None,
    extends_id: UUID | None,
    for_other: bool,
) -> dict[str, Any]:
    """The form as it was typed, with an id of its own: what was refused under the old one may be sent under a new.

    Raises:
        NotCorrectableError: ``corrects_id`` was not returned, or is corrected already.
        NotFoundError: it is not the actor's, or the actor enters for nobody else.
    """
    form = answer.form or Form[Any]()
    corrects_id = corrects_id or ids.read(form.typed("corrects_id"))
    corrected = queries.card(session, actor, corrects_id) if corrects_id else None
    if corrected and answer.form is None and (corrected.status is not ReviewStatus.RETURNED or corrected.is_corrected):
        raise NotCorrectableError
    extends_id = extends_id or ids.read(form.typed("extends_id")) or (corrected.extends_id if corrected else None)
    extended = queries.card(session, actor, extends_id) if extends_id else None
    before = corrected or extended
    if before and before.member_id != actor.member_id and not queries.is_officer(actor, before):
        raise NotFoundError
    return {
        "form": answer.form,
        "id": new_id() if answer.status != 422 else ids.read(form.typed("id")) or new_id(),
        "corrected": corrected,
        "extended": extended,
        "before": before,
        "member_id": before.member_id if before and before.member_id != actor.member_id else None,
        "people": people(session, actor) if not before and (for_other or form.typed("member_id")) else None,
        "kinds": LeaveType.choices(),
        "halves": Half.choices(),
        "approvals": Approval.choices(),
        "today": clock.today(),
        "place_length": PLACE_LENGTH,
        "name_length": NAME_LENGTH,
    }
