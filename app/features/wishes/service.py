"""The life of a wish before it is claimed and when it ends: each use case takes one step and leaves it in the history.

Whoever may do it is decided by the callers, who know the desk or the page; what follows on what is decided here.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_adding_up
from app.core.rows import locked, one
from app.features.members import powers
from app.features.members.standing import VOUCHED_AFTER
from app.features.notices import service as notices
from app.features.wishes import rules
from app.features.wishes.models import Wish, WishEvent, WishNumber
from app.features.wishes.rules import (
    BoundByAccountError,
    Category,
    Kind,
    Origin,
    OwnAcceptanceError,
    OwnEntryError,
    Status,
    Step,
)

_NUMBERS: Final = cast(Table, WishNumber.__table__)
_WISH: Final = locked(select(Wish).where(Wish.id == bindparam("wish")))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWish:
    """A wish as it is entered, without a word of who wishes."""

    id: UUID
    """Made before, on the phone or in the form."""
    community_id: UUID
    branch_id: UUID
    """The branch that leads in the community."""
    title: str
    need: str
    category: Category
    kind: Kind
    yuan: int | None
    wanted_by: date | None
    origin: Origin
    entered_by_id: UUID | None
    """``None`` for the public form."""
    accepted_by_id: UUID | None = None
    """Who took it up from the public form."""


def next_code(session: Session, year: int) -> str:
    """The name of the next wish of the year, which nobody else gets; the year's row is locked until the end."""
    counted = insert_adding_up(session, _NUMBERS, ("last",)).returning(_NUMBERS.c.last)
    return rules.code_of(year, session.execute(counted, {"year": year, "last": 1}).scalar_one())


def enter(session: Session, new: NewWish) -> Wish:
    """Put a wish down as a draft under the next number of the year. Its id has to be new: the caller looks."""
    now = clock.now()
    code = next_code(session, clock.local_day(now).year)
    wish = Wish(**asdict(new), code=code, entered_at=now, status=Status.DRAFT, steps=1, round=1)
    session.add(wish)
    session.flush()
    _note(session, wish, Step.ENTER, by_id=new.entered_by_id, by_wisher=new.origin is Origin.PUBLIC)
    return wish


def lock_wish(session: Session, wish_id: UUID) -> Wish:
    """The wish as it stands now, locked until the unit of work ends: whoever changes it comes through here."""
    return one(session, _WISH, {"wish": wish_id})


def advance(
    session: Session, wish: Wish, step: Step, *, by_id: UUID | None, by_wisher: bool = False, note: str = ""
) -> None:
    """Take ``step`` with a locked ``wish`` and leave it in the history."""
    wish.status = rules.LIFE.after(wish.status, step)
    wish.steps += 1
    session.flush()
    notices.settle(session, rules.REMINDERS, [wish.id])  # what comes next is another matter
    _note(session, wish, step, by_id=by_id, by_wisher=by_wisher, note=note)


def submit(session: Session, *, wish_id: UUID, by_id: UUID | None) -> Wish:
    """Hand a draft, or one that was returned, in for verification."""
    wish = lock_wish(session, wish_id)
    advance(session, wish, Step.SUBMIT, by_id=by_id, by_wisher=by_id is None)
    return wish


def return_for_details(session: Session, *, wish_id: UUID, by_id: UUID, reason: str) -> Wish:
    """Give a wish back to its collector with what is missing."""
    wish = lock_wish(session, wish_id)
    advance(session, wish, Step.RETURN, by_id=by_id, note=reason)
    wish.verified_at = wish.verified_by_id = None
    session.flush()
    return wish


def verify(session: Session, *, wish_id: UUID, by_id: UUID) -> Wish:
    """Say that the need is as written. The wish then waits for its day of publishing. Twice is once.

    Raises:
        OwnAcceptanceError: ``by_id`` took it up from the public form.
        BoundByAccountError: one of ``by_id`` and who took it up came in by the other's hand.
    """
    wish = lock_wish(session, wish_id)
    rules.LIFE.check(wish.status, Step.RETURN)  # whoever could return it may verify it
    if wish.verified_at is None:
        _verify(session, wish, by_id=by_id)
        session.flush()
    return wish


def publish(session: Session, *, wish_id: UUID, by_id: UUID) -> Wish:
    """Show a wish to the paired branches; publishing it is verifying it where nobody has yet.

    Raises:
        OwnEntryError: the actor entered it.
        OwnAcceptanceError: the actor took it up from the public form, and nobody else has verified it.
        BoundByAccountError: one of the actor and who entered it, or took it up, came in by the other's hand.
        DayPassedError: it is wanted by a day that has passed.
    """
    wish = lock_wish(session, wish_id)
    check_entered_by_other(session, wish, by_id)
    now = clock.now()
    rules.check_wanted_by(wish.wanted_by, today=clock.local_day(now))
    rules.LIFE.check(wish.status, Step.PUBLISH)
    if wish.verified_at is None:
        _verify(session, wish, by_id=by_id)
    wish.round += wish.status is Status.NEXT_ROUND
    wish.published_at, wish.published_by_id = now, by_id
    advance(session, wish, Step.PUBLISH, by_id=by_id)
    return wish


def check_entered_by_other(session: Session, wish: Wish, by_id: UUID) -> None:
    """Four eyes on a wish that goes out.

    Raises:
        OwnEntryError: ``by_id`` entered it.
        BoundByAccountError: one of ``by_id`` and who entered it came in by the other's hand.
    """
    if wish.entered_by_id == by_id:
        raise OwnEntryError
    _check_two_pairs_of_eyes(session, by_id, wish.entered_by_id)


def refer(session: Session, *, wish_id: UUID, by_id: UUID, channel: str, sentence: str) -> Wish:
    """Refer a wish to a channel that can do more for it."""
    wish = lock_wish(session, wish_id)
    rules.LIFE.check(wish.status, Step.REFER)
    wish.channel = channel
    advance(session, wish, Step.REFER, by_id=by_id, note=sentence)
    return wish


def put_off(session: Session, *, wish_id: UUID, by_id: UUID | None, wanted_by: date | None = None) -> Wish:
    """Let a wish that nobody claimed wait for the next round, where it goes first.

    ``wanted_by`` is the later day on which it still helps, where the first one has passed.
    """
    wish = lock_wish(session, wish_id)
    advance(session, wish, Step.NEXT_ROUND, by_id=by_id)
    if wanted_by is not None:
        rules.check_wanted_by(wanted_by, today=clock.today())
        wish.wanted_by = wanted_by
        session.flush()
    return wish


def _verify(session: Session, wish: Wish, *, by_id: UUID) -> None:
    if wish.accepted_by_id == by_id:
        raise OwnAcceptanceError
    _check_two_pairs_of_eyes(session, by_id, wish.accepted_by_id)
    wish.verified_at, wish.verified_by_id = clock.now(), by_id


def _check_two_pairs_of_eyes(session: Session, one: UUID, other: UUID | None) -> None:
    if other is not None and powers.are_bound(session, one, other):
        raise BoundByAccountError(days=VOUCHED_AFTER.days)


def _note(
    session: Session, wish: Wish, step: Step, *, by_id: UUID | None, by_wisher: bool = False, note: str = ""
) -> None:
    session.add(
        WishEvent(
            wish_id=wish.id,
            seq=wish.steps,
            step=step,
            status=wish.status,
            at=clock.now(),
            by_id=by_id,
            by_wisher=by_wisher,
            note=note,
        )
    )
    session.flush()
