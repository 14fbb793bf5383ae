"""Puts the invented organ into an empty database."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from random import Random
from typing import Final

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from app.core import clock, ids, passwords
from app.core.ids import new_id
from app.demo import archiving, planning
from app.demo.cards import show_cards
from app.demo.communities import ROLES, Community, look_after
from app.demo.errors import NotEmptyError
from app.demo.from_residents import hear_residents
from app.demo.happenings import Span
from app.demo.living import live
from app.demo.names import ORGAN
from app.demo.people import GROUPS, Branch, Person, plan_branch
from app.demo.reaching import make_reachable
from app.demo.reminding import remind
from app.demo.ruling import propose_rules
from app.demo.wishes_today import wish_today
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.names import pinyin_key, place_key
from app.features.members.rules import ORGAN_POSTS, OrganisationKind, Role
from app.features.sign_in.models import Credential

PASSWORD: Final = "sanliang-demo"  # noqa: S105 (said aloud to everybody)
OFFICERS_LIVE_IN: Final = 3
"""The branch to which the officers of the organ belong; with fewer branches, the last."""
LEAST_MONTHS: Final = 3
"""In the first months of a year the demo tells the year before as well."""


USUAL_BRANCHES: Final = 3
USUAL_MEMBERS: Final = 23


@dataclass(frozen=True, slots=True)
class Size:
    """How large the organ is."""

    branches: int
    members_per_branch: int


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    branch: str
    name: str
    roles: tuple[Role, ...]
    phone: str


def is_empty(session: Session) -> bool:
    """Whether the database knows nobody and no place."""
    return not session.scalar(select(exists().select_from(Organisation)))


def invent(
    session: Session, *, seed: int, size: Size, today: date, done: Callable[[], None] = lambda: None
) -> list[Account]:
    """Invent the organ and the year up to ``today``: the same again for the same seed, size and day.

    ``done`` is called after each branch.

    Raises:
        NotEmptyError: somebody or some place is known already.
    """
    if not is_empty(session):
        raise NotEmptyError
    since = _first_day(today)
    accounts: list[Account] = []
    communities: list[Community] = []
    leading: list[tuple[Branch, Community]] = []
    first: Branch | None = None
    password_hash = passwords.hash_password(PASSWORD)  # one for all: each costs 43 ms
    with ids.repeatable(_chance(seed, 0)), clock.standing_at(_morning_of(since)):
        root = _place(OrganisationKind.COMMITTEE, ORGAN)
        session.add(root)
        session.flush()
    for number in range(1, size.branches + 1):
        chance = _chance(seed, number)
        with ids.repeatable(chance), clock.standing_at(_morning_of(since)):
            branch = plan_branch(
                number,
                size.members_per_branch,
                chance,
                with_officers=number == min(OFFICERS_LIVE_IN, size.branches),
                today=today,
            )
            _settle(session, root, branch, since, password_hash)
            community = look_after(
                session, branch, communities, root_id=root.id, since=since, password_hash=password_hash
            )
            span = Span(since, today, chance)
            live(session, branch, span, community)
            propose_rules(session, branch, today)
            if community and community.led_by == branch.id:
                leading.append((branch, community))
            show_cards(session, branch, since)
            first = first or branch
            if branch.officers:
                planning.lead(session, branch, root.id, span)
                for one in {first.number: first, branch.number: branch}.values():
                    planning.adopt(session, one, root.id, span)
            if branch.officers and branch is not first:
                archiving.reopen(session, first, branch, since.year - 1, today)
        session.flush()
        session.expunge_all()  # a large organ does not fit into memory
        accounts += _accounts(branch)
        done()
    with ids.repeatable(_chance(seed, 0)):
        for branch, community in leading:
            wish_today(session, branch, community, today)
            make_reachable(session, community, today)
            hear_residents(session, community, today)
    remind(session, today)
    accounts += [Account(place.name, place.collector_name, tuple(ROLES), place.phone) for place in communities]
    return accounts


def _chance(seed: int, number: int) -> Random:
    """What is invented of a branch does not depend on how many others there are."""
    return Random(f"{seed}/{number}")  # noqa: S311 (nothing here is secret)


def _first_day(today: date) -> date:
    return date(today.year if today.month > LEAST_MONTHS else today.year - 1, 1, 1)


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, time(9), clock.zone())


def _place(kind: OrganisationKind, name: str, parent: Organisation | None = None) -> Organisation:
    return Organisation(
        id=new_id(), kind=kind, name=name, pinyin=place_key(name), parent_id=parent.id if parent else None, is_demo=True
    )


def _settle(session: Session, root: Organisation, branch: Branch, since: date, password_hash: str) -> None:
    """Write the branch, its groups, its people, their posts and passwords."""
    place = _place(OrganisationKind.BRANCH, branch.name, root)
    place.id = branch.id
    session.add(place)
    session.flush()
    for group_id, name in zip(branch.groups, GROUPS, strict=True):
        group = _place(OrganisationKind.GROUP, name, place)
        group.id = group_id
        session.add(group)
    session.flush()
    everybody = list(branch.everybody)
    session.execute(insert(Member), [_member(branch, person) for person in everybody])
    session.execute(insert(RoleTerm), list(_terms(root, branch, everybody, since)))
    session.execute(
        insert(Credential), [{"member_id": person.id, "password_hash": password_hash} for person in everybody]
    )


_KEPT: Final = ("id", "name", "sex", "phone", "member_number", "status", "post")


def _member(branch: Branch, person: Person) -> dict[str, object]:
    kept = {name: getattr(person, name) for name in _KEPT}
    return kept | {
        **asdict(person.life),
        "branch_id": branch.id,
        "group_id": None if person.group is None else branch.groups[person.group],
        "pinyin": pinyin_key(person.name),
    }


def _terms(root: Organisation, branch: Branch, everybody: list[Person], since: date) -> Iterator[dict[str, object]]:
    for person in everybody:
        for role in person.roles:
            place = branch.id
            if role in ORGAN_POSTS:
                place = root.id
            elif role is Role.GROUP_LEADER and person.group is not None:
                place = branch.groups[person.group]
            yield {
                "id": new_id(),
                "member_id": person.id,
                "organisation_id": place,
                "role": role,
                "starts_on": (begins := since.replace(year=since.year - 1)),
                "given_at": clock.midnight(begins),
            }


def _accounts(branch: Branch) -> list[Account]:
    return [
        Account(branch.name, person.name, person.roles, person.phone) for person in branch.everybody if person.phone
    ]
