"""Polite reminders of wishes: at 7 days to call, at 30 to hand over, and to look back (red line 7: ``notices``)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import lazy_gettext as _
from app.features.members.actor import Actor
from app.features.notices.sources import DueLine, Reminder, ReminderSource
from app.features.wishes.due import OVER, TAKING_PART, TO_REVISIT, Next, NextKind, next_of, next_revisit, sentence
from app.features.wishes.due import due as due_of
from app.features.wishes.revisits.rules import REVISIT_FROM

SOON: Final = timedelta(days=7)
"""From when on the day of a claimed wish is near enough to stand on the page of today."""
TOLD_FOR: Final = timedelta(days=14)
"""How long a member is told that a wish is over without their doing, longer than any holiday; the list of own wishes
says it for longer."""


def due(session: Session, now: datetime) -> Sequence[Reminder]:
    """What is due for anybody; three statements. An invitation is no duty: nobody is pressed."""
    return list(_due(session, now))


def words(details: Mapping[str, Any]) -> str:
    """The sentence of a reminder."""
    by = details.get("by")
    return sentence(NextKind(details["kind"]), details["title"], date.fromisoformat(by) if by else None)


def _due(session: Session, now: datetime) -> Iterator[Reminder]:
    today = clock.local_day(now)
    for row in session.execute(TAKING_PART):
        following = next_of(row, today)
        if following.by is not None and today >= following.by:
            yield _reminder(row.member_id, row.id, row.title, following)
    for taken in session.execute(TO_REVISIT, {"since": today - REVISIT_FROM}):
        yield _reminder(taken.member_id, taken.id, taken.title, next_revisit(taken, today))
    for over in session.execute(OVER, {"ended_after": now - TOLD_FOR}):
        yield _reminder(over.member_id, over.id, over.title, Next(NextKind.OVER, None))


def _reminder(member_id: UUID, wish_id: UUID, title: str, following: Next) -> Reminder:
    """Of what comes next; that it is over is another matter, and news: said once, whatever was said before."""
    is_over = following.kind is NextKind.OVER
    return Reminder(
        member_id=member_id,
        subject_id=uuid5(wish_id, following.kind) if is_over else wish_id,
        address=f"/wishes/{wish_id}",
        details={
            "kind": following.kind.value,
            "title": title,
            "by": following.by.isoformat() if following.by else None,
        },
        once=is_over,
    )


def lines(session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
    """What wishes ask of the actor within ``SOON``, or at once, on the page of today."""
    for wish in due_of(session, actor, today):
        if wish.next.by is None or wish.next.by - today <= SOON:
            yield DueLine(
                due_on=wish.next.by or today,
                title=wish.sentence,
                words=wish.code,
                address=wish.address,
                is_late=wish.next.is_late,
            )


WISHES: Final = ReminderSource(
    name="wishes",
    label=_("Wishes you have claimed, and revisits you have taken over"),
    due=due,
    words=words,
    lines=lines,
    is_listed=lambda details: details["kind"] != NextKind.OVER,
)
