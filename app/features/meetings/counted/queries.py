"""The four numbers of a meeting, and whom an officer may read of behind them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import IDS
from app.features.meetings.counted.models import LeftOut, Suspension
from app.features.meetings.counted.rules import SEE_RIGHTS
from app.features.meetings.events import expected
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import Belongs, Capacity
from app.features.meetings.votes.rules import Matter, NotCounted, entitled
from app.features.meetings.votes.rules import left_out as left_out_by
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.queries import AnyRow
from app.features.members.two_people import Stands

_Newer, _Entered, _Decided = aliased(Suspension), aliased(Member), aliased(Member)
_DAY: Final = bindparam("day", type_=Suspension.starts_on.type)


def rests_on(day: ColumnElement[date]) -> ColumnElement[bool]:
    """Whether a suspension is in force on ``day``: confirmed, and replaced by no other that is."""
    return and_(
        Suspension.stands == Stands.CONFIRMED,
        Suspension.starts_on <= day,
        or_(Suspension.ends_on.is_(None), Suspension.ends_on >= day),
        ~exists().where(_Newer.replaces_id == Suspension.id, _Newer.stands == Stands.CONFIRMED),
    )


_RESTING: Final = select(Suspension.member_id).where(Suspension.member_id.in_(IDS), rests_on(_DAY))


def _with_names(model: type[Suspension] | type[LeftOut], *columns: Any) -> Any:
    return (
        select(
            model.id,
            model.member_id,
            model.stands,
            model.entered_by_id,
            model.decided_by_id,
            model.entered_at,
            Member.name,
            _Entered.name.label("entered_by"),
            _Decided.name.label("decided_by"),
            *columns,
        )
        .join(Member, Member.id == model.member_id)
        .join(_Entered, _Entered.id == model.entered_by_id)
        .outerjoin(_Decided, _Decided.id == model.decided_by_id)
    )


_SUSPENSIONS: Final = (
    _with_names(
        Suspension,
        Suspension.rests,
        Suspension.starts_on,
        Suspension.ends_on,
        Suspension.document,
        Suspension.replaces_id,
        exists().where(_Newer.replaces_id == Suspension.id, _Newer.stands == Stands.CONFIRMED).label("is_replaced"),
    )
    .where(Member.branch_id == bindparam("branch"))
    .order_by(Member.pinyin, Suspension.id)
)
_LEFT_OUT: Final = (
    _with_names(LeftOut, LeftOut.reason, LeftOut.consent, LeftOut.consented_on, LeftOut.adopted)
    .where(LeftOut.event_id == bindparam("event"))
    .order_by(Member.pinyin, LeftOut.id)
)


class Counted(NamedTuple):
    """Who counts at one meeting, on its day."""

    own: Mapping[UUID, Belongs]
    """The members of the branch who are expected; attached people and guests are in none of the numbers."""
    full: frozenset[UUID]
    resting: frozenset[UUID]
    """Full members whose rights rest."""
    left_out: Sequence[AnyRow]
    """What two people have said of full members whose rights do not rest."""

    @property
    def committee(self) -> int:
        """How many sit in the committee."""
        return sum(one.capacity is Capacity.COMMITTEE for one in self.own.values())

    @property
    def out(self) -> list[NotCounted]:
        """The same as the rules of votes read it."""
        return [NotCounted(int(row.reason), row.consent, row.adopted) for row in self.left_out]

    def n(self, matter: Matter) -> int:
        """How many should come with a vote."""
        if matter is Matter.COMMITTEE:
            return entitled(matter, full=self.committee)
        return entitled(matter, full=len(self.full), no_rights=len(self.resting), not_counted=self.out)

    def voters(self, matter: Matter) -> frozenset[UUID]:
        """Who has a vote: as many as ``n``, and nobody of whom the meeting has said that they are left out."""
        if matter is Matter.COMMITTEE:
            return frozenset(self.own)
        out = {row.member_id for row, one in zip(self.left_out, self.out, strict=True) if left_out_by(matter, [one])}
        return self.full - self.resting - out


def counted(session: Session, event: MeetingEvent) -> Counted:
    """Who counts at a meeting. Day of reckoning: its own. Source: domain, meetings §2."""
    current = expected.current(session, event)
    mine = {Capacity.MEMBER, Capacity.COMMITTEE, Capacity.GROUP}
    own = {member: one for member, one in current.items() if one.capacity in mine and one.own_branch_id is None}
    full = frozenset(member for member, one in own.items() if one.is_full and one.capacity is Capacity.MEMBER)
    asked = {"ids": sorted(full), "day": clock.local_day(event.begins_at)}
    resting = frozenset(session.scalars(_RESTING, asked)) if full else frozenset()
    rows = [row for row in left_out(session, event.id) if row.stands is Stands.CONFIRMED]
    return Counted(own, full, resting, [row for row in rows if row.member_id in full - resting])


def left_out(session: Session, event_id: UUID) -> Sequence[AnyRow]:
    """Who is left out at a meeting, and how far two people are with it."""
    return session.execute(_LEFT_OUT, {"event": event_id}).all()


def sees_rights(actor: Actor) -> bool:
    """Whether the actor reads whose rights rest."""
    return not SEE_RIGHTS.isdisjoint(actor.roles)


def suspensions(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """Whose rights rest or rested in the actor's branch."""
    if not sees_rights(actor):
        raise NotFoundError
    return session.execute(_SUSPENSIONS, {"branch": actor.branch_id}).all()
