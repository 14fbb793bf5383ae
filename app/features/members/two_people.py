"""What one person says and another confirms, so that nobody gains a second voice: not about oneself, not one hand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.db import refusing
from app.core.errors import AppError, ContentDiffersError, ForbiddenError
from app.core.forms import FormModel
from app.core.i18n import lazy_gettext as _
from app.core.ids import new_id
from app.core.life import Life, StepRefusedError
from app.core.words import Word
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.standing import VOUCHED_AFTER

DOCUMENT_LENGTH: Final = 60
"""Characters of the number of a decision."""


class Stands(Word):
    """How far two people are: one has said it, another confirms."""

    WAITING = "waiting", _("waits for the other one"), "need"
    CONFIRMED = "confirmed", _("confirmed"), "ok"
    DECLINED = "declined", _("not confirmed")


class Second(Word):
    """What the other one says."""

    CONFIRM = "confirm", _("Confirm")
    DECLINE = "decline", _("Do not confirm")

    @property
    def said(self) -> str:
        """What the one who says it reads then."""
        told = _("Confirmed. It counts now.") if self is Second.CONFIRM else _("Not confirmed. It counts for nothing.")
        return str(told)


class SecondForm(FormModel):
    """What the other one of two says."""

    second: Second


class DecidedByNowError(StepRefusedError):
    message = _("Somebody has decided on this by now: %(state)s. Look again.")


LIFE: Final = Life(
    Stands,
    {Second.CONFIRM: ((Stands.WAITING,), Stands.CONFIRMED), Second.DECLINE: ((Stands.WAITING,), Stands.DECLINED)},
    refusal=DecidedByNowError,
)


class AboutOneselfError(ForbiddenError):
    message = _("This is about you: somebody else enters and confirms it.")


class SamePersonError(ForbiddenError):
    message = _("You entered this: the other one of you confirms it.")


class BoundError(ForbiddenError):
    """Two accounts, and one hand behind them."""

    message = _(
        "One of you two made the other one's account or printed its slip less than %(days)s days ago. Somebody else "
        "confirms this."
    )

    def __init__(self) -> None:
        super().__init__(days=VOUCHED_AFTER.days)


def two_people() -> tuple[CheckConstraint, ...]:
    """The rules of such a table that a database can hold."""
    return (
        CheckConstraint("entered_by_id <> member_id", name="not_about_oneself"),
        CheckConstraint("decided_by_id NOT IN (member_id, entered_by_id)", name="decided_by_another"),
        CheckConstraint("(stands = 'waiting') = (decided_by_id IS NULL)", name="decided_by_iff_decided"),
        CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name="decided_at_iff_decided"),
    )


class TwoPeople:
    """The columns of what one person enters and another confirms."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    stands: Mapped[Stands] = mapped_column(default=Stands.WAITING)
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    decided_at: Mapped[datetime | None]


def check_second(session: Session, actor: Actor, *, entered_by_id: UUID, about: UUID | None = None) -> None:
    """Let pass who is another pair of eyes than the one who entered it.

    Raises:
        AboutOneselfError, SamePersonError, BoundError: somebody else is.
    """
    if about == actor.member_id:
        raise AboutOneselfError
    if entered_by_id == actor.member_id:
        raise SamePersonError
    if powers.are_bound(session, actor.member_id, entered_by_id):
        raise BoundError


def enter(session: Session, actor: Actor, said: TwoPeople, taken: Mapping[str, type[AppError]]) -> UUID:
    """Let the one say it; the same again is once. ``taken``: what it means that a unique index refuses it.

    Raises:
        AboutOneselfError: it is about the actor.
        ContentDiffersError: something else was sent under this id.
        AppError: one of ``taken``.
    """
    if said.member_id == actor.member_id:
        raise AboutOneselfError
    said.entered_by_id = actor.member_id
    if there := session.get(type(said), said.id):
        if any(getattr(there, name) != value for name, value in vars(said).items() if not name.startswith("_")):
            raise ContentDiffersError
        return there.id
    said.stands = Stands.WAITING
    with refusing(session, taken):
        session.add(said)
    return said.id


def decide(session: Session, actor: Actor, said: TwoPeople, second: Second) -> None:
    """Let the other one confirm it, or not. ``said`` is locked.

    Raises:
        DecidedByNowError: somebody did.
        AboutOneselfError, SamePersonError, BoundError: somebody else does.
    """
    stands = LIFE.after(said.stands, second)
    check_second(session, actor, entered_by_id=said.entered_by_id, about=said.member_id)
    said.stands, said.decided_by_id, said.decided_at = stands, actor.member_id, clock.now()
    session.flush()
