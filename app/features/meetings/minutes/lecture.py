"""A member gave the Party lecture: handed in once a meeting, decided by another officer, then a fact of the bonus."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.errors import ConflictError, NotFoundError
from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.features.ledger.rules import FactType
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import expected
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import EventState, NotOfTheBranchError, brings_facts
from app.features.meetings.events.service import kept
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.reviews import service as reviews
from app.features.reviews.kinds import FactDraft, ReviewKind
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import ReviewStatus

KIND: Final = "meeting.lecture"
_GONE: Final = (ReviewStatus.RETURNED, ReviewStatus.WITHDRAWN)


class LectureCountedError(ConflictError):
    message = lazy_gettext("The lecture of this meeting was handed in already.")
    field = "member_id"


def hand_in(session: Session, actor: Actor, *, event_id: UUID, member_id: UUID) -> UUID:
    """Say that a member of the branch gave the lecture of a recorded meeting. Twice is once.

    Raises:
        NotOfTheBranchError: the speaker is no member of the branch of that day.
    """
    event = kept(session, actor, event_id)
    if not may_count(session, event):
        raise NotFoundError
    day = clock.local_day(event.begins_at)
    names = {row.id: row.name for row in members.branch_members(session, event.branch_id, day)}
    if member_id not in names:
        raise NotOfTheBranchError(at="member_id")
    last, number = _last(session, event_id)
    if last and last.status not in _GONE:
        if last.member_id != member_id:
            raise LectureCountedError
        return last.id
    new = NewReview(
        id=_id(event_id, number + 1),
        kind=KIND,
        branch_id=event.branch_id,
        member_id=member_id,
        recorded_by_id=actor.member_id,
        title=event.title,
        detail={"event_id": str(event_id), "day": day.isoformat(), "name": names[member_id]},
        occurred_on=day,
        submitted_at=clock.now(),
    )
    reviews.submit(session, [new])
    return new.id


def may_count(session: Session, event: MeetingEvent) -> bool:
    """Whether a lecture of this meeting can bring a fact."""
    kinds = {item.kind for item in expected.items_of(session, event.id)}
    recorded = event.state is EventState.RECORDED and brings_facts(event.begins_at, event.planned_at)
    return recorded and Kind.LECTURE in kinds


def standing(session: Session, event_id: UUID) -> Review | None:
    """What was handed in last, unless it was given back."""
    last, _number = _last(session, event_id)
    return last if last and last.status not in _GONE else None


def _last(session: Session, event_id: UUID) -> tuple[Review | None, int]:
    last, number = None, 0
    while found := session.get(Review, _id(event_id, number + 1)):
        last, number = found, number + 1
    return last, number


def _id(event_id: UUID, number: int) -> UUID:
    return uuid5(event_id, f"lecture {number}")


def _describe(detail: Mapping[str, Any]) -> str:
    return _("gave the Party lecture on %(day)s") % {"day": formats.short_day(date.fromisoformat(detail["day"]))}


def _particulars(session: Session, review_id: UUID) -> list[tuple[LazyText | str, str]]:
    review = session.get_one(Review, review_id)
    return [
        (_("Meeting"), review.title),
        (_("Who speaks"), review.detail["name"]),
        (_("When"), _describe(review.detail)),
    ]


LECTURE: Final = ReviewKind(
    name=KIND,
    label=lazy_gettext("Party lecture given"),
    facts=lambda session, found: {
        one.id: FactDraft(FactType.BONUS_LECTURE, one.occurred_on, note=one.title) for one in found
    },
    fact_types=(FactType.BONUS_LECTURE,),
    describe=_describe,
    advise=lambda detail: [_("It brings points outside the hundred: the committee decides")],
    particulars=_particulars,
    listed_at="/meetings",
    found_at="/meetings/lectures/{id}",
    is_own_doing=False,
    one_by_one=True,
)
