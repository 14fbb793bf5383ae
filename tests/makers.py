"""The people and places of the tests, and how to make more. Makers take an open writing session and flush.

What they return is frozen: a test reads it whenever it likes, whatever became of the session.
"""

from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import count
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import passwords
from app.core.ids import new_id
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.names import pinyin_key, place_key
from app.features.members.rules import OrganisationKind, Role, permissions_of
from app.features.sign_in.models import Credential, SignInSession
from app.features.sign_in.rules import COOKIE, SessionKind
from app.features.sign_in.tokens import digest, new_token

PASSWORD: Final = "three-rays-of-light"
HTMX: Final = {"HX-Request": "true", "HX-Request-Type": "partial"}
ENGLISH: Final = {"Accept-Language": "en"}
LONG_AGO: Final = date(2000, 1, 1)
FROM_THE_START: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""When the posts of the standard people were written down: before anything that a test records."""
NEVER_OVER: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""Test sessions were last used then: they are alive, fresh, confirmed and proven twice whatever day it is."""

_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """An organisation."""

    id: UUID
    name: str
    kind: OrganisationKind


@dataclass(frozen=True)
class Person:
    """A member with a password who is signed in on one phone."""

    id: UUID
    name: str
    branch_id: UUID
    branch_name: str
    group_id: UUID | None
    phone: str
    token: str = field(repr=False)
    actor: Actor = field(repr=False)
    password: str = field(default=PASSWORD, repr=False)


@dataclass(frozen=True)
class People:
    """Who is in every test database."""

    committee: Place
    branch: Place
    group: Place
    other_branch: Place
    alice: Person
    bob: Person
    sam: Person
    dora: Person
    olga: Person
    oscar: Person
    carl: Person


PEOPLE: Final = tuple(resident.name for resident in fields(People))


def as_member(person: Person) -> dict[str, str]:
    """Headers with which ``person`` is signed in."""
    return {"Cookie": f"{COOKIE}={person.token}"}


def make_committee(session: Session, name: str = "市直机关党委") -> Place:
    """The root of the tree; an installation has one."""
    return _make_place(session, OrganisationKind.COMMITTEE, name, None)


def make_branch(session: Session, name: str = "第三党支部", *, parent: Place | None = None) -> Place:
    """A branch below ``parent`` or, without one, below the root."""
    parent_id = parent.id if parent else session.query(Organisation.id).where(Organisation.parent_id.is_(None)).scalar()
    return _make_place(session, OrganisationKind.BRANCH, name, parent_id)


def make_general_branch(session: Session, name: str, parent: Place) -> Place:
    """A general branch below ``parent``."""
    return _make_place(session, OrganisationKind.GENERAL_BRANCH, name, parent.id)


def make_group(session: Session, branch: Place, name: str = "第一党小组") -> Place:
    """A group of ``branch``."""
    return _make_place(session, OrganisationKind.GROUP, name, branch.id)


def make_member(
    session: Session,
    branch: Place,
    name: str = "王小明",
    *,
    roles: tuple[Role, ...] = (),
    at: Place | None = None,
    group: Place | None = None,
    **columns: Any,
) -> Person:
    """A signed-in member of ``branch`` who holds ``roles`` on ``at`` (the branch, if not said) since long ago."""
    number = next(_numbers)
    member = Member(
        id=new_id(),
        branch_id=branch.id,
        group_id=group.id if group else None,
        **{
            "name": name,
            "pinyin": pinyin_key(name),
            "phone": f"139{number:08}",
            "member_number": f"T{number:07}",
            **columns,
        },
    )
    token = new_token()
    signed_in = SignInSession(
        id=new_id(),
        member_id=member.id,
        token_digest=digest(token),
        kind=SessionKind.PHONE,
        device="Test",
        created_at=NEVER_OVER,
        used_at=NEVER_OVER,
        confirmed_at=NEVER_OVER,
        factor_at=NEVER_OVER,
    )
    session.add(member)
    session.flush()
    session.add(Credential(member_id=member.id, password_hash=_password_hash()))
    session.add(signed_in)
    for role in roles:
        session.add(
            RoleTerm(
                member_id=member.id,
                organisation_id=(at or branch).id,
                role=role,
                starts_on=LONG_AGO,
                given_at=FROM_THE_START,
            ),
        )
    session.flush()
    actor = Actor(
        member_id=member.id,
        name=member.name,
        branch_id=branch.id,
        branch_name=branch.name,
        group_id=member.group_id,
        roles=frozenset(roles),
        permissions=permissions_of(roles, branch.kind),
        session_id=signed_in.id,
        confirmed_at=NEVER_OVER,
        is_demo=False,
        leads=frozenset({(at or branch).id} if Role.COMMITTEE_OFFICER in roles else ()),
    )
    return Person(
        id=member.id,
        name=member.name,
        branch_id=branch.id,
        branch_name=branch.name,
        group_id=member.group_id,
        phone=member.phone or "",
        token=token,
        actor=actor,
    )


def make_people(session: Session) -> People:
    """The standard people: two branches of one committee, with officers, and one who looks after all."""
    committee = make_committee(session)
    branch = make_branch(session, "第一党支部", parent=committee)
    group = make_group(session, branch)
    other_branch = make_branch(session, "第二党支部", parent=committee)
    office = make_branch(session, "机关党委办公室党支部", parent=committee)
    return People(
        committee=committee,
        branch=branch,
        group=group,
        other_branch=other_branch,
        alice=make_member(session, branch, "艾莉", group=group),
        bob=make_member(session, branch, "包波", group=group),
        sam=make_member(session, branch, "沈山", roles=(Role.SECRETARY,)),
        dora=make_member(session, branch, "窦兰", roles=(Role.DEPUTY,)),
        olga=make_member(session, other_branch, "欧歌"),
        oscar=make_member(session, other_branch, "殷世安", roles=(Role.SECRETARY,)),
        carl=make_member(session, office, "康立", roles=(Role.COMMITTEE_OFFICER,), at=committee),
    )


def _make_place(session: Session, kind: OrganisationKind, name: str, parent_id: UUID | None) -> Place:
    place = Organisation(id=new_id(), kind=kind, name=name, pinyin=place_key(name), parent_id=parent_id)
    session.add(place)
    session.flush()
    return Place(id=place.id, name=name, kind=kind)


@lru_cache(maxsize=1)
def _password_hash() -> str:
    return passwords.hash_password(PASSWORD)
