"""Study records out of phones' queues."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import AppError
from app.core.i18n import lazy_gettext as _
from app.features.inbox.kinds import Captured, CapturedKind
from app.features.inbox.rules import Outcome, for_review, withdrawn
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus, reasons
from app.features.study.forms import StudyPayload
from app.features.study.review_kind import STUDY
from app.features.study.rules import KIND_LABELS, NewStudy
from app.features.study.service import record_all


def new_study(item: Captured[StudyPayload]) -> NewStudy:
    """A captured item as a record. Nothing is refused for its time: an officer looks at it instead."""
    return NewStudy(
        id=item.id,
        branch_id=item.branch_id,
        member_id=item.member_id,
        recorded_by_id=item.recorded_by_id,
        kind=item.payload.kind,
        title=item.payload.title or str(KIND_LABELS[item.payload.kind]),
        minutes=item.payload.minutes,
        takeaway=item.payload.takeaway or None,
        occurred_on=clock.local_day(item.occurred_at),
        occurred_at=item.occurred_at,
        device_time=item.occurred_as_sent,
        received_at=item.received_at,
        made_offline=item.made_offline,
        flags=frozenset(Flag(flag) for flag in item.flags),
    )


def take(session: Session, items: Sequence[Captured[StudyPayload]]) -> Mapping[UUID, Outcome]:
    """Store what came from phones; each hears what an officer will look at."""
    return {review.id: _outcome(review) for review in record_all(session, map(new_study, items))}


def take_back(session: Session, ids: Collection[UUID], member_id: UUID) -> Mapping[UUID, AppError]:
    """Withdraw what is undecided; the others are named."""
    return {refused.id: refused.error for refused in reviews.withdraw(session, ids, by_id=member_id)}


def _outcome(review: Review) -> Outcome:
    if review.status is ReviewStatus.WITHDRAWN:
        return withdrawn()
    return for_review(reasons(review.flags))


STUDY_RECORD: Final = CapturedKind(
    name=STUDY.name,
    payload=StudyPayload,
    take=take,
    take_back=take_back,
    words={
        "title": _("Title"),
        "minutes": _("Length"),
        "takeaway": _("Takeaway"),
        "kind": _("Kind"),
        "day": _("Day"),
    },
)
