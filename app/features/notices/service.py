"""Reminding people: by the sweep, and silenced by themselves."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row, Table, Uuid, and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from app.core import holidays
from app.core.db import insert_ignoring_duplicates, insert_renewing
from app.core.rows import rowcount
from app.core.workdays import Calendar
from app.features.members.actor import Actor
from app.features.notices import queries, rules
from app.features.notices.models import RaisedReminder, SilencedSource
from app.features.notices.rules import ReminderState
from app.features.notices.sources import Reminder, ReminderSource, sources

_REMINDERS: Final = cast(Table, RaisedReminder.__table__)
_SILENCED: Final = cast(Table, SilencedSource.__table__)
_KNOWN: Final = select(
    RaisedReminder.member_id, RaisedReminder.subject_id, RaisedReminder.raised_at, RaisedReminder.state
).where(RaisedReminder.source == bindparam("source"))
_SILENT: Final = select(SilencedSource.member_id).where(SilencedSource.source == bindparam("source"))
_SETTLE: Final = (
    update(RaisedReminder)
    .where(
        RaisedReminder.source == bindparam("of_source"),
        RaisedReminder.subject_id.in_(bindparam("subjects", type_=Uuid(), expanding=True)),
        RaisedReminder.state.in_((ReminderState.SHOWN, ReminderState.PUT_ASIDE)),
    )
    .values(state=ReminderState.SETTLED)
    .execution_options(synchronize_session=False)
)
_SETTLE_ONE: Final = (
    update(_REMINDERS)
    .where(
        _REMINDERS.c.member_id == bindparam("of_member"),
        _REMINDERS.c.source == bindparam("of_source"),
        _REMINDERS.c.subject_id == bindparam("of_subject"),
        _REMINDERS.c.state == ReminderState.SHOWN,
    )
    .values(state=ReminderState.SETTLED)
)


def raise_due(session: Session, source: ReminderSource, now: datetime) -> int:
    """Remind people of what is due in ``source``, and take back what is settled; gives the number of reminders.

    Nobody is reminded outside polite hours: it comes at the next polite moment. Safe when several do it, and twice is
    once: the database gives an item its next reminder only three days after the last one.
    """
    due = {(reminder.member_id, reminder.subject_id): reminder for reminder in source.due(session, now)}
    known = {(row.member_id, row.subject_id): row for row in session.execute(_KNOWN, {"source": source.name}).all()}
    _settle_past(session, source, [row for item, row in known.items() if item not in due])
    days = holidays.calendar(session)
    if not rules.is_polite(now, days):
        return 0
    silent = set(session.scalars(_SILENT, {"source": source.name}))
    rows = [
        _row(source, reminder, now)
        for item, reminder in sorted(due.items())
        if reminder.member_id not in silent and _may_come(reminder, known.get(item), now, days)
    ]
    if not rows:
        return 0
    raised = insert_renewing(
        session,
        _REMINDERS,
        where=and_(_REMINDERS.c.raised_at <= now - rules.EVERY, _REMINDERS.c.state != ReminderState.SILENCED),
    ).returning(_REMINDERS.c.subject_id)
    return len(session.execute(raised, rows).all())


def settle(session: Session, source: str, subject_ids: Collection[UUID]) -> None:
    """Take the reminders of these items back at once: what they asked for was done. The sweep would do it later."""
    session.execute(_SETTLE, {"of_source": source, "subjects": list(subject_ids)})


def put_aside(session: Session, actor: Actor, *, source: str, subject_id: UUID) -> queries.Shown:
    """The actor has read this reminder. The next one may come in three days, if it is still due then.

    Raises:
        NoSuchReminderError: the actor has none of this item.
    """
    return _become(session, actor, source, subject_id, ReminderState.PUT_ASIDE)


def silence(session: Session, actor: Actor, *, source: str, subject_id: UUID) -> queries.Shown:
    """The actor wants to hear no more of this item.

    Raises:
        NoSuchReminderError: the actor has no reminder of it.
    """
    return _become(session, actor, source, subject_id, ReminderState.SILENCED)


def show_again(session: Session, actor: Actor, *, source: str, subject_id: UUID) -> queries.Shown:
    """The actor wants to be reminded of this item after all.

    Raises:
        NoSuchReminderError: the actor has no reminder of it.
    """
    return _become(session, actor, source, subject_id, ReminderState.SHOWN)


def choose_sources(session: Session, actor: Actor, *, wanted: Collection[str]) -> None:
    """From now on the actor is reminded of the kinds of things ``wanted``, and of no others."""
    unwanted = sorted(source.name for source in sources() if source.name not in wanted)
    mine = SilencedSource.member_id == actor.member_id
    session.execute(delete(SilencedSource).where(mine, SilencedSource.source.not_in(unwanted)))
    if unwanted:
        rows = [{"member_id": actor.member_id, "source": name} for name in unwanted]
        session.execute(insert_ignoring_duplicates(session, _SILENCED), rows)
        session.execute(
            update(RaisedReminder)
            .where(
                RaisedReminder.member_id == actor.member_id,
                RaisedReminder.source.in_(unwanted),
                RaisedReminder.state == ReminderState.SHOWN,
            )
            .values(state=ReminderState.PUT_ASIDE)
        )


def forget(session: Session, now: datetime) -> int:
    """Erase reminders that are long past; gives their number."""
    old = or_(
        and_(RaisedReminder.raised_at < now - rules.KEPT, RaisedReminder.state != ReminderState.SILENCED),
        RaisedReminder.raised_at < now - rules.SILENCE_KEPT,
    )
    return rowcount(session.execute(delete(RaisedReminder).where(old)))


def _settle_past(session: Session, source: ReminderSource, rows: Sequence[Row[*tuple[Any, ...]]]) -> None:
    settled = [
        {"of_member": row.member_id, "of_source": source.name, "of_subject": row.subject_id}
        for row in sorted(rows, key=lambda row: (row.member_id, row.subject_id))
        if row.state is ReminderState.SHOWN
    ]
    if settled:
        session.execute(_SETTLE_ONE, settled)


def _may_come(reminder: Reminder, last: Row[*tuple[Any, ...]] | None, now: datetime, days: Calendar) -> bool:
    """Whether it is worth asking the database, which decides; most items had their reminder lately."""
    if last is None or reminder.once:
        return last is None
    return last.state is not ReminderState.SILENCED and rules.may_remind(now, last=last.raised_at, calendar=days)


def _row(source: ReminderSource, reminder: Reminder, now: datetime) -> dict[str, object]:
    return {
        "member_id": reminder.member_id,
        "source": source.name,
        "subject_id": reminder.subject_id,
        "address": reminder.address,
        "details": dict(reminder.details),
        "raised_at": now,
        "until": reminder.until,
        "state": ReminderState.SHOWN,
    }


def _become(session: Session, actor: Actor, source: str, subject_id: UUID, state: ReminderState) -> queries.Shown:
    session.execute(
        update(RaisedReminder)
        .where(
            RaisedReminder.member_id == actor.member_id,
            RaisedReminder.source == source,
            RaisedReminder.subject_id == subject_id,
            RaisedReminder.state != ReminderState.SETTLED,
        )
        .values(state=state)
    )
    return queries.one(session, actor, source=source, subject_id=subject_id)
