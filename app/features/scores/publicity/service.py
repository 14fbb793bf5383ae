"""A publicity is proposed, checked for secrecy, approved by another officer, published; and may be withdrawn."""

from collections.abc import Collection, Mapping
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock, holidays
from app.core.db import refusing
from app.core.errors import ContentDiffersError, NotFoundError
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.rows import locked, one, put_once
from app.features.ledger import anchors
from app.features.members import audit
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction, Permission, Role
from app.features.members.standing import DECIDING
from app.features.members.two_people import check_second
from app.features.scores.cycle.rules import deadlines
from app.features.scores.publicity import queries, rules
from app.features.scores.publicity.models import Publicity
from app.features.scores.service import hold_rules

_ONE: Final = locked(
    select(Publicity).where(Publicity.id == bindparam("publicity"), Publicity.branch_id == bindparam("branch"))
)
_MAY_MOVE: Final = locked(
    select(Publicity)
    .where(Publicity.withdrawn_at.is_(None), Publicity.objections_until >= bindparam("today"))
    .order_by(Publicity.id)
)
_TABLE: Final = cast(Table, Publicity.__table__)
_TAKEN: Final = {"uq_publicities_quarter": rules.StandsAlreadyError, "uq_publicities_year": rules.StandsAlreadyError}
_SAID: Final = ("branch_id", "year", "quarter", "working_days", "reception", "phone", "proposed_by_id")


def propose(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    pending: Collection[rules.Period] = (),
    **said: Any,
) -> Publicity:
    """Propose that a period be publicised, as secretary or deputy. The same form again is the same publicity.

    ``said``: ``year``, ``quarter``, ``working_days``, ``reception``, ``phone``. ``pending``: the periods of which an
    objection waits.

    Raises:
        DaysError: fewer than 3 or more than 10 working days.
    """
    if rules.PROPOSERS.isdisjoint(actor.roles):
        raise NotFoundError
    asked = rules.period(said["year"], said["quarter"])
    said |= {"branch_id": actor.branch_id, "proposed_by_id": actor.member_id}
    if there := session.get(Publicity, id):
        if any(getattr(there, name) != said[name] for name in _SAID):
            raise ContentDiffersError
        return there
    rules.check_days(said["working_days"])
    unsettled = queries.unsettled(session, actor.branch_id, asked.year, pending)
    rules.check_opening(asked, clock.today(), holidays.calendar(session), unsettled)
    with refusing(session, _TAKEN):
        session.add(made := Publicity(id=id, **said))
    return made


def propose_below(
    session: Session,
    actor: Actor,
    asked: rules.Period,
    *,
    branch_ids: Collection[UUID],
    pending: Mapping[UUID, Collection[rules.Period]],
) -> int:
    """Propose a period for many branches in one act, as committee officer; gives for how many.

    Each branch checks, approves and publishes by itself. Where one stands it stays, and where periods before the year
    are unsettled nothing is proposed. ``branch_ids`` are in the actor's sight.
    """
    if not actor.leads:
        raise NotFoundError
    rules.check_opening(asked, clock.today(), holidays.calendar(session), frozenset())
    left_out: set[UUID] = set()
    if asked.quarter is None:
        left_out = queries.unsettled_in(session, branch_ids, asked.year) | {
            one for one in branch_ids if pending.get(one)
        }
    rows = [
        {
            "id": new_id(),
            "branch_id": branch_id,
            **asked._asdict(),
            "working_days": asked.days,
            "reception": _("Branch committee"),
            "proposed_by_id": actor.member_id,
            "proposed_at": clock.now(),
        }
        for branch_id in sorted(set(branch_ids) - left_out)
    ]
    return len(put_once(session, _TABLE, rows))


def take(
    session: Session, actor: Actor, *, publicity_id: UUID, act: rules.Act, pending: Collection[rules.Period] = ()
) -> Publicity:
    """Take the step that follows: check it for secrecy, approve it as another officer, or publish it.

    Published, its days are computed once and stored, with the end of the branch's chain: what it shows was in the
    ledger by then.

    Raises:
        SamePersonError, BoundError: who proposed it does not approve it, nor who is bound to them.
    """
    found = one(session, _ONE, {"publicity": publicity_id, "branch": actor.branch_id})
    if not may(session, actor, found, act):
        raise NotFoundError
    if found.next_act is not act:
        raise rules.StepTakenError(state=found.next_act.label if found.next_act else _how_far(found))
    now = clock.now()
    match act:
        case rules.Act.CHECK:
            found.checked_by_id, found.checked_at = actor.member_id, now
        case rules.Act.APPROVE:
            check_second(session, actor, entered_by_id=found.proposed_by_id)
            found.approved_by_id, found.approved_at = actor.member_id, now
        case rules.Act.PUBLISH:
            _publish(session, actor, found, pending)
    session.flush()
    return found


def may(session: Session, actor: Actor, found: Publicity, act: rules.Act) -> bool:
    """Whether a step is the actor's: of the branch's officers or, to approve where there is no other, its 监督员."""
    if actor.branch_id != found.branch_id:
        return False
    if act is rules.Act.CHECK:
        return actor.may(Permission.SEE_BRANCH)
    if act is rules.Act.APPROVE and Role.SUPERVISOR in actor.roles and not actor.may(Permission.APPROVE):
        posts = members.posts_in(session, found.branch_id)
        deciding = {member_id for member_id, roles in posts.items() if not DECIDING.isdisjoint(roles)}
        return deciding <= {found.proposed_by_id}
    return actor.may(Permission.APPROVE)


def withdraw(session: Session, actor: Actor, *, publicity_id: UUID, reason: str) -> Publicity:
    """Withdraw it with a reason, before its end or before it is published; a new one begins from zero."""
    found = one(session, _ONE, {"publicity": publicity_id, "branch": actor.branch_id})
    if not actor.may(Permission.APPROVE):
        raise NotFoundError
    if found.withdrawn_at:
        raise rules.StepTakenError(state=_how_far(found))
    if found.ends_on and found.ends_on < clock.today():
        raise rules.EndedAlreadyError
    found.withdrawn_by_id, found.withdrawn_at, found.reason = actor.member_id, clock.now(), reason
    session.flush()
    if found.published_at:
        _note(session, actor, AuditAction.PUBLICITY_WITHDRAWN, found)
    return found


def move_later(session: Session, _now: object) -> int:
    """Let running publicities last longer where a list of days off came after they had opened; never shorter."""
    calendar, moved = holidays.calendar(session), 0
    for found in session.scalars(_MAY_MOVE, {"today": clock.today()}):
        if found.opened_on and found.ends_on and found.objections_until:
            days = deadlines(found.opened_on, found.working_days, calendar=calendar)
            later = max(found.ends_on, days.ends), max(found.objections_until, days.objections_until)
            moved += later != (found.ends_on, found.objections_until)
            found.ends_on, found.objections_until = later
    session.flush()
    return moved


def _publish(session: Session, actor: Actor, found: Publicity, pending: Collection[rules.Period]) -> None:
    today, calendar = clock.today(), holidays.calendar(session)
    rules.check_opening(found.period, today, calendar, queries.unsettled(session, found.branch_id, found.year, pending))
    hold_rules(session, year=found.year)  # nobody learns other rules after these results
    days = deadlines(today, found.working_days, calendar=calendar)
    found.published_by_id, found.published_at = actor.member_id, clock.now()
    found.opened_on, found.ends_on, found.objections_until = today, days.ends, days.objections_until
    found.heads = anchors.head_of(session, found.branch_id).whole
    _note(session, actor, AuditAction.PUBLICITY_OPENED, found)


def _note(session: Session, actor: Actor, action: AuditAction, found: Publicity) -> None:
    said = {"head": found.heads, "until": found.ends_on, "reason": found.reason}
    about = audit.Subject(found.period.words, None, found.branch_id)
    audit.record(session, actor.member_id, action, about, audit.changed({}, said))


def _how_far(found: Publicity) -> str:
    return _("withdrawn") if found.withdrawn_at else _("published")
