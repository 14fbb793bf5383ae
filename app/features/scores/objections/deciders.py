"""Who answers an objection: an officer of the branch who had no hand in the fact or standing, else the committee above.

What is taken further goes to the nearest committee above the branch, to somebody who has not answered it. Never the
member, never an account that came about by the member's hand, never one behind which the same hand may be as behind
whoever recorded, confirmed or answered (``powers.hands``). Source: domain, quantified §4.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, bindparam, case, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import IDS
from app.features.ledger.models import Fact
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.members.models import AuditEntry, Member, Organisation, RoleTerm
from app.features.members.queries import AnyRow
from app.features.members.rules import AuditAction, Permission, Role
from app.features.members.standing import DECIDING
from app.features.members.two_people import BoundError
from app.features.scores.objections.models import Objection
from app.features.scores.objections.rules import WAITING, Matter, NotTheirsError, State

_DAY: Final = bindparam("day", type_=RoleTerm.starts_on.type)
_OVER: Final = powers.everything_over(select(Organisation.id).where(Organisation.id.in_(IDS)))
_OFFICERS: Final = (
    select(_OVER.c.place_id, _OVER.c.height, RoleTerm.member_id)
    .join(RoleTerm, RoleTerm.organisation_id == _OVER.c.over_id)
    .join(Member, Member.id == RoleTerm.member_id)
    .where(
        or_(and_(_OVER.c.height == 0, RoleTerm.role.in_(sorted(DECIDING))), RoleTerm.role == Role.COMMITTEE_OFFICER),
        RoleTerm.in_force(_DAY),
        RoleTerm.counts_at_home(),
        or_(Member.left_on.is_(None), Member.left_on > _DAY),
    )
    .order_by(_OVER.c.height)
)
_CHANGES: Final = {
    Matter.EXEMPT: (AuditAction.EXEMPTION_GIVEN, AuditAction.EXEMPTION_ENDED),
    Matter.PROBATIONARY: (AuditAction.MEMBER_CHANGED,),
    Matter.TRANSFER: (AuditAction.MEMBER_MOVED, AuditAction.MEMBER_ADDED),
}
"""What the log says of who changed a standing last."""
_CHANGED_BY: Final = (
    select(AuditEntry.actor_id)
    .where(
        AuditEntry.subject_id == Objection.member_id,
        or_(
            *(and_(Objection.matter == matter, AuditEntry.action.in_(actions)) for matter, actions in _CHANGES.items())
        ),
    )
    .order_by(AuditEntry.id.desc())
    .limit(1)
    .scalar_subquery()
)
HAND: Final = case((Objection.matter.is_not(None), _CHANGED_BY), else_=Fact.recorded_by_id).label("recorded_by_id")
"""Who recorded the fact, or changed the standing."""
CASES: Final[Select[*tuple[UUID, UUID, UUID, State, UUID | None, UUID | None, UUID | None]]] = select(
    Objection.id,
    Objection.branch_id,
    Objection.member_id,
    Objection.state,
    Objection.answered_by_id,
    HAND,
    Fact.confirmed_by_id,
).outerjoin(Fact, Fact.id == Objection.fact_id)
_OF: Final = CASES.where(Objection.id.in_(IDS))
_UP: Final = powers.everything_over(select(Objection.branch_id).where(Objection.state.in_(WAITING)))
NEAR: Final = Objection.state.in_(WAITING) & or_(
    Objection.branch_id == bindparam("officer_of", type_=Uuid()),
    Objection.branch_id.in_(
        select(_UP.c.place_id).where(_UP.c.over_id.in_(bindparam("leads", type_=Uuid(), expanding=True)))
    ),
)
"""What waits in the actor's branch or below the actor's committee; whose it is says ``answerers``. Give it ``near``."""


class Hands(NamedTuple):
    """Whose accounts came about by whom, and which people the objections are about."""

    bound: Mapping[UUID, frozenset[UUID]]

    def refusal(self, case: AnyRow, person: UUID) -> type[NotTheirsError | BoundError] | None:
        """Why ``person`` does not have a word on this objection."""
        others = {case.recorded_by_id, case.confirmed_by_id, case.answered_by_id} - {None, case.member_id}
        if person == case.member_id or person in others:
            return NotTheirsError
        mine = self.bound.get(person, frozenset())
        if case.member_id in mine or any(one in mine or person in self.bound.get(one, ()) for one in others):
            return BoundError
        return None


def near(actor: Actor) -> dict[str, object]:
    """The values that ``NEAR`` asks for."""
    return {"officer_of": actor.branch_id if actor.may(Permission.APPROVE) else None, "leads": sorted(actor.leads)}


def may_answer_any(actor: Actor) -> bool:
    """Whether objections of others are ever the actor's."""
    return actor.may(Permission.APPROVE) or bool(actor.leads)


def answerers(session: Session, cases: Sequence[AnyRow]) -> Mapping[UUID, frozenset[UUID]]:
    """For each of these objections (rows of ``CASES``), who has the word now; nobody where it has ended.

    Two statements, however many there are.
    """
    if not cases:
        return {}
    levels: dict[UUID, dict[int, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    asked = {"ids": sorted({case.branch_id for case in cases}), "day": clock.today()}
    for branch_id, height, person in session.execute(_OFFICERS, asked):
        levels[branch_id][height].add(person)
    hands = _hands(session, cases, {one for held in levels.values() for people in held.values() for one in people})
    return {case.id: _able(case, levels[case.branch_id], hands) for case in cases}


def answerers_of(session: Session, objection_id: UUID) -> frozenset[UUID]:
    """The same for one."""
    return answerers(session, session.execute(_OF, {"ids": [objection_id]}).all()).get(objection_id, frozenset())


def check_answers(session: Session, actor: Actor, objection_id: UUID) -> None:
    """Let pass who has the word on this objection, which the actor sees.

    Raises:
        BoundError: the account of one of those concerned came about by the other's hand.
        NotTheirsError: the actor had a hand in it, or somebody nearer answers.
    """
    [case] = session.execute(_OF, {"ids": [objection_id]}).all()
    if actor.member_id not in answerers(session, [case]).get(objection_id, ()):
        raise _hands(session, [case], {actor.member_id}).refusal(case, actor.member_id) or NotTheirsError


def _able(case: AnyRow, held: Mapping[int, Collection[UUID]], hands: Hands) -> frozenset[UUID]:
    if case.state not in WAITING:
        return frozenset()
    for height in sorted(held):
        if case.state is State.ESCALATED and height == 0:
            continue
        if able := frozenset(one for one in held[height] if hands.refusal(case, one) is None):
            return able
    return frozenset()


def _hands(session: Session, cases: Sequence[AnyRow], people: Collection[UUID]) -> Hands:
    concerned = {one for case in cases for one in (case.recorded_by_id, case.confirmed_by_id, case.answered_by_id)}
    return Hands(powers.bound_to(session, (concerned - {None}) | set(people)))
