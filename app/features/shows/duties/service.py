"""A duty held while it changes: handed over, moved, struck. Every change stays in its history."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import IDS, locked
from app.features.history.service import record
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.shows.duties import due, queries
from app.features.shows.duties.errors import NotInBranchError, SameHolderError
from app.features.shows.duties.models import Duty, DutyHandOver, DutyHelper
from app.features.shows.duties.rules import (
    SENTENCE_LENGTH,
    ChangeKind,
    DutySource,
    DutyState,
    HandOver,
    Repeat,
    check_due,
    check_may_change,
    check_may_hand_over,
    check_open,
    check_span,
    holder_on,
    keeper_on,
)
from app.features.shows.duties.view import DutyRow, helpers_of

_HELD: Final = locked(select(Duty).where(Duty.id.in_(IDS)).order_by(Duty.id))
"""In one order everywhere, so that two holders never wait for each other."""
_HAND_OVERS: Final = (
    select(DutyHandOver.duty_id, DutyHandOver.to_id, DutyHandOver.starts_on, DutyHandOver.ends_on)
    .where(DutyHandOver.duty_id.in_(IDS))
    .order_by(DutyHandOver.id)
)
_FORGET_HELPERS: Final = delete(DutyHelper).where(DutyHelper.duty_id == bindparam("duty"))


@dataclass(frozen=True, slots=True)
class LockedDuty:
    """A duty that nobody else changes meanwhile, with where it stands."""

    duty: Duty
    row: DutyRow
    """Of ``view.LIST``, as it stands today."""
    hand_overs: Sequence[HandOver]

    @property
    def state(self) -> DutyState:
        """Where it stands."""
        return self.row.state

    def holder_on(self, day: date) -> UUID:
        """Who is responsible on ``day``."""
        return holder_on(self.duty.member_id, self.hand_overs, day)


def lock_duties(session: Session, ids: Collection[UUID]) -> dict[UUID, LockedDuty]:
    """Those of these duties that there are, whoever asks: three statements."""
    duties = session.scalars(_HELD, {"ids": sorted(set(ids))}).all()
    known = [duty.id for duty in duties]
    rows = queries.rows_of(session, known, clock.today())
    hand_overs = hand_overs_of(session, known)
    return {duty.id: LockedDuty(duty, rows[duty.id], hand_overs.get(duty.id, ())) for duty in duties}


def lock_duty(session: Session, actor: Actor, duty_id: UUID) -> LockedDuty:
    """One duty that the actor may see."""
    queries.card(session, actor, duty_id)
    return lock_duties(session, [duty_id])[duty_id]


def lock_to_change(session: Session, actor: Actor, duty_id: UUID, *, must_be_open: bool = True) -> LockedDuty:
    """One duty whose due day or existence the actor may change; see ``rules.check_may_change``.

    Raises:
        DutyEndedError, AlreadyReportedError: there is nothing to change any more.
        OwnDutyError: another officer changes it.
    """
    held = lock_duty(session, actor, duty_id)
    if must_be_open:
        check_open(held.state)
    check_change(actor, held.row, held.hand_overs)
    return held


def hand_overs_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Sequence[HandOver]]:
    """The hand-overs of these duties, in the order in which they were written down."""
    found: dict[UUID, list[HandOver]] = defaultdict(list)
    for row in session.execute(_HAND_OVERS, {"ids": sorted(ids)}):
        found[row.duty_id].append(HandOver(row.to_id, row.starts_on, row.ends_on))
    return found


def check_change(actor: Actor, row: DutyRow, hand_overs: Sequence[HandOver]) -> None:
    """See ``rules.check_may_change``."""
    today = clock.today()
    check_may_change(
        is_officer=queries.is_officer(actor, row.branch_id),
        actor_id=actor.member_id,
        holders=_holders(row, hand_overs),
        is_own=_took_it(actor, row) and holder_on(row.first_id, hand_overs, today) == actor.member_id,
        is_overdue=row.due_on < today,
    )


def check_hand_over(actor: Actor, row: DutyRow, hand_overs: Sequence[HandOver], *, starts_on: date) -> None:
    """See ``rules.check_may_hand_over``."""
    check_may_hand_over(
        is_responsible=actor.member_id in _holders(row, hand_overs),
        took_it=_took_it(actor, row),
        due_on=row.due_on,
        starts_on=starts_on,
    )


def _holders(row: DutyRow, hand_overs: Sequence[HandOver]) -> set[UUID]:
    """Whose duty it is: today's, and its due day's, to whom it goes back after a while with somebody else."""
    return {holder_on(row.first_id, hand_overs, day) for day in (clock.today(), row.due_on)}


def _took_it(actor: Actor, row: DutyRow) -> bool:
    return row.source is DutySource.TAKEN and row.made_by_id == actor.member_id


def hand_over(
    session: Session,
    actor: Actor,
    *,
    duty_id: UUID,
    to_id: UUID,
    starts_on: date,
    ends_on: date | None = None,
    reason: str | None = None,
) -> None:
    """Make another member of the branch responsible from ``starts_on`` on, for good or up to ``ends_on``.

    Days before stay as they were: what fell due with the former holder stays with the former holder. Twice is once.

    Raises:
        NotFoundError: no such duty for the actor, or the actor gives out no duties.
        AlreadyReportedError, DutyEndedError: there is nothing to hand over.
        WrongSpanError: it begins in the past, or ends before it begins.
        NotInBranchError: the new holder is of another branch.
        SameHolderError: it is theirs for good already.
        OwnDutyError: it was given to the actor; another officer hands it over.
        OwnLateDutyError: its day passes before, and the actor took it.
    """
    held = lock_duty(session, actor, duty_id)
    queries.check_officer(actor, held.duty.branch_id)
    check_open(held.state)
    check_span(starts_on, ends_on, today=clock.today())
    names = _names(session, held.duty.branch_id)
    if to_id not in names:
        raise NotInBranchError(field="to_id")
    if held.hand_overs and held.hand_overs[-1] == (to_id, starts_on, ends_on):
        return
    check_hand_over(actor, held.row, held.hand_overs, starts_on=starts_on)
    keeper_id = keeper_on(held.duty.member_id, held.hand_overs, starts_on)
    if to_id == held.holder_on(starts_on) == keeper_id:
        raise SameHolderError(name=names[to_id])
    session.add(
        DutyHandOver(
            duty_id=duty_id,
            to_id=to_id,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
            recorded_by_id=actor.member_id,
        )
    )
    session.flush()
    if starts_on == clock.today():
        due.settle(session, [duty_id])  # of the former holder; the sweep reminds the new one


def move_due_day(session: Session, actor: Actor, *, duty_id: UUID, due_on: date, reason: str | None = None) -> None:
    """Let a duty be due on another day. Those that follow in its series keep their days. Twice is once.

    Raises:
        NotFoundError, AlreadyReportedError, DutyEndedError, OwnDutyError: see ``service.lock_to_change``.
        DueTooEarlyError, DueTooLateError: nobody can meet this day.
    """
    held = lock_to_change(session, actor, duty_id)
    if held.duty.due_on == due_on:
        return
    check_due(due_on, today=clock.today())
    _note(session, actor, held, ChangeKind.DUE_ON, before=str(held.duty.due_on), after=str(due_on), reason=reason)
    held.duty.due_on = due_on
    session.flush()
    due.settle(session, [duty_id])  # it spoke of the day before; the sweep says the new one in its time


def change_helpers(session: Session, actor: Actor, *, duty_id: UUID, helper_ids: Collection[UUID]) -> None:
    """Say anew who helps. Twice is once.

    Raises:
        NotFoundError: no such duty for the actor, or the actor gives out no duties.
        AlreadyReportedError, DutyEndedError: it has ended.
        NotInBranchError: a helper is of another branch.
    """
    held = lock_duty(session, actor, duty_id)
    queries.check_officer(actor, held.duty.branch_id)
    check_open(held.state)
    names = _names(session, held.duty.branch_id)
    wanted = set(helper_ids) - {held.holder_on(clock.today())}
    if not wanted <= names.keys():
        raise NotInBranchError
    before = helpers_of(session, [duty_id]).get(duty_id, [])
    if {helper.member_id for helper in before} == wanted:
        return
    after = [name for member_id, name in names.items() if member_id in wanted]
    _note(
        session,
        actor,
        held,
        ChangeKind.HELPERS,
        before="、".join(helper.name for helper in before)[:SENTENCE_LENGTH] or None,
        after="、".join(after)[:SENTENCE_LENGTH] or None,
    )
    session.execute(_FORGET_HELPERS, {"duty": duty_id})
    session.add_all(DutyHelper(duty_id=duty_id, member_id=helper_id) for helper_id in sorted(wanted))
    session.flush()


def stop_repeating(session: Session, actor: Actor, *, duty_id: UUID) -> None:
    """Let a series end with this duty, if it is the last that was made. Twice is once.

    Raises:
        NotFoundError, OwnDutyError: see ``service.lock_to_change``.
    """
    held = lock_to_change(session, actor, duty_id, must_be_open=False)
    if held.duty.repeat is Repeat.NONE:
        return
    _note(session, actor, held, ChangeKind.REPEAT, before=held.duty.repeat.value, after=Repeat.NONE.value)
    held.duty.repeat = Repeat.NONE
    session.flush()


def cancel(session: Session, actor: Actor, *, duty_id: UUID, reason: str) -> None:
    """Strike a duty that should not be on the list, as one given by mistake; it counts for nobody. Twice is once.

    Raises:
        NotFoundError, AlreadyReportedError, DutyEndedError, OwnDutyError: see ``service.lock_to_change``.
    """
    held = lock_duty(session, actor, duty_id)
    if held.state is DutyState.CANCELLED:
        return
    held = lock_to_change(session, actor, duty_id)
    _note(session, actor, held, ChangeKind.CANCELLED, reason=reason)
    held.duty.cancelled_at = clock.now()
    session.flush()
    due.settle(session, [duty_id])


def restore(session: Session, actor: Actor, *, duty_id: UUID) -> None:
    """Put a duty back on the list that was struck by mistake. Twice is once.

    Raises:
        NotFoundError, OwnDutyError: see ``service.lock_to_change``.
    """
    held = lock_to_change(session, actor, duty_id, must_be_open=False)
    if held.duty.cancelled_at is None:
        return
    _note(session, actor, held, ChangeKind.RESTORED)
    held.duty.cancelled_at = None
    session.flush()


def _names(session: Session, branch_id: UUID) -> dict[UUID, str]:
    """Everybody in the branch today, by group and pinyin."""
    return {person.id: person.name for person in members.branch_members(session, branch_id)}


def _note(
    session: Session, actor: Actor, held: LockedDuty, kind: ChangeKind, *, reason: str | None = None, **said: str | None
) -> None:
    known = {name: value for name, value in said.items() if value is not None}
    record(session, "duty", held.duty.id, kind, by_id=actor.member_id, note=reason, **known)
