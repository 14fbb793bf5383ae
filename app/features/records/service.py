"""What is done with a record: on which day and for whom it may be made, taken back, and told of to an officer."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock, formats, phone_time
from app.core.errors import NotFoundError
from app.core.i18n import LazyText
from app.core.i18n import gettext as _
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.records.queries import AnyRow, Lists
from app.features.records.rules import Captured, check_day
from app.features.reviews import restoring
from app.features.reviews import service as reviews
from app.features.reviews.kinds import Alike

CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""From here on an officer sees the phone's own time beside the time of arrival."""


def captured_by_form(session: Session, actor: Actor, *, id: UUID, day: date, member_id: UUID | None) -> Captured:  # noqa: A002
    """What a form says of every record: on which day, and for whom of the branch an officer records it.

    Raises:
        FutureDayError: the day has not come yet.
        LongAgoError: the day can hardly be meant.
        NotFoundError: no such member for the actor, or no longer.
    """
    now = clock.now()
    check_day(day, today=clock.local_day(now))
    occurred_at = now if day == clock.local_day(now) else datetime.combine(day, time(12), clock.zone())
    return {
        "id": id,
        "branch_id": actor.branch_id if member_id in {None, actor.member_id} else _branch_of(session, actor, member_id),
        "member_id": member_id or actor.member_id,
        "recorded_by_id": actor.member_id,
        "occurred_on": day,
        "occurred_at": occurred_at,
        "device_time": clock.local_time(occurred_at).isoformat(timespec="seconds"),
        "received_at": now,
        "made_offline": False,
        "flags": frozenset(),
    }


def others_alike(
    lists: Lists, alike: Callable[[Any, Mapping[UUID, Any]], Mapping[UUID, Any]], words: Callable[[AnyRow], str]
) -> Callable[[Session, AnyRow], list[Alike]]:
    """``ReviewKind.alike``: the other records of the day for which one is marked, as far as they still count."""

    def found(session: Session, review: AnyRow) -> list[Alike]:
        row = lists.whole(session, [review.id])[review.id]
        of_day = lists.neighbours(session, [review.member_id], [row.occurred_on])
        others = {
            key: other for key, other in of_day.get((review.member_id, row.occurred_on), {}).items() if key != row.id
        }
        return [Alike(key, other.title, words(other)) for key, other in sorted(alike(row, others).items())]

    return found


def withdraw(session: Session, actor: Actor, lists: Lists, *, record_id: UUID) -> None:
    """Take back a record of these ``lists`` that nobody has decided on. Twice is once.

    Raises:
        NotFoundError: the actor neither made nor entered such a record.
        AlreadyDecidedError: an officer was faster.
    """
    lists.card(session, actor, record_id)
    for refused in reviews.withdraw(session, [record_id], by_id=actor.member_id):
        raise refused.error


def restore(session: Session, actor: Actor, kind: str, *, record_id: UUID) -> None:
    """Let an own record of this ``kind`` wait again that was withdrawn by a slip. Twice is once.

    Raises:
        NotFoundError: the actor has not made such a record of the own.
        UndoOverError, CorrectedSinceError: see ``reviews.restoring.restore``.
    """
    for refused in restoring.restore(session, [record_id], kind=kind, by_id=actor.member_id):
        raise refused.error


def people(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """Those for whom the actor may record, by group and pinyin.

    Raises:
        NotFoundError: for nobody.
    """
    if not actor.may(Permission.RECORD_FOR_OTHERS):
        raise NotFoundError
    return [(row.id, row.name) for row in members.branch_members(session, actor.branch_id)]


def when(row: AnyRow) -> list[tuple[LazyText | str, str]]:
    """The day of ``row`` (see ``Lists.whole``), when it arrived, and the phone's own time where that differs."""
    told: list[tuple[LazyText | str, str]] = [(_("Day"), formats.day(row.occurred_on))]
    phones_own = phone_time.read(row.device_time).moment
    if any(abs(moment - phones_own) > CLOCKS_DIFFER for moment in (row.occurred_at, row.received_at)):
        told.append((_("Time on the phone"), formats.moment(phones_own)))
    arrived = formats.moment(row.received_at)
    told.append(
        (_("Arrived"), _("%(moment)s, recorded offline") % {"moment": arrived} if row.made_offline else arrived)
    )
    return told


def _branch_of(session: Session, actor: Actor, member_id: UUID) -> UUID:
    if not actor.may(Permission.RECORD_FOR_OTHERS):
        raise NotFoundError
    member = members.colleague(session, actor, member_id)
    if member.left_on is not None and member.left_on <= clock.today():
        raise NotFoundError
    branch_id: UUID = member.branch_id
    return branch_id
