"""Joint events: the host invites other branches, an officer of each says whether it takes part.

Recorded once, by the host; what it brings stands in each one's own branch. Source: domain, meetings §3.
"""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import locked, one
from app.features.meetings.events import expected, queries, rules
from app.features.meetings.events.models import MeetingBranch, MeetingEvent
from app.features.members import places
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.queries import AnyRow

_ROWS: Final = (
    select(MeetingBranch.branch_id, MeetingBranch.answer, Organisation.name)
    .join(Organisation, Organisation.id == MeetingBranch.branch_id)
    .where(MeetingBranch.event_id == bindparam("event"))
    .order_by(Organisation.pinyin, Organisation.id)
)
_OTHERS: Final = delete(MeetingBranch).where(
    MeetingBranch.event_id == bindparam("event"), MeetingBranch.branch_id.not_in(queries.BRANCHES)
)
_HELD: Final = locked(
    select(MeetingBranch).where(
        MeetingBranch.event_id == bindparam("event"), MeetingBranch.branch_id == bindparam("branch")
    )
)
ASKED: Final = (
    select(func.count())
    .select_from(MeetingBranch)
    .join(MeetingEvent, MeetingEvent.id == MeetingBranch.event_id)
    .where(
        MeetingBranch.branch_id == bindparam("branch"),
        MeetingBranch.answer == rules.Joins.ASKED,
        MeetingEvent.state != rules.EventState.CANCELLED,
    )
)
"""How many invitations wait for a branch."""


def meant(session: Session, host_id: UUID, typed: str | None) -> list[UUID]:
    """The branches that are named, one a line."""
    lines = [line.strip() for line in (typed or "").splitlines() if line.strip()]
    if len(lines) > rules.MOST_BRANCHES:
        raise rules.TooManyBranchesError(most=rules.MOST_BRANCHES)
    found = {places.branch_named(session, line).id for line in lines}
    if host_id in found:
        raise rules.NotOfTheBranchError(at="branches")
    return sorted(found)


def partners(session: Session, event_id: UUID) -> Sequence[AnyRow]:
    """The other branches, by name: rows ``branch_id, answer, name``. For callers that may see the meeting."""
    return session.execute(_ROWS, {"event": event_id}).all()


def invite(session: Session, event_id: UUID, branch_ids: Collection[UUID]) -> None:
    """Let exactly these be invited; who was so before keeps the answer."""
    there = {row.branch_id for row in partners(session, event_id)}
    if there - set(branch_ids):
        session.execute(_OTHERS, {"event": event_id, "branches": sorted(branch_ids)})
    session.add_all([MeetingBranch(event_id=event_id, branch_id=one) for one in sorted(set(branch_ids) - there)])
    session.flush()


def answer(session: Session, actor: Actor, *, event_id: UUID, joins: bool) -> None:
    """Say for the own branch whether it takes part; from then on its members are expected. Twice is once.

    Raises:
        BegunAlreadyError: it has begun, and now the branch would not take part.
        BegunWithoutError: it has begun without the branch: what the host votes on stays the host's own.
    """
    if not queries.plans_for_branch(actor):
        raise NotFoundError
    event = queries.whole(session, actor, event_id, held=True)
    row = one(session, _HELD, {"event": event_id, "branch": actor.branch_id})
    rules.LIFE.check(event.state, rules.Step.RECORDED)
    if event.begins_at <= clock.now():
        if not joins and row.answer is rules.Joins.JOINED:
            raise rules.BegunAlreadyError
        if joins and row.answer is rules.Joins.DECLINED:
            raise rules.BegunWithoutError
    row.answer, row.answered_by_id = rules.Joins.JOINED if joins else rules.Joins.DECLINED, actor.member_id
    session.flush()
    expected.bring_along(session, event)
