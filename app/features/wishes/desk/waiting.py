"""What waits at the desk of wishes, as numbers for the page of today, and what the board has for everybody."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.i18n import LazyText, ngettext
from app.core.i18n import lazy_gettext as _
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.organisations.communities.queries import PAIRED, answering, looking_after
from app.features.stream import Queue
from app.features.wishes.carrying.models import WishRevisit
from app.features.wishes.desk.models import PublishingPlan
from app.features.wishes.desk.queries import CURRENT_CLAIM, IN_HAND, ITS_REVISIT
from app.features.wishes.desk.rules import Pile, pile_of
from app.features.wishes.models import Wish, WishClaim
from app.features.wishes.residents import queries as residents
from app.features.wishes.rules import Status

_ALIKE: Final = (
    Wish.status,
    Wish.verified_at.is_not(None),
    PublishingPlan.due_on.is_not(None),
    WishClaim.fulfilled_on,
    WishRevisit.id.is_not(None),
)
_NUMBERS: Final = (
    select(*_ALIKE, func.count(Wish.id))
    .outerjoin(PublishingPlan, PublishingPlan.wish_id == Wish.id)
    .outerjoin(WishClaim, CURRENT_CLAIM)
    .outerjoin(WishRevisit, ITS_REVISIT)
    .where(*IN_HAND)
    .group_by(*_ALIKE)
)
_OPEN: Final = select(func.count(Wish.id)).where(Wish.status == Status.PUBLISHED, Wish.community_id.in_(PAIRED))
_LABELS: Final[dict[Pile, LazyText]] = {
    Pile.COMPLETE: _("Micro-wishes to complete"),
    Pile.VERIFY: _("Micro-wishes to verify"),
    Pile.PUBLISH: _("Micro-wishes to publish"),
    Pile.CONFIRM: _("Micro-wishes to confirm"),
    Pile.REVISIT: _("Micro-wishes to look back at"),
    Pile.UNCLAIMED: _("Micro-wishes that nobody claimed"),
}
"""The piles with which the desk has something to do."""


def numbers(session: Session, actor: Actor, today: date) -> Counter[Pile]:
    """How many wishes lie on each pile of the actor's desk, by the filter of the desk itself; one statement."""
    found: Counter[Pile] = Counter()
    for status, is_verified, is_planned, fulfilled_on, is_looked_back_at, number in session.execute(
        _NUMBERS, answering(actor)
    ):
        pile = pile_of(
            status,
            is_verified=is_verified,
            is_planned=is_planned,
            fulfilled_on=fulfilled_on,
            is_looked_back_at=is_looked_back_at,
            today=today,
        )
        found[pile] += number
    return found


def queues(session: Session, actor: Actor, today: date) -> Iterator[Queue]:
    """What waits at the desk, and the letters before it, for who answers for a community; two statements."""
    if not (actor.may(Permission.COLLECT_WISHES) or actor.may(Permission.APPROVE)):
        return
    if letters := residents.number_waiting(session, actor):
        yield Queue(str(_("Letters of residents to read")), letters, "/wishes/from-residents")
    piles = numbers(session, actor, today)
    for pile, label in _LABELS.items():
        if number := piles[pile]:
            yield Queue(str(label), number, f"/wishes/desk#pile-{pile}", is_late=pile is Pile.UNCLAIMED)


def week(session: Session, actor: Actor, _today: date) -> Iterator[str]:
    """How many wishes wait to be claimed, as an invitation; one statement."""
    if number := session.scalar(_OPEN, looking_after(actor)):
        yield ngettext(
            "%(num)s micro-wish is open; whoever can help is welcome",
            "%(num)s micro-wishes are open; whoever can help is welcome",
            number,
        ) % {"num": number}
