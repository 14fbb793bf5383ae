"""What another officer sees of an attendance, and what confirming it brings."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import formats
from app.core.i18n import LazyText, lazy_gettext, ngettext
from app.core.i18n import gettext as _
from app.core.rows import IDS
from app.features.ledger import service as ledger
from app.features.meetings.attendance.rules import State
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.ticks import facts, queries
from app.features.meetings.ticks.leaves import follow
from app.features.meetings.ticks.models import AttendanceTick
from app.features.meetings.ticks.putting import withdraw_ticks
from app.features.meetings.ticks.rules import Mark, Source, StoredTick, mark_of
from app.features.members.models import Member
from app.features.reviews.kinds import ReviewKind
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

_Recorder = aliased(Member)
_ONE: Final = (
    select(AttendanceTick, MeetingEvent, _Recorder.name.label("recorded_by"), Review)
    .join(Review, Review.id == AttendanceTick.id)
    .join(MeetingEvent, MeetingEvent.id == AttendanceTick.event_id)
    .join(_Recorder, _Recorder.id == AttendanceTick.recorded_by_id)
    .where(AttendanceTick.id == bindparam("tick"))
)
_Newer = aliased(AttendanceTick)
_MAY_FOLLOW: Final = select(_Newer.event_id, _Newer.member_id).where(
    or_(_Newer.state == State.ABSENT, _Newer.source == Source.LEAVE),
    exists().where(
        AttendanceTick.id.in_(IDS),
        AttendanceTick.event_id == _Newer.event_id,
        AttendanceTick.member_id == _Newer.member_id,
    ),
)
_REPLACED: Final = select(AttendanceTick.id).where(
    AttendanceTick.id.in_(IDS),
    exists().where(
        _Newer.event_id == AttendanceTick.event_id,
        _Newer.member_id == AttendanceTick.member_id,
        _Newer.id > AttendanceTick.id,
        Review.id == _Newer.id,
        Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
    ),
)


def describe(detail: Mapping[str, Any]) -> str:
    """``present``; ``corrected: late``."""
    said = str(Mark(detail["mark"]).label)
    if code := detail.get("typed"):
        minutes = code["late"] or 0
        late = ngettext("%(num)s minute after the beginning", "%(num)s minutes after the beginning", minutes)
        said = " · ".join([str(Source.CODE.label), said, *([late % {"num": minutes}] if minutes else ())])
    return _("corrected: %(said)s") % {"said": said} if detail["corrects"] else said


def advise(detail: Mapping[str, Any]) -> Sequence[str]:
    """What an officer should weigh before it costs somebody points, or changes what another officer confirmed."""
    asks = detail["loss"] and not detail.get("typed")  # who came late and typed the code has said so
    said = {_("It costs points: ask why first"): asks, _("Read why it is corrected"): detail["corrects"]}
    return [words for words, holds in said.items() if holds]


def gathered(detail: Mapping[str, Any]) -> str:
    """``支部党员大会 · 11月6日 14:30``."""
    return f"{detail['meeting']} · {formats.short_day(date.fromisoformat(detail['day']))} {detail['at']}"


def particulars(session: Session, review_id: UUID) -> list[tuple[LazyText | str, str]]:
    """The meeting, what is said, by whom, and what it would bring."""
    tick, event, recorded_by, review = session.execute(_ONE, {"tick": review_id}).one()
    mark = mark_of(StoredTick(tick.state, tick.leave, tick.is_late, tick.left_early))
    begins, ends = formats.stamp(event.begins_at), formats.time_of_day(event.ends_at)
    told: list[tuple[LazyText | str, str]] = [
        (_("Meeting"), event.title),
        (_("When"), f"{begins} – {ends}"),
        (_("Meeting attendance"), str(mark.label if mark else tick.state.label)),
        (_("Recorded"), f"{recorded_by} · {formats.moment(tick.recorded_at)} · {tick.source.label}"),
    ]
    if code := review.detail.get("typed"):
        at, phone = (formats.moment(datetime.fromisoformat(code[name])) for name in ("at", "phone"))
        told.append(
            (_("Code of the room"), _("typed %(at)s; by the phone's clock %(phone)s") % {"at": at, "phone": phone})
        )
        if code["off"]:
            told.append((_("Minutes between code and moment"), str(code["off"])))
    if tick.note:
        told.append((_("Why it is corrected"), tick.note))
    if event.backfill_reason:
        told.append((_("Recorded afterwards"), event.backfill_reason))
    return told


def _settle(session: Session, reviews: Sequence[Review]) -> None:
    _counted(session, reviews, next(review.decided_by_id for review in reviews if review.decided_by_id))


def _counted(session: Session, reviews: Sequence[Review], by_id: UUID) -> None:
    """Held before the leaves are read: whoever approves one of them at this moment sees these, or is seen."""
    ledger.hold(session, {review.counts_in_id for review in reviews})
    absent = session.execute(_MAY_FOLLOW, {"ids": [review.id for review in reviews]})
    follow(session, {(row.event_id, row.member_id) for row in absent})
    facts.settle(session, reviews, by_id)


def _undone(session: Session, reviews: Sequence[Review], by_id: UUID) -> None:
    _counted(session, reviews, by_id)
    replaced = session.scalars(_REPLACED, {"ids": [review.id for review in reviews]}).all()
    withdraw_ticks(session, {review.id: review.recorded_by_id for review in reviews if review.id in replaced})


ATTENDANCE: Final = ReviewKind(
    name=facts.SOURCE,
    label=lazy_gettext("Meeting attendance"),
    fact_types=facts.FACT_TYPES,
    describe=describe,
    advise=advise,
    gathered=gathered,
    is_session=lambda detail: bool(detail.get("study")),  # what was ticked long ago does not say it
    on_leave=queries.on_leave,
    is_own_doing=False,
    particulars=particulars,
    listed_at="/meetings",
    found_at="/meetings/of/{id}",
    on_approved=_settle,
    on_undone=_undone,
    on_returned=_settle,  # what was confirmed before stands, and may have waited to follow a leave
)
"""Its facts are those of a whole gathering: ``facts.settle`` posts and reverses them. What waits again although a newer
tick took its place would be decided for nothing: it is withdrawn."""
