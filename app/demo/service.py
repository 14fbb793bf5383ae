"""Puts the invented organ into an empty database."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from app.core import clock, ids, passwords
from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext
from app.core.ids import new_id
from app.core.workdays import is_working_day
from app.demo import archiving, planning
from app.demo.cards import show_cards
from app.demo.communities import ROLES, Community, look_after, make_reachable
from app.demo.from_residents import hear_residents
from app.demo.happenings import Span
from app.demo.living import live
from app.demo.names import ORGAN
from app.demo.people import GROUPS, Branch, Person, plan_branch
from app.demo.wishes_today import wish_today
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.names import pinyin_key, place_key
from app.features.members.rules import ORGAN_POSTS, OrganisationKind, Role
from app.features.notices import service as notices
from app.features.scores.drafts import editing, queries, service
from app.features.scores.versions import digest
from app.features.shows.duties.due import DUE
from app.features.shows.pledges.due import PLEDGES
from app.features.sign_in.models import Credential
from app.features.wishes.due import WISHES

PASSWORD: Final = "sanliang-demo"  # noqa: S105 (said aloud to everybody)
OFFICERS_LIVE_IN: Final = 3
"""The branch to which the officers of the organ belong; with fewer branches, the last."""
LEAST_MONTHS: Final = 3
"""In the first months of a year the demo tells the year before as well."""
USUAL_BRANCHES: Final = 3
USUAL_MEMBERS: Final = 23
AT: Final = time(10)
"""When the last day's reminders are given, and next year's rules proposed."""


class NotEmptyError(ConflictError):
    message = lazy_gettext(
        "This database is not empty, so no invented people are put into it. "
        "Name another place with SANLIANG_DATA_DIR or SANLIANG_DATABASE_URL."
    )


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
    return clock.at(day, time(9))


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


def remind(session: Session, today: date) -> None:
    """Remind everybody of what was due on the last working day."""
    day = today
    while not is_working_day(day):
        day -= timedelta(days=1)
    for source in (DUE, PLEDGES, WISHES):
        notices.raise_due(session, source, clock.at(day, AT))


def propose_rules(session: Session, branch: Branch, today: date) -> None:
    """The business administrator proposes that coming late costs a whole point next year."""
    keeper = next((person for person in branch.everybody if Role.BUSINESS_ADMINISTRATOR in person.roles), None)
    if keeper is None:
        return
    with clock.standing_at(clock.at(today, AT)):
        actor = branch.actor(keeper)
        draft_id = service.copy(session, actor, base="2026.1")
        row = queries.draft(session, actor, draft_id)
        piece = queries.piece(row.text)
        _section, rule = editing.rule_of(piece, "B1") or ({}, {})
        typed = {field.path: field.value for fields in editing.rule_fields(rule) for field in fields}
        typed |= {"parts.2.each": "-1", "counted": typed["counted"].replace("−0.5", "−1")}
        seen = digest(editing.of_form(piece, "B1"))
        service.edit(session, actor, draft_id=draft_id, rule_id="B1", typed=typed, seen=seen)
        service.propose(session, actor, draft_id=draft_id, year=today.year + 1)
