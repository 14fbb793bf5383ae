"""What is done with records: they are made, by form or by phone, taken back, and told of to an officer."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy import inspect as mapped
from sqlalchemy.orm import Session

from app.core import clock, formats, phone_time
from app.core.errors import NotFoundError
from app.core.i18n import LazyText
from app.core.i18n import gettext as _
from app.core.rows import AnyRow, check_same
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.records.kinds import RecordKind
from app.features.records.rules import C, NewRecord, captured_by_phone, check_day, flags_found
from app.features.reviews import restoring
from app.features.reviews import service as reviews
from app.features.reviews.kinds import Alike
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.sync.items import Item

CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""From here on an officer sees the phone's own time beside the time of arrival."""


def record(
    session: Session,
    actor: Actor,
    kind: RecordKind[Any],
    /,  # what is said may have a ``kind`` of its own
    *,
    id: UUID,  # noqa: A002 (what it is)
    day: date,
    member_id: UUID | None = None,
    corrects_id: UUID | None = None,
    **said: Any,
) -> Review:
    """Record what the actor did on ``day`` or, for officers, what another member of the branch did.

    Raises:
        FutureDayError: the day has not come yet.
        LongAgoError: the day can hardly be meant.
        NotFoundError: no such member for the actor, or no longer.
        ContentDiffersError, NotYoursError, NotCorrectableError: see ``record_all``.
    """
    now = clock.now()
    check_day(day, today=clock.local_day(now))
    occurred_at = now if day == clock.local_day(now) else datetime.combine(day, time(12), clock.zone())
    new = NewRecord(
        id=id,
        branch_id=_branch_of(session, actor, member_id or actor.member_id),
        member_id=member_id or actor.member_id,
        recorded_by_id=actor.member_id,
        occurred_on=day,
        occurred_at=occurred_at,
        device_time=clock.local_time(occurred_at).isoformat(timespec="seconds"),
        received_at=now,
        corrects_id=corrects_id,
        said=_titled(kind, said),
    )
    return record_all(session, kind, [new])[0]


def new_of_item(kind: RecordKind[C], item: Item[Any]) -> NewRecord[C]:
    """The record that a phone sent."""
    said = {name: getattr(item.payload, name) for name in kind.content.model_fields}
    return captured_by_phone(item, _titled(kind, said))


def record_all(session: Session, kind: RecordKind[C], news: Iterable[NewRecord[C]]) -> list[Review]:
    """Store records and let them wait for an officer; one that came before is given back as it stands today.

    The number of statements does not depend on the number of records. They come back sorted by id.

    Raises:
        ContentDiffersError, NotYoursError: an id is taken.
        NotCorrectableError: one corrects what is not a returned record of the member, or was corrected already.
        AppError: see the kind's ``found_when_stored``.
    """
    table, records = cast(Table, mapped(kind.model).local_table), sorted(news, key=lambda record: record.id)
    found, overlaps = kind.found_when_stored(session, records), _overlaps(session, kind, records)
    submitted = reviews.submit(session, [_review(kind, record, overlaps[record.id]) for record in records])
    rows = [
        ({**_row(kind, record), **found.get(record.id, {})}, is_new)
        for record, (_same_review, is_new) in zip(records, submitted, strict=True)
    ]
    # The moment is not compared: a form sent twice has two.
    said = (*kind.content.model_fields, "occurred_on")
    check_same(session, table, [row for row, is_new in rows if not is_new], said=said)
    if new := [row for row, is_new in rows if is_new]:
        session.execute(table.insert(), new)
    return [review for review, _is_new in submitted]


def others_alike(session: Session, kind: RecordKind[Any], review: AnyRow) -> list[Alike]:
    """The other records of the day for which one is marked, as far as they still count (``ReviewKind.alike``)."""
    row = kind.lists.whole(session, [review.id])[review.id]
    of_day = kind.lists.neighbours(session, [review.member_id], [row.occurred_on])
    others = {key: other for key, other in of_day.get((review.member_id, row.occurred_on), {}).items() if key != row.id}
    return [
        Alike(key, other.title, kind.about(other)) for key, other in sorted(kind.content.alike(row, others).items())
    ]


def particulars(session: Session, kind: RecordKind[Any], record_id: UUID) -> list[tuple[LazyText | str, str]]:
    """All that an officer reads of one."""
    row = kind.lists.whole(session, [record_id])[record_id]
    return [*kind.told(row), *_when(row)]


def withdraw(session: Session, actor: Actor, kind: RecordKind[Any], *, record_id: UUID) -> None:
    """Take back a record of this ``kind`` that nobody has decided on. Twice is once.

    Raises:
        NotFoundError: the actor neither made nor entered such a record.
        AlreadyDecidedError: an officer was faster.
    """
    kind.lists.card(session, actor, record_id)
    for refused in reviews.withdraw(session, [record_id], by_id=actor.member_id):
        raise refused.error


def restore(session: Session, actor: Actor, kind: RecordKind[Any], *, record_id: UUID) -> None:
    """Let an own record of this ``kind`` wait again that was withdrawn by a slip. Twice is once.

    Raises:
        NotFoundError: the actor has not made such a record of the own.
        UndoOverError, CorrectedSinceError: see ``reviews.restoring.restore``.
    """
    for refused in restoring.restore(session, [record_id], kind=kind.name, by_id=actor.member_id):
        raise refused.error


def people(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """Those for whom the actor may record, by group and pinyin.

    Raises:
        NotFoundError: for nobody.
    """
    if not actor.may(Permission.RECORD_FOR_OTHERS):
        raise NotFoundError
    return [(row.id, row.name) for row in members.branch_members(session, actor.branch_id)]


def _titled(kind: RecordKind[C], said: Mapping[str, Any]) -> C:
    """What was ``said``, called by its kind where it has no title."""
    content = kind.content(**said)
    content.title = content.title or str(kind.untitled or getattr(content, kind.line[0]).label)
    return content


def _overlaps(session: Session, kind: RecordKind[C], records: Sequence[NewRecord[C]]) -> dict[UUID, bool]:
    """Which of them are much like another record of their day. Records of one batch are neighbours too."""
    members, days = {record.member_id for record in records}, {record.occurred_on for record in records}
    known = kind.lists.neighbours(session, members, days)
    found = {}
    for record in records:
        there = known.setdefault((record.member_id, record.occurred_on), {})
        others = {key: row for key, row in there.items() if key != record.id}
        found[record.id] = bool(kind.content.alike(record.said, others))
        there[record.id] = record.said
    return found


def _review(kind: RecordKind[C], record: NewRecord[C], overlaps: bool) -> NewReview:
    return NewReview(
        id=record.id,
        kind=kind.name,
        branch_id=record.branch_id,
        member_id=record.member_id,
        recorded_by_id=record.recorded_by_id,
        title=record.said.title,
        detail=record.said.model_dump(mode="json", include=set(kind.line)),
        occurred_on=record.occurred_on,
        submitted_at=record.received_at,
        flags=flags_found(record, overlaps=overlaps),
        corrects_id=record.corrects_id,
    )


def _row(kind: RecordKind[C], record: NewRecord[C]) -> dict[str, Any]:
    names = [column.key for column in mapped(kind.model).columns if hasattr(record, column.key)]
    of_all = {name: getattr(record, name) for name in names}
    return of_all | record.said.model_dump()


def _branch_of(session: Session, actor: Actor, member_id: UUID) -> UUID:
    """Where ``member_id`` is recorded: the actor, or for officers somebody of the branch who has not left."""
    if member_id == actor.member_id:
        return actor.branch_id
    if not actor.may(Permission.RECORD_FOR_OTHERS):
        raise NotFoundError
    member = members.colleague(session, actor, member_id)
    if member.left_on is not None and member.left_on <= clock.today():
        raise NotFoundError
    branch_id: UUID = member.branch_id
    return branch_id


def _when(row: AnyRow) -> list[tuple[LazyText | str, str]]:
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
