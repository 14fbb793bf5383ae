"""Recording what was studied, for oneself, for somebody else, or out of a phone's queue."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

from app.features.education.rules import MINUTES
from app.features.members.actor import Actor
from app.features.records.service import Recording, of_form
from app.features.reviews.models import Review
from app.features.study import queries
from app.features.study.hours.queries import day_hours
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


def record_all(session: Session, news: Iterable[NewStudy]) -> list[Review]:
    """Store records and let them wait; training with how long a whole day is in its unit. See ``Recording.record_all``.

    Raises:
        TooShortForTrainingError: see ``rules.check_length``.
    """
    stored = []
    for new in news:
        if new.kind is StudyKind.TRAINING:
            day_minutes = MINUTES * day_hours(session, new.branch_id, new.occurred_on.year)
            check_length(new.kind, new.minutes, day_minutes)
            stored.append(replace(new, day_minutes=day_minutes))
        else:
            stored.append(new)
    return RECORDING.record_all(session, stored)


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
    study = NewStudy(
        **of_form(session, actor, id=id, day=day, member_id=member_id),
        kind=kind,
        title=title or str(kind.label),
        minutes=minutes,
        takeaway=takeaway,
        corrects_id=corrects_id,
    )
    return record_all(session, [study])[0]
