"""Reads for the reports: of the communities in somebody's sight, and never of people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import IDS
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.queries import Rows
from app.features.members.rules import OrganisationKind, Permission
from app.features.organisations.communities.queries import COLLECTED, PAIRED, collecting, looking_after
from app.features.wishes.models import Wish, WishEvent
from app.features.wishes.reports import rules
from app.features.wishes.reports.rules import COUNTED, OFF_THE_BOARD, Happened, span, year_span
from app.features.wishes.rules import Category, Kind, Status, Step


class Listed(NamedTuple):
    """A wish of a month, as it stood when the month ended."""

    community: str
    code: str
    title: str
    need: str
    category: Category
    kind: Kind
    yuan: int | None
    wanted_by: date | None
    status: Status
    steps: Mapping[Step, date]
    """When it took each counted step, the last time until the month ended: what the summary can be checked by."""

    @property
    def is_on_the_board(self) -> bool:
        """Whether members could read it when the month ended. Of the others only code and days are said."""
        return self.status not in OFF_THE_BOARD


class CommunityNumbers(NamedTuple):
    """The numbers of one community, in the order of ``COUNTED``."""

    community: str
    numbers: tuple[int, ...]


class Summary(NamedTuple):
    """The numbers of a month."""

    lines: Sequence[CommunityNumbers]
    totals: tuple[int, ...]


_OWN: Final = or_(Organisation.id.in_(COLLECTED), Organisation.id.in_(PAIRED))
_COMMUNITIES: Final = (
    select(Organisation.id, Organisation.name)
    .where(Organisation.kind == OrganisationKind.COMMUNITY, or_(bindparam("everywhere", type_=Boolean()), _OWN))
    .order_by(Organisation.pinyin, Organisation.id)
)
_OF_COMMUNITY: Final = _COMMUNITIES.with_only_columns(Organisation.id).order_by(None)
_IN_SIGHT: Final = Wish.community_id.in_(_OF_COMMUNITY)
_AT_THE_END: Final = (
    select(WishEvent.wish_id, func.max(WishEvent.seq).label("seq"))
    .join(Wish, Wish.id == WishEvent.wish_id)
    .where(_IN_SIGHT, WishEvent.at < bindparam("until"))
    .group_by(WishEvent.wish_id)
    .subquery()
)
_COUNTED_NOW: Final = select(WishEvent.wish_id).where(
    WishEvent.step.in_(sorted(COUNTED)), WishEvent.at >= bindparam("since"), WishEvent.at < bindparam("until")
)
_LIST: Final = (
    select(
        Wish.id,
        Organisation.name.label("community"),
        Wish.code,
        Wish.title,
        Wish.need,
        Wish.category,
        Wish.kind,
        Wish.yuan,
        Wish.wanted_by,
        WishEvent.status,
    )
    .join(_AT_THE_END, _AT_THE_END.c.wish_id == Wish.id)
    .join(WishEvent, and_(WishEvent.wish_id == Wish.id, WishEvent.seq == _AT_THE_END.c.seq))
    .join(Organisation, Organisation.id == Wish.community_id)
    .where(
        or_(
            WishEvent.status.not_in(sorted({Status.CLOSED, *OFF_THE_BOARD})),
            Wish.id.in_(_COUNTED_NOW),  # closed in the month among them
        )
    )
    .order_by(Organisation.pinyin, Organisation.id, WishEvent.status.in_(sorted(OFF_THE_BOARD)), Wish.code)
)
_STEPS: Final = (
    select(WishEvent.wish_id, WishEvent.step, func.max(WishEvent.at).label("at"))
    .where(WishEvent.wish_id.in_(IDS), WishEvent.step.in_(sorted(COUNTED)), WishEvent.at < bindparam("until"))
    .group_by(WishEvent.wish_id, WishEvent.step)
)
_NUMBERS: Final = (
    select(Wish.community_id, WishEvent.step, func.count(WishEvent.wish_id.distinct()).label("number"))
    .join(Wish, Wish.id == WishEvent.wish_id)
    .where(
        _IN_SIGHT,
        WishEvent.step.in_(sorted(COUNTED)),
        WishEvent.at >= bindparam("since"),
        WishEvent.at < bindparam("until"),
    )
    .group_by(Wish.community_id, WishEvent.step)
)
_HISTORY: Final = (
    select(WishEvent.wish_id, Wish.category, WishEvent.step, WishEvent.at)
    .join(Wish, Wish.id == WishEvent.wish_id)
    .where(
        _IN_SIGHT,
        WishEvent.step.in_((Step.PUBLISH, Step.CLAIM, Step.CONFIRM)),
        WishEvent.at >= bindparam("since"),
        WishEvent.at < bindparam("until"),
    )
    .order_by(WishEvent.wish_id, WishEvent.seq)
)
_FIRST: Final = select(func.min(WishEvent.at)).join(Wish, Wish.id == WishEvent.wish_id).where(_IN_SIGHT)


def communities(session: Session, actor: Actor) -> Rows:
    """The communities in the actor's sight, by name: rows ``id, name``."""
    return session.execute(_COMMUNITIES, _sight(actor)).all()


def wishes_of(session: Session, actor: Actor, month: date) -> Sequence[Listed]:
    """What was on the board in a month and what else its summary counts, each as it stood when the month ended.

    By community; what is on the board first, then by code. Only of the communities the actor has to do with: those
    who see aggregates alone get no list.
    """
    since, until = span(month)
    asked = _sight(actor) | {"everywhere": False, "since": since, "until": until}
    found = session.execute(_LIST, asked).all()
    steps: dict[UUID, dict[Step, date]] = {}
    for row in session.execute(_STEPS, {"ids": [wish.id for wish in found], "until": until}):
        steps.setdefault(row.wish_id, {})[row.step] = clock.local_day(row.at)
    return [Listed._make((*wish[1:], steps.get(wish.id, {}))) for wish in found]


def listed_of(session: Session, actor: Actor, summary: Summary) -> list[str] | None:
    """The communities of which the actor gets the list, by name, where the summary knows more; else ``None``."""
    own = [row.name for row in session.execute(_COMMUNITIES, _sight(actor) | {"everywhere": False})]
    return own if len(own) < len(summary.lines) else None


def numbers_of(session: Session, actor: Actor, month: date) -> Mapping[UUID, Mapping[Step, int]]:
    """How many wishes took each step in a month, by community; a wish counts once a step."""
    since, until = span(month)
    found: dict[UUID, dict[Step, int]] = {}
    for row in session.execute(_NUMBERS, _sight(actor) | {"since": since, "until": until}):
        found.setdefault(row.community_id, {})[row.step] = row.number
    return found


def history_of(session: Session, actor: Actor, year: int) -> Iterator[Happened]:
    """The steps of a year and of the year before it, each wish's in their order."""
    since, _middle = year_span(year - 1)
    _middle, until = year_span(year)
    rows = session.execute(_HISTORY, _sight(actor) | {"since": since, "until": until})
    return (Happened(row.wish_id, row.category, row.step, clock.local_day(row.at)) for row in rows)


def first_year(session: Session, actor: Actor) -> int | None:
    """The year of the first wish in the actor's sight."""
    moment = session.scalar(_FIRST, _sight(actor))
    return clock.local_day(moment).year if moment else None


def summary_of(session: Session, actor: Actor, month: date) -> Summary:
    """The numbers of each community in the actor's sight, and of all together."""
    found = numbers_of(session, actor, month)
    lines = [
        CommunityNumbers(row.name, tuple(found.get(row.id, {}).get(step, 0) for step in COUNTED))
        for row in communities(session, actor)
    ]
    totals = tuple(sum(line.numbers[index] for line in lines) for index in range(len(COUNTED)))
    return Summary(lines, totals)


def by_community(wishes: Iterable[Listed]) -> list[tuple[str, list[Listed]]]:
    """The wishes of a month below their communities, in the order of the list."""
    return [(name, list(listed)) for name, listed in groupby(wishes, key=lambda wish: wish.community)]


def readable_month(word: str) -> date:
    """The month an address names, if its summary can be read by now.

    Raises:
        NotFoundError: it names none, or one that is not ready.
    """
    month = rules.month_called(word)
    if month is None or month > rules.latest_ready(clock.today()):
        raise NotFoundError
    return month


def on_the_desk(actor: Actor) -> date | None:
    """The month whose summary lies on an officer's desk: from the 10th until the month is over."""
    today = clock.today()
    return rules.month_before(today) if actor.may(Permission.APPROVE) and today.day >= rules.READY_ON else None


def _sight(actor: Actor) -> dict[str, object]:
    everywhere = actor.may(Permission.SEE_AGGREGATES)
    return {"everywhere": everywhere, **collecting(actor), **looking_after(actor)}
