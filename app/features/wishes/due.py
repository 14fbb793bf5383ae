"""What a member has to do next for wishes: on the today page, among one's own, and in polite reminders (red line 7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.members.actor import Actor
from app.features.notices.sources import DueLine, Reminder, ReminderSource
from app.features.wishes.carrying import rules as carrying_rules
from app.features.wishes.carrying.models import WishRevisit
from app.features.wishes.carrying.rules import REVISIT_FROM
from app.features.wishes.models import Wish, WishClaim, WishParticipant
from app.features.wishes.rules import ACTIVE, REMINDERS, ClaimEnd, Status

AnyRow = Row[*tuple[Any, ...]]


class NextKind(Word):
    """What comes next."""

    ANSWER = "answer", _("You are asked to take part in the wish “%(title)s”")
    CONTACT = "contact", _("Call about the wish “%(title)s” by %(day)s")
    FULFIL = "fulfil", _("Fulfil the wish “%(title)s” by %(day)s")
    WAIT = "wait"
    REVISIT = "revisit", _("Look back at the wish “%(title)s” by %(day)s")
    OVER = "over", _("The wish “%(title)s” is over; there is nothing more to do for it")


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next with a wish, and by when; ``by`` is ``None`` where only others can do something."""

    kind: NextKind
    by: date | None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """One thing for the today page."""

    wish_id: UUID
    code: str
    title: str
    next: Next
    sentence: str

    @property
    def address(self) -> str:
        """The page on which it is done."""
        return f"/wishes/{self.wish_id}"


_COLUMNS: Final = (
    Wish.id,
    Wish.code,
    Wish.title,
    Wish.status,
    WishClaim.claimed_at,
    WishClaim.fulfil_from,
    WishClaim.extended_at,
    WishClaim.fulfilled_on,
)
TAKING_PART: Final = (
    select(*_COLUMNS, WishParticipant.joined_at, WishParticipant.member_id)
    .join(WishClaim, WishClaim.wish_id == Wish.id)
    .join(WishParticipant, WishParticipant.claim_id == WishClaim.id)
    .where(WishClaim.ended_at.is_(None), WishParticipant.left_at.is_(None), Wish.status.in_(ACTIVE))
    .order_by(WishClaim.claimed_at, Wish.id)
)
TO_REVISIT: Final = (
    select(*_COLUMNS, WishRevisit.taken_by_id.label("member_id"))
    .join(WishClaim, WishClaim.wish_id == Wish.id)
    .join(WishRevisit, and_(WishRevisit.claim_id == WishClaim.id, WishRevisit.attempt == WishClaim.attempt))
    .where(Wish.status == Status.REALISED, WishRevisit.made_on.is_(None), WishClaim.fulfilled_on <= bindparam("since"))
    .order_by(WishClaim.fulfilled_on, Wish.id)
)
OVER: Final = (
    select(Wish.id, Wish.code, Wish.title, WishParticipant.member_id)
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
_OWN_PART: Final = TAKING_PART.where(WishParticipant.member_id == bindparam("me"))
_OWN_REVISITS: Final = TO_REVISIT.where(WishRevisit.taken_by_id == bindparam("me"))


def next_of(row: Any, today: date) -> Next:
    """What comes next for a member who takes part in the wish of ``row``, or is asked to."""
    if row.status in ACTIVE and row.joined_at is None:
        return Next(NextKind.ANSWER, None)
    if row.status is Status.CLAIMED:
        by = carrying_rules.contact_by(clock.local_day(row.claimed_at))
        return Next(NextKind.CONTACT, by, today > by)
    if row.status is Status.IN_PROGRESS:
        by = carrying_rules.fulfil_by(row.fulfil_from, is_extended=row.extended_at is not None)
        return Next(NextKind.FULFIL, by, today > by)
    return Next(NextKind.WAIT, None)


def due(session: Session, actor: Actor, today: date) -> list[Due]:
    """What the actor has to do for wishes: answer an invitation, call, hand over, look back; two statements."""
    found = [_due(row, next_of(row, today)) for row in session.execute(_OWN_PART, {"me": actor.member_id})]
    asked = {"me": actor.member_id, "since": today - carrying_rules.REVISIT_FROM}
    found += [_due(row, next_revisit(row, today)) for row in session.execute(_OWN_REVISITS, asked)]
    return found


def next_revisit(row: AnyRow, today: date) -> Next:
    """By when whoever has taken over to look back at the wish of ``row`` should have done so."""
    by = carrying_rules.revisit_until(row.fulfilled_on)
    return Next(NextKind.REVISIT, by, today > by)


def _due(row: AnyRow, following: Next) -> Due:
    return Due(row.id, row.code, row.title, following, sentence(following.kind, row.title, following.by))


def sentence(kind: NextKind, title: str, by: date | None) -> str:
    """What comes next, in words."""
    return str(kind.label) % {"title": title, "day": formats.short_day(by) if by else ""}


SOON: Final = timedelta(days=7)
"""From when on the day of a claimed wish is near enough to stand on the page of today."""
TOLD_FOR: Final = timedelta(days=14)
"""How long a member is told that a wish is over without their doing, longer than any holiday; the list of own wishes
says it for longer."""


def due_for_anybody(session: Session, now: datetime) -> Sequence[Reminder]:
    """What is due for anybody; three statements. An invitation is no duty: nobody is pressed."""
    return list(_due_for_anybody(session, now))


def reminder_words(details: Mapping[str, Any]) -> str:
    """The sentence of a reminder."""
    by = details.get("by")
    return sentence(NextKind(details["kind"]), details["title"], date.fromisoformat(by) if by else None)


def _due_for_anybody(session: Session, now: datetime) -> Iterator[Reminder]:
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
    for wish in due(session, actor, today):
        if wish.next.by is None or wish.next.by - today <= SOON:
            yield DueLine(
                due_on=wish.next.by or today,
                title=wish.sentence,
                words=wish.code,
                address=wish.address,
                is_late=wish.next.is_late,
            )


WISHES: Final = ReminderSource(
    name=REMINDERS,
    label=_("Wishes you have claimed, and revisits you have taken over"),
    due=due_for_anybody,
    words=reminder_words,
    lines=lines,
    is_listed=lambda details: details["kind"] != NextKind.OVER,
)
