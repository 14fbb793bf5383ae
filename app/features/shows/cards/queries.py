"""What cards show, and to whom. Statements are built once; a stranger gets 404."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import AnyRow
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.partial_dates import years_in_party
from app.features.members.rules import Permission, Role
from app.features.shows.cards.models import CardIdentity, CardPhoto, CardSight
from app.features.shows.cards.rules import LARGE, PARTY_POSTS, SMALL, CardScope, Face, IdentityDetails

_Branch, _Group, _Enterer, _Earlier = (
    aliased(Organisation),
    aliased(Organisation),
    aliased(Member),
    aliased(CardIdentity),
)
_DAY: Final = bindparam("day", type_=Member.left_on.type)
IS_HERE: Final = Member.is_here(_DAY)
_LATEST: Final = (
    select(func.max(_Earlier.year))
    .where(_Earlier.member_id == Member.id, _Earlier.year <= bindparam("year"))
    .correlate(Member)
    .scalar_subquery()
)
"""The year whose identity holds in the year that is asked for: its own, or the last one before."""
FACES: Final = (
    select(
        Member.id,
        Member.name,
        Member.branch_id,
        _Branch.name.label("branch_name"),
        _Group.name.label("group_name"),
        Member.post,
        Member.joined,
        Member.confirmed,
        CardIdentity.service_scope,
        CardIdentity.office_phone,
        CardIdentity.motto,
        CardIdentity.pioneer_post,
        CardIdentity.shows_joined,
        CardPhoto.id.label("photo_id"),
    )
    .join(_Branch, _Branch.id == Member.branch_id)
    .outerjoin(_Group, _Group.id == Member.group_id)
    .outerjoin(CardIdentity, and_(CardIdentity.member_id == Member.id, CardIdentity.year == _LATEST))
    .outerjoin(CardPhoto, CardPhoto.member_id == Member.id)
)
_SEEN: Final = or_(
    Member.id == bindparam("me"),
    and_(IS_HERE, or_(Member.branch_id == bindparam("my_branch"), CardSight.scope == CardScope.ORGAN)),
)
_SEEN_FACE: Final = FACES.outerjoin(CardSight, CardSight.member_id == Member.id).where(
    Member.id == bindparam("member"), _SEEN
)
_OF_BRANCH: Final = FACES.where(Member.branch_id == bindparam("branch"), IS_HERE).order_by(
    Member.group_id.is_(None), _Group.pinyin, Member.pinyin, Member.id
)
_SOME_OF_BRANCH: Final = _OF_BRANCH.where(Member.id.in_(bindparam("people", type_=Uuid(), expanding=True)))
_PICTURES: Final = {SMALL: CardPhoto.small, LARGE: CardPhoto.large}
_PHOTOS: Final = {
    size: select(column)
    .join(Member, Member.id == CardPhoto.member_id)
    .outerjoin(CardSight, CardSight.member_id == Member.id)
    .where(CardPhoto.id == bindparam("photo"), _SEEN)
    for size, column in _PICTURES.items()
}
_IDENTITIES: Final = (
    select(
        CardIdentity.year,
        CardIdentity.service_scope,
        CardIdentity.office_phone,
        CardIdentity.motto,
        CardIdentity.pioneer_post,
        CardIdentity.shows_joined,
        CardIdentity.entered_by_id,
        _Enterer.name.label("entered_by"),
        CardIdentity.entered_at,
    )
    .join(_Enterer, _Enterer.id == CardIdentity.entered_by_id)
    .where(CardIdentity.member_id == bindparam("member"))
    .order_by(CardIdentity.year.desc())
)
_IDENTITY: Final = _IDENTITIES.where(CardIdentity.year <= bindparam("year")).limit(1)
_PORTRAIT: Final = (
    select(CardPhoto.id, CardPhoto.entered_at, CardPhoto.entered_by_id, _Enterer.name.label("entered_by"))
    .join(_Enterer, _Enterer.id == CardPhoto.entered_by_id)
    .where(CardPhoto.member_id == bindparam("member"))
)
_SCOPE: Final = select(CardSight.scope).where(CardSight.member_id == bindparam("member"))


def face(session: Session, actor: Actor, member_id: UUID, *, year: int) -> tuple[Face, UUID]:
    """The first face of the card of ``year``, and the branch: the own one, colleagues', and those open to the organ.

    Raises:
        NotFoundError: no card that the actor may open.
    """
    asked = _sight(actor) | {"member": member_id, "year": year}
    row = session.execute(_SEEN_FACE, asked).one_or_none()
    if row is None:
        raise NotFoundError
    return as_face(row, members.posts_in(session, row.branch_id)), row.branch_id


def branch_faces(
    session: Session, branch_id: UUID, *, year: int, only: Collection[UUID] | None = None
) -> Sequence[Face]:
    """The first faces of everybody in the branch, or of ``only`` these in it, by group and pinyin.

    For callers that know the branch is theirs.
    """
    asked: dict[str, Any] = {"branch": branch_id, "year": year, "day": clock.today()}
    if only is None:
        rows = session.execute(_OF_BRANCH, asked).all()
    else:
        rows = session.execute(_SOME_OF_BRANCH, asked | {"people": sorted(only)}).all()
    posts = members.posts_in(session, branch_id)
    return [as_face(row, posts) for row in rows]


def photo(session: Session, actor: Actor, photo_id: UUID, size: int) -> bytes:
    """A portrait in one of its sizes, for those who may open the card.

    Raises:
        NotFoundError: none that the actor may see, or no such size.
    """
    statement = _PHOTOS.get(size)
    content = statement is not None and session.scalar(statement, _sight(actor) | {"photo": photo_id})
    if not content:
        raise NotFoundError
    return bytes(content)


def identity(session: Session, member_id: UUID, *, year: int) -> AnyRow | None:
    """What the member tells on the card of ``year`` beyond the roster, with who entered it when."""
    return session.execute(_IDENTITY, {"member": member_id, "year": year}).one_or_none()


def details(row: AnyRow | None) -> IdentityDetails:
    """The same without who and when; of nothing, nothing."""
    if row is None:
        return IdentityDetails()
    return IdentityDetails(
        service_scope=row.service_scope,
        office_phone=row.office_phone,
        motto=row.motto,
        pioneer_post=row.pioneer_post,
        shows_joined=row.shows_joined,
    )


def identities(session: Session, member_id: UUID) -> Sequence[AnyRow]:
    """What the member told in each year, the last first."""
    return session.execute(_IDENTITIES, {"member": member_id}).all()


def portrait(session: Session, member_id: UUID) -> AnyRow | None:
    """The member's portrait without its pixels: rows ``id, entered_at, entered_by_id, entered_by``."""
    return session.execute(_PORTRAIT, {"member": member_id}).one_or_none()


def scope(session: Session, member_id: UUID) -> CardScope:
    """Who may open the member's card within the instance."""
    return session.scalar(_SCOPE, {"member": member_id}) or CardScope.BRANCH


def _sight(actor: Actor) -> dict[str, object]:
    branch = actor.branch_id if actor.may(Permission.BE_MEMBER) else None
    return {"me": actor.member_id, "my_branch": branch, "day": clock.today()}


def as_face(row: AnyRow, posts: Mapping[UUID, Sequence[Role]]) -> Face:
    """A row of ``FACES`` with the posts of its branch (``members.posts_in``)."""
    return Face(
        member_id=row.id,
        name=row.name,
        branch_name=row.branch_name,
        group_name=row.group_name,
        posts=tuple(role for role in posts.get(row.id, ()) if role in PARTY_POSTS),
        post=row.post,
        joined=row.joined if row.shows_joined else None,
        years_in_party=years_in_party(row.confirmed, clock.today()) if row.shows_joined else None,
        service_scope=row.service_scope,
        office_phone=row.office_phone,
        motto=row.motto,
        pioneer_post=bool(row.pioneer_post),
        photo_id=row.photo_id,
    )
