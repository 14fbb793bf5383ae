"""What meetings put on the page of today, and of what they remind people politely."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid5

from sqlalchemy import Uuid, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.history.models import Event
from app.features.meetings.asked.queries import standing
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import partners, queries
from app.features.meetings.events.models import MeetingEvent, MeetingExpected
from app.features.meetings.events.rules import OF_SOME, TO_BE_RECORDED_AFTER, EventState, Step
from app.features.meetings.ticks.models import SAID, Attendance, AttendanceTick
from app.features.meetings.ticks.rules import Mark, StoredTick, mark_of
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission
from app.features.notices.sources import AHEAD, DueLine, Reminder, ReminderSource
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.stream import Queue

NEAR: Final = timedelta(days=1)
"""A meeting of today or tomorrow is a thing to do; a later one only to know."""
REMINDED: Final = timedelta(days=3)
"""How long before its beginning people are reminded, once: over a weekend there are no reminders."""
NEWS_FOR: Final = timedelta(days=14)
"""How long somebody is told of a correction or a cancellation."""
_ABOUT: Final = lazy_gettext("Meeting")
_NOW, _UNTIL, _SINCE = (bindparam(name, type_=MeetingEvent.begins_at.type) for name in ("now", "until", "since"))
_PLANNED: Final = MeetingEvent.state == EventState.PLANNED
_EXPECTED: Final = (
    select(MeetingEvent.id, MeetingEvent.title, MeetingEvent.begins_at, MeetingEvent.place, MeetingExpected.member_id)
    .join(MeetingExpected, MeetingExpected.event_id == MeetingEvent.id)
    .where(_PLANNED, MeetingExpected.is_gone.is_(False), MeetingEvent.ends_at > _NOW, MeetingEvent.begins_at <= _UNTIL)
    .order_by(MeetingEvent.begins_at, MeetingEvent.id)
)
_UNRECORDED: Final = (
    select(MeetingEvent.id, MeetingEvent.title, MeetingEvent.begins_at, MeetingEvent.ends_at, MeetingEvent.organiser_id)
    .where(_PLANNED, MeetingEvent.ends_at <= _NOW)
    .order_by(MeetingEvent.begins_at, MeetingEvent.id)
)
_MINE: Final = (
    select(MeetingEvent.id, MeetingEvent.title, MeetingEvent.begins_at, MeetingEvent.ends_at, MeetingEvent.place)
    .join(queries.OF_ME, queries.OF_ME.c.event_id == MeetingEvent.id)
    .where(
        _PLANNED,
        or_(
            (MeetingEvent.ends_at > _NOW) & (MeetingEvent.begins_at <= _UNTIL) & queries.IS_EXPECTED,
            (MeetingEvent.ends_at <= _NOW)
            & (MeetingEvent.organiser_id == bindparam("me", type_=Uuid()))
            & (MeetingEvent.branch_id == bindparam("plans_in", type_=Uuid())),
        ),
    )
    .order_by(MeetingEvent.begins_at, MeetingEvent.id)
)
"""What the actor is expected at, and what the actor organised, still may record, and nobody has recorded."""
_GIVEN_BACK: Final = exists().where(
    MeetingEvent.state != EventState.CANCELLED,
    Attendance.event_id == MeetingEvent.id,
    Review.id == Attendance.tick_id,
    Review.status == ReviewStatus.RETURNED,
    MeetingExpected.event_id == Attendance.event_id,
    MeetingExpected.member_id == Attendance.member_id,
    MeetingExpected.is_gone.is_(False),
)
"""Nobody can say anything again of a meeting that is not held, or of who stands on its list no more."""
TO_RECORD: Final = or_((_PLANNED) & (MeetingEvent.ends_at <= _NOW), _GIVEN_BACK)
"""Whether somebody has to say who was there, or to look again at what was given back."""
_OPEN: Final = select(func.count(MeetingEvent.id)).where(MeetingEvent.branch_id == bindparam("branch"), TO_RECORD)
_NUMBERS: Final = select(_OPEN.scalar_subquery(), partners.ASKED.scalar_subquery())
_Earlier, _EarlierReview = aliased(AttendanceTick), aliased(Review)
_CORRECTED: Final = (
    select(
        AttendanceTick.id,
        AttendanceTick.event_id,
        AttendanceTick.member_id,
        *SAID,
        MeetingEvent.title,
        MeetingEvent.begins_at,
    )
    .join(MeetingEvent, MeetingEvent.id == AttendanceTick.event_id)
    .join(Review, Review.id == AttendanceTick.id)
    .where(
        Review.status == ReviewStatus.APPROVED,
        Review.decided_at >= _SINCE,
        exists().where(
            _Earlier.event_id == AttendanceTick.event_id,
            _Earlier.member_id == AttendanceTick.member_id,
            _Earlier.id < AttendanceTick.id,
            _EarlierReview.id == _Earlier.id,
            _EarlierReview.status == ReviewStatus.APPROVED,
        ),
    )
)
_CANCELLED: Final = (
    select(MeetingEvent.id, MeetingEvent.title, MeetingEvent.begins_at, MeetingExpected.member_id, Event.note)
    .join(MeetingExpected, MeetingExpected.event_id == MeetingEvent.id)
    .join(Event, Event.subject_id == MeetingEvent.id)
    .where(
        MeetingEvent.state == EventState.CANCELLED,
        MeetingEvent.begins_at > _NOW,
        MeetingExpected.is_gone.is_(False),
        Event.step == Step.CANCELLED,
        Event.at >= _SINCE,
    )
)


def _when(begins: datetime) -> str:
    return f"{formats.day(clock.local_day(begins))} {formats.time_of_day(begins)}"


def _address(row: AnyRow) -> str:
    return f"/meetings/{row.id}"


def coming_for_all(session: Session, now: datetime) -> list[Reminder]:
    """Each meeting for each who is expected, from some days before; on another day it is another item."""
    return [
        Reminder(
            member_id=row.member_id,
            subject_id=uuid5(row.id, row.begins_at.isoformat()),
            address=_address(row),
            details={"title": row.title, "begins": row.begins_at.isoformat(), "place": row.place or ""},
            until=clock.local_day(row.begins_at),
            once=True,
        )
        for row in session.execute(_EXPECTED, {"now": now, "until": now + REMINDED})
        if row.begins_at > now
    ]


def coming_words(details: Mapping[str, Any]) -> str:
    """``支部党员大会, 11月6日 星期五 14:30, 三楼会议室``."""
    when = _when(datetime.fromisoformat(details["begins"]))
    return _(", ").join(filter(None, (details["title"], when, details["place"])))


def lines(session: Session, actor: Actor, today: date) -> list[DueLine]:
    """What the actor is expected at: of today and tomorrow to do, the others to know; and what is to be recorded."""
    now, until = clock.now(), clock.midnight(today + AHEAD + timedelta(days=1))
    plans_in = actor.branch_id if queries.may_plan(session, actor) else None
    asked = {"me": actor.member_id, "branch": actor.branch_id, "plans_in": plans_in, "now": now, "until": until}
    rows = session.execute(_MINE, asked).all()
    return [_to_record(row, now) if row.ends_at <= now else _coming(row, today) for row in rows]


def _coming(row: AnyRow, today: date) -> DueLine:
    day = clock.local_day(row.begins_at)
    return DueLine(
        due_on=max(day, today),
        title=row.title,
        words=" · ".join(filter(None, (_when(row.begins_at), row.place))),
        address=_address(row),
        is_late=False,
        is_ahead=day - today > NEAR,
        about=_ABOUT,
        act=_("Look at the meeting"),
    )


def _to_record(row: AnyRow, now: datetime) -> DueLine:
    return DueLine(
        due_on=clock.local_day(row.begins_at),
        title=row.title,
        words=_when(row.begins_at),
        address=f"{_address(row)}/attendance",
        is_late=row.ends_at <= now - TO_BE_RECORDED_AFTER,
        about=_ABOUT,
        act=_("Record who was there"),
    )


def to_record_for_all(session: Session, now: datetime) -> list[Reminder]:
    """Meetings without attendance a day after their end, for who organised them: once."""
    return [
        Reminder(
            member_id=row.organiser_id,
            subject_id=row.id,
            address=f"{_address(row)}/attendance",
            details={"title": row.title, "begins": row.begins_at.isoformat()},
            once=True,
        )
        for row in session.execute(_UNRECORDED, {"now": now - TO_BE_RECORDED_AFTER})
    ]


def to_record_words(details: Mapping[str, Any]) -> str:
    """``Who was at “支部党员大会” (11月6日 …)? …``."""
    said = {"title": details["title"], "when": _when(datetime.fromisoformat(details["begins"]))}
    return _("Who was at “%(title)s” on %(when)s? Ticking it takes less than a minute.") % said


def news_for_all(session: Session, now: datetime) -> list[Reminder]:
    """Corrections of confirmed attendance, and meetings that are not held: said once to whom it concerns."""
    since = {"since": now - NEWS_FOR}
    corrected = [
        Reminder(
            member_id=row.member_id,
            subject_id=row.id,
            address=f"/meetings/{row.event_id}",
            details={
                "what": "corrected",
                "title": row.title,
                "begins": row.begins_at.isoformat(),
                "mark": mark_of(StoredTick(row.state, row.leave, row.is_late, row.left_early)),
            },
            once=True,
        )
        for row in session.execute(_CORRECTED, since)
    ]
    cancelled = [
        Reminder(
            member_id=row.member_id,
            subject_id=row.id,
            address=_address(row),
            details={"what": "cancelled", "title": row.title, "begins": row.begins_at.isoformat(), "why": row.note},
            until=clock.local_day(row.begins_at),
            once=True,
        )
        for row in session.execute(_CANCELLED, {"now": now, **since})
    ]
    return corrected + cancelled


def news_words(details: Mapping[str, Any]) -> str:
    """What was corrected, or is not held."""
    said = {"title": details["title"], "when": _when(datetime.fromisoformat(details["begins"]))}
    if details["what"] == "cancelled":
        return _("“%(title)s” on %(when)s is not held: %(why)s") % {**said, "why": details["why"]}
    mark = Mark(details["mark"]).label if details["mark"] else ""
    return _("Your attendance at “%(title)s” on %(when)s was corrected: %(mark)s.") % {**said, "mark": mark}


def queues(session: Session, actor: Actor, today: date) -> Iterator[Queue]:
    """What an officer finds on the desk: meetings to record, and what is still asked of the branch, in one line."""
    if not actor.may(Permission.RECORD_FOR_OTHERS):
        return
    to_record, to_answer = session.execute(_NUMBERS, {"branch": actor.branch_id, "now": clock.now()}).one()
    numbers = {_("Meetings whose attendance is open"): to_record, _("Joint events to answer"): to_answer}
    yield from (Queue(label, number, "/meetings") for label, number in numbers.items() if number)
    stands = standing(session, actor.branch_id, today.year, today)
    if stands.open:
        said = _("%(n)s open") % {"n": stands.open}
        yield Queue(
            _("Three meetings, one lesson"), stands.open, "/meetings/calendar", stands.line, said, bool(stands.missing)
        )


def week(session: Session, actor: Actor, today: date) -> Iterator[str]:
    """The meetings of the coming week to which the whole branch is expected."""
    if not actor.may(Permission.BE_MEMBER):
        return
    rows = queries.of_branch(session, actor, actor.branch_id, today, today + timedelta(days=6), with_joined=True)
    agenda = queries.items(session, [row.id for row in rows])
    for row in rows:
        kinds: set[Kind] = {item.kind for item in agenda[row.id]}
        if row.state is EventState.PLANNED and row.ends_at > clock.now() and not kinds <= OF_SOME:
            yield " · ".join(filter(None, (row.title, _when(row.begins_at), row.place)))


COMING: Final = ReminderSource(
    name="meeting.coming",
    label=lazy_gettext("Meetings that you are expected at"),
    due=coming_for_all,
    words=coming_words,
    lines=lines,
    is_listed=lambda details: True,
)
TO_RECORD_SOURCE: Final = ReminderSource(
    name="meeting.record",
    label=lazy_gettext("Meetings whose attendance you record"),
    due=to_record_for_all,
    words=to_record_words,
    is_listed=lambda details: True,
)
NEWS: Final = ReminderSource(
    name="meeting.news",
    label=lazy_gettext("Meetings that are not held, and corrections of your attendance"),
    due=news_for_all,
    words=news_words,
)
REMINDERS: Final[Sequence[ReminderSource]] = (COMING, TO_RECORD_SOURCE, NEWS)
