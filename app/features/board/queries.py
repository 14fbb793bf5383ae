"""Reads of the board: a page of branches by name, and counts for those alone. Numbers, and one name a branch."""

from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from itertools import chain, islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Select, Uuid, and_, bindparam, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.core import clock
from app.features.board.rules import BoardRow, Only, Secretary
from app.features.meetings.asked.queries import standings
from app.features.meetings.asked.view import BranchYear
from app.features.members import places
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.names import ESCAPE, is_meant, plain
from app.features.members.queries import AnyRow
from app.features.members.rules import OrganisationKind, Role
from app.features.organisations.queries import descendants, viewpoints
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.reviews.waiting import LONG
from app.features.shows.duties.models import Duty
from app.features.shows.duties.queries import LATE
from app.features.shows.duties.view import ENDS
from app.features.shows.pledges.due import UNWRITTEN
from app.features.sign_in.models import Credential
from app.features.wishes.models import Wish
from app.features.wishes.rules import Status

PAGE: Final = 50
"""Branches of one page."""
ASKED: Final = 20
"""Branches looked at for one page of what is asked of them: a year of meetings each."""
_NO_LIMIT: Final = 1_000_000
_IDS: Final[Any] = bindparam("ids", type_=Uuid(), expanding=True)
_DAY: Final = bindparam("day", type_=Date())
_LONG_AGO: Final = bindparam("long_ago", type_=DateTime(timezone=True))
_YEAR: Final[Any] = bindparam("year")
_UNFINISHED: Final = (
    Status.TO_VERIFY,
    Status.PUBLISHED,
    Status.NEXT_ROUND,
    Status.CLAIMED,
    Status.IN_PROGRESS,
    Status.TO_CONFIRM,
)
_IS_HERE: Final = or_(Member.left_on.is_(None), Member.left_on > _DAY)
_IS_SECRETARY: Final = and_(RoleTerm.role == Role.SECRETARY, RoleTerm.in_force(_DAY))
_WAITS: Final = and_(Review.status == ReviewStatus.PENDING, Review.submitted_at < _LONG_AGO)
_HAS_SECRETARY: Final = (
    exists()
    .where(RoleTerm.organisation_id == Organisation.id, _IS_SECRETARY, Member.id == RoleTerm.member_id, _IS_HERE)
    .correlate(Organisation)
)
_NARROWED: Final = {
    Only.ALL: (),
    Only.WAITING: (exists().where(Review.branch_id == Organisation.id, _WAITS).correlate(Organisation),),
    Only.OVERDUE: (ENDS.where(Duty.branch_id == Organisation.id, *LATE).correlate(Organisation).exists(),),
    Only.NO_SECRETARY: (~_HAS_SECRETARY,),
}
_SECRETARIES_OF: Final = (
    select(RoleTerm.organisation_id, Member.name, Member.phone)
    .join(Member, Member.id == RoleTerm.member_id)
    .where(RoleTerm.organisation_id.in_(_IDS), _IS_SECRETARY, _IS_HERE)
    .order_by(Member.pinyin, Member.id)
)
_LIKE: Final = or_(
    places.LIKE,
    Member.name.like(bindparam("pattern"), escape=ESCAPE),
    Member.pinyin.like(bindparam("letters"), escape=ESCAPE),
)
"""All branches that could be meant, by their own name or their secretary's; ``_is_meant`` decides."""
_PEOPLE: Final = (
    select(Member.branch_id, func.count(Member.id).label("members"), func.count(Credential.member_id).label("accounts"))
    .outerjoin(Credential, Credential.member_id == Member.id)
    .where(Member.branch_id.in_(_IDS), _IS_HERE)
    .group_by(Member.branch_id)
)
_COUNTS: Final = {
    "waiting": select(Review.branch_id, func.count(Review.id))
    .where(Review.branch_id.in_(_IDS), _WAITS)
    .group_by(Review.branch_id),
    "pledges": select(Member.branch_id, func.count(Member.id))
    .where(Member.branch_id.in_(_IDS), *UNWRITTEN)
    .group_by(Member.branch_id),
    "duties": ENDS.with_only_columns(Duty.branch_id, func.count(Duty.id))
    .where(Duty.branch_id.in_(_IDS), *LATE)
    .group_by(Duty.branch_id),
    "wishes": select(Wish.branch_id, func.count(Wish.id))
    .where(Wish.branch_id.in_(_IDS), Wish.status.in_(_UNFINISHED))
    .group_by(Wish.branch_id),
}
_WAITING_OF: Final = (
    select(Review.kind, func.count(Review.id).label("number"), func.min(Review.submitted_at).label("since"))
    .where(Review.branch_id == bindparam("branch"), Review.status == ReviewStatus.PENDING)
    .group_by(Review.kind)
    .order_by(Review.kind)
)
_WISHES_OF: Final = (
    select(Wish.status, func.count(Wish.id).label("number"))
    .where(Wish.branch_id == bindparam("branch"), Wish.status.in_(_UNFINISHED))
    .group_by(Wish.status)
)
_BELOW: Final = descendants(
    select(Organisation.id.label("top"), Organisation.id.label("id")).where(
        Organisation.id.in_(bindparam("starts", type_=Uuid(), expanding=True))
    )
)
_ROOT: Final = select(Organisation.id).where(Organisation.parent_id.is_(None))
_NAME_OF: Final = select(Organisation.pinyin).where(Organisation.id == bindparam("after"))


def page(
    session: Session, actor: Actor, *, typed: str = "", only: Only = Only.ALL, after: UUID | None = None
) -> tuple[list[BoardRow], bool]:
    """Up to ``PAGE`` branches in the actor's sight, by name, those after ``after``; and whether more follow.

    ``typed`` means a branch or its secretary: a part of the name, the pinyin or its initials.
    """
    with closing(_branches(session, actor, typed=typed, only=only, after=after, most=PAGE + 1)) as found:
        branches = list(islice(found, PAGE + 1))
    return rows(session, branches[:PAGE]), len(branches) > PAGE


def every_row(session: Session, actor: Actor, *, typed: str = "", only: Only = Only.ALL) -> Iterator[BoardRow]:
    """All of them, in portions."""
    branches = list(_branches(session, actor, typed=typed, only=only))
    for first in range(0, len(branches), 10 * PAGE):
        yield from rows(session, branches[first : first + 10 * PAGE])


def asked(
    session: Session, actor: Actor, *, typed: str = "", missing: bool = False, after: UUID | None = None
) -> tuple[list[tuple[AnyRow, BranchYear]], UUID | None]:
    """Up to ``ASKED`` branches by name with how far each is this year; and after whom the next page begins, if at all.

    ``missing`` leaves out those that miss nothing. What a branch misses is computed: each page looks at as many
    branches, so it may show fewer, and the next one goes on from there.
    """
    today = clock.today()
    with closing(_branches(session, actor, typed=typed, only=Only.ALL, after=after, most=ASKED + 1)) as found:
        branches = list(islice(found, ASKED + 1))
    looked_at = branches[:ASKED]
    stands = standings(session, [branch.id for branch in looked_at], today.year, today) if looked_at else {}
    shown = [(branch, stands[branch.id]) for branch in looked_at if stands[branch.id].missing or not missing]
    return shown, looked_at[-1].id if len(branches) > ASKED else None


def named(session: Session, actor: Actor, *, after: UUID | None = None) -> tuple[list[AnyRow], UUID | None]:
    """Up to ``PAGE`` branches in the actor's sight by name (``id, name``), and after whom the next page begins."""
    with closing(_branches(session, actor, typed="", only=Only.ALL, after=after, most=PAGE + 1)) as found:
        branches = list(islice(found, PAGE + 1))
    return branches[:PAGE], branches[PAGE - 1].id if len(branches) > PAGE else None


def in_sight(session: Session, actor: Actor) -> list[UUID]:
    """All branches in the actor's sight."""
    return [row.id for row in _branches(session, actor, typed="", only=Only.ALL)]


def rows(session: Session, branches: Sequence[AnyRow]) -> list[BoardRow]:
    """The rows of these branches (``id, name``), in their order: a statement for each column."""
    asked = _asked() | {"ids": [branch.id for branch in branches]}
    secretaries: dict[UUID, list[Secretary]] = defaultdict(list)
    for row in session.execute(_SECRETARIES_OF, asked):
        secretaries[row.organisation_id].append(Secretary(row.name, row.phone))
    people = {row.branch_id: row for row in session.execute(_PEOPLE, asked)}
    counts: Mapping[str, Mapping[UUID, int]] = {
        column: dict(session.execute(statement, asked).all()) for column, statement in _COUNTS.items()
    }
    return [
        BoardRow(
            branch.id,
            branch.name,
            tuple(secretaries[branch.id]),
            members=people[branch.id].members if branch.id in people else 0,
            accounts=people[branch.id].accounts if branch.id in people else 0,
            **{column: found.get(branch.id, 0) for column, found in counts.items()},
        )
        for branch in branches
    ]


def waiting(session: Session, branch_id: UUID) -> Sequence[AnyRow]:
    """What waits for a word in the branch, by kind: rows ``kind, number, since`` (the moment the oldest came)."""
    return session.execute(_WAITING_OF, {"branch": branch_id}).all()


def wishes(session: Session, branch_id: UUID) -> Sequence[AnyRow]:
    """The wishes it answers for that have not come to an end, by where they stand: rows ``status, number``."""
    found = session.execute(_WISHES_OF, {"branch": branch_id}).all()
    return sorted(found, key=lambda row: _UNFINISHED.index(row.status))


def _branches(
    session: Session, actor: Actor, *, typed: str, only: Only, after: UUID | None = None, most: int = _NO_LIMIT
) -> Generator[AnyRow, None, None]:
    starts = viewpoints(session, actor)
    is_whole = session.scalar(_ROOT) in starts
    wanted = bool(plain(typed))
    asked = _asked() | {"starts": starts, "after": after, "most": _NO_LIMIT if wanted else most} | places.wanted(typed)
    if after:
        asked["after_name"] = session.scalar(_NAME_OF, {"after": after}) or ""
    before = None
    with session.execute(_statement(is_whole, only, looks=wanted, goes_on=after is not None), asked) as found:
        for row in chain.from_iterable(found.partitions(PAGE)):  # as far as the page goes, not the whole organ
            if row.id != before and (not wanted or _is_meant(typed, row)):
                before = row.id
                yield row


def _is_meant(typed: str, row: AnyRow) -> bool:
    return is_meant(typed, name=row.name, pinyin=row.pinyin) or (
        row.led_by is not None and is_meant(typed, name=row.led_by, pinyin=row.led_by_pinyin)
    )


@cache
def _statement(is_whole: bool, only: Only, *, looks: bool, goes_on: bool) -> Select[*tuple[Any, ...]]:
    """Branches by name: of the whole organ, or below the places ``starts``."""
    statement = (
        select(Organisation.id, Organisation.name, Organisation.pinyin)
        .where(Organisation.kind == OrganisationKind.BRANCH, *_NARROWED[only])
        .order_by(Organisation.pinyin, Organisation.id)
        .limit(bindparam("most", type_=Integer()))
    )
    if not is_whole:
        statement = statement.where(Organisation.id.in_(select(_BELOW.c.id)))
    if looks:
        statement = (
            statement.add_columns(Member.name.label("led_by"), Member.pinyin.label("led_by_pinyin"))
            .select_from(Organisation)
            .outerjoin(RoleTerm, and_(RoleTerm.organisation_id == Organisation.id, _IS_SECRETARY))
            .outerjoin(Member, and_(Member.id == RoleTerm.member_id, _IS_HERE))
            .where(_LIKE)
        )
    if goes_on:
        statement = statement.where(
            tuple_(Organisation.pinyin, Organisation.id)
            > tuple_(bindparam("after_name"), bindparam("after", type_=Uuid()))
        )
    return statement


def _asked() -> dict[str, Any]:
    today = clock.today()
    return {"day": today, "today": today, "year": today.year, "long_ago": clock.now() - LONG}
