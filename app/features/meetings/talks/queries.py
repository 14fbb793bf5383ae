"""Talks: the two see theirs; for everybody else they are numbers."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.core.rows import IDS, locked, one
from app.features.meetings.talks.models import Talk
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.queries import AnyRow

_ME: Final = bindparam("me", type_=Uuid())
_Talker, _Partner, _Recorder, _Refuter = (aliased(Member) for _ in range(4))
_BETWEEN: Final = Talk.held_on.between(bindparam("first"), bindparam("last"))
_MINE: Final = (
    select(
        Talk.id,
        Talk.held_on,
        Talk.category,
        Talk.talker_id,
        Talk.refuted_by_id,
        _Talker.name.label("talker"),
        _Partner.name.label("partner"),
        _Recorder.name.label("recorder"),
        _Refuter.name.label("refuter"),
    )
    .join(_Talker, _Talker.id == Talk.talker_id)
    .join(_Partner, _Partner.id == Talk.partner_id)
    .join(_Recorder, _Recorder.id == Talk.recorded_by_id)
    .outerjoin(_Refuter, _Refuter.id == Talk.refuted_by_id)
    .where(
        Talk.id.in_(
            union_all(
                select(Talk.id).where(Talk.talker_id == _ME, _BETWEEN),
                select(Talk.id).where(Talk.partner_id == _ME, _BETWEEN),
            )
        )
    )
    .order_by(Talk.held_on, Talk.id)
)
_FIRST: Final = select(func.min(Talk.held_on)).where(or_(Talk.talker_id == _ME, Talk.partner_id == _ME))
_HELD: Final = locked(
    select(Talk).where(
        Talk.id == bindparam("talk"), or_(Talk.talker_id == _ME, Talk.partner_id == _ME, Talk.recorded_by_id == _ME)
    )
)
_PAIRS: Final = select(Talk.branch_id, Talk.talker_id, Talk.partner_id).where(
    Talk.branch_id.in_(IDS), _BETWEEN, Talk.refuted_at.is_(None)
)
_NEW: Final = (
    select(
        Talk.id,
        Talk.talker_id,
        Talk.partner_id,
        Talk.recorded_by_id,
        Talk.held_on,
        _Talker.name.label("talker"),
        _Partner.name.label("partner"),
    )
    .join(_Talker, _Talker.id == Talk.talker_id)
    .join(_Partner, _Partner.id == Talk.partner_id)
    .where(Talk.recorded_at >= bindparam("since", type_=Talk.recorded_at.type), Talk.refuted_at.is_(None))
    .order_by(Talk.id)
)


def mine(session: Session, actor: Actor, year: int) -> Sequence[AnyRow]:
    """The actor's own of a year, the first one first, with those that were said not to have been."""
    asked = {"me": actor.member_id, "first": date(year, 1, 1), "last": date(year, 12, 31)}
    return session.execute(_MINE, asked).all()


def first_year(session: Session, actor: Actor, this: int) -> int:
    """The year of the actor's first talk; ``this`` where there is none."""
    first = session.scalar(_FIRST, {"me": actor.member_id})
    return first.year if first else this


def held(session: Session, actor: Actor, talk_id: UUID) -> Talk:
    """The talk, held, for the two and for who noted it."""
    return one(session, _HELD, {"talk": talk_id, "me": actor.member_id})


def pairs(session: Session, branch_ids: Collection[UUID], first: date, last: date) -> Sequence[AnyRow]:
    """Who talked with whom in these branches and days, for those who count only."""
    return session.execute(_PAIRS, {"ids": sorted(branch_ids), "first": first, "last": last}).all()


def noted_since(session: Session, since: datetime) -> Sequence[AnyRow]:
    """What was noted lately, with both names."""
    return session.execute(_NEW, {"since": since}).all()
