"""Which publicity of a period stands, by whose hands, and when a year's first one opened."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Date, Integer, Uuid, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.rows import IDS, one_row
from app.features.members import homes
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.queries import AnyRow
from app.features.scores.publicity.models import Publicity
from app.features.scores.publicity.rules import Period

_BRANCH: Final = bindparam("branch", type_=Uuid())
_QUARTER: Final = bindparam("quarter", type_=Integer())
OF_PERIOD: Final = select(Publicity).where(
    Publicity.branch_id == _BRANCH,
    Publicity.year == bindparam("year", type_=Integer()),
    func.coalesce(Publicity.quarter, 0) == func.coalesce(_QUARTER, 0),
    Publicity.withdrawn_at.is_(None),
)
"""The one that stands of a period, on whichever of its steps."""
_CURRENT: Final = OF_PERIOD.where(Publicity.published_at.is_not(None))
_FIRST: Final = select(func.min(Publicity.opened_on)).where(
    Publicity.year == bindparam("year", type_=Integer()), or_(_BRANCH.is_(None), Publicity.branch_id == _BRANCH)
)
_PUBLISHED: Final = select(Publicity.quarter, Publicity.year, Publicity.objections_until).where(
    Publicity.branch_id == _BRANCH,
    Publicity.year.in_((bindparam("year", type_=Integer()), bindparam("before", type_=Integer()))),
    Publicity.published_at.is_not(None),
    Publicity.withdrawn_at.is_(None),
)
_Proposer, _Checker, _Approver, _Publisher, _Withdrawer = (aliased(Member) for _step in range(5))
_STEPS: Final = (
    select(
        Publicity.id,
        _Proposer.name.label("proposed_by"),
        Publicity.proposed_at,
        _Checker.name.label("checked_by"),
        Publicity.checked_at,
        _Approver.name.label("approved_by"),
        Publicity.approved_at,
        _Publisher.name.label("published_by"),
        Publicity.published_at,
        _Withdrawer.name.label("withdrawn_by"),
        Publicity.withdrawn_at,
        Publicity.reason,
    )
    .join(_Proposer, _Proposer.id == Publicity.proposed_by_id)
    .outerjoin(_Checker, _Checker.id == Publicity.checked_by_id)
    .outerjoin(_Approver, _Approver.id == Publicity.approved_by_id)
    .outerjoin(_Publisher, _Publisher.id == Publicity.published_by_id)
    .outerjoin(_Withdrawer, _Withdrawer.id == Publicity.withdrawn_by_id)
    .where(
        Publicity.branch_id == _BRANCH,
        Publicity.year == bindparam("year", type_=Integer()),
        func.coalesce(Publicity.quarter, 0) == func.coalesce(_QUARTER, 0),
    )
    .order_by(Publicity.proposed_at.desc(), Publicity.id)
)
_RUNNING: Final = (
    select(Publicity)
    .where(
        Publicity.branch_id == _BRANCH,
        Publicity.withdrawn_at.is_(None),
        Publicity.objections_until >= bindparam("today", type_=Date()),
    )
    .order_by(Publicity.ends_on, Publicity.id)
)
_OF_BRANCHES: Final = select(Publicity).where(
    Publicity.branch_id.in_(IDS),
    Publicity.year == bindparam("year", type_=Integer()),
    func.coalesce(Publicity.quarter, 0) == func.coalesce(_QUARTER, 0),
    Publicity.withdrawn_at.is_(None),
)
_OPEN_IN: Final = select(Publicity.branch_id).where(
    Publicity.branch_id.in_(IDS),
    Publicity.year.in_((bindparam("year", type_=Integer()), bindparam("before", type_=Integer()))),
    Publicity.withdrawn_at.is_(None),
    Publicity.objections_until >= bindparam("today", type_=Date()),
)
_PERIOD_OF: Final = select(Publicity.year, Publicity.quarter).where(
    Publicity.id == bindparam("publicity"), Publicity.branch_id == _BRANCH
)


def period_of(session: Session, actor: Actor, publicity_id: UUID) -> Period:
    """Which period of the actor's branch a publicity is of."""
    return Period(*one_row(session, _PERIOD_OF, {"publicity": publicity_id, "branch": actor.branch_id}))


def current(session: Session, branch_id: UUID, year: int, quarter: int | None) -> Publicity | None:
    """The publicity of a quarter (1 to 4), or of the year (``None``), that was published and not withdrawn.

    Its days are whole: ``opened_on``, ``ends_on``, ``objections_until``. Who may see the branch is for the caller to
    know.
    """
    return session.scalars(_CURRENT, {"branch": branch_id, "year": year, "quarter": quarter}).one_or_none()


def standing(session: Session, branch_id: UUID, year: int, quarter: int | None) -> Publicity | None:
    """The same, also while it is only proposed, checked or approved."""
    return session.scalars(OF_PERIOD, {"branch": branch_id, "year": year, "quarter": quarter}).one_or_none()


def branch_then(session: Session, actor: Actor, asked: Period) -> UUID:
    """Whose publicity of a period shows the actor's facts: the branch of its last day, as far as it has come."""
    then = homes.branches_on(session, min(asked.last, clock.today()), {actor.member_id: actor.branch_id})
    return then[actor.member_id]


def first_of_year(session: Session, branch_id: UUID | None, year: int) -> date | None:
    """When the first publicity of a year opened, in a branch or anywhere (``None``); a withdrawn one was seen too."""
    return session.scalar(_FIRST, {"branch": branch_id, "year": year})


def of_branches(session: Session, branch_ids: Collection[UUID], asked: Period) -> dict[UUID, Publicity]:
    """The one that stands of a period in each of these branches, on whichever of its steps."""
    said = {"ids": sorted(branch_ids), "year": asked.year, "quarter": asked.quarter}
    return {found.branch_id: found for found in session.scalars(_OF_BRANCHES, said)}


def unsettled_in(session: Session, branch_ids: Collection[UUID], year: int) -> set[UUID]:
    """Which of these branches have a publicity of the year or the year before that is open to objections today."""
    asked = {"ids": sorted(branch_ids), "year": year, "before": year - 1, "today": clock.today()}
    return set(session.scalars(_OPEN_IN, asked))


def running(session: Session, branch_id: UUID) -> Sequence[Publicity]:
    """What is open to the branch's eyes or to its objections today."""
    return session.scalars(_RUNNING, {"branch": branch_id, "today": clock.today()}).all()


def unsettled(session: Session, branch_id: UUID, year: int, pending: Collection[Period]) -> set[Period]:
    """Which periods of the year and the year before are publicised and not settled.

    ``pending`` are those of which an objection waits.
    """
    asked = {"branch": branch_id, "year": year, "before": year - 1}
    rows = {Period(row.year, row.quarter): row.objections_until for row in session.execute(_PUBLISHED, asked)}
    return {one for one, until in rows.items() if clock.today() <= until or one in pending}


def holding(
    session: Session, branch_id: UUID, asked: Period, found: Publicity | None, pending: Collection[Period]
) -> Sequence[Period]:
    """What has to be settled before a year that nobody has proposed yet; nothing holds a quarter."""
    if asked.quarter is not None or found is not None:
        return ()
    return sorted(unsettled(session, branch_id, asked.year, pending), key=lambda one: one.last)


def steps(session: Session, branch_id: UUID, asked: Period) -> Sequence[AnyRow]:
    """All publicities of a period, the newest first, also withdrawn ones: who took which step, and when."""
    return session.execute(_STEPS, {"branch": branch_id, "year": asked.year, "quarter": asked.quarter}).all()
