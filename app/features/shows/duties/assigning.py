"""Giving and taking duties: a row for each member, as each answers for it alone; and what is offered to be taken."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid5

from sqlalchemy import Table
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import put_once
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.shows.duties import queries, service, whom
from app.features.shows.duties.errors import NobodyChosenError, NotInBranchError, OwnDutyError, OwnLateDutyError
from app.features.shows.duties.models import Duty, DutyHelper
from app.features.shows.duties.queries import check_officer
from app.features.shows.duties.rules import DutyKind, DutySource, Repeat, check_due

_DUTIES, _HELPERS = (cast(Table, model.__table__) for model in (Duty, DutyHelper))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDuty:
    """A duty on its way to its member."""

    id: UUID
    """Made before, so that sending it twice is once."""
    branch_id: UUID
    member_id: UUID
    kind: DutyKind
    matter: str
    basis: str | None
    due_on: date
    source: DutySource
    repeat: Repeat
    helper_ids: tuple[UUID, ...] = ()
    made_by_id: UUID


def take_duty(session: Session, actor: Actor, *, id: UUID, **said: Any) -> UUID:  # noqa: A002 (what it is)
    """Let the actor take on a duty; its id. ``said`` are the values of ``DutyForm``. Twice is once.

    Raises:
        DueTooEarlyError, DueTooLateError: nobody can meet this day.
        NotInBranchError: a helper is of another branch.
        ContentDiffersError: another duty came from this form.
    """
    (duty,) = _give(session, actor, id, [actor.member_id], **said)
    return duty.id


def assign_duty(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    member_ids: Collection[UUID],
    wholes: Collection[str] = (),
    **said: Any,
) -> int:
    """Give the same duty to several members at once: a row for each, as each answers for it alone. Twice is once.

    What an officer gives to the own person counts as taken. ``said`` are the values of ``DutyForm``, ``wholes`` keys of
    ``whom.wholes``. Gives for how many members it is.

    Raises:
        NotFoundError: the actor gives out no duties.
        NobodyChosenError: it is for nobody.
        DueTooEarlyError, DueTooLateError, NotInBranchError, ContentDiffersError: as with ``take_duty``.
    """
    check_officer(actor, actor.branch_id)
    meant = {*member_ids}
    if wholes:
        meant.update(*(whole.ids for whole in whom.wholes(session, actor.branch_id) if whole.key in wholes))
    if not meant:
        raise NobodyChosenError
    return len(_give(session, actor, id, meant, **said))


def make_duties(session: Session, duties: Iterable[NewDuty]) -> int:
    """Write duties, some of which may be there already; how many were not. A fixed number of statements.

    Raises:
        ContentDiffersError: an id is taken by another duty. A due day may have been moved since.
    """
    by_id = {duty.id: duty for duty in duties}
    said = ("branch_id", "member_id", "kind", "matter")
    fresh = put_once(session, _DUTIES, [_row(duty) for duty in by_id.values()], said=said)
    helpers = [
        {"duty_id": duty_id, "member_id": helper_id}
        for duty_id in sorted(fresh)
        for helper_id in sorted(set(by_id[duty_id].helper_ids) - {by_id[duty_id].member_id})
    ]
    if helpers:
        session.execute(_HELPERS.insert(), helpers)
    return len(fresh)


def _give(
    session: Session,
    actor: Actor,
    form_id: UUID,
    member_ids: Collection[UUID],
    *,
    kind: DutyKind,
    matter: str,
    basis: str | None,
    due_on: date,
    repeat: Repeat = Repeat.NONE,
    helper_ids: Collection[UUID] = (),
) -> list[NewDuty]:
    """One form makes one duty for each member, however often it is sent."""
    check_due(due_on, today=clock.today())
    if not {*member_ids, *helper_ids} <= {person.id for person in members.branch_members(session, actor.branch_id)}:
        raise NotInBranchError
    duties = [
        NewDuty(
            id=uuid5(form_id, member_id.hex),
            branch_id=actor.branch_id,
            member_id=member_id,
            kind=kind,
            matter=matter,
            basis=basis,
            due_on=due_on,
            source=DutySource.TAKEN if member_id == actor.member_id else DutySource.ASSIGNED,
            repeat=repeat,
            helper_ids=tuple(helper_ids),
            made_by_id=actor.member_id,
        )
        for member_id in member_ids
    ]
    make_duties(session, duties)
    return duties


def _row(duty: NewDuty) -> dict[str, Any]:
    row = asdict(duty) | {
        "series_id": duty.id,
        "series_place": 0,
        "anchored_on": duty.due_on,
        "made_at": clock.now(),
        "cancelled_at": None,
    }
    del row["helper_ids"]
    return row


class Offered(NamedTuple):
    """What pages offer somebody to do with a duty."""

    change: bool
    hand_over: bool


def offered(session: Session, actor: Actor, duty_id: UUID) -> Offered:
    """What pages offer the actor: for a duty that the actor may see."""
    row = queries.rows_of(session, [duty_id], clock.today())[duty_id]
    hand_overs = service.hand_overs_of(session, [duty_id]).get(duty_id, ())
    change = hand_over = True
    try:
        service.check_change(actor, row, hand_overs)
    except OwnDutyError:
        change = False
    try:
        service.check_hand_over(actor, row, hand_overs, starts_on=clock.today())
    except (OwnDutyError, OwnLateDutyError):
        hand_over = False
    return Offered(change, hand_over and queries.is_officer(actor, row.branch_id))
