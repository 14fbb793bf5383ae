"""Reads of objections: what holds a signature, what goes into an archived sheet, and what each person may see."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Integer, Uuid, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import IDS, one_row
from app.features.ledger.models import Fact
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission
from app.features.scores.objections import deciders
from app.features.scores.objections.models import Objection
from app.features.scores.objections.rules import WAITING, ObjectionOutcome, State
from app.features.scores.publicity.rules import Period

_YEAR: Final = bindparam("year", type_=Integer())
_DAY: Final = bindparam("day", type_=Date())
_ME: Final = bindparam("me", type_=Uuid())
_LEADS: Final = bindparam("leads", type_=Uuid(), expanding=True)
_Taken, _Answered, _Decided = aliased(Member), aliased(Member), aliased(Member)
IS_PENDING: Final = or_(
    Objection.state.in_(WAITING), and_(Objection.state == State.ANSWERED, Objection.escalate_until >= _DAY)
)
"""Whether it holds its member's signature and archive; see ``rules.is_pending``. Bind ``day``."""
_PENDING: Final = (
    select(Objection.member_id).where(Objection.member_id.in_(IDS), Objection.year == _YEAR, IS_PENDING).distinct()
)
_NUMBER_PENDING: Final = (
    select(Objection.branch_id, Objection.year, Objection.quarter, func.count().label("number"))
    .where(Objection.branch_id.in_(IDS), Objection.year.in_((_YEAR, bindparam("before", type_=Integer()))), IS_PENDING)
    .group_by(Objection.branch_id, Objection.year, Objection.quarter)
)
_ROWS: Final = (
    select(
        *Objection.__table__.columns,
        Member.name,
        Organisation.name.label("branch"),
        _Taken.name.label("taken_by"),
        _Answered.name.label("answered_by"),
        _Decided.name.label("decided_by"),
        Fact.fact_type,
        Fact.grade,
        Fact.quantity,
        Fact.occurred_on,
        Fact.counts_in,
        Fact.matter.label("fact_matter"),
        Fact.note,
        deciders.HAND,
        Fact.confirmed_by_id,
    )
    .join(Member, Member.id == Objection.member_id)
    .join(Organisation, Organisation.id == Objection.branch_id)
    .outerjoin(_Taken, _Taken.id == Objection.taken_by_id)
    .outerjoin(_Answered, _Answered.id == Objection.answered_by_id)
    .outerjoin(_Decided, _Decided.id == Objection.decided_by_id)
    .outerjoin(Fact, Fact.id == Objection.fact_id)
)
_OF_MEMBER: Final = _ROWS.where(Objection.member_id == bindparam("member"), Objection.year == _YEAR).order_by(
    Objection.filed_at, Objection.id
)
_MINE: Final = _ROWS.where(Objection.member_id == _ME).order_by(Objection.filed_at.desc(), Objection.id.desc())
_MINE_TO_SAY: Final = _ROWS.where(
    Objection.member_id == _ME,
    or_(
        and_(Objection.state == State.ANSWERED, Objection.escalate_until >= _DAY),
        and_(Objection.state == State.FILED, Objection.answer_by < _DAY),
    ),
).order_by(Objection.id)
_NEAR: Final = _ROWS.where(deciders.NEAR, Objection.member_id != _ME).order_by(Objection.answer_by, Objection.id)
_OF_BRANCH: Final = _ROWS.where(Objection.branch_id == bindparam("branch"), Objection.year == _YEAR).order_by(
    Objection.number
)
_ONE: Final = _ROWS.where(Objection.id == bindparam("objection"))
_OVER: Final = powers.everything_over(select(Objection.branch_id).where(Objection.id == bindparam("objection")))
_IS_ABOVE: Final = select(func.count()).select_from(_OVER).where(_OVER.c.height > 0, _OVER.c.over_id.in_(_LEADS))
_BELOW: Final = powers.everything_over(select(Objection.branch_id).where(Objection.year == _YEAR))
_FINAL: Final = func.coalesce(Objection.decision, Objection.outcome)


def _number(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_NUMBERS: Final = (
    select(
        Organisation.name,
        func.count(Objection.id).label("filed"),
        _number(IS_PENDING).label("waiting"),
        *(_number(outcome.value == _FINAL).label(outcome.value) for outcome in ObjectionOutcome),
        _number(Objection.escalated_at.is_not(None)).label("escalated"),
    )
    .join(Organisation, Organisation.id == Objection.branch_id)
    .where(
        Objection.year == _YEAR,
        Objection.branch_id.in_(
            select(_BELOW.c.place_id).where(
                _BELOW.c.over_id.in_(bindparam("places", type_=Uuid(), expanding=True)), _BELOW.c.height > 0
            )
        ),
    )
    .group_by(Organisation.id, Organisation.name, Organisation.pinyin)
    .order_by(Organisation.pinyin, Organisation.id)
)


def pending(session: Session, member_ids: Collection[UUID], year: int) -> set[UUID]:
    """Those of these people whose signature and archive of ``year`` an objection holds; nobody else's are held."""
    asked = {"ids": sorted(member_ids), "year": year, "day": clock.today()}
    return set(session.scalars(_PENDING, asked)) if member_ids else set()


def of_member(session: Session, member_id: UUID, year: int) -> Sequence[AnyRow]:
    """All objections of a member about ``year``, in the order in which they were filed, for the archived sheet."""
    return session.execute(_OF_MEMBER, {"member": member_id, "year": year}).all()


def mine(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """The actor's own, the latest first."""
    return session.execute(_MINE, {"me": actor.member_id}).all()


def to_answer(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """What waits for the actor's word, the nearest day first, late ones last."""
    if not deciders.may_answer_any(actor):
        return ()
    rows = session.execute(_NEAR, deciders.near(actor) | {"me": actor.member_id}).all()
    able = deciders.answerers(session, rows)
    return sorted((row for row in rows if actor.member_id in able[row.id]), key=lambda row: day_of(row) or date.max)


def day_of(row: AnyRow) -> date | None:
    """The last day for whoever has the word; None while a late one waits, or nobody has it."""
    return {State.FILED: row.answer_by, State.ANSWERED: row.escalate_until, State.ESCALATED: row.decide_by}.get(
        row.state
    )


def of_branch(session: Session, actor: Actor, year: int) -> Sequence[AnyRow]:
    """All of the actor's branch in ``year`` by number, for those who decide there."""
    if not actor.may(Permission.APPROVE):
        raise NotFoundError
    return session.execute(_OF_BRANCH, {"branch": actor.branch_id, "year": year}).all()


def shown(session: Session, actor: Actor, objection_id: UUID) -> AnyRow:
    """One that the actor may see: the own, one of the branch for who decides there, one the actor has the word on."""
    row = one_row(session, _ONE, {"objection": objection_id})
    if actor.member_id in (row.member_id, row.taken_by_id, row.answered_by_id, row.decided_by_id):
        return row
    if actor.may(Permission.APPROVE) and row.branch_id == actor.branch_id:
        return row
    is_above = bool(actor.leads) and session.scalar(
        _IS_ABOVE, {"objection": objection_id, "leads": sorted(actor.leads)}
    )
    if is_above and (row.escalated_at or actor.member_id in deciders.answerers_of(session, objection_id)):
        return row
    raise NotFoundError


def numbers(session: Session, places: Collection[UUID], year: int) -> Sequence[AnyRow]:
    """How many were filed in each branch below these places and what came of them, by the branches' names."""
    asked = {"places": sorted(places), "year": year, "day": clock.today()}
    return session.execute(_NUMBERS, asked).all() if places else ()


def mine_to_say(session: Session, actor: Actor, today: date) -> Sequence[AnyRow]:
    """The actor's own that wait for the actor: answered, or not answered in time."""
    return session.execute(_MINE_TO_SAY, {"me": actor.member_id, "day": today}).all()


def pending_in(session: Session, branch_ids: Collection[UUID], year: int) -> dict[UUID, dict[Period, int]]:
    """How many wait in each of these branches, of the periods of ``year`` and of the year before."""
    found: dict[UUID, dict[Period, int]] = {branch_id: {} for branch_id in branch_ids}
    asked = {"ids": sorted(branch_ids), "year": year, "before": year - 1, "day": clock.today()}
    for row in session.execute(_NUMBER_PENDING, asked):
        found[row.branch_id][Period(row.year, row.quarter)] = row.number
    return found
