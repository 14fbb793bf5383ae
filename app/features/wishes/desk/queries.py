"""The desk: the wishes that somebody answers for, how many wait for what, and when a branch publishes."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.i18n import LazyText, ngettext
from app.core.i18n import lazy_gettext as _
from app.core.rows import IDS, columns, one_row
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.rules import Permission
from app.features.organisations.communities.queries import ANSWERED, PAIRED, answering, looking_after
from app.features.stream import Queue
from app.features.wishes.carrying.rules import fulfil_by
from app.features.wishes.contacts.models import WishContact
from app.features.wishes.desk import rules
from app.features.wishes.desk.models import PublishingDay, PublishingPlan
from app.features.wishes.desk.rules import Pile, pile_of
from app.features.wishes.intake import rules as intake_rules
from app.features.wishes.intake.rules import ListedWish
from app.features.wishes.models import Wish, WishClaim, WishEvent, WishRevisit
from app.features.wishes.residents import queries as residents
from app.features.wishes.rules import TERMINAL, Category, Kind, Status


class DeskCard(NamedTuple):
    """A wish as the desk sees it."""

    id: UUID
    code: str
    title: str
    need: str
    category: Category
    kind: Kind
    yuan: int | None
    wanted_by: date | None
    status: Status
    channel: str | None
    community_id: UUID
    branch_id: UUID
    entered_by_id: UUID | None
    accepted_by_id: UUID | None
    entered_at: datetime
    verified_at: datetime | None
    community: str
    entered_by: str | None
    verified_by: str | None
    filled: list[str] | None
    """Which fields of the contact say something."""
    due_on: date | None
    """The round with which it goes out."""
    last_note: str
    last_at: datetime
    claimer: str | None
    fulfil_from: date | None
    extended_at: datetime | None
    fulfilled_on: date | None
    sentence: str | None
    is_looked_back_at: bool
    """Somebody has taken over to look back."""

    @property
    def entered_on(self) -> date:
        """The day on which it was entered."""
        return clock.local_day(self.entered_at)

    @property
    def pile(self) -> Pile:
        """Where it lies; see ``rules.pile_of``."""
        return rules.pile_of(
            self.status,
            is_verified=self.verified_at is not None,
            is_planned=self.due_on is not None,
            fulfilled_on=self.fulfilled_on,
            is_looked_back_at=self.is_looked_back_at,
            today=clock.today(),
        )

    @property
    def fulfil_by(self) -> date | None:
        """The one day by which whoever has claimed it hands it over."""
        if self.fulfil_from is None:
            return None
        return fulfil_by(self.fulfil_from, self.wanted_by, is_extended=self.extended_at is not None)

    @property
    def next_day(self) -> date | None:
        """The day that matters next; see ``rules.next_day``."""
        return rules.next_day(
            self.status,
            goes_out_on=self.due_on,
            wanted_by=self.wanted_by,
            fulfil_by=self.fulfil_by,
            fulfilled_on=self.fulfilled_on,
        )


MOST: Final = 300
"""Wishes on a desk; far more than a community has in hand at a time."""
OVER_SHOWN: Final = 50
_Enterer, _Verifier, _Claimer = aliased(Member), aliased(Member), aliased(Member)
_IS_THEIRS: Final = or_(
    Wish.community_id.in_(ANSWERED), Wish.branch_id == bindparam("officer_of", type_=Wish.branch_id.type)
)
IN_HAND: Final = (_IS_THEIRS, Wish.status.not_in(sorted(TERMINAL)))
"""What lies on a desk. Give it ``answering(actor)``."""
CURRENT_CLAIM: Final = and_(WishClaim.wish_id == Wish.id, WishClaim.ended_at.is_(None))
ITS_REVISIT: Final = and_(WishRevisit.claim_id == WishClaim.id, WishRevisit.attempt == WishClaim.attempt)
_ROWS: Final = (
    select(
        *columns(
            DeskCard,
            Wish,
            WishClaim,
            community=Organisation.name,
            entered_by=_Enterer.name,
            verified_by=_Verifier.name,
            filled=WishContact.filled,
            due_on=PublishingPlan.due_on,
            last_note=WishEvent.note,
            last_at=WishEvent.at,
            claimer=_Claimer.name,
            is_looked_back_at=WishRevisit.id.is_not(None),
        )
    )
    .join(Organisation, Organisation.id == Wish.community_id)
    .join(WishEvent, and_(WishEvent.wish_id == Wish.id, WishEvent.seq == Wish.steps))
    .outerjoin(_Enterer, _Enterer.id == Wish.entered_by_id)
    .outerjoin(_Verifier, _Verifier.id == Wish.verified_by_id)
    .outerjoin(WishContact, WishContact.wish_id == Wish.id)
    .outerjoin(PublishingPlan, PublishingPlan.wish_id == Wish.id)
    .outerjoin(WishClaim, CURRENT_CLAIM)
    .outerjoin(WishRevisit, ITS_REVISIT)
    .outerjoin(_Claimer, _Claimer.id == WishClaim.claimed_by_id)
    .where(_IS_THEIRS)
)
_DESK: Final = _ROWS.where(*IN_HAND).order_by(Organisation.pinyin, Wish.entered_at, Wish.id).limit(MOST)
_OVER: Final = (
    _ROWS.where(Wish.status.in_(sorted(TERMINAL))).order_by(WishEvent.at.desc(), Wish.id.desc()).limit(OVER_SHOWN)
)
_ONE: Final = _ROWS.where(Wish.id == bindparam("wish"))
_SOME: Final = _ROWS.where(Wish.id.in_(IDS)).order_by(Wish.entered_at.desc(), Wish.id)
_NEIGHBOURS: Final = (
    select(Wish.id, Wish.code, Wish.title, Wish.need, Wish.category)
    .where(
        Wish.community_id == bindparam("community"), Wish.entered_at >= bindparam("since"), Wish.id != bindparam("but")
    )
    .order_by(Wish.entered_at.desc(), Wish.id)
    .limit(MOST)
)
_DAY: Final = select(PublishingDay.day).where(PublishingDay.branch_id == bindparam("branch"))


def desk(session: Session, actor: Actor) -> Sequence[DeskCard]:
    """The wishes in hand of every community the actor answers for: what is due next first, then by time of entering."""
    found = [DeskCard._make(row) for row in session.execute(_DESK, answering(actor))]
    return sorted(found, key=lambda wish: (wish.next_day or date.max, wish.entered_at, wish.id))


def some(session: Session, actor: Actor, ids: Collection[UUID]) -> Sequence[DeskCard]:
    """These of the wishes that the actor answers for, the last entered first."""
    return [DeskCard._make(row) for row in session.execute(_SOME, answering(actor) | {"ids": sorted(ids)})]


def over(session: Session, actor: Actor) -> Sequence[DeskCard]:
    """The last ones that came to their end: closed, referred elsewhere, or taken back."""
    return [DeskCard._make(row) for row in session.execute(_OVER, answering(actor))]


def card(session: Session, actor: Actor, wish_id: UUID) -> DeskCard:
    """One wish as the desk sees it."""
    return DeskCard._make(one_row(session, _ONE, answering(actor) | {"wish": wish_id}))


def alike(session: Session, wish: DeskCard) -> list[ListedWish]:
    """Wishes of the same community that may be the same one: a hint for people."""
    asked = {"community": wish.community_id, "since": clock.now() - intake_rules.LOOKED_BACK, "but": wish.id}
    known = [ListedWish(*row) for row in session.execute(_NEIGHBOURS, asked)]
    return intake_rules.alike(wish.title, wish.need, wish.category, known)


def publishing_day(session: Session, branch_id: UUID) -> int | None:
    """The day of the month on which a branch publishes, or ``None`` where it has none."""
    return session.scalar(_DAY, {"branch": branch_id})


def next_round(session: Session, branch_id: UUID, today: date) -> date | None:
    """When the branch publishes next, today included; ``None`` where it has no day."""
    day = publishing_day(session, branch_id)
    return rules.next_round(day, today) if day else None


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
