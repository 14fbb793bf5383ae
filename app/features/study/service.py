"""Recording what was studied, for oneself, for somebody else, or out of a phone's queue."""

from datetime import date
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

from app.features.members.actor import Actor
from app.features.records.service import Recording, of_form
from app.features.reviews.models import Review
from app.features.study import queries
from app.features.study.models import StudyRecord
from app.features.study.review_kind import STUDY, detail_of
from app.features.study.rules import NewStudy, StudyKind, alike, check_length

RECORDING: Final = Recording[NewStudy](
    kind=STUDY.name,
    table=cast(Table, StudyRecord.__table__),
    said=("kind", "title", "minutes", "takeaway", "occurred_on"),
    detail=detail_of,
    lists=queries.LISTS,
    alike=alike,
)
record_all: Final = RECORDING.record_all


def record(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    kind: StudyKind,
    title: str,
    minutes: int,
    takeaway: str | None,
    day: date,
    member_id: UUID | None = None,
    corrects_id: UUID | None = None,
) -> Review:
    """Record what the actor studied on ``day`` or, for officers, what another member of the branch did.

    Raises:
        FutureDayError, LongAgoError, NotFoundError: see ``records.service.of_form``.
        ContentDiffersError, NotYoursError: the id is taken.
        NotCorrectableError: ``corrects_id`` is not a returned record of the member, or was corrected already.
        TooShortForTrainingError: see ``rules.check_length``.
    """
    check_length(kind, minutes)
    study = NewStudy(
        **of_form(session, actor, id=id, day=day, member_id=member_id),
        kind=kind,
        title=title or str(kind.label),
        minutes=minutes,
        takeaway=takeaway,
        corrects_id=corrects_id,
    )
    return record_all(session, [study])[0]
