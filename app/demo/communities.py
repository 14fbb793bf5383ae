"""The communities that the first branches look after, and who collects their wishes. Nobody and no place is meant."""

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.demo.people import Branch
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.names import pinyin_key, place_key
from app.features.members.rules import OrganisationKind, Role, Sex, permissions_of
from app.features.organisations.communities.models import CommunityPairing
from app.features.sign_in.models import Credential


class Planned(NamedTuple):
    """A community, its collector, and her number out of the thousand that is kept for the organ."""

    name: str
    collector: str
    phone: int


COMMUNITIES: Final = (Planned("荔园社区", "郭蕊", 13_800_009_021), Planned("榕岸社区", "苏婉", 13_800_009_022))
POST: Final = "社区网格员"
LEADS: Final = {1: 0, 2: 1}
"""Which branch leads in which community; the first two look after both, the third helps in the second."""
HELPS: Final = {2: 0, 3: 1}
FIRST_BRANCH_HELPS_IN: Final = 1
ROLES: Final = frozenset({Role.COLLECTOR})


@dataclass(frozen=True, slots=True)
class Community:
    """A community and its collector."""

    id: UUID
    name: str
    led_by: UUID
    """The branch that leads there."""
    collector_id: UUID
    collector_name: str
    phone: str

    @property
    def collector(self) -> Actor:
        """The collector as the one who is asking."""
        return Actor(
            member_id=self.collector_id,
            name=self.collector_name,
            branch_id=self.id,
            branch_name=self.name,
            group_id=None,
            roles=ROLES,
            permissions=permissions_of(ROLES, OrganisationKind.COMMUNITY),
            session_id=self.collector_id,
            confirmed_at=None,
            is_demo=True,
        )


def look_after(
    session: Session, branch: Branch, known: list[Community], *, root_id: UUID, since: date, password_hash: str
) -> Community | None:
    """The community from which the members of the branch take wishes; it is founded with the branch that leads there.

    ``known`` are those founded before; later branches of a large organ look after none.
    """
    if branch.number in LEADS:
        place = _place(session, LEADS[branch.number], root_id=root_id)
        collector = _collector(session, place, since=since, password_hash=password_hash)
        known.append(Community(place.id, place.name, branch.id, collector.id, collector.name, collector.phone or ""))
        _pair(session, known[-1], branch.id, leads=True)
    if branch.number in HELPS:
        _pair(session, known[HELPS[branch.number]], branch.id)
    if len(known) == 2 and branch.number == 2:
        _pair(session, known[FIRST_BRANCH_HELPS_IN], known[0].led_by)
    chosen = LEADS.get(branch.number, HELPS.get(branch.number))
    return None if chosen is None else known[chosen]


def _place(session: Session, number: int, *, root_id: UUID) -> Organisation:
    name = COMMUNITIES[number].name
    place = Organisation(
        id=new_id(), kind=OrganisationKind.COMMUNITY, name=name, pinyin=place_key(name), parent_id=root_id, is_demo=True
    )
    session.add(place)
    session.flush()
    return place


def _collector(session: Session, place: Organisation, *, since: date, password_hash: str) -> Member:
    planned = next(planned for planned in COMMUNITIES if planned.name == place.name)
    person = Member(
        id=new_id(),
        branch_id=place.id,
        name=planned.collector,
        pinyin=pinyin_key(planned.collector),
        sex=Sex.FEMALE,
        phone=str(planned.phone),
        member_number=f"9{planned.phone % 100_000_000:08}",
        post=POST,
    )
    session.add(person)
    session.flush()
    session.add(Credential(member_id=person.id, password_hash=password_hash))
    begins = since.replace(year=since.year - 1)
    session.add(
        RoleTerm(
            organisation_id=place.id,
            member_id=person.id,
            role=Role.COLLECTOR,
            starts_on=begins,
            given_at=clock.midnight(begins),
        )
    )
    session.flush()
    return person


def _pair(session: Session, community: Community, branch_id: UUID, *, leads: bool = False) -> None:
    session.add(CommunityPairing(community_id=community.id, branch_id=branch_id, leads=leads))
    session.flush()
