"""The board, a wish and its history. Everything is scoped: whoever has nothing to do with a community finds nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import rows
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.names import ESCAPE, contains
from app.features.members.rules import Permission
from app.features.organisations.communities.queries import COLLECTED, PAIRED, collecting, looking_after
from app.features.wishes.models import Wish, WishClaim, WishEvent, WishParticipant
from app.features.wishes.rules import Category, ClaimEnd, ClaimKind, ConfirmedHow, Kind, Status, Step


class Card(NamedTuple):
    """A wish with its current claim, or the one that realised it, and the reader's own part in that."""

    id: UUID
    code: str
    title: str
    need: str
    category: Category
    kind: Kind
    yuan: int | None
    wanted_by: date | None
    status: Status
    round: int
    community_id: UUID
    branch_id: UUID
    community: str
    claim_id: UUID | None
    claim_kind: ClaimKind | None
    claimed_by_id: UUID | None
    claimed_at: datetime | None
    contacted_at: datetime | None
    extended_at: datetime | None
    fulfil_from: date | None
    fulfilled_on: date | None
    sentence: str | None
    confirmed_how: ConfirmedHow | None
    attempt: int | None
    claimer: str | None
    joined_at: datetime | None
    took_part_from: datetime | None
    left_at: datetime | None
    invited_by: str | None


class Event(NamedTuple):
    """A step in the history of a wish."""

    seq: int
    step: Step
    at: datetime
    by_id: UUID | None
    by_wisher: bool
    note: str
    by: str | None


WORDS_LENGTH: Final = 40
PAGE: Final = 30
"""Realised wishes on one page."""
_ME: Final = bindparam("me", type_=Uuid())
_COMMUNITY, _CLAIMER, _INVITER = aliased(Organisation), aliased(Member), aliased(Member)
_TAKES_PART: Final = Wish.id.in_(
    select(WishClaim.wish_id)
    .join(WishParticipant, WishParticipant.claim_id == WishClaim.id)
    .where(WishClaim.ended_at.is_(None), WishParticipant.member_id == _ME, WishParticipant.left_at.is_(None))
    .correlate(None)
)
_ANSWERS_FOR: Final = or_(Wish.community_id.in_(COLLECTED), Wish.branch_id == bindparam("officer_of", type_=Uuid()))
_ON_THE_BOARD: Final = and_(
    Wish.community_id.in_(PAIRED), Wish.published_at.is_not(None), Wish.status != Status.REFERRED
)
IN_SIGHT: Final = or_(_ON_THE_BOARD, _ANSWERS_FOR, _TAKES_PART)
"""The wishes somebody may know of: members of the paired branches once they were published, those who answer for them
at any time, and who takes part in one, wherever that person belongs by now. Give it ``sight(actor)``."""
_CARDS: Final = (
    select(
        *rows.columns(
            Card,
            Wish,
            WishClaim,
            WishParticipant,
            community=_COMMUNITY.name,
            claim_id=WishClaim.id,
            claim_kind=WishClaim.kind,
            claimer=_CLAIMER.name,
            invited_by=_INVITER.name,
        )
    )
    .join(_COMMUNITY, _COMMUNITY.id == Wish.community_id)
    .outerjoin(
        WishClaim,
        and_(WishClaim.wish_id == Wish.id, or_(WishClaim.ended_at.is_(None), WishClaim.ended_as == ClaimEnd.CLOSED)),
    )
    .outerjoin(_CLAIMER, _CLAIMER.id == WishClaim.claimed_by_id)
    .outerjoin(WishParticipant, and_(WishParticipant.claim_id == WishClaim.id, WishParticipant.member_id == _ME))
    .outerjoin(_INVITER, _INVITER.id == WishParticipant.invited_by_id)
)
_SAYS: Final = or_(
    *(
        func.lower(said).like(bindparam("pattern"), escape=ESCAPE)
        for said in (Wish.title, Wish.need, Wish.code, _COMMUNITY.name)
    )
)
"""Wishes with the words of a search; give it ``pattern``."""
_OPEN: Final = _CARDS.where(_ON_THE_BOARD, _SAYS, Wish.status == Status.PUBLISHED).order_by(
    Wish.round.desc(),  # who waited since an earlier round goes first
    case((Wish.kind == Kind.SERVICE, 0), else_=1),
    Wish.wanted_by.is_(None),
    Wish.wanted_by,
    Wish.published_at,
    Wish.id,
)
_OPEN_OF_CATEGORY: Final = _OPEN.where(Wish.category == bindparam("category"))
_MINE: Final = _CARDS.where(WishParticipant.left_at.is_(None), WishClaim.ended_at.is_(None), _TAKES_PART).order_by(
    WishParticipant.joined_at.is_not(None), WishClaim.claimed_at, Wish.id
)
_REALISED: Final = (
    _CARDS.where(_ON_THE_BOARD, _SAYS, Wish.status.in_((Status.REALISED, Status.CLOSED)))
    .order_by(WishClaim.fulfilled_on.desc(), Wish.id.desc())
    .limit(PAGE + 1)
)
_REALISED_BEFORE: Final = _REALISED.where(
    or_(
        WishClaim.fulfilled_on < bindparam("before_day"),
        and_(WishClaim.fulfilled_on == bindparam("before_day"), Wish.id < bindparam("before_id")),
    )
)
_ONE: Final = _CARDS.where(Wish.id == bindparam("wish"), IN_SIGHT)
_ANSWERABLE: Final = select(Wish.id).where(Wish.id == bindparam("wish"), _ANSWERS_FOR)
_CLAIMABLE: Final = select(Wish.id).where(Wish.id == bindparam("wish"), _ON_THE_BOARD)
_NUMBERS: Final = (
    select(Wish.status, Wish.category, func.count(Wish.id).label("number"))
    .where(_ON_THE_BOARD, Wish.status.in_((Status.PUBLISHED, Status.REALISED, Status.CLOSED)))
    .group_by(Wish.status, Wish.category)
)
_PAIRED_AT_ALL: Final = PAIRED.limit(1)
_HISTORY: Final = (
    select(*rows.columns(Event, WishEvent, by=Member.name))
    .outerjoin(Member, Member.id == WishEvent.by_id)
    .where(WishEvent.wish_id == bindparam("wish"))
    .order_by(WishEvent.seq)
)


def sight(actor: Actor) -> dict[str, object]:
    """The parameters of ``IN_SIGHT``."""
    officer_of = actor.branch_id if actor.may(Permission.APPROVE) else None
    return {"me": actor.member_id, "officer_of": officer_of, **collecting(actor), **looking_after(actor)}


def open_wishes(session: Session, actor: Actor, *, category: Category | None = None, words: str = "") -> Sequence[Card]:
    """What waits to be claimed: who waited for a round first, then services, then what is wanted soonest.

    With ``words`` those alone that say them in title, need, number or community.
    """
    asked = {**sight(actor), "pattern": contains(words[:WORDS_LENGTH].lower())}
    if category is None:
        return _cards(session, _OPEN, asked)
    return _cards(session, _OPEN_OF_CATEGORY, {**asked, "category": category})


def mine(session: Session, actor: Actor) -> Sequence[Card]:
    """The wishes the actor takes part in now, invitations first."""
    return _cards(session, _MINE, sight(actor))


def realised(
    session: Session, actor: Actor, *, before: tuple[date, UUID] | None = None, words: str = ""
) -> Sequence[Card]:
    """What came true, the latest first: at most ``PAGE``, and one more if there are older ones.

    ``before`` is the day and id of the last one of the page before; ``words``: see ``open_wishes``.
    """
    asked = {**sight(actor), "pattern": contains(words[:WORDS_LENGTH].lower())}
    if before is None:
        return _cards(session, _REALISED, asked)
    return _cards(session, _REALISED_BEFORE, {**asked, "before_day": before[0], "before_id": before[1]})


def numbers(session: Session, actor: Actor) -> tuple[Mapping[Category, int], int]:
    """How many wishes wait to be claimed in each category, and how many came true."""
    waiting: dict[Category, int] = {}
    came_true = 0
    for row in session.execute(_NUMBERS, sight(actor)):
        if row.status is Status.PUBLISHED:
            waiting[row.category] = row.number
        else:
            came_true += row.number
    return waiting, came_true


def looks_after_any(session: Session, actor: Actor) -> bool:
    """Whether the actor's branch is paired with a community at all."""
    return session.scalar(_PAIRED_AT_ALL, looking_after(actor)) is not None


def wish(session: Session, actor: Actor, wish_id: UUID) -> Card:
    """One wish with its current claim and the actor's part in it."""
    return Card._make(rows.one_row(session, _ONE, {**sight(actor), "wish": wish_id}))


def may_claim(session: Session, actor: Actor, wish_id: UUID) -> bool:
    """Whether the wish is, or was, on the board of the actor's branch."""
    return session.scalar(_CLAIMABLE, {**sight(actor), "wish": wish_id}) is not None


def check_claimable(session: Session, actor: Actor, wish_id: UUID) -> None:
    """Let members of the paired branches pass once the wish was published.

    Raises:
        NotFoundError: the wish is none for the actor.
    """
    rows.one(session, _CLAIMABLE, {**sight(actor), "wish": wish_id})


def answers_for(session: Session, actor: Actor, wish_id: UUID) -> bool:
    """Whether the actor collects in the wish's community, or is an officer of the branch that leads there."""
    return session.scalar(_ANSWERABLE, {**sight(actor), "wish": wish_id}) is not None


def check_answers_for(session: Session, actor: Actor, wish_id: UUID) -> None:
    """Let those pass who answer for the wish.

    Raises:
        NotFoundError: the actor does not, or there is none.
    """
    rows.one(session, _ANSWERABLE, {**sight(actor), "wish": wish_id})


def history(session: Session, wish_id: UUID) -> Sequence[Event]:
    """What happened to a wish, for callers that may see it."""
    return [Event._make(row) for row in session.execute(_HISTORY, {"wish": wish_id})]


def _cards(session: Session, statement: Select[*tuple[Any, ...]], asked: Mapping[str, object]) -> Sequence[Card]:
    return [Card._make(row) for row in session.execute(statement, asked)]
