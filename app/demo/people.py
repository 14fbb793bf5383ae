"""Who there is: the organ, its branches and their people, planned before anything is written. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final
from uuid import UUID

from app.core.ids import new_id
from app.demo.names import AGES, CAST, LEADING_POSTS, POSTS, branch_name, invent_name
from app.features.members.actor import Actor
from app.features.members.rules import ExemptionKind, MemberStatus, Role, Sex, permissions_of

FEWEST: Final = 3
"""Members a branch needs, so that two officers can decide about each other and about somebody."""
LARGE: Final = 13
"""From this size on a branch has somebody new, somebody ill and somebody retired."""
RETIRED_AT: Final = 60
NEWEST_POST: Final = POSTS[-1]
GROUPS: Final = ("第一党小组", "第二党小组")
FIRST_PHONE: Final = 13_800_000_000
PHONES_OF_A_BRANCH: Final = 100
ORGAN_BLOCK: Final = 90
"""The hundred of numbers that is kept for the officers of the organ: 138000090xx."""
ORGAN_OFFICERS: Final = (
    (Role.COMMITTEE_OFFICER, 13_800_009_001),
    (Role.SYSTEM_ADMINISTRATOR, 13_800_009_011),
    (Role.BUSINESS_ADMINISTRATOR, 13_800_009_012),
    (Role.AUDIT_ADMINISTRATOR, 13_800_009_013),
)
_BRANCH_ROLES: Final = {
    0: Role.SECRETARY,
    1: Role.DEPUTY,
    4: Role.GROUP_LEADER,
    5: Role.GROUP_LEADER,
    6: Role.ORGANISATION,
    7: Role.PUBLICITY,
    8: Role.DISCIPLINE,
}
"""Which place in the branch has which post; the first two members, 11 and 12 by phone, have none."""


@dataclass(frozen=True, slots=True)
class Life:
    """When somebody was born, joined, and became a full member: to the day, to the month, or only to the year."""

    born: str
    joined: str
    confirmed: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """An invented member."""

    id: UUID
    place: int
    """In the branch, from 0: secretary, deputy, members."""
    name: str
    sex: Sex
    phone: str | None
    member_number: str
    group: int | None
    """0 or 1; who leads the whole branch is in none."""
    roles: tuple[Role, ...]
    status: MemberStatus
    post: str
    life: Life
    exemption: ExemptionKind | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """An invented branch."""

    number: int
    """From 1."""
    id: UUID
    name: str
    groups: tuple[UUID, UUID]
    people: Sequence[Person]
    officers: Sequence[Person] = field(default=())
    """Officers of the organ who are members here."""

    @property
    def secretary(self) -> Person:
        """Who decides on the records of all others."""
        return self.people[0]

    @property
    def deputy(self) -> Person:
        """Who decides on the secretary's."""
        return self.people[1]

    @property
    def everybody(self) -> Iterator[Person]:
        """All members."""
        yield from self.people
        yield from self.officers

    @property
    def commissioners(self) -> Sequence[Person]:
        """The organisation commissioner, where the branch has one."""
        return [person for person in self.people if Role.ORGANISATION in person.roles]

    def actor(self, person: Person) -> Actor:
        """``person`` as the one who is asking."""
        return Actor(
            member_id=person.id,
            name=person.name,
            branch_id=self.id,
            branch_name=self.name,
            group_id=None if person.group is None else self.groups[person.group],
            roles=frozenset(person.roles),
            permissions=permissions_of(person.roles),
            session_id=person.id,
            confirmed_at=None,
            is_demo=True,
        )

    def deciders_on(self, *people: UUID) -> Sequence[Person]:
        """The officers who may decide on what is about one of ``people`` and was recorded by the other."""
        officers = (self.secretary, self.deputy, *self.commissioners)
        return [officer for officer in officers if officer.id not in people]

    def confirmer_of(self, person: Person) -> Person:
        """Who confirms what is recorded about ``person``: never the person (four eyes)."""
        return self.deputy if person is self.secretary else self.secretary

    def recorder_of(self, person: Person) -> Person:
        """Who ticks the list with ``person`` on it, and then does not confirm it: the organisation commissioner."""
        candidates = (*self.commissioners, self.deputy, self.people[2])
        return next(other for other in candidates if other not in (person, self.confirmer_of(person)))


def plan_branch(number: int, size: int, chance: Random, *, with_officers: bool, today: date) -> Branch:
    """The ``number``-th branch with ``size`` people, and the officers of the organ if they belong here."""
    casting = _Casting(number, size, chance, today)
    people = [casting.person(place) for place in range(size)]
    officers = [casting.officer(role, phone) for role, phone in ORGAN_OFFICERS if with_officers]
    return Branch(number, new_id(), branch_name(number), (new_id(), new_id()), people, officers)


def phone_of(number: int, place: int) -> str | None:
    """The stable number of a demo account, or ``None`` where a branch is larger than its hundred numbers."""
    inside = place + 1 if place < 2 else place + 9
    if inside >= PHONES_OF_A_BRANCH:
        return None
    block = number - 1 if number <= ORGAN_BLOCK else number + 9  # the thousand of the organ's officers is left out
    return str(FIRST_PHONE + block * PHONES_OF_A_BRANCH + inside)


@dataclass(slots=True)
class _Casting:
    """Finds somebody for each place of a branch."""

    number: int
    size: int
    chance: Random
    today: date
    taken: set[str] = field(default_factory=lambda: {name for name, _sex, _post in CAST})

    def person(self, place: int) -> Person:
        """Whoever has this place; a branch of some size has somebody new, somebody ill and somebody retired."""
        last = self.size - place if self.size >= LARGE else 0
        exemption = {1: ExemptionKind.RETIRED, 2: ExemptionKind.ILLNESS}.get(last)
        is_new, leads = last == 3, place < len(LEADING_POSTS)
        role = _BRANCH_ROLES.get(place)
        if self.number == 1 and place < len(CAST):
            name, sex, post = CAST[place]
        else:
            name, sex = self._name()
            post = LEADING_POSTS[place] if leads else NEWEST_POST if is_new else self.chance.choice(POSTS)
        age = RETIRED_AT + 2 if last == 1 else self.chance.randint(*AGES[post])
        return Person(
            id=new_id(),
            place=place,
            name=name,
            sex=sex,
            phone=phone_of(self.number, place),
            member_number=f"{self.number:05}{place + 1:04}",
            group=None if leads else place % 2,
            roles=(role,) if role else (),
            status=MemberStatus.PROBATIONARY if is_new else MemberStatus.FULL,
            post=post,
            life=self._life(age, is_new=is_new),
            exemption=exemption,
        )

    def officer(self, role: Role, phone: int) -> Person:
        """An officer of the organ."""
        name, sex = self._name()
        post = self.chance.choice(POSTS)
        return Person(
            id=new_id(),
            place=self.size,
            name=name,
            sex=sex,
            phone=str(phone),
            member_number=f"9{phone % 100_000_000:08}",
            group=None,
            roles=(role,),
            status=MemberStatus.FULL,
            post=post,
            life=self._life(self.chance.randint(*AGES[post])),
        )

    def _name(self) -> tuple[str, Sex]:
        name, sex = invent_name(self.chance, self.taken)
        self.taken.add(name)
        return name, sex

    def _life(self, age: int, *, is_new: bool = False) -> Life:
        born = date(self.today.year - age, self.chance.randint(1, 12), self.chance.randint(1, 28))
        joined = born.replace(
            year=born.year + min(age - 3, self.chance.randint(20, 26)), month=self.chance.randint(1, 12)
        )
        if is_new:
            joined = date(self.today.year - 1, 12, 10)
        exactness = self.chance.choice((10, 10, 7, 4))  # characters of ISO text
        return Life(
            born=born.isoformat()[: self.chance.choice((10, 7))],
            joined=joined.isoformat()[:exactness],
            confirmed=None if is_new else joined.replace(year=joined.year + 1).isoformat()[:exactness],
        )
