"""Reads about the tree: where somebody may look, what stands there, and how many members it has. Counts, no persons."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import CTE, Select, Uuid, bindparam, case, func, literal, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import AnyRow
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.names import is_meant, plain
from app.features.members.places import LIKE, wanted
from app.features.members.rules import PERMISSIONS, MemberStatus, OrganisationKind, Permission

AnySelect = Select[*tuple[Any, ...]]
Rows = list[AnyRow]
PAGE: Final = 50
"""Units of one page; a committee may have thousands of branches."""

_TODAY: Final = bindparam("today", type_=Member.left_on.type)
_IS_HERE: Final = Member.is_here(_TODAY)
_APART: Final = (OrganisationKind.GROUP, OrganisationKind.COMMUNITY)
"""Counted by themselves: a group's members are its branch's, and a community's people are no members."""
_COUNTS: Final = (
    func.count(Member.id).label("members"),
    func.count(case((Member.status == MemberStatus.PROBATIONARY, Member.id))).label("probationary"),
)


def _ancestors() -> CTE:
    """The organisation ``place`` and everything above it, nearest first."""
    start = select(Organisation.id, Organisation.parent_id, literal(0).label("height")).where(
        Organisation.id == bindparam("place")
    )
    above = start.cte("above", recursive=True)
    parent = aliased(Organisation)
    return above.union_all(
        select(parent.id, parent.parent_id, above.c.height + 1).where(parent.id == above.c.parent_id)
    )


def descendants(start: AnySelect) -> CTE:
    """What ``start`` selects (columns ``top``, ``id``) and everything below it, but no groups and no communities."""
    below = start.cte("below", recursive=True)
    unit = aliased(Organisation)
    return below.union_all(select(below.c.top, unit.id).where(unit.parent_id == below.c.id, unit.kind.not_in(_APART)))


def _page_of_units(*, continued: bool) -> AnySelect:
    """Up to one more than a page of what is directly below ``place``, by name."""
    page = select(Organisation.id).where(Organisation.parent_id == bindparam("place"), Organisation.kind.not_in(_APART))
    if continued:
        last = select(Organisation.pinyin, Organisation.id).where(Organisation.id == bindparam("after"))
        page = page.where(tuple_(Organisation.pinyin, Organisation.id) > last.scalar_subquery())
    return page.order_by(Organisation.pinyin, Organisation.id).limit(PAGE + 1)


def _counted(units: AnySelect) -> AnySelect:
    """Those units, each with the members of everything below it; nobody else is counted."""
    these = units.subquery()
    below = descendants(select(these.c.id.label("top"), these.c.id))
    return (
        select(Organisation.id, Organisation.name, Organisation.kind, *_COUNTS)
        .join(below, below.c.top == Organisation.id)
        .outerjoin(Member, (Member.branch_id == below.c.id) & _IS_HERE)
        .group_by(Organisation.id, Organisation.name, Organisation.kind, Organisation.pinyin)
        .order_by(Organisation.pinyin, Organisation.id)
    )


_ABOVE: Final = _ancestors()
_PATH: Final = (
    select(Organisation.id, Organisation.name, Organisation.kind, Organisation.parent_id)
    .join(_ABOVE, _ABOVE.c.id == Organisation.id)
    .order_by(_ABOVE.c.height.desc())
)
_UNITS: Final = {continued: _counted(_page_of_units(continued=continued)) for continued in (False, True)}
_UNITS_LIKE: Final = (
    select(Organisation.id, Organisation.name, Organisation.pinyin)
    .where(Organisation.parent_id == bindparam("place"), Organisation.kind.not_in(_APART), LIKE)
    .order_by(Organisation.pinyin, Organisation.id)
)
_THESE_UNITS: Final = _counted(
    select(Organisation.id).where(Organisation.id.in_(bindparam("ids", type_=Uuid(), expanding=True)))
)
_GROUPS: Final = (
    select(Organisation.id, Organisation.name, Organisation.kind, *_COUNTS)
    .outerjoin(Member, (Member.group_id == Organisation.id) & _IS_HERE)
    .where(Organisation.parent_id == bindparam("place"), Organisation.kind == OrganisationKind.GROUP)
    .group_by(Organisation.id, Organisation.name, Organisation.kind, Organisation.pinyin)
    .order_by(Organisation.pinyin, Organisation.id)
)
_COMMUNITIES: Final = (
    select(Organisation.id, Organisation.name, func.count(Member.id).label("people"))
    .outerjoin(Member, (Member.branch_id == Organisation.id) & _IS_HERE)
    .where(Organisation.parent_id == bindparam("place"), Organisation.kind == OrganisationKind.COMMUNITY)
    .group_by(Organisation.id, Organisation.name, Organisation.pinyin)
    .order_by(Organisation.pinyin, Organisation.id)
)
_BELOW: Final = descendants(
    select(Organisation.id.label("top"), Organisation.id.label("id")).where(Organisation.id == bindparam("place"))
)
_TOTAL: Final = select(*_COUNTS).select_from(_BELOW).join(Member, (Member.branch_id == _BELOW.c.id) & _IS_HERE)
_IN_BRANCHES: Final = (
    select(*_COUNTS)
    .select_from(Organisation)
    .join(Member, (Member.branch_id == Organisation.id) & _IS_HERE)
    .where(Organisation.kind == OrganisationKind.BRANCH)
)
"""Of the whole tree: nobody has to go down it for that."""
_VIEWPOINTS: Final = (
    select(RoleTerm.organisation_id)
    .join(Organisation, Organisation.id == RoleTerm.organisation_id)
    .where(
        RoleTerm.member_id == bindparam("member"),
        RoleTerm.role.in_(sorted(role for role, may in PERMISSIONS.items() if Permission.SEE_AGGREGATES in may)),
        RoleTerm.in_force(_TODAY),
    )
    .order_by(Organisation.pinyin, Organisation.id)
)


def viewpoints(session: Session, actor: Actor) -> list[UUID]:
    """Where the actor's view of the tree begins: the organs of the own posts, and the own branch for its officers."""
    places = list(session.scalars(_VIEWPOINTS, {"member": actor.member_id, "today": clock.today()}))
    if actor.may(Permission.MANAGE_BRANCH_PEOPLE):
        places.append(actor.branch_id)
    return list(dict.fromkeys(places))


def path(session: Session, actor: Actor, place_id: UUID) -> Rows:
    """The way from where the actor's view begins down to a place: rows ``id, name, kind, parent_id``."""
    whole = list(session.execute(_PATH, {"place": place_id}))
    starts = set(viewpoints(session, actor))
    for depth, step in enumerate(whole):
        if step.id in starts:
            return whole[depth:]
    raise NotFoundError


def units(session: Session, place: AnyRow, *, typed: str = "", after: UUID | None = None) -> Rows:
    """What stands directly below a place, by name: up to ``PAGE`` rows, and one more where there are more.

    Rows ``id, name, kind, members, probationary``. Only units that ``typed`` means: a part of the name, its pinyin or
    initials; or only those that follow on the unit ``after``. The groups of a branch are few and come all at once.
    """
    asked = {"place": place.id, "today": clock.today(), "after": after}
    if place.kind is OrganisationKind.BRANCH:
        return list(session.execute(_GROUPS, asked))
    if not plain(typed):
        return list(session.execute(_UNITS[after is not None], asked))
    rows = session.execute(_UNITS_LIKE, asked | wanted(typed))
    meant = [row.id for row in rows if is_meant(typed, name=row.name, pinyin=row.pinyin)]
    if after in meant:
        meant = meant[meant.index(after) + 1 :]
    return list(session.execute(_THESE_UNITS, asked | {"ids": meant[: PAGE + 1]}))


def communities(session: Session, place_id: UUID) -> Rows:
    """The communities directly below a place, by name: rows ``id, name, people``."""
    return list(session.execute(_COMMUNITIES, {"place": place_id, "today": clock.today()}))


def total(session: Session, place_id: UUID, *, is_root: bool = False) -> AnyRow:
    """How many members a place and everything below it has: a row ``members, probationary``.

    People of communities are counted only in their community.
    """
    statement = _IN_BRANCHES if is_root else _TOTAL
    return session.execute(statement, {"place": place_id, "today": clock.today()}).one()
