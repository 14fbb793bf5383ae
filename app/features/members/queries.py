"""Reads about people. Statements are built once; lists are rows, ordered by group and pinyin, never by a number."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Row, Uuid, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import IDS
from app.features.members.actor import Actor
from app.features.members.models import Exemption, Member, Organisation, RoleTerm
from app.features.members.names import ESCAPE, in_order, is_meant, plain
from app.features.members.rules import POST_ORDER, ExemptionKind, OrganisationKind, Permission, Role

_PHONE_DIGITS: Final = 11
AnyRow = Row[*tuple[Any, ...]]
Rows = Sequence[AnyRow]

_Branch = aliased(Organisation)
_Group = aliased(Organisation)
_DAY: Final = bindparam("day", type_=Member.left_on.type)
_IS_HERE: Final = Member.is_here(_DAY)
_VISIBLE: Final = or_(
    Member.id == bindparam("me"),
    Member.branch_id == bindparam("officer_of", type_=Uuid()),
    bindparam("everywhere", type_=Boolean()),
)


_HELD: Final = RoleTerm.in_force(_DAY)
_IS_EXEMPT: Final = and_(Exemption.starts_on <= _DAY, or_(Exemption.ends_on.is_(None), Exemption.ends_on >= _DAY))


_CARDS: Final = (
    select(
        Member.id,
        Member.name,
        Member.pinyin,
        Member.branch_id,
        _Branch.name.label("branch_name"),
        _Branch.kind.label("home"),
        Member.group_id,
        _Group.name.label("group_name"),
        Member.member_number,
        Member.sex,
        Member.status,
        Member.phone,
        Member.post,
        Member.born,
        Member.joined,
        Member.confirmed,
        Member.note,
        Member.left_on,
        Member.version,
        Member.created_at,
        Member.added_by_id,
        Member.opened_at,
    )
    .join(_Branch, _Branch.id == Member.branch_id)
    .outerjoin(_Group, _Group.id == Member.group_id)
)
_OF_BRANCH: Final = _CARDS.where(Member.branch_id == bindparam("branch")).order_by(
    Member.group_id.is_(None), _Group.pinyin, Member.pinyin, Member.id
)
_PRESENT: Final = _OF_BRANCH.where(_IS_HERE)
_BELONGING: Final = select(Member.id, Member.status, Member.group_id).where(
    Member.branch_id == bindparam("branch"), _IS_HERE
)
_FORMER: Final = _OF_BRANCH.where(Member.left_on <= _DAY)
_ANYWHERE: Final = _CARDS.where(
    or_(
        func.lower(Member.name).like(bindparam("letters"), escape=ESCAPE),
        Member.pinyin.like(bindparam("letters"), escape=ESCAPE),
        Member.phone.like(bindparam("digits")),
        func.lower(Member.member_number).in_((bindparam("number"), bindparam("as_typed"))),
    )
).order_by(_Branch.pinyin, _Branch.id, Member.pinyin, Member.id)
_HOLDERS: Final = (
    select(Member.name)
    .join(RoleTerm, RoleTerm.member_id == Member.id)
    .where(RoleTerm.role == bindparam("role", type_=RoleTerm.role.type), _HELD, _IS_HERE)
    .order_by(Member.pinyin, Member.id)
)
_CARD: Final = _CARDS.where(Member.id == bindparam("member"))
_VISIBLE_CARD: Final = _CARD.where(_VISIBLE)
_LOCK: Final = select(Member.id).where(Member.id == bindparam("member")).with_for_update(key_share=True)
_POSTS: Final = (
    select(RoleTerm.member_id, RoleTerm.role)
    .join(Member, Member.id == RoleTerm.member_id)
    .where(Member.branch_id == bindparam("branch"), _HELD)
)
_POSTS_OF: Final = select(RoleTerm.member_id, RoleTerm.role).where(RoleTerm.member_id.in_(IDS), _HELD)
_EXEMPT: Final = (
    select(Exemption.member_id, Exemption.kind)
    .join(Member, Member.id == Exemption.member_id)
    .where(Member.branch_id == bindparam("branch"), _IS_EXEMPT)
    .order_by(Exemption.starts_on, Exemption.id)
)
_EXEMPTION: Final = (
    select(Exemption.kind)
    .where(Exemption.member_id == bindparam("member"), _IS_EXEMPT)
    .order_by(Exemption.starts_on, Exemption.id)
    .limit(1)
)
_TERMS: Final = (
    select(
        RoleTerm.id,
        RoleTerm.role,
        RoleTerm.starts_on,
        RoleTerm.ends_on,
        RoleTerm.ended_at,
        Organisation.name.label("place"),
    )
    .join(Organisation, Organisation.id == RoleTerm.organisation_id)
    .where(RoleTerm.member_id == bindparam("member"))
    .order_by(RoleTerm.ends_on.is_not(None), RoleTerm.starts_on.desc(), RoleTerm.id)
)
_EXEMPTIONS: Final = (
    select(Exemption.id, Exemption.kind, Exemption.starts_on, Exemption.ends_on, Exemption.note)
    .where(Exemption.member_id == bindparam("member"))
    .order_by(Exemption.ends_on.is_not(None), Exemption.starts_on.desc(), Exemption.id)
)
_GROUPS: Final = (
    select(Organisation.id, Organisation.name)
    .where(Organisation.parent_id == bindparam("branch"), Organisation.kind == OrganisationKind.GROUP)
    .order_by(Organisation.pinyin, Organisation.id)
)


def lock(session: Session, member_id: UUID) -> None:
    """Hold a member's row until the unit of work ends; a limit that counts rows holds the owner of the rows."""
    session.execute(_LOCK, {"member": member_id})


def branch_members(session: Session, branch_id: UUID, day: date | None = None) -> Rows:
    """Who belongs to the branch on ``day`` (today), by group and pinyin. For callers that know the branch is theirs."""
    return session.execute(_PRESENT, {"branch": branch_id, "day": day or clock.today()}).all()


def belonging(session: Session, branch_id: UUID, day: date) -> Rows:
    """The same on ``day``, in no order: the id, the status and the group of each, for those who only count."""
    return session.execute(_BELONGING, {"branch": branch_id, "day": day}).all()


def former_members(session: Session, branch_id: UUID, day: date | None = None) -> Rows:
    """Who had left the branch by ``day`` (today); their history stays."""
    return session.execute(_FORMER, {"branch": branch_id, "day": day or clock.today()}).all()


def people_meant(session: Session, typed: str, most: int) -> Rows:
    """Whom ``typed`` means in all branches and communities, by place and pinyin; also who has left.

    Up to ``most`` rows as of a card. For callers that know that the asking person keeps everybody.
    """
    wanted = plain(typed)
    digits = wanted.isdecimal()
    rows = session.execute(
        _ANYWHERE,
        {
            "letters": "" if digits else in_order(typed),
            "digits": f"%{wanted[-_PHONE_DIGITS:]}" if digits else "",
            "number": wanted,
            "as_typed": typed.strip().casefold(),  # with what stands between its signs
        },
    )
    found = (
        row
        for row in rows
        if is_meant(typed, name=row.name, pinyin=row.pinyin, phone=row.phone, number=row.member_number)
    )
    return list(islice(found, most))


def holders(session: Session, role: Role) -> Sequence[str]:
    """Names of those who hold a post today, wherever, in the order of pinyin."""
    return session.scalars(_HOLDERS, {"role": role, "day": clock.today()}).all()


def member_card(session: Session, member_id: UUID) -> AnyRow:
    """One member, whoever asks: for callers that have decided who may see it."""
    return _found(session.execute(_CARD, {"member": member_id}).one_or_none())


def card(session: Session, actor: Actor, member_id: UUID) -> AnyRow:
    """One member for the people pages: oneself, members of the branch for its officers, all for who looks after all."""
    return _found(session.execute(_VISIBLE_CARD, {"member": member_id, **_sight(actor)}).one_or_none())


def colleague(session: Session, actor: Actor, member_id: UUID) -> AnyRow:
    """One member for what a branch does: oneself, or members of the branch for its officers."""
    sight = _sight(actor) | {"everywhere": False}
    return _found(session.execute(_VISIBLE_CARD, {"member": member_id, **sight}).one_or_none())


def posts_in(session: Session, branch_id: UUID, day: date | None = None) -> Mapping[UUID, list[Role]]:
    """The posts that members of the branch hold on ``day`` (today), by member, in the order of posts."""
    return _by_member(session.execute(_POSTS, {"branch": branch_id, "day": day or clock.today()}).all())


def posts_of(session: Session, member_ids: Collection[UUID], day: date) -> Mapping[UUID, list[Role]]:
    """The posts that these people held on ``day``, wherever they belong by now."""
    return _by_member(session.execute(_POSTS_OF, {"ids": sorted(member_ids), "day": day}).all())


def _by_member(rows: Rows) -> Mapping[UUID, list[Role]]:
    posts = defaultdict(list)
    for member_id, role in rows:
        posts[member_id].append(role)
    return {member_id: sorted(roles, key=POST_ORDER.__getitem__) for member_id, roles in posts.items()}


def exempt_on(session: Session, branch_id: UUID, day: date | None = None) -> Mapping[UUID, ExemptionKind]:
    """Who of the branch is exempt on ``day`` (today), and why."""
    rows = session.execute(_EXEMPT, {"branch": branch_id, "day": day or clock.today()})
    return {row.member_id: row.kind for row in rows}


def exemption(session: Session, member_id: UUID, day: date | None = None) -> ExemptionKind | None:
    """Why the member is exempt on ``day`` (today), or ``None``."""
    kind: ExemptionKind | None = session.execute(
        _EXEMPTION, {"member": member_id, "day": day or clock.today()}
    ).scalar()
    return kind


def terms_of(session: Session, member_id: UUID) -> Rows:
    """All posts the member has held or holds, open ones first: rows ``id, role, starts_on, ends_on, place``."""
    return session.execute(_TERMS, {"member": member_id}).all()


def exemptions_of(session: Session, member_id: UUID) -> Rows:
    """All exemptions of the member, open ones first: rows ``id, kind, starts_on, ends_on, note``."""
    return session.execute(_EXEMPTIONS, {"member": member_id}).all()


def groups_of(session: Session, branch_id: UUID) -> Rows:
    """The groups of the branch: rows ``id, name``."""
    return session.execute(_GROUPS, {"branch": branch_id}).all()


def _sight(actor: Actor) -> dict[str, object]:
    return {
        "me": actor.member_id,
        "officer_of": actor.branch_id if actor.may(Permission.SEE_BRANCH) else None,
        "everywhere": actor.may(Permission.MANAGE_ALL_PEOPLE),
    }


def _found(row: AnyRow | None) -> AnyRow:
    if row is None:
        raise NotFoundError
    return row
