"""A second factor that is lost altogether: one administrator says so, another confirms it, or the server's console."""

from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import NotFoundError
from app.features.members import audit, powers
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import AuditAction, Permission
from app.features.sign_in.factors import queries, service
from app.features.sign_in.factors.models import FactorReset
from app.features.sign_in.factors.rules import (
    RESET_LASTS,
    AlreadyProposedError,
    NoFactorError,
    NotSecondPersonError,
    ResetState,
)
from app.features.sign_in.queries import account
from app.features.sign_in.rules import read_login
from app.features.sign_in.service import end_sessions

MAY_RESET: Final = (Permission.ADMINISTER_SYSTEM, Permission.MANAGE_ALL_PEOPLE, Permission.AUDIT)
"""Of the three administrators any two, neither of them the person."""


def propose(session: Session, actor: Actor, *, login: str) -> str:
    """Say that somebody has lost the second factor; gives the name. Nothing changes until another confirms it.

    Raises:
        NoFactorError: nobody is called that, or has a second factor.
        NotSecondPersonError: it is the actor.
        AlreadyProposedError: it waits already.
    """
    row = account(session, read_login(login))
    if row is None or not queries.number(session, row.id):
        raise NoFactorError
    if row.id == actor.member_id:
        raise NotSecondPersonError
    session.execute(
        update(FactorReset)
        .where(FactorReset.state == ResetState.WAITING, FactorReset.proposed_at <= clock.now() - RESET_LASTS)
        .values(state=ResetState.ENDED)
    )
    with refusing(session, {"uq_factor_resets_waiting": AlreadyProposedError}):
        session.add(FactorReset(member_id=row.id, proposed_by_id=actor.member_id))
    member = session.get_one(Member, row.id)
    audit.record(session, actor.member_id, AuditAction.SECOND_FACTOR_RESET_PROPOSED, member, {})
    return str(row.name)


def confirm(session: Session, actor: Actor, *, reset_id: UUID) -> str:
    """Take the person's factors away and sign them out everywhere: the second administrator's word; gives the name.

    Raises:
        NotSecondPersonError: the actor said it first, or it is the actor's own; one of the two made the other's
            account lately; or who said it is no administrator now.
    """
    reset = _waiting(session, reset_id)
    if actor.member_id in (reset.proposed_by_id, reset.member_id):
        raise NotSecondPersonError
    if powers.are_bound(session, actor.member_id, reset.proposed_by_id):
        raise NotSecondPersonError
    if powers.permissions(session, [reset.proposed_by_id])[reset.proposed_by_id].isdisjoint(MAY_RESET):
        raise NotSecondPersonError
    reset.state, reset.decided_by_id = ResetState.DONE, actor.member_id
    proposer = session.get_one(Member, reset.proposed_by_id).name
    return reset_now(session, actor.member_id, reset.member_id, proposer=proposer)


def decline(session: Session, actor: Actor, *, reset_id: UUID) -> None:
    """Let it rest."""
    reset = _waiting(session, reset_id)
    reset.state, reset.decided_by_id = ResetState.ENDED, actor.member_id
    member = session.get_one(Member, reset.member_id)
    audit.record(session, actor.member_id, AuditAction.SECOND_FACTOR_RESET_DECLINED, member, {})


def reset_now(session: Session, by: UUID | None, member_id: UUID, *, proposer: str | None = None) -> str:
    """Take all second factors of a member away; ``by`` is ``None`` for a command on the server. Gives the name."""
    members.lock(session, member_id)
    number = service.clear(session, member_id)
    if not number:
        raise NoFactorError
    end_sessions(session, member_id)
    member = session.get_one(Member, member_id)
    changes = audit.changed({"devices": number}, {"proposed_by": proposer})
    audit.record(session, by, AuditAction.SECOND_FACTOR_REMOVED, member, changes)
    return member.name


def _waiting(session: Session, reset_id: UUID) -> FactorReset:
    reset = session.scalars(
        select(FactorReset)
        .where(
            FactorReset.id == reset_id,
            FactorReset.state == ResetState.WAITING,
            FactorReset.proposed_at > clock.now() - RESET_LASTS,
        )
        .with_for_update()
    ).one_or_none()
    if reset is None:
        raise NotFoundError
    return reset
