"""Whom the rows of a list may mean: the people of a branch, or of all branches below a committee."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.features.imports.values import plain
from app.features.members.models import Member, Organisation
from app.features.members.queries import AnyRow
from app.features.members.rules import OrganisationKind, masked_phone
from app.features.organisations.queries import descendants

_Branch, _Group = aliased(Organisation), aliased(Organisation)
_LED: Final = descendants(
    select(Organisation.id.label("top"), Organisation.id.label("id")).where(
        Organisation.id.in_(bindparam("leads", type_=Uuid(), expanding=True))
    )
)
_REACHED: Final = (
    select(
        Member.id,
        Member.name,
        Member.phone,
        Member.member_number,
        Member.branch_id,
        _Branch.name.label("branch_name"),
        _Group.name.label("group_name"),
    )
    .join(_Branch, _Branch.id == Member.branch_id)
    .outerjoin(_Group, _Group.id == Member.group_id)
    .where(
        _Branch.kind == OrganisationKind.BRANCH,
        or_(Member.branch_id == bindparam("own", type_=Uuid()), Member.branch_id.in_(select(_LED.c.id))),
        Member.is_here(bindparam("today", type_=Member.left_on.type)),
    )
    .order_by(_Branch.pinyin, _Branch.id, Member.pinyin, Member.id)
)


class Candidate(NamedTuple):
    """Somebody who may be meant."""

    id: UUID
    name: str
    phone: str | None
    member_number: str
    place: str | None
    branch_id: UUID

    @property
    def words(self) -> str:
        """What tells two of one name apart."""
        return " · ".join(filter(None, (self.place, masked_phone(self.phone), self.member_number)))


class People:
    """Candidates by the numbers and by the names that lists have for them."""

    def __init__(self, people: Iterable[Candidate]) -> None:
        """Look them through once."""
        named = defaultdict[str, list[Candidate]](list)
        self._by_number: dict[str, Candidate] = {}
        self.by_id: dict[UUID, Candidate] = {}
        for one in people:
            self.by_id[one.id] = one
            named[plain(one.name)].append(one)
            self._by_number |= dict.fromkeys(filter(None, (one.phone, one.member_number)), one)
        self._by_name = {name: tuple(found) for name, found in named.items()}

    def of_number(self, number: str) -> Candidate | None:
        """Who has this mobile number, or signs in with it."""
        return self._by_number.get(number)

    def named(self, name: str) -> tuple[Candidate, ...]:
        """All of that name."""
        return self._by_name.get(plain(name), ())


def within(session: Session, own: UUID | None, leads: Collection[UUID]) -> Sequence[AnyRow]:
    """Who belongs to the branch ``own`` today or to one below ``leads``, by branch and pinyin."""
    return session.execute(_REACHED, {"own": own, "leads": sorted(leads), "today": clock.today()}).all()


def candidates(rows: Iterable[AnyRow], here: UUID) -> list[Candidate]:
    """Those whom ``within`` found; of the branch ``here`` the group tells where somebody is."""
    return [
        Candidate(
            row.id,
            row.name,
            row.phone,
            row.member_number,
            row.group_name if row.branch_id == here else row.branch_name,
            row.branch_id,
        )
        for row in rows
    ]
