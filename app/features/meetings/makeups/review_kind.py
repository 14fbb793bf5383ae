"""What an officer sees of a make-up, and what confirming it brings: the loss goes, or never comes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.core.rows import IDS
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.makeups.rules import KIND
from app.features.meetings.ticks import facts
from app.features.meetings.ticks.models import Attendance, MakeUp
from app.features.meetings.ticks.rules import How
from app.features.reviews.kinds import ReviewKind
from app.features.reviews.models import Review

_ONE: Final = (
    select(MakeUp, MeetingEvent).join(MeetingEvent, MeetingEvent.id == MakeUp.event_id).where(MakeUp.id.in_(IDS))
)
_TICKS: Final = (
    select(Review)
    .join(Attendance, Attendance.tick_id == Review.id)
    .join(MakeUp, (MakeUp.event_id == Attendance.event_id) & (MakeUp.member_id == Attendance.member_id))
    .where(MakeUp.id.in_(IDS))
    .order_by(Review.id)
)


def describe(detail: Mapping[str, Any]) -> str:
    """``补 1月31日的缺课, 3月2日, 自学材料``."""
    said = {key: formats.short_day(date.fromisoformat(detail[key])) for key in ("day", "done_on")}
    return _("missed on %(day)s, made up on %(done_on)s: %(how)s") % {**said, "how": How(detail["how"]).label}


def advise(detail: Mapping[str, Any]) -> Sequence[str]:
    """What the word of the officer does, where that is not what one might think."""
    if detail["is_absence"]:
        return [_("It was an absence: the content counts, the loss stays")]
    if detail["until"] and clock.today() > date.fromisoformat(detail["until"]):
        return [_("Too late to take the loss away; the content counts")]
    return []


def particulars(session: Session, review_id: UUID) -> list[tuple[LazyText | str, str]]:
    """The meeting, the day and how."""
    make_up, event = session.execute(_ONE, {"ids": [review_id]}).one()
    return [
        (_("Meeting"), event.title),
        (_("When"), formats.stamp(event.begins_at)),
        (_("Made up on"), formats.short_day(make_up.done_on)),
        (_("How"), str(make_up.how.label)),
    ]


def _settle(session: Session, reviews: Sequence[Review], by_id: UUID | None = None) -> None:
    ids = [review.id for review in reviews]
    by_id = by_id or reviews[0].decided_by_id or reviews[0].recorded_by_id
    facts.settle(session, session.scalars(_TICKS, {"ids": ids}).all(), by_id)


MAKE_UP: Final = ReviewKind(
    name=KIND,
    label=lazy_gettext("Making up for a meeting"),
    describe=describe,
    advise=advise,
    particulars=particulars,
    listed_at="/meetings",
    correction="/meetings/make-ups/{id}",
    found_at="/meetings/make-ups/{id}",
    is_session=lambda detail: bool(detail.get("study")),
    on_approved=_settle,
    on_undone=_settle,
    on_returned=_settle,
    on_withdrawn=_settle,
)
