"""Reads about second factors, always of one person. Statements are built once."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.queries import AnyRow, Rows
from app.features.sign_in.factors.models import FactorReset, RecoveryCode, SecondFactor
from app.features.sign_in.factors.rules import RESET_LASTS, FactorKind, ResetState

_FACTORS: Final = (
    select(
        SecondFactor.id,
        SecondFactor.kind,
        SecondFactor.label,
        SecondFactor.sealed,
        SecondFactor.credential_id,
        SecondFactor.public_key,
        SecondFactor.counter,
        SecondFactor.created_at,
        SecondFactor.used_at,
    )
    .where(SecondFactor.member_id == bindparam("member"))
    .order_by(SecondFactor.id)
)
_NUMBER: Final = select(func.count()).select_from(SecondFactor).where(SecondFactor.member_id == bindparam("member"))
_CODES_LEFT: Final = (
    select(func.count())
    .select_from(RecoveryCode)
    .where(RecoveryCode.member_id == bindparam("member"), RecoveryCode.used_at.is_(None))
)
_Proposer = aliased(Member)
_WAITING: Final = (
    select(
        FactorReset.id,
        FactorReset.member_id,
        FactorReset.proposed_by_id,
        FactorReset.proposed_at,
        Member.name,
        _Proposer.name.label("proposed_by"),
    )
    .join(Member, Member.id == FactorReset.member_id)
    .join(_Proposer, _Proposer.id == FactorReset.proposed_by_id)
    .where(FactorReset.state == ResetState.WAITING, FactorReset.proposed_at > bindparam("since"))
    .order_by(FactorReset.id)
)


def factors(session: Session, member_id: UUID) -> Rows:
    """The member's second factors, in the order they were added."""
    return session.execute(_FACTORS, {"member": member_id}).all()


def own_factors(session: Session, actor: Actor) -> Rows:
    """The actor's second factors."""
    return factors(session, actor.member_id)


def number(session: Session, member_id: UUID) -> int:
    """How many second factors the member has."""
    return session.scalar(_NUMBER, {"member": member_id}) or 0


def passkeys(rows: Rows) -> list[AnyRow]:
    """Those of ``rows`` that are passkeys."""
    return [row for row in rows if row.kind is FactorKind.PASSKEY]


def codes_left(session: Session, member_id: UUID) -> int:
    """How many recovery codes of the member are still good."""
    return session.scalar(_CODES_LEFT, {"member": member_id}) or 0


def waiting_resets(session: Session) -> Rows:
    """Resets that wait for a second administrator."""
    return session.execute(_WAITING, {"since": clock.now() - RESET_LASTS}).all()
