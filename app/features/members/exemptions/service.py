"""Who is not scored for a while, and why. Nobody decides on the own exemption; each change leaves an audit row."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.members import audit, reach
from app.features.members.actor import Actor
from app.features.members.errors import AlreadyExemptError, HasLeftError
from app.features.members.models import Exemption, Member
from app.features.members.posts.rules import FOR_EVER, check_days
from app.features.members.rules import AuditAction, ExemptionKind

_EXEMPTION: Final = select(Exemption).where(
    Exemption.id == bindparam("exemption"), Exemption.member_id == bindparam("member")
)
_OVERLAPPING: Final = (
    select(Exemption.id)
    .where(
        Exemption.member_id == bindparam("member"),
        Exemption.kind == bindparam("kind"),
        Exemption.starts_on <= bindparam("ends_on"),
        or_(Exemption.ends_on.is_(None), Exemption.ends_on >= bindparam("starts_on")),
    )
    .limit(2)
)


def exempt_member(
    session: Session,
    actor: Actor,
    *,
    member_id: UUID,
    kind: ExemptionKind,
    starts_on: date,
    ends_on: date | None = None,
    note: str | None = None,
) -> Exemption:
    """A member gets sheets without a score from ``starts_on``, until and including ``ends_on`` if that is known.

    Raises:
        OwnRecordError: it is the actor.
        HigherPostError: the member decides beside the actor or stands higher.
        HasLeftError: the member will have left by then.
        EndsBeforeStartError: the last day lies before the first.
        AlreadyExemptError: the same reason covers a part of that time.
    """
    member, _side = reach.appointee(session, actor, member_id)
    reach.check_account(session, actor, member)
    check_days(starts_on, ends_on)
    if member.left_on and member.left_on <= starts_on:
        raise HasLeftError(name=member.name)
    _check_free(session, member, kind=kind, starts_on=starts_on, ends_on=ends_on)
    exemption = Exemption(member_id=member.id, kind=kind, starts_on=starts_on, ends_on=ends_on, note=note)
    session.add(exemption)
    session.flush()
    audit.record(session, actor.member_id, AuditAction.EXEMPTION_GIVEN, member, audit.changed({}, _words(exemption)))
    return exemption


def end_exemption(session: Session, actor: Actor, *, member_id: UUID, exemption_id: UUID, ends_on: date) -> Exemption:
    """Say which day is the last of an exemption; the same again changes nothing.

    Raises:
        OwnRecordError: it is the actor's own.
        HigherPostError: the member decides beside the actor or stands higher.
        EndsBeforeStartError: the last day lies before the first.
        AlreadyExemptError: a longer time would meet another exemption for the same reason.
    """
    member, _side = reach.appointee(session, actor, member_id)
    reach.check_account(session, actor, member)
    exemption = session.scalars(_EXEMPTION, {"exemption": exemption_id, "member": member_id}).one_or_none()
    if exemption is None:
        raise NotFoundError
    check_days(exemption.starts_on, ends_on)
    _check_free(
        session, member, kind=exemption.kind, starts_on=exemption.starts_on, ends_on=ends_on, apart_from=exemption.id
    )
    before, exemption.ends_on = _words(exemption), ends_on
    session.flush()
    if changes := audit.changed(before, _words(exemption)):
        audit.record(session, actor.member_id, AuditAction.EXEMPTION_ENDED, member, changes)
    return exemption


def _check_free(
    session: Session,
    member: Member,
    *,
    kind: ExemptionKind,
    starts_on: date,
    ends_on: date | None,
    apart_from: UUID | None = None,
) -> None:
    """The member is held, so that nobody adds another one meanwhile."""
    overlapping = session.scalars(
        _OVERLAPPING, {"member": member.id, "kind": kind, "starts_on": starts_on, "ends_on": ends_on or FOR_EVER}
    )
    if any(exemption_id != apart_from for exemption_id in overlapping):
        raise AlreadyExemptError(name=member.name)


def _words(exemption: Exemption) -> dict[str, object]:
    return {
        "kind": exemption.kind,
        "starts_on": exemption.starts_on,
        "ends_on": exemption.ends_on,
        "note": exemption.note,
    }
