"""What machines read: rows within the reach of a token, by name or by day, never by a number.

There are no sums and no sheets in it, and never whom a wish is for (red lines 1 and 10).
"""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Date, Uuid, and_, bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from app.core import clock, keyset
from app.features.api.rules import READ_FACTS, Scope
from app.features.ledger.models import Fact
from app.features.members.models import Member, Organisation
from app.features.members.rules import OrganisationKind
from app.features.organisations.queries import descendants
from app.features.shows.duties import queries as duties

Rows = list[dict[str, Any]]
_WITHIN: Final = descendants(
    select(Organisation.id.label("top"), Organisation.id.label("id")).where(Organisation.id == bindparam("reach"))
)
_BELOW: Final = select(_WITHIN.c.id)
_TODAY: Final = bindparam("today", type_=Date())
_AFTER: Final = bindparam("after", type_=Uuid())
_MOST: Final[BindParameter[Any]] = bindparam("most")
_PLACE: Final = (Organisation.pinyin, Organisation.id)
_BRANCHES: Final = (
    select(Organisation.id, Organisation.parent_id, Organisation.kind, Organisation.name)
    .where(
        or_(
            Organisation.id.in_(_BELOW),
            and_(Organisation.kind == OrganisationKind.GROUP, Organisation.parent_id.in_(_BELOW)),
        )
    )
    .order_by(*_PLACE)
    .limit(_MOST)
)
_MORE_BRANCHES: Final = _BRANCHES.where(
    tuple_(*_PLACE) > select(*_PLACE).where(Organisation.id == _AFTER).scalar_subquery()
)
_NAME: Final = (Member.branch_id, Member.pinyin, Member.id)
_OPENED_BY: Final = {
    Scope.MEMBERS: (Member.id, Member.branch_id, Member.group_id, Member.status),
    Scope.NAMES: (Member.name, Member.member_number),
    Scope.PHONES: (Member.phone,),
}
"""The columns of a member that each scope opens; nothing else of a person leaves here."""
_MEMBERS: Final = (
    select(*(column for columns in _OPENED_BY.values() for column in columns))
    .where(Member.branch_id.in_(_BELOW), Member.is_here(_TODAY))
    .order_by(*_NAME)
    .limit(_MOST)
)
_MORE_MEMBERS: Final = _MEMBERS.where(tuple_(*_NAME) > select(*_NAME).where(Member.id == _AFTER).scalar_subquery())
_FACTS: Final = (
    select(
        Fact.seq,
        Fact.id,
        Fact.member_id,
        Fact.fact_type,
        Fact.quantity,
        Fact.occurred_on,
        Fact.counts_in,
        Fact.reversal_of,
        Fact.posted_at,
    )
    .where(
        Fact.branch_id == bindparam("reach"),
        Fact.seq > bindparam("after"),
        Fact.fact_type.in_(bindparam("kinds", type_=Fact.fact_type.type, expanding=True)),
    )
    .order_by(Fact.seq)
    .limit(_MOST)
)


def branches(session: Session, reach: UUID, *, after: UUID | None, most: int) -> Rows:
    """The organisations within reach, by name."""
    statement = _MORE_BRANCHES if after else _BRANCHES
    rows = session.execute(statement, {"reach": reach, "after": after, "most": most})
    return [{"id": row.id, "parent_id": row.parent_id, "kind": row.kind.value, "name": row.name} for row in rows]


def members(session: Session, reach: UUID, *, scopes: Collection[str], after: UUID | None, most: int) -> Rows:
    """Who belongs to the branches within reach today, by branch and name; of each what ``scopes`` open."""
    names = [column.key for scope, columns in _OPENED_BY.items() if scope in scopes for column in columns]
    statement = _MORE_MEMBERS if after else _MEMBERS
    rows = session.execute(statement, {"reach": reach, "after": after, "most": most, "today": clock.today()})
    return [{name: getattr(row, name) for name in names} for row in rows]


def facts(session: Session, branch_id: UUID, *, after: int, most: int) -> Rows:
    """Facts of a branch in the order in which they were written, so that whoever goes on misses none.

    No marks given to people, and no note: those are words about them.
    """
    asked = {"reach": branch_id, "after": after, "most": most, "kinds": READ_FACTS}
    return [
        {**row._mapping, "fact_type": row.fact_type.value, "posted_at": row.posted_at.isoformat()}
        for row in session.execute(_FACTS, asked)
    ]


def duty_lines(session: Session, branch_id: UUID, *, after: str, most: int) -> Rows:
    """The duty list of a branch by due day; what was cancelled is left out."""
    last = keyset.read(after, type(clock.today()))
    return [
        {
            "id": duty.id,
            "member_id": duty.responsible_id,
            "kind": duty.kind.value,
            "matter": duty.matter,
            "basis": duty.basis,
            "due_on": duty.due_on,
            "state": duty.state.value,
            "ended_on": duty.ended_on,
        }
        for duty in duties.portion_of_branch(session, branch_id, after=last, most=most)
    ]
