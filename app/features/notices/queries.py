"""What a person is reminded of, and what not. Nobody else ever reads this (red line 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.i18n import lazy_gettext
from app.core.rows import AnyRow
from app.features.members.actor import Actor
from app.features.notices.models import RaisedReminder, SilencedSource
from app.features.notices.rules import ReminderState
from app.features.notices.sources import ReminderSource, sources

_COLUMNS: Final = (
    RaisedReminder.source,
    RaisedReminder.subject_id,
    RaisedReminder.address,
    RaisedReminder.details,
    RaisedReminder.raised_at,
    RaisedReminder.state,
)
_OWN: Final = (
    select(*_COLUMNS)
    .where(RaisedReminder.member_id == bindparam("me"))
    .order_by(RaisedReminder.raised_at.desc(), RaisedReminder.subject_id)
)
_SHOWN: Final = _OWN.where(
    RaisedReminder.state == ReminderState.SHOWN,
    or_(RaisedReminder.until.is_(None), RaisedReminder.until >= bindparam("today")),
)
_SILENCED_ITEMS: Final = _OWN.where(RaisedReminder.state == ReminderState.SILENCED)
_ONE: Final = select(*_COLUMNS).where(
    RaisedReminder.member_id == bindparam("me"),
    RaisedReminder.source == bindparam("source"),
    RaisedReminder.subject_id == bindparam("subject"),
)
_SILENCED: Final = select(SilencedSource.source).where(SilencedSource.member_id == bindparam("me"))


class NoSuchReminderError(NotFoundError):
    message = lazy_gettext("This reminder is gone: the matter is settled, or long past.")


@dataclass(frozen=True, slots=True)
class Shown:
    """A reminder as its person reads it."""

    source: str
    subject_id: UUID
    address: str
    sentence: str
    raised_at: datetime
    state: ReminderState
    is_listed: bool
    """Whether it stands on the page of today anyway; see ``ReminderSource``."""


def shown(session: Session, actor: Actor) -> list[Shown]:
    """What the actor is reminded of now, newest first; one statement."""
    return _in_words(session.execute(_SHOWN, {"me": actor.member_id, "today": clock.today()}).all())


def silenced(session: Session, actor: Actor) -> list[Shown]:
    """Items of which the actor wants to hear no more."""
    return _in_words(session.execute(_SILENCED_ITEMS, {"me": actor.member_id}).all())


def one(session: Session, actor: Actor, *, source: str, subject_id: UUID) -> Shown:
    """The actor's reminder of one item, whatever became of it.

    Raises:
        NoSuchReminderError: the actor has none.
    """
    asked = {"me": actor.member_id, "source": source, "subject": subject_id}
    found = _in_words(session.execute(_ONE, asked).all())
    if not found:
        raise NoSuchReminderError
    return found[0]


def silenced_sources(session: Session, actor: Actor) -> frozenset[str]:
    """The kinds of things the actor does not want to be reminded of."""
    return frozenset(session.scalars(_SILENCED, {"me": actor.member_id}))


def all_of_own(session: Session, actor: Actor) -> list[Shown]:
    """Every reminder that is kept of the actor, newest first: own data to take along."""
    return _in_words(session.execute(_OWN, {"me": actor.member_id}).all())


def _in_words(rows: Sequence[AnyRow]) -> list[Shown]:
    """``rows`` with their sentences; those of a source that is gone since an update are passed over."""
    known = {source.name: source for source in sources()}
    return [_shown(row, known[row.source]) for row in rows if row.source in known]


def _shown(row: AnyRow, source: ReminderSource) -> Shown:
    return Shown(
        source=row.source,
        subject_id=row.subject_id,
        address=row.address,
        sentence=source.words(row.details),
        raised_at=row.raised_at,
        state=row.state,
        is_listed=source.is_listed(row.details),
    )
