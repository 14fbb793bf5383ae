"""What the pages of the duty list show. Lists of people go by group and pinyin, never by a number."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Uuid, and_, bindparam, exists, or_, select, tuple_, union
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import IDS, AnyRow
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import Permission
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.duties.models import Duty, DutyHandOver, DutyHelper, DutyOutcome
from app.features.shows.duties.rules import SOON, DutyState, Urgency
from app.features.shows.duties.view import DAY, ENDS, HOLDER_ID, LIST, OF_IDS, RESPONSIBLE_ID, DutyRow, ShownDuty
from app.features.shows.duties.view import shown as as_shown

_ME: Final = bindparam("me", type_=Uuid())
_TOUCHED: Final = Duty.id.in_(
    union(select(Duty.id).where(Duty.member_id == _ME), select(DutyHandOver.duty_id).where(DutyHandOver.to_id == _ME))
)
"""Duties that were ever the member's: found by indexes, before anybody asks whose they are now."""
_HELPED: Final = Duty.id.in_(select(DutyHelper.duty_id).where(DutyHelper.member_id == _ME))
STANDING: Final = or_(Review.status.is_(None), Review.status == ReviewStatus.RETURNED)
_NOT_ENDED: Final = (Duty.cancelled_at.is_(None), STANDING)
LATE: Final = (*_NOT_ENDED, Duty.due_on < DAY)
"""Nobody has said how it ended, and its day has passed: the branch's number, its list and the board's cell."""
NOT_SETTLED: Final = or_(STANDING, Review.status == ReviewStatus.PENDING)
"""What is open, or waits for an officer: of rows of ``LIST``. Lists and their numbers ask with the same words."""
_BY_DAY: Final = (Duty.due_on, Duty.id)
_OF_YEAR: Final = (Duty.due_on >= bindparam("since"), Duty.due_on <= bindparam("until"))
_MINE: Final = LIST.where(_TOUCHED, RESPONSIBLE_ID == _ME).order_by(*_BY_DAY)
_MINE_NOW: Final = _MINE.where(
    or_(
        and_(STANDING, Duty.cancelled_at.is_(None)),
        Review.status == ReviewStatus.PENDING,
        Duty.due_on >= bindparam("since"),
    )
)
_MINE_OF_YEAR: Final = _MINE.where(*_OF_YEAR, Duty.cancelled_at.is_(None))
_TO_COME: Final = ENDS.with_only_columns(RESPONSIBLE_ID).where(
    Duty.id.in_(
        union(
            select(Duty.id).where(Duty.member_id.in_(IDS)),
            select(DutyHandOver.duty_id).where(DutyHandOver.to_id.in_(IDS)),
        )
    ),
    RESPONSIBLE_ID.in_(IDS),
    Duty.cancelled_at.is_(None),
    or_(Review.status.is_(None), Review.status != ReviewStatus.APPROVED),
    *_OF_YEAR,
)
_DUE_ANYWHERE: Final = LIST.where(
    *_NOT_ENDED,
    Duty.due_on <= bindparam("until"),
    Duty.due_on >= bindparam("since"),
    Member.branch_id == Duty.branch_id,
    Member.is_here(DAY),
).order_by(Duty.id)
_HELPING: Final = LIST.where(_HELPED, *_NOT_ENDED).order_by(*_BY_DAY)
_ONE: Final = LIST.where(
    Duty.id == bindparam("duty"),
    or_(
        Duty.member_id == _ME,
        Duty.branch_id == bindparam("officer_of", type_=Uuid()),
        exists().where(DutyHandOver.duty_id == Duty.id, DutyHandOver.to_id == _ME),
        exists().where(DutyHelper.duty_id == Duty.id, DutyHelper.member_id == _ME),
    ),
)
_BRANCH: Final = LIST.where(Duty.branch_id == bindparam("branch"), Duty.cancelled_at.is_(None))
_BRANCH_OF_YEAR: Final = _BRANCH.where(*_OF_YEAR).order_by(*_BY_DAY)
_SOME_OF_YEAR: Final = _BRANCH_OF_YEAR.where(RESPONSIBLE_ID.in_(bindparam("people", type_=Uuid(), expanding=True)))
_BRANCH_NOW: Final = _BRANCH.where(NOT_SETTLED, Duty.due_on <= bindparam("until")).order_by(*_BY_DAY)
_BRANCH_IN_PORTIONS: Final = (
    _BRANCH.where(tuple_(*_BY_DAY) > tuple_(bindparam("last_day", type_=Date()), bindparam("last_id", type_=Uuid())))
    .order_by(*_BY_DAY)
    .limit(bindparam("most"))
)
_OF_REPORT: Final = select(DutyOutcome.duty_id).where(DutyOutcome.id == bindparam("report"))
_SAME_MATTERS: Final = (
    select(Duty.id, HOLDER_ID.label("holder_id"), Duty.matter, Duty.due_on)
    .where(Duty.branch_id == bindparam("branch"), Duty.cancelled_at.is_(None), Duty.due_on >= bindparam("since"))
    .order_by(Duty.id)
)
FORGOTTEN: Final = timedelta(days=30)
"""So long after its due day nobody is reminded of a duty any more."""
_FURTHEST: Final = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class MyDuties:
    """One's own list, in the order in which one acts on it."""

    overdue: Sequence[ShownDuty]
    soon: Sequence[ShownDuty]
    later: Sequence[ShownDuty]
    reported: Sequence[ShownDuty]
    """Handed in, waiting for an officer."""
    ended: Sequence[ShownDuty]
    """Of this year."""
    helping: Sequence[ShownDuty]
    """Open ones of others with which one helps."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not (self.overdue or self.soon or self.later or self.reported or self.ended or self.helping)


def mine(session: Session, actor: Actor, *, today: date | None = None) -> MyDuties:
    """The actor's own duties, and those the actor helps with: at most four statements."""
    today = today or clock.today()
    asked = {"me": actor.member_id, "day": today, "since": date(today.year, 1, 1)}
    own = as_shown(session, session.execute(_MINE_NOW, asked).all(), today=today)
    helping = session.execute(_HELPING, {"me": actor.member_id, "day": today}).all()
    still_open = [duty for duty in own if duty.is_open]
    return MyDuties(
        overdue=[duty for duty in still_open if duty.urgency is Urgency.OVERDUE],
        soon=[duty for duty in still_open if duty.urgency is Urgency.SOON],
        later=[duty for duty in still_open if duty.urgency is Urgency.LATER],
        reported=[duty for duty in own if duty.state is DutyState.REPORTED],
        ended=[duty for duty in own if not duty.is_open and duty.state is not DutyState.REPORTED],
        helping=[duty for duty in as_shown(session, helping, today=today) if duty.responsible_id != actor.member_id],
    )


def to_come(session: Session, ids: Collection[UUID], year: int) -> Mapping[UUID, int]:
    """How many duties of these members are due by the end of ``year`` and not settled; in this year also older ones."""
    today = clock.today()
    since = date.min if year == today.year else date(year, 1, 1)
    asked = {"ids": ids, "day": today, "since": since, "until": date(year, 12, 31)}
    return Counter(session.scalars(_TO_COME, asked))


def due_anywhere(session: Session, today: date) -> Sequence[AnyRow]:
    """Rows ``id, matter, due_on, responsible_id`` of what is due in all branches: for reminders.

    A duty that nobody has touched for ``FORGOTTEN`` is the officers' matter, not one to go on reminding of.
    """
    asked = {"day": today, "until": today + SOON, "since": today - FORGOTTEN}
    return session.execute(_DUE_ANYWHERE, asked).all()


def is_officer(actor: Actor, branch_id: UUID) -> bool:
    """Whether the actor gives out the duties of this branch."""
    return actor.branch_id == branch_id and (actor.may(Permission.APPROVE) or actor.may(Permission.RECORD_FOR_OTHERS))


def check_officer(actor: Actor, branch_id: UUID) -> None:
    """Let officers of the branch pass.

    Raises:
        NotFoundError: the actor is none.
    """
    if not is_officer(actor, branch_id):
        raise NotFoundError


def shown(session: Session, member_id: UUID, year: int) -> Sequence[ShownDuty]:
    """A member's duties due in ``year`` for the card, the wall and prints, by due day; cancelled ones are left out."""
    today = clock.today()
    rows = session.execute(_MINE_OF_YEAR, {"me": member_id, "day": today, **_year(year)}).all()
    return as_shown(session, rows, today=today)


def shown_in_branch(
    session: Session, branch_id: UUID, year: int, only: Collection[UUID] | None = None
) -> dict[UUID, list[ShownDuty]]:
    """The same for a whole branch or ``only`` these of it, by who is responsible: two statements."""
    by_member: dict[UUID, list[ShownDuty]] = {}
    for duty in of_year(session, branch_id, year, only):
        by_member.setdefault(duty.responsible_id, []).append(duty)
    return by_member


def of_year(session: Session, branch_id: UUID, year: int, only: Collection[UUID] | None = None) -> Sequence[ShownDuty]:
    """All duties of a branch due in ``year``, or of ``only`` these in it, by due day.

    For callers that know the branch is theirs.
    """
    today = clock.today()
    asked: dict[str, Any] = {"branch": branch_id, "day": today, **_year(year)}
    if only is None:
        rows = session.execute(_BRANCH_OF_YEAR, asked).all()
    else:
        rows = session.execute(_SOME_OF_YEAR, asked | {"people": sorted(only)}).all()
    return as_shown(session, rows, today=today)


def portion_of_branch(
    session: Session, branch_id: UUID, *, after: tuple[date, UUID] | None, most: int
) -> Sequence[ShownDuty]:
    """The next ``most`` duties of a branch by due day, behind the day and the id of the last one that was read."""
    last_day, last_id = after or (date.min, UUID(int=0))
    asked = {"branch": branch_id, "day": clock.today(), "last_day": last_day, "last_id": last_id, "most": most}
    return as_shown(session, session.execute(_BRANCH_IN_PORTIONS, asked).all(), today=clock.today())


def unsettled(session: Session, branch_id: UUID, *, until: date | None = None) -> Sequence[ShownDuty]:
    """What is open or waits for an officer in a branch and due by ``until``, by due day."""
    today = clock.today()
    asked = {"branch": branch_id, "day": today, "until": until or _FURTHEST}
    return as_shown(session, session.execute(_BRANCH_NOW, asked).all(), today=today)


def card(session: Session, actor: Actor, duty_id: UUID) -> ShownDuty:
    """One duty for who holds it, held it or helps with it, and for officers of its branch."""
    today = clock.today()
    asked = {"duty": duty_id, "day": today, **sight(actor)}
    row = session.execute(_ONE, asked).one_or_none()
    if row is None:
        raise NotFoundError
    return as_shown(session, [row], today=today)[0]


def of_report(session: Session, actor: Actor, report_id: UUID) -> UUID:
    """The duty whose end was reported under this id."""
    duty_id = session.scalar(_OF_REPORT, {"report": report_id})
    if duty_id is None:
        raise NotFoundError
    return card(session, actor, duty_id).id


def rows_of(session: Session, ids: Sequence[UUID], day: date) -> dict[UUID, DutyRow]:
    """Rows of ``LIST`` by id, whoever asks: for services."""
    rows: Sequence[AnyRow] = session.execute(OF_IDS, {"ids": list(ids), "day": day}).all()
    return {row.id: DutyRow(*row) for row in rows}


def sight(actor: Actor) -> dict[str, Any]:
    """Whose duties the actor may open besides the own ones."""
    return {"me": actor.member_id, "officer_of": actor.branch_id if actor.may(Permission.SEE_BRANCH) else None}


def same_matters(session: Session, branch_id: UUID, *, since: date) -> Sequence[AnyRow]:
    """Rows ``id, holder_id, matter, due_on`` of the branch's duties due from ``since`` on: an import asks."""
    return session.execute(_SAME_MATTERS, {"branch": branch_id, "day": clock.today(), "since": since}).all()


def own(session: Session, actor: Actor) -> Sequence[ShownDuty]:
    """Every duty the actor is or was responsible for at its end: own data to take along."""
    today = clock.today()
    rows = session.execute(_MINE, {"me": actor.member_id, "day": today}).all()
    return as_shown(session, rows, today=today)


def _year(year: int) -> dict[str, date]:
    return {"since": date(year, 1, 1), "until": date(year, 12, 31)}


LEAST_YEAR: Final = 2000


class View(StrEnum):
    """How much of the list is shown."""

    DUE = "due"  # due within a week, overdue, or waiting for an officer
    ALL = "all"  # everything that has not ended


def until(view: View, today: date) -> date | None:
    """Up to which due day a view goes; ``None`` for no end."""
    return today + SOON if view is View.DUE else None


def by_person(duties: Iterable[ShownDuty], order: Sequence[UUID]) -> list[tuple[str, list[ShownDuty]]]:
    """Names with their duties, in the given ``order`` of members; who is not in it comes last.

    The order is the one of all lists of people, by group and pinyin: how many duties somebody has changes nothing.
    """
    places = {member_id: place for place, member_id in enumerate(order)}
    in_order = sorted(duties, key=lambda duty: (places.get(duty.responsible_id, len(places)), duty.responsible_id))
    return [
        (name, list(theirs))
        for (_, name), theirs in groupby(in_order, key=lambda duty: (duty.responsible_id, duty.responsible))
    ]
