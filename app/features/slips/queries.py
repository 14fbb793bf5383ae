"""Reads about slips."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.features.members import queries as members
from app.features.members import reach
from app.features.members.actor import Actor
from app.features.members.directory import is_meant_to
from app.features.members.models import RoleTerm
from app.features.members.powers import posts_ahead, side
from app.features.members.standing import may_reach_account, weight_of
from app.features.sign_in.models import Credential
from app.features.sign_in.tokens import digest
from app.features.slips.models import Slip
from app.features.slips.rules import LastSlip, SlipState

_WITH_PASSWORD: Final = select(Credential.member_id).where(
    Credential.member_id.in_(bindparam("members", type_=Uuid(), expanding=True))
)
_LAST: Final = (
    select(Slip.member_id, Slip.id, Slip.issued_at, Slip.expires_at, Slip.used_at)
    .where(Slip.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)))
    .order_by(Slip.issued_at, Slip.id)
)
_BY_CODE: Final = select(
    Slip.id, Slip.member_id, Slip.issued_by_id, Slip.issued_at, Slip.expires_at, Slip.used_at, Slip.ended_at
).where(Slip.code_digest == bindparam("code_digest"))
_GIVEN_SINCE: Final = (
    select(RoleTerm.id)
    .where(RoleTerm.member_id == bindparam("member"), RoleTerm.given_at > bindparam("since"))
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on the list from which slips are printed."""

    id: UUID
    name: str
    group_name: str | None
    has_password: bool
    """Chosen once, whenever that was; nothing is said about using it."""
    is_in_reach: bool
    """Whether the actor may print it; else it is printed by somebody above the branch."""
    state: SlipState = SlipState.NEVER
    printed_on: date | None = None
    """The branch-local day on which the last slip was printed."""
    valid_to: date | None = None
    """Its last day."""

    @property
    def is_new(self) -> bool:
        """Whether a slip is still to be printed for the first time: only these are ticked without being asked for."""
        return not self.has_password and self.state is SlipState.NEVER


def candidates(
    session: Session, actor: Actor, branch_id: UUID, *, typed: str = "", member_id: UUID | None = None
) -> Sequence[Candidate]:
    """The other people of the branch, by group and pinyin; only whom ``typed`` means, or the one.

    The branch is in the actor's reach.
    """
    in_detail = reach.sees_in_detail(actor, branch_id)
    rows = [
        row
        for row in members.branch_members(session, branch_id)
        if member_id in {None, row.id} and (not typed or is_meant_to(typed, row, in_detail=in_detail))
    ]
    ids = [row.id for row in rows]
    posts = posts_ahead(session, ids)
    stands = side(session, actor, branch_id)
    ready = set(session.scalars(_WITH_PASSWORD, {"members": ids}))
    slips, now = last_slips(session, ids), clock.now()
    return [
        Candidate(
            row.id,
            row.name,
            row.group_name,
            has_password=row.id in ready,
            is_in_reach=may_reach_account(stands, weight_of(posts[row.id])),
            **(_said(slips[row.id], now) if row.id in slips else {}),
        )
        for row in rows
        if row.id != actor.member_id
    ]


def last_slips(session: Session, member_ids: Collection[UUID]) -> Mapping[UUID, LastSlip]:
    """The last slip of each of these people who had one."""
    rows = session.execute(_LAST, {"members": sorted(member_ids)})
    return {row.member_id: LastSlip(row.id, row.issued_at, row.expires_at, row.used_at) for row in rows}


def _said(slip: LastSlip, now: datetime) -> dict[str, Any]:
    return {
        "state": slip.state(now),
        "printed_on": clock.local_day(slip.issued_at),
        "valid_to": clock.local_day(slip.expires_at) - timedelta(days=1),
    }


def slip_with(session: Session, code: str) -> members.AnyRow | None:
    """The slip that ``code`` (without dashes) stands on, whatever became of it."""
    return session.execute(_BY_CODE, {"code_digest": digest(code)}).one_or_none()


def was_given_a_post(session: Session, member_id: UUID, *, since: datetime) -> bool:
    """Whether somebody has been given a post since that moment, whatever became of it."""
    return session.scalar(_GIVEN_SINCE, {"member": member_id, "since": since}) is not None
