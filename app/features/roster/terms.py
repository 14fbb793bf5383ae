"""Posts in the branch as a roster says them: what ended ends yesterday, what is new begins today."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.features.members import audit
from app.features.members.models import Member, RoleTerm
from app.features.members.rules import AuditAction, Role
from app.features.roster.importer import Importer
from app.features.roster.queries import batches
from app.features.roster.rules import ReadPerson
from app.features.roster.sheet.posts import BRANCH_POSTS

_UNFINISHED: Final = select(RoleTerm).where(
    RoleTerm.member_id.in_(bindparam("ids", type_=Uuid(), expanding=True)),
    RoleTerm.role.in_((*BRANCH_POSTS, Role.SUPERVISOR)),
    or_(RoleTerm.ends_on.is_(None), RoleTerm.ends_on >= bindparam("today")),
    RoleTerm.ended_at.is_(None),
)


class _Place(NamedTuple):
    id: UUID
    name: str


def settle(session: Session, importer: Importer, people: Sequence[tuple[Member, ReadPerson]]) -> None:
    """Give and end posts until every member holds in the branch what the entry says, and in no other branch."""
    today = clock.today()
    held: dict[UUID, list[RoleTerm]] = defaultdict(list)
    for some in batches(people):
        ids = [member.id for member, _ in some]
        for term in session.scalars(_UNFINISHED, {"ids": ids, "today": today}):
            held[term.member_id].append(term)
    for member, entry in people:  # everybody's former posts end before anybody's new ones begin
        places = _places(member, entry)
        for term in held[member.id]:
            # A roster does not say whom the meeting has named; the name does not go along to another branch.
            said = (
                member.branch_id
                if term.role is Role.SUPERVISOR
                else places[term.role].id
                if term.role in places
                else None
            )
            if said != term.organisation_id:
                _end(session, importer, member, term)
    for member, entry in people:
        holds = {(term.role, term.organisation_id) for term in held[member.id]}
        for role, place in sorted(_places(member, entry).items()):
            if (role, place.id) not in holds:
                _give(session, importer, member, role, place)


def _places(member: Member, entry: ReadPerson) -> dict[Role, _Place]:
    """The posts of ``entry``, each with the organisation it is held on; the plan gives a leader a group."""
    branch = _Place(member.branch_id, entry.branch)
    group = _Place(member.group_id, entry.group) if member.group_id else branch
    return {role: group if role is Role.GROUP_LEADER else branch for role in entry.roles or ()}


def _end(session: Session, importer: Importer, member: Member, term: RoleTerm) -> None:
    """The last day is yesterday; a post that began today or later is taken back."""
    last = clock.today() - timedelta(days=1)
    words = {"role": term.role, "starts_on": term.starts_on, "ends_on": term.ends_on}
    if term.starts_on > last:
        session.delete(term)
    else:
        term.ends_on = last
    changed = audit.changed(words, words | {"ends_on": last})
    audit.record(session, importer.member_id, AuditAction.POST_ENDED, member, changed)


def _give(session: Session, importer: Importer, member: Member, role: Role, place: _Place) -> None:
    today = clock.today()
    session.add(RoleTerm(id=new_id(), member_id=member.id, organisation_id=place.id, role=role, starts_on=today))
    words = audit.changed({}, {"role": role, "place": place.name, "starts_on": today})
    audit.record(session, importer.member_id, AuditAction.POST_GIVEN, member, words)
