"""Duties held for a change, until the unit of work ends: whoever comes second sees what the first one wrote."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.duties import queries
from app.features.shows.duties.errors import OwnDutyError
from app.features.shows.duties.models import Duty, DutyHandOver
from app.features.shows.duties.rules import HandOver, check_may_change, check_open, holder_on
from app.features.shows.duties.states import DutySource, DutyState
from app.features.shows.duties.view import IDS, AnyRow, state_of_row

_HELD: Final = (
    select(Duty)
    .where(Duty.id.in_(IDS))
    .order_by(Duty.id)  # in one order everywhere, so that two holders never wait for each other
    .with_for_update()
    .execution_options(populate_existing=True)
)
_HAND_OVERS: Final = (
    select(DutyHandOver.duty_id, DutyHandOver.to_id, DutyHandOver.starts_on, DutyHandOver.ends_on)
    .where(DutyHandOver.duty_id.in_(IDS))
    .order_by(DutyHandOver.id)
)


@dataclass(frozen=True, slots=True)
class Held:
    """A duty that nobody else changes meanwhile, with where it stands."""

    duty: Duty
    row: AnyRow
    """Of ``view.LIST``, as it stands today."""
    hand_overs: Sequence[HandOver]

    @property
    def state(self) -> DutyState:
        """Where it stands."""
        return state_of_row(self.row)

    def holder_on(self, day: date) -> UUID:
        """Who is responsible on ``day``."""
        return holder_on(self.duty.member_id, self.hand_overs, day)


def hold_all(session: Session, ids: Collection[UUID]) -> dict[UUID, Held]:
    """Those of these duties that there are, whoever asks: three statements."""
    duties = session.scalars(_HELD, {"ids": sorted(set(ids))}).all()
    known = [duty.id for duty in duties]
    rows = queries.rows_of(session, known, clock.today())
    hand_overs = hand_overs_of(session, known)
    return {duty.id: Held(duty, rows[duty.id], hand_overs.get(duty.id, ())) for duty in duties}


def hold(session: Session, actor: Actor, duty_id: UUID) -> Held:
    """One duty that the actor may see.

    Raises:
        NotFoundError: there is none for the actor.
    """
    queries.card(session, actor, duty_id)
    return hold_all(session, [duty_id])[duty_id]


def hold_to_change(session: Session, actor: Actor, duty_id: UUID, *, must_be_open: bool = True) -> Held:
    """One duty whose due day or existence the actor may change; see ``rules.check_may_change``.

    Raises:
        NotFoundError: there is none for the actor.
        DutyEndedError, AlreadyReportedError: there is nothing to change any more.
        OwnDutyError: another officer changes it.
    """
    held = hold(session, actor, duty_id)
    if must_be_open:
        check_open(held.state)
    _check_may_change(actor, held.row, held.hand_overs)
    return held


def may_change(session: Session, actor: Actor, duty_id: UUID) -> bool:
    """Whether pages offer the actor to change this duty: for a duty that the actor may see."""
    row = queries.rows_of(session, [duty_id], clock.today())[duty_id]
    try:
        _check_may_change(actor, row, hand_overs_of(session, [duty_id]).get(duty_id, ()))
    except OwnDutyError:
        return False
    return True


def hand_overs_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Sequence[HandOver]]:
    """The hand-overs of these duties, in the order in which they were written down."""
    found: dict[UUID, list[HandOver]] = defaultdict(list)
    for row in session.execute(_HAND_OVERS, {"ids": sorted(ids)}):
        found[row.duty_id].append(HandOver(row.to_id, row.starts_on, row.ends_on))
    return found


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


def _check_may_change(actor: Actor, row: AnyRow, hand_overs: Sequence[HandOver]) -> None:
    today = clock.today()
    holder_id = holder_on(row.first_id, hand_overs, today)
    took_it = row.source is DutySource.TAKEN and row.made_by_id == actor.member_id
    check_may_change(
        is_officer=is_officer(actor, row.branch_id),
        actor_id=actor.member_id,
        holders={holder_id, holder_on(row.first_id, hand_overs, min(today, row.due_on))},
        is_own=took_it and holder_id == actor.member_id,
        is_overdue=row.due_on < today,
    )
