"""What a member has to do next for wishes: on the today page, among one's own, and in reminders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import LazyText, lazy_gettext
from app.features.members.actor import Actor
from app.features.wishes.claims import rules as claim_rules
from app.features.wishes.claims.models import WishClaim, WishParticipant
from app.features.wishes.claims.rules import ClaimEnd
from app.features.wishes.models import Wish
from app.features.wishes.revisits import rules as revisit_rules
from app.features.wishes.revisits.models import WishRevisit
from app.features.wishes.rules import HELD, Status

AnyRow = Row[*tuple[Any, ...]]


class NextKind(StrEnum):
    """What comes next."""

    ANSWER = "answer"
    CONTACT = "contact"
    FULFIL = "fulfil"
    WAIT = "wait"
    REVISIT = "revisit"
    OVER = "over"


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


_SENTENCES: Final[Mapping[NextKind, LazyText]] = MappingProxyType(
    {
        NextKind.ANSWER: lazy_gettext("You are asked to take part in the wish “%(title)s”"),
        NextKind.CONTACT: lazy_gettext("Call about the wish “%(title)s” by %(day)s"),
        NextKind.FULFIL: lazy_gettext("Fulfil the wish “%(title)s” by %(day)s"),
        NextKind.REVISIT: lazy_gettext("Look back at the wish “%(title)s” by %(day)s"),
        NextKind.OVER: lazy_gettext("The wish “%(title)s” is over; there is nothing more to do for it"),
    }
)
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
    .where(WishClaim.ended_at.is_(None), WishParticipant.left_at.is_(None), Wish.status.in_(HELD))
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
    if row.status in HELD and row.joined_at is None:
        return Next(NextKind.ANSWER, None)
    if row.status is Status.CLAIMED:
        by = claim_rules.contact_by(clock.local_day(row.claimed_at))
        return Next(NextKind.CONTACT, by, today > by)
    if row.status is Status.IN_PROGRESS:
        by = claim_rules.fulfil_by(row.fulfil_from, is_extended=row.extended_at is not None)
        return Next(NextKind.FULFIL, by, today > by)
    return Next(NextKind.WAIT, None)


def due(session: Session, actor: Actor, today: date) -> list[Due]:
    """What the actor has to do for wishes: answer an invitation, call, hand over, look back; two statements."""
    found = [_due(row, next_of(row, today)) for row in session.execute(_OWN_PART, {"me": actor.member_id})]
    asked = {"me": actor.member_id, "since": today - revisit_rules.REVISIT_FROM}
    found += [_due(row, next_revisit(row, today)) for row in session.execute(_OWN_REVISITS, asked)]
    return found


def next_revisit(row: AnyRow, today: date) -> Next:
    """By when whoever has taken over to look back at the wish of ``row`` should have done so."""
    by = revisit_rules.last_day(row.fulfilled_on)
    return Next(NextKind.REVISIT, by, today > by)


def _due(row: AnyRow, following: Next) -> Due:
    return Due(row.id, row.code, row.title, following, sentence(following.kind, row.title, following.by))


def sentence(kind: NextKind, title: str, by: date | None) -> str:
    """What comes next, in words."""
    return str(_SENTENCES[kind]) % {"title": title, "day": formats.short_day(by) if by else ""}
