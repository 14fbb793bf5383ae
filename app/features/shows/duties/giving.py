"""Giving and taking duties."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final, cast
from uuid import UUID, uuid5

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_ignoring_duplicates
from app.core.errors import ContentDiffersError
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.shows.duties.errors import NotInBranchError
from app.features.shows.duties.locking import check_officer
from app.features.shows.duties.models import Duty, DutyHelper
from app.features.shows.duties.repeats import Repeat
from app.features.shows.duties.rules import NewDuty, check_due
from app.features.shows.duties.states import DutyKind, DutySource
from app.features.shows.duties.view import IDS

_DUTIES, _HELPERS = (cast(Table, model.__table__) for model in (Duty, DutyHelper))
_SAID: Final = ("branch_id", "member_id", "kind", "matter")
"""What two duties of one id must agree in; a due day may have been moved since."""
_KNOWN: Final = select(Duty.id, *(getattr(Duty, name) for name in _SAID)).where(Duty.id.in_(IDS))


def take_duty(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    kind: DutyKind,
    matter: str,
    basis: str | None,
    due_on: date,
    repeat: Repeat = Repeat.NONE,
    helper_ids: Collection[UUID] = (),
) -> UUID:
    """Let the actor take on a duty; its id. Twice is once.

    Raises:
        DueTooEarlyError, DueTooLateError: nobody can meet this day.
        NotInBranchError: a helper is of another branch.
        ContentDiffersError: another duty came from this form.
    """
    duty = NewDuty(
        id=_id_for(id, actor.member_id),
        branch_id=actor.branch_id,
        member_id=actor.member_id,
        kind=kind,
        matter=matter,
        basis=basis,
        due_on=due_on,
        source=DutySource.TAKEN,
        repeat=repeat,
        helper_ids=tuple(helper_ids),
        made_by_id=actor.member_id,
    )
    check_due(due_on, today=clock.today())
    _check_in_branch(session, actor.branch_id, helper_ids)
    make_duties(session, [duty])
    return duty.id


def assign_duty(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    member_ids: Collection[UUID],
    kind: DutyKind,
    matter: str,
    basis: str | None,
    due_on: date,
    repeat: Repeat = Repeat.NONE,
    helper_ids: Collection[UUID] = (),
) -> None:
    """Give the same duty to several members at once: a row for each, as each answers for it alone. Twice is once.

    What an officer gives to the own person counts as taken.

    Raises:
        NotFoundError: the actor gives out no duties.
        DueTooEarlyError, DueTooLateError, NotInBranchError, ContentDiffersError: as with ``take_duty``.
    """
    check_officer(actor, actor.branch_id)
    check_due(due_on, today=clock.today())
    _check_in_branch(session, actor.branch_id, {*member_ids, *helper_ids})
    duties = [
        NewDuty(
            id=_id_for(id, member_id),
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
        for member_id in set(member_ids)
    ]
    make_duties(session, duties)


def make_duties(session: Session, duties: Iterable[NewDuty]) -> int:
    """Write duties, some of which may be there already; how many were not. A fixed number of statements.

    Raises:
        ContentDiffersError: an id is taken by another duty.
    """
    duties = sorted(duties, key=lambda duty: duty.id)
    if not duties:
        return 0
    statement = insert_ignoring_duplicates(session, _DUTIES).returning(_DUTIES.c.id)
    fresh = set(session.scalars(statement, [_row(duty) for duty in duties]))
    helpers = [
        {"duty_id": duty.id, "member_id": helper_id}
        for duty in duties
        if duty.id in fresh
        for helper_id in sorted(set(duty.helper_ids) - {duty.member_id})
    ]
    if helpers:
        session.execute(_HELPERS.insert(), helpers)
    _check_same(session, [duty for duty in duties if duty.id not in fresh])
    return len(fresh)


def _check_same(session: Session, duties: Collection[NewDuty]) -> None:
    """Let duties pass that were here before with the same content.

    Raises:
        ContentDiffersError: one has other content.
    """
    if not duties:
        return
    there = {row.id: row for row in session.execute(_KNOWN, {"ids": [duty.id for duty in duties]})}
    if any(getattr(duty, name) != getattr(there[duty.id], name) for duty in duties for name in _SAID):
        raise ContentDiffersError


def _check_in_branch(session: Session, branch_id: UUID, ids: Collection[UUID]) -> None:
    """Let members pass who belong to the branch today.

    Raises:
        NotInBranchError: one does not.
    """
    if not set(ids) <= {person.id for person in members.branch_members(session, branch_id)}:
        raise NotInBranchError


def _id_for(form_id: UUID, member_id: UUID) -> UUID:
    """One form makes one duty for each member, however often it is sent."""
    return uuid5(form_id, member_id.hex)


def _row(duty: NewDuty) -> dict[str, Any]:
    return {
        "id": duty.id,
        "branch_id": duty.branch_id,
        "member_id": duty.member_id,
        "kind": duty.kind,
        "matter": duty.matter,
        "basis": duty.basis,
        "due_on": duty.due_on,
        "source": duty.source,
        "repeat": duty.repeat,
        "series_id": duty.id,
        "series_place": 0,
        "anchored_on": duty.due_on,
        "made_by_id": duty.made_by_id,
        "made_at": clock.now(),
        "cancelled_at": None,
    }
