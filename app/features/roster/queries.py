"""What an import has to know, and what an export says: within reach of who asks, and nobody else."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Boolean, String, Uuid, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.features.members.models import Exemption, Member, Organisation, RoleTerm
from app.features.members.powers import posts_ahead
from app.features.members.rules import ExemptionKind, OrganisationKind, Role
from app.features.members.standing import Side, weight_of
from app.features.roster.importer import Importer
from app.features.roster.rules import (
    ExistingBranch,
    ExistingMember,
    ExistingRoster,
    ExistingSecretary,
    ReadPerson,
    RosterRow,
)
from app.features.roster.sheet.posts import BRANCH_POSTS

T = TypeVar("T")
ROWS_AT_ONCE: Final = 1_000
"""Rows whose people are looked up in one statement: each brings three values, and SQLite takes 32,766."""

_Branch = aliased(Organisation)
_Group = aliased(Organisation)
_IN_REACH: Final = or_(bindparam("everywhere", type_=Boolean()), Member.branch_id == bindparam("branch", type_=Uuid()))
_ENTRY: Final = (
    select(
        Member.id,
        Member.name,
        Member.branch_id,
        _Branch.name.label("branch"),
        _Branch.kind.label("home"),
        _Group.name.label("group"),
        Member.phone,
        Member.member_number,
        Member.sex,
        Member.born,
        Member.joined,
        Member.confirmed,
        Member.status,
        Member.post,
        Member.note,
        Member.left_on,
    )
    .join(_Branch, _Branch.id == Member.branch_id)
    .outerjoin(_Group, _Group.id == Member.group_id)
)
_MEANT: Final = _ENTRY.where(
    or_(
        Member.phone.in_(bindparam("phones", type_=String(), expanding=True)),
        Member.member_number.in_(bindparam("numbers", type_=String(), expanding=True)),
        and_(Member.name.in_(bindparam("names", type_=String(), expanding=True)), _IN_REACH),
    )
)
_ALL: Final = _ENTRY.where(
    _IN_REACH, _Branch.kind == OrganisationKind.BRANCH, Member.is_here(bindparam("today"))
).order_by(_Branch.pinyin, _Branch.id, Member.group_id.is_(None), _Group.pinyin, Member.pinyin, Member.id)
_HOW_MANY: Final = select(func.count()).select_from(_ALL.order_by(None).subquery())
_PLACES: Final = (
    select(Organisation.id, Organisation.name, Organisation.parent_id, Organisation.kind)
    .where(
        Organisation.kind.in_((OrganisationKind.BRANCH, OrganisationKind.GROUP)),
        or_(
            bindparam("everywhere", type_=Boolean()),
            Organisation.id == bindparam("branch", type_=Uuid()),
            Organisation.parent_id == bindparam("branch", type_=Uuid()),
        ),
    )
    .order_by(Organisation.pinyin, Organisation.id)
)
_UNFINISHED_TERM: Final = and_(
    or_(RoleTerm.ends_on.is_(None), RoleTerm.ends_on >= bindparam("today")), RoleTerm.ended_at.is_(None)
)
_POSTS: Final = (
    select(RoleTerm.member_id, RoleTerm.role)
    .join(Member, Member.id == RoleTerm.member_id)
    .where(
        RoleTerm.role.in_(tuple(BRANCH_POSTS)),
        or_(RoleTerm.organisation_id == Member.branch_id, RoleTerm.organisation_id == Member.group_id),
        _UNFINISHED_TERM,
    )
)
_POSTS_HERE: Final = _POSTS.where(Member.branch_id == bindparam("branch", type_=Uuid()))
_SECRETARIES: Final = (
    select(_Branch.name.label("branch"), Member.id, Member.name)
    .join(RoleTerm, RoleTerm.organisation_id == _Branch.id)
    .join(Member, Member.id == RoleTerm.member_id)
    .where(RoleTerm.role == Role.SECRETARY, _UNFINISHED_TERM, _IN_REACH)
    .order_by(RoleTerm.starts_on.desc())
)
_EXEMPTIONS: Final = (
    select(Exemption.member_id, Exemption.kind)
    .join(Member, Member.id == Exemption.member_id)
    .where(or_(Exemption.ends_on.is_(None), Exemption.ends_on >= bindparam("today")), _IN_REACH)
)


def existing_roster(session: Session, importer: Importer, rows: Sequence[RosterRow]) -> ExistingRoster:
    """What is known of the people whom ``rows`` could mean, and of all branches within reach.

    Terms and exemptions that begin later count as held, so that none is given twice.
    """
    reach = _reach(importer)
    branches = tuple(_branches(session, reach))
    posts = _posts(session, reach)
    exemptions = _exemptions(session, reach)
    meant = [row for some in batches(rows) for row in session.execute(_MEANT, reach | _keys(some))]
    here = {
        row.id: row
        for row in meant
        if row.home is OrganisationKind.BRANCH and (importer.reaches_all or row.branch_id == importer.branch_id)
    }
    elsewhere = [row for row in meant if row.id not in here]
    weights = {
        name: weight_of(roles) for some in batches(list(here)) for name, roles in posts_ahead(session, some).items()
    }
    return ExistingRoster(
        branches=branches,
        members=tuple(
            ExistingMember(
                row.id,
                _entry(row, posts[row.id]),
                exemptions=exemptions[row.id],
                has_left=row.left_on is not None and row.left_on <= reach["today"],
                weight=weights[row.id],
            )
            for row in here.values()
        ),
        home=branches[0].name if importer.branch_id and branches else "",
        importer_id=importer.member_id,
        home_side=Side.ABOVE_AT_HOME if importer.reaches_all else Side.BESIDE,
        own_branch=next((branch.name for branch in branches if branch.id == importer.home_id), ""),
        secretaries={row.branch: ExistingSecretary(row.id, row.name) for row in session.execute(_SECRETARIES, reach)},
        phones_elsewhere=frozenset(row.phone for row in elsewhere if row.phone),
        numbers_elsewhere=frozenset(row.member_number for row in elsewhere),
    )


def entries(session: Session, importer: Importer) -> Iterator[ReadPerson]:
    """Everybody within reach who has not left, by branch, group and name."""
    reach = _reach(importer)
    posts = _posts(session, reach)
    for row in session.execute(_ALL, reach, execution_options={"yield_per": ROWS_AT_ONCE}):
        yield _entry(row, posts.get(row.id, frozenset()))


def count(session: Session, importer: Importer) -> int:
    """How many ``entries`` gives."""
    return session.scalar(_HOW_MANY, _reach(importer)) or 0


def _reach(importer: Importer) -> dict[str, Any]:
    return {"everywhere": importer.reaches_all, "branch": importer.branch_id, "today": clock.today()}


def batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """``rows`` in portions of which one statement can hold the keys."""
    for first in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[first : first + ROWS_AT_ONCE]


def _keys(rows: Iterable[RosterRow]) -> dict[str, list[str]]:
    said = [row.entry for row in rows]
    return {
        "phones": [entry.phone for entry in said if entry.phone],
        "numbers": [entry.member_number for entry in said if entry.member_number],
        "names": [entry.name for entry in said if entry.name],
    }


def _branches(session: Session, reach: Mapping[str, Any]) -> Iterator[ExistingBranch]:
    places = session.execute(_PLACES, reach).all()
    groups: dict[UUID, list[str]] = defaultdict(list)
    for place in places:
        if place.kind is OrganisationKind.GROUP:
            groups[place.parent_id].append(place.name)
    for place in places:
        if place.kind is OrganisationKind.BRANCH:
            yield ExistingBranch(place.id, place.name, tuple(groups[place.id]))


def _posts(session: Session, reach: Mapping[str, Any]) -> Mapping[UUID, frozenset[Role]]:
    posts: dict[UUID, frozenset[Role]] = defaultdict(frozenset)
    for member_id, role in session.execute(_POSTS if reach["everywhere"] else _POSTS_HERE, reach):
        posts[member_id] |= {role}
    return posts


def _exemptions(session: Session, reach: Mapping[str, Any]) -> Mapping[UUID, frozenset[ExemptionKind]]:
    exemptions: dict[UUID, frozenset[ExemptionKind]] = defaultdict(frozenset)
    for member_id, kind in session.execute(_EXEMPTIONS, reach):
        exemptions[member_id] |= {kind}
    return exemptions


def _entry(row: Any, roles: frozenset[Role]) -> ReadPerson:
    return ReadPerson(
        name=row.name,
        branch=row.branch,
        group=row.group or "",
        phone=row.phone,
        member_number=row.member_number,
        sex=row.sex,
        born=row.born,
        joined=row.joined,
        confirmed=row.confirmed,
        status=row.status,
        roles=roles,
        post=row.post or "",
        note=row.note or "",
    )
