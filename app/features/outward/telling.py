"""What is due leaves the house: the polite engine decides whether, this decides once.

Before a notice is carried, a unit of work of its own writes down that it is under way; after it, another one what was
answered. Nothing is held meanwhile. Whoever is ended in between leaves a notice that nobody knows the end of, and that
is never sent again: at most once. What a service has certainly not taken is tried again, and that ends.
"""

import logging
import time
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock, holidays
from app.core.db import Database
from app.core.errors import AppError
from app.core.sealing import BrokenSealError
from app.core.settings import settings
from app.core.workdays import Calendar
from app.features.members.models import Member
from app.features.notices.models import RaisedReminder
from app.features.notices.rules import ReminderState, is_polite
from app.features.outward import rules, sending, service
from app.features.outward.living import LIVES
from app.features.outward.models import NoticeChannel, OutwardNotice
from app.features.outward.rules import ChannelKind, ChannelState, Delivered, NoticeState, Purpose, ServiceAnswer
from app.features.outward.service import Underway

log = logging.getLogger("sanliang")
BUDGET_S: Final = 120.0
"""How long a sweep sends, in seconds; what is left goes out with the next one."""
FAILURES_IN_A_ROW: Final = 3
"""After so many a way is left alone until the next sweep: it is the service, not the people."""
_FIRST: Final = UUID(int=0)

_PRESENT: Final = or_(Member.left_on.is_(None), Member.left_on > bindparam("today"))
_SOMETHING_TO_DO: Final = (
    select(RaisedReminder.member_id)
    .where(
        RaisedReminder.member_id == NoticeChannel.member_id,
        RaisedReminder.state == ReminderState.SHOWN,
        or_(RaisedReminder.until.is_(None), RaisedReminder.until >= bindparam("today")),
    )
    .correlate(NoticeChannel)
)
_SOMETHING_NEW: Final = _SOMETHING_TO_DO.where(
    or_(NoticeChannel.told_at.is_(None), RaisedReminder.raised_at > NoticeChannel.told_at)
)
_MAY_BE_TOLD: Final = and_(
    NoticeChannel.state == ChannelState.ON,
    or_(NoticeChannel.told_at.is_(None), NoticeChannel.told_at <= bindparam("before")),
)
_NEXT: Final = (
    select(NoticeChannel.id)
    .join(Member, Member.id == NoticeChannel.member_id)
    .where(
        NoticeChannel.kind == bindparam("kind"),
        NoticeChannel.id > bindparam("after"),
        _MAY_BE_TOLD,
        LIVES,
        _PRESENT,
        _SOMETHING_NEW.exists(),
    )
    .order_by(NoticeChannel.id)
    .limit(1)
)
_TAKE_ONE: Final = (
    update(NoticeChannel)
    .where(NoticeChannel.id == bindparam("channel"), _MAY_BE_TOLD)
    .values(told_at=bindparam("now"))
    .returning(NoticeChannel.id)
    .execution_options(synchronize_session=False)
)
"""Of two who ask for one way at one moment, one gets it: the other finds that it was just told."""
_AGAIN: Final = (
    select(OutwardNotice.id, OutwardNotice.channel_id)
    .where(
        OutwardNotice.kind == bindparam("kind"),
        OutwardNotice.state == NoticeState.WAITING,
        OutwardNotice.next_at <= bindparam("now"),
    )
    .order_by(OutwardNotice.next_at, OutwardNotice.id)
    .limit(1)
)
_TAKE_AGAIN: Final = (
    update(OutwardNotice)
    .where(OutwardNotice.id == bindparam("notice"), OutwardNotice.state == NoticeState.WAITING)
    .values(state=NoticeState.UNDERWAY, attempts=OutwardNotice.attempts + 1, tried_at=bindparam("now"), next_at=None)
    .returning(OutwardNotice.id)
    .execution_options(synchronize_session=False)
)
_STILL: Final = (
    select(NoticeChannel)
    .join(Member, Member.id == NoticeChannel.member_id)
    .where(
        NoticeChannel.id == bindparam("channel"),
        NoticeChannel.state == ChannelState.ON,
        LIVES,
        _PRESENT,
        _SOMETHING_TO_DO.exists(),
    )
)


def tell(database: Database, *, budget: float = BUDGET_S) -> int:
    """Send on each way what is due, for ``budget`` seconds at most; gives how many notices were handed over.

    Each has a time of its own: a long run ends where the quiet hours begin.

    Never raises for what a service or a way does, and holds no unit of work while it sends.
    """
    with database.write() as session:
        settle_lost(session, clock.now())
        calendar = holidays.calendar(session)
    kinds = sending.ways(settings()) if is_polite(clock.now(), calendar) else []
    ends, sent = time.monotonic() + budget, 0
    for number, kind in enumerate(kinds):
        share = (ends - time.monotonic()) / (len(kinds) - number)
        try:
            sent += _tell_on(database, kind, calendar, until=time.monotonic() + share)
        except AppError as error:  # the key is missing, say
            log.error("no notices were sent (%s): %s", kind, error.code)  # noqa: TRY400
    return sent


def settle_lost(session: Session, now: datetime) -> None:
    """Whoever carried these was ended on the way: they are never sent again. Those that waited too long, neither."""
    underway = OutwardNotice.state == NoticeState.UNDERWAY, OutwardNotice.tried_at < now - rules.LOST_AFTER
    waiting = OutwardNotice.state == NoticeState.WAITING, OutwardNotice.begun_at < now - rules.OPEN_FOR
    for old, state in ((underway, NoticeState.UNKNOWN), (waiting, NoticeState.GIVEN_UP)):
        session.execute(
            update(OutwardNotice)
            .where(*old)
            .values(state=state, next_at=None)
            .execution_options(synchronize_session=False)
        )


def note(session: Session, notice_id: UUID, verdict: Delivered, now: datetime) -> None:
    """Write down what became of a notice that was under way, and what that says of its way. Twice is once."""
    notice = session.get(OutwardNotice, notice_id, with_for_update=True)
    if notice is None or notice.state is not NoticeState.UNDERWAY:
        return
    notice.answer, notice.detail = verdict.answer, verdict.detail[:40]
    at = None
    if notice.purpose is Purpose.REMINDER:
        at = rules.next_attempt(verdict, attempts=notice.attempts, begun_at=notice.begun_at, now=now)
    ends = {ServiceAnswer.TAKEN: NoticeState.SENT, ServiceAnswer.UNKNOWN: NoticeState.UNKNOWN}
    notice.state = NoticeState.WAITING if at else ends.get(verdict.answer, NoticeState.GIVEN_UP)
    notice.next_at = at
    channel = session.get_one(NoticeChannel, notice.channel_id, with_for_update=True)
    if verdict.answer is ServiceAnswer.NO_SUCH_ADDRESS:
        service.drop(channel)
    elif verdict.answer is ServiceAnswer.TAKEN and channel.state is ChannelState.BROKEN:
        channel.state = ChannelState.ON


def _tell_on(database: Database, kind: ChannelKind, calendar: Calendar, *, until: float) -> int:
    sent = failed = 0
    after = _FIRST
    with sending.courier() as carry:
        while time.monotonic() < until and failed < FAILURES_IN_A_ROW:
            with database.write() as session:
                now = clock.now()  # the turn to write may have been waited for
                taken = _take(session, kind, now, after) if is_polite(now, calendar) else None
            if taken is None:
                break
            after, underway = taken
            if underway is None:
                continue
            verdict = carry(underway.order)
            with database.write() as session:
                note(session, underway.notice_id, verdict, clock.now())
            sent += verdict.answer is ServiceAnswer.TAKEN
            failed = 0 if verdict.answer in {ServiceAnswer.TAKEN, ServiceAnswer.NO_SUCH_ADDRESS} else failed + 1
            if failed == FAILURES_IN_A_ROW:
                log.error("notices do not go out (%s): %s", kind, verdict.detail)
    return sent


def _take(session: Session, kind: ChannelKind, now: datetime, after: UUID) -> tuple[UUID, Underway | None] | None:
    """The next notice to carry, written down as under way; without an order where there is none to carry after all.

    ``None``: nobody is left on this way. Ways up to ``after`` had their turn.
    """
    asked = {"kind": kind, "now": now, "today": clock.local_day(now), "before": now - rules.BETWEEN, "after": after}
    if again := session.execute(_AGAIN, asked).one_or_none():
        return after, _order_again(session, again.id, again.channel_id, asked)
    found = session.scalar(_NEXT, asked)
    if found is None:
        return None
    if session.scalar(_TAKE_ONE, asked | {"channel": found}) is None:
        return found, None  # another process was quicker
    channel = session.get_one(NoticeChannel, found, populate_existing=True)
    try:
        return found, service.begin(session, channel, Purpose.REMINDER, now)
    except BrokenSealError:
        channel.state = ChannelState.BROKEN
        return found, None


def _order_again(session: Session, notice_id: UUID, channel_id: UUID, asked: dict[str, Any]) -> Underway | None:
    if session.scalar(_TAKE_AGAIN, asked | {"notice": notice_id}) is None:
        return None
    channel = session.scalars(_STILL, asked | {"channel": channel_id}).one_or_none()
    if channel is None:  # done meanwhile, or switched off: nothing is said any more
        session.get_one(OutwardNotice, notice_id, populate_existing=True).state = NoticeState.DROPPED
        return None
    return Underway(notice_id, service.order_for(channel, Purpose.REMINDER))
