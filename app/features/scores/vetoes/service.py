"""One enters a veto, another confirms it; two say again that it is lifted. Each act stands in the audit log."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import locked, one
from app.features.ledger import closings
from app.features.ledger import service as ledger
from app.features.members import audit, powers
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import AuditAction
from app.features.members.two_people import (
    AboutOneselfError,
    BoundError,
    DecidedByNowError,
    Second,
    Stands,
    decide,
    enter,
)
from app.features.scores.sheet import Veto
from app.features.scores.vetoes import queries, rules
from app.features.scores.vetoes.models import MemberVeto
from app.features.scores.vetoes.queries import about, check_sees

_VETO: Final = locked(
    select(MemberVeto)
    .join(Member, Member.id == MemberVeto.member_id)
    .where(MemberVeto.id == bindparam("veto"), Member.branch_id == bindparam("branch"))
)
_BELOW: Final = (
    select(Member.branch_id)
    .join(MemberVeto, MemberVeto.member_id == Member.id)
    .where(MemberVeto.id == bindparam("veto"), *queries.BELOW)
)
_TAKEN: Final = {"uq_vetoes_one_waits": rules.VetoedAlreadyError, "uq_vetoes_lifted_once": rules.LiftedAlreadyError}


def enter_veto(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    member_id: UUID,
    year: int,
    kind: Veto,
    basis: str,
    document: str,
    dated: date,
) -> UUID:
    """Say that a veto lies on somebody's year; another one of the committee confirms it.

    Raises:
        DatedOtherwiseError: the document cannot be about that year.
    """
    _check_enters(session, actor, member_id)
    rules.check_dated(dated, year=year, today=clock.today())
    said = MemberVeto(
        id=id, member_id=member_id, year=year, kind=kind, basis=basis, document=document, dated=dated, lifts_id=None
    )
    return _entered(session, actor, said)


def lift_veto(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    veto_id: UUID,
    basis: str,
    document: str,
    dated: date,
) -> UUID:
    """Say that a veto is lifted, and why (``basis``); another one of the committee confirms it."""
    check_sees(actor)
    veto = one(session, _VETO, {"veto": veto_id, "branch": actor.branch_id})
    if veto.stands is not Stands.CONFIRMED or veto.lifts_id:
        raise DecidedByNowError(state=veto.stands.label)
    _check_enters(session, actor, veto.member_id)
    rules.check_dated(dated, year=dated.year, today=clock.today())
    said = MemberVeto(
        id=id,
        member_id=veto.member_id,
        year=veto.year,
        kind=veto.kind,
        basis=basis,
        document=document,
        dated=dated,
        lifts_id=veto.id,
    )
    return _entered(session, actor, said)


def decide_veto(session: Session, actor: Actor, *, veto_id: UUID, second: Second) -> None:
    """Confirm a veto or a lifting, or not.

    Another one of the branch's committee does; where that is one person, an officer of the committee above. Never the
    supervising member, who reads of no veto, and no administrator.
    """
    branch_id = _branch_of(session, actor, veto_id)
    ledger.hold(session, [branch_id])  # who archives holds it too: a veto stands on the sheet, or comes too late
    said = one(session, _VETO, {"veto": veto_id, "branch": branch_id})
    _check_free(session, actor, said.member_id)
    if second is Second.CONFIRM:
        _check_open(session, said)
    decide(session, actor, said, second)
    action = AuditAction.VETO_CONFIRMED if second is Second.CONFIRM else AuditAction.VETO_DECLINED
    _note(session, actor, said, action, branch_id)


def _branch_of(session: Session, actor: Actor, veto_id: UUID) -> UUID:
    """The actor's own branch, or the one below that has nobody else."""
    if actor.leads:
        found = session.scalar(_BELOW, queries.below(actor) | {"veto": veto_id})
        if found:
            return found
    check_sees(actor)
    return actor.branch_id


def _check_enters(session: Session, actor: Actor, member_id: UUID) -> None:
    check_sees(actor)
    members.colleague(session, actor, member_id)
    if member_id == actor.member_id:
        raise AboutOneselfError
    if member_id not in {row.id for row in about(session, actor)}:
        raise rules.NotTheirsToEnterError
    _check_free(session, actor, member_id)


def _check_free(session: Session, actor: Actor, member_id: UUID) -> None:
    """Let nobody pass whose account is that person's work: the person would speak through it."""
    if member_id in powers.bound_to(session, [actor.member_id])[actor.member_id]:
        raise BoundError


def _check_open(session: Session, said: MemberVeto) -> None:
    if closings.archived_on(session, said.member_id, said.year):
        raise rules.ArchivedError(year=said.year)


def _entered(session: Session, actor: Actor, said: MemberVeto) -> UUID:
    _check_open(session, said)
    is_new = session.get(MemberVeto, said.id) is None
    veto_id = enter(session, actor, said, _TAKEN)
    if is_new:
        _note(session, actor, said, AuditAction.VETO_LIFTED if said.lifts_id else AuditAction.VETO_ENTERED)
    return veto_id


def _note(session: Session, actor: Actor, said: MemberVeto, action: AuditAction, branch_id: UUID | None = None) -> None:
    about = audit.Subject("", said.member_id, branch_id or actor.branch_id)
    what = {"year": said.year, "kind": said.kind.value, "document": said.document}
    audit.record(session, actor.member_id, action, about, audit.changed({}, what))
