"""Recording volunteering, for oneself, for somebody else, or out of a phone's queue."""

from datetime import date
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

from app.features.members.actor import Actor
from app.features.records.service import Recording, of_form
from app.features.reviews.models import Review
from app.features.volunteering.models import VolunteeringRecord
from app.features.volunteering.review_kind import LISTS, VOLUNTEERING
from app.features.volunteering.rules import UNTITLED, NewVolunteering, alike

RECORDING: Final = Recording[NewVolunteering](
    kind=VOLUNTEERING.name,
    table=cast(Table, VolunteeringRecord.__table__),
    said=("title", "half_days", "occurred_on"),
    detail=lambda new: {"half_days": new.half_days},
    lists=LISTS,
    alike=alike,
)
record_all: Final = RECORDING.record_all


def record(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    title: str,
    half_days: int,
    day: date,
    member_id: UUID | None = None,
    corrects_id: UUID | None = None,
) -> Review:
    """Record what the actor did on ``day`` or, for officers, what another member of the branch did.

    Raises:
        FutureDayError, LongAgoError, NotFoundError: see ``records.service.of_form``.
        ContentDiffersError, NotYoursError: the id is taken.
        NotCorrectableError: ``corrects_id`` is not a returned record of the member, or was corrected already.
    """
    new = NewVolunteering(
        **of_form(session, actor, id=id, day=day, member_id=member_id),
        title=title or str(UNTITLED),
        half_days=half_days,
        corrects_id=corrects_id,
    )
    return record_all(session, [new])[0]
