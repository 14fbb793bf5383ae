"""What a member has to do next for wishes: on the today page, among one's own, and in polite reminders (red line 7)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.members.actor import Actor
from app.features.notices.sources import AHEAD, DueLine, Reminder, ReminderSource
from app.features.wishes.carrying import rules
from app.features.wishes.models import Wish, WishClaim, WishParticipant, WishRevisit
from app.features.wishes.rules import ACTIVE, REMINDERS, ClaimEnd, Status

SOON: Final = timedelta(days=7)
"""From when on the day of a claimed wish is near enough to stand on the page of today."""
TOLD_FOR: Final = timedelta(days=14)
"""How long a member is told that a wish is over without their doing, longer than any holiday; the list of own wishes
says it for longer."""


class NextKind(Word):
    """What comes next."""

    ANSWER = "answer", _("You are asked to take part in the wish “%(title)s”")
    CONTACT = "contact", _("Call about the wish “%(title)s” by %(day)s")
    FULFIL = "fulfil", _("Fulfil the wish “%(title)s” by %(day)s")
    WAIT = "wait", _("Nothing to do for the wish “%(title)s” just now")
    REVISIT = "revisit", _("Look back at the wish “%(title)s” by %(day)s")
    OVER = "over", _("The wish “%(title)s” is over; there is nothing more to do for it")


class Next(NamedTuple):
    """What comes next with a wish, and by when; ``by`` is ``None`` where only others can do something."""

    kind: NextKind
    by: date | None
    is_late: bool = False


_COLUMNS: Final = (
    Wish.id,
    Wish.code,
    Wish.title,
    Wish.status,
    Wish.wanted_by,
    WishClaim.claimed_at,
    WishClaim.fulfil_from,
    WishClaim.extended_at,
    WishClaim.fulfilled_on,
)
_TAKING_PART: Final = (
    select(*_COLUMNS, WishParticipant.joined_at, WishParticipant.member_id)
    .join(WishClaim, WishClaim.wish_id == Wish.id)
    .join(WishParticipant, WishParticipant.claim_id == WishClaim.id)
    .where(WishClaim.ended_at.is_(None), WishParticipant.left_at.is_(None), Wish.status.in_(ACTIVE))
    .order_by(WishClaim.claimed_at, Wish.id)
)
_TO_REVISIT: Final = (
    select(*_COLUMNS, WishRevisit.taken_by_id.label("member_id"))
    .join(WishClaim, WishClaim.wish_id == Wish.id)
    .join(WishRevisit, and_(WishRevisit.claim_id == WishClaim.id, WishRevisit.attempt == WishClaim.attempt))
    .where(Wish.status == Status.REALISED, WishRevisit.made_on.is_(None), WishClaim.fulfilled_on <= bindparam("since"))
    .order_by(WishClaim.fulfilled_on, Wish.id)
)
_OVER: Final = (
    select(Wish.id, Wish.title, WishParticipant.member_id)
    .join(WishClaim, WishClaim.wish_id == Wish.id)
    .join(WishParticipant, WishParticipant.claim_id == WishClaim.id)
    .where(
        WishParticipant.joined_at.is_not(None),
        WishParticipant.left_at.is_(None),
        WishClaim.ended_as.in_((ClaimEnd.WITHDRAWN, ClaimEnd.OVERDUE)),
        WishClaim.ended_at > bindparam("ended_after"),
    )
    .order_by(Wish.id)
)
_OWN_PART: Final = _TAKING_PART.where(WishParticipant.member_id == bindparam("me"))
_OWN_REVISITS: Final = _TO_REVISIT.where(WishRevisit.taken_by_id == bindparam("me"))


def next_of(row: Any, today: date) -> Next:
    """What comes next for a member who takes part in the wish of ``row``, or is asked to."""
    if row.status in ACTIVE and row.joined_at is None:
        return Next(NextKind.ANSWER, None)
    by = rules.fulfil_by(row.fulfil_from, row.wanted_by, is_extended=row.extended_at is not None)
    if row.status is Status.CLAIMED:
        by = rules.contact_by(clock.local_day(row.claimed_at), by)
        return Next(NextKind.CONTACT, by, today > by)
    if row.status is Status.IN_PROGRESS:
        return Next(NextKind.FULFIL, by, today > by)
    return Next(NextKind.WAIT, None)


def next_revisit(row: Any, today: date) -> Next:
    """By when whoever has taken over to look back at the wish of ``row`` should have done so."""
    by = rules.revisit_until(row.fulfilled_on)
    return Next(NextKind.REVISIT, by, today > by)


def sentence(kind: NextKind, title: str, by: date | None) -> str:
    """What comes next, in words."""
    return str(kind.label) % {"title": title, "day": formats.short_day(by) if by else ""}


def due(session: Session, actor: Actor, today: date) -> list[DueLine]:
    """What the actor has to do for wishes: answer an invitation, call, hand over, look back; two statements."""
    asked = {"me": actor.member_id, "since": today - rules.REVISIT_FROM}
    to_carry = [_line(row, next_of(row, today), today) for row in session.execute(_OWN_PART, {"me": actor.member_id})]
    return to_carry + [_line(row, next_revisit(row, today), today) for row in session.execute(_OWN_REVISITS, asked)]


def _line(row: Any, following: Next, today: date) -> DueLine:
    return DueLine(
        due_on=following.by or today,
        title=sentence(following.kind, row.title, following.by),
        words=row.code,
        address=f"/wishes/{row.id}",
        is_late=following.is_late,
        is_ahead=(following.by or today) - today > SOON,
        about=_("Micro-wish"),
        act=_("Have a look"),
    )


def _lines(session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
    return (line for line in due(session, actor, today) if line.due_on - today <= AHEAD)


def _due_for_anybody(session: Session, now: datetime) -> Sequence[Reminder]:
    """Three statements. An invitation is no duty: nobody is pressed."""
    today = clock.local_day(now)
    reminders = [
        _reminder(row.member_id, row.id, row.title, following)
        for row in session.execute(_TAKING_PART)
        if (following := next_of(row, today)).by is not None and today >= following.by
    ]
    reminders += [
        _reminder(row.member_id, row.id, row.title, next_revisit(row, today))
        for row in session.execute(_TO_REVISIT, {"since": today - rules.REVISIT_FROM})
    ]
    reminders += [
        _reminder(row.member_id, row.id, row.title, Next(NextKind.OVER, None))
        for row in session.execute(_OVER, {"ended_after": now - TOLD_FOR})
    ]
    return reminders


def _reminder(member_id: UUID, wish_id: UUID, title: str, following: Next) -> Reminder:
    """Of what comes next; that it is over is another matter, and news: said once, whatever was said before."""
    is_over = following.kind is NextKind.OVER
    by = following.by.isoformat() if following.by else None
    return Reminder(
        member_id=member_id,
        subject_id=uuid5(wish_id, following.kind) if is_over else wish_id,
        address=f"/wishes/{wish_id}",
        details={"kind": following.kind.value, "title": title, "by": by},
        once=is_over,
    )


def _words(details: Mapping[str, Any]) -> str:
    by = details.get("by")
    return sentence(NextKind(details["kind"]), details["title"], date.fromisoformat(by) if by else None)


WISHES: Final = ReminderSource(
    name=REMINDERS,
    label=_("Wishes you have claimed, and revisits you have taken over"),
    due=_due_for_anybody,
    words=_words,
    lines=_lines,
    is_listed=lambda details: details["kind"] != NextKind.OVER,
)
