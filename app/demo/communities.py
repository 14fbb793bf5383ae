"""The communities that the first branches look after, who collects their wishes, and how the wishers are reached."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from app.core import clock, sealing
from app.core.ids import new_id
from app.demo.people import Branch
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.names import pinyin_key, place_key
from app.features.members.rules import OrganisationKind, Role, Sex, permissions_of
from app.features.organisations.communities.models import CommunityPairing
from app.features.private.rules import ConsentKind, Contact
from app.features.sign_in.models import Credential
from app.features.wishes.contacts.models import ContactErasure, ContactLook, WishConsent, WishContact
from app.features.wishes.contacts.rules import KEPT_FOR, VERSION, Capacity, ErasedBecause
from app.features.wishes.models import Wish, WishClaim, WishEvent
from app.features.wishes.rules import TERMINAL, Status


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


WISHERS: Final = (
    "王桂芬",
    "刘德顺",
    "陈秀英",
    "黄阿婆",
    "林伯",
    "周小满的妈妈",
    "吴振海",
    "何玉兰",
    "郑师傅",
    "冯淑贞",
)
STREETS: Final = ("一巷", "二巷", "三巷", "南里", "北里")
FILLED: Final = ("name", "phone", "address")
A_PHONE: Final = 13_800_009_100
"""The first of those out of the organ's thousand that belong to nobody."""
WHY: Final = "电话核实需求"
_WISHES: Final = (
    select(
        Wish.id,
        Wish.status,
        Wish.entered_at,
        Wish.entered_by_id,
        Wish.verified_by_id,
        Wish.verified_at,
        WishEvent.at.label("last_at"),
        WishClaim.claimed_by_id,
        WishClaim.claimed_at,
    )
    .join(WishEvent, (WishEvent.wish_id == Wish.id) & (WishEvent.seq == Wish.steps))
    .outerjoin(WishClaim, (WishClaim.wish_id == Wish.id) & WishClaim.ended_at.is_(None))
    .where(Wish.community_id == bindparam("community"))
    .order_by(Wish.entered_at, Wish.id)
)


def make_reachable(session: Session, community: Community, today: date) -> None:
    """Give the community's wishes their contacts, consents and looks; without the key of contacts there are none.

    One draft stays as it came from a phone: its contact is still missing.
    """
    if not sealing.has_key():
        return
    sealer = sealing.sealer()
    rows: dict[type[Any], list[dict[str, Any]]] = {
        table: [] for table in (WishContact, WishConsent, ContactLook, ContactErasure)
    }
    for number, wish in enumerate(session.execute(_WISHES, {"community": community.id}).all()):
        if wish.status is Status.DRAFT:
            continue
        entered = {"wish_id": wish.id, "recorded_by_id": wish.entered_by_id, "given_at": wish.entered_at}
        rows[WishConsent].append(entered | {"kind": ConsentKind.ORDINARY, "version": VERSION})
        erasure = _erasure(wish, today)
        if erasure is not None:
            rows[ContactErasure].append(erasure)
        else:
            sealed = sealer.seal(_contact(number).as_text(), belongs_to=wish.id)
            kept = {"wish_id": wish.id, "sealed": sealed.text, "key_id": sealed.key_id, "filled": list(FILLED)}
            rows[WishContact].append(kept | {"kept_at": wish.entered_at, "kept_by_id": wish.entered_by_id})
        rows[ContactLook] += _looks(wish)
    for table, made in rows.items():
        if made:
            session.execute(insert(table), made)


def _contact(number: int) -> Contact:
    wisher, street = WISHERS[number % len(WISHERS)], STREETS[number % len(STREETS)]
    return Contact(
        name=wisher, phone=str(A_PHONE + number % 100), address=f"{street}{number % 30 + 1}号{number % 6 + 1}01"
    )


def _erasure(wish: Any, today: date) -> dict[str, Any] | None:
    """When the contact of a wish that is over was erased, if it was."""
    if wish.status is Status.WITHDRAWN:
        return _erased(wish, wish.last_at, ErasedBecause.WITHDRAWN)
    gone_at = wish.last_at + KEPT_FOR
    if wish.status in TERMINAL and clock.local_day(gone_at) < today:
        return _erased(wish, gone_at, ErasedBecause.RETENTION)
    return None


def _erased(wish: Any, at: datetime, because: ErasedBecause) -> dict[str, Any]:
    by_id = wish.entered_by_id if because is ErasedBecause.WITHDRAWN else None
    return {"id": new_id(), "wish_id": wish.id, "at": at, "because": because, "fields": len(FILLED), "by_id": by_id}


def _looks(wish: Any) -> list[dict[str, Any]]:
    """The officer looked before verifying, and whoever holds the wish in order to call."""
    looks = []
    if wish.verified_at is not None:
        looks.append(_look(wish, wish.verified_at - timedelta(minutes=9), wish.verified_by_id, Capacity.OFFICER))
    if wish.claimed_at is not None:
        looks.append(_look(wish, wish.claimed_at + timedelta(minutes=4), wish.claimed_by_id, Capacity.CLAIMER))
    return looks


def _look(wish: Any, at: datetime, by_id: Any, capacity: Capacity) -> dict[str, Any]:
    reason = WHY if capacity is Capacity.OFFICER else None
    return {"id": new_id(), "wish_id": wish.id, "member_id": by_id, "at": at, "capacity": capacity, "reason": reason}
