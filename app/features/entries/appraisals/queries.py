"""Which grades of quarters were entered, and which of them stands."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Row, Uuid, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.core.rows import IDS, locked
from app.features.entries.appraisals.models import Appraisal
from app.features.entries.appraisals.rules import Quarter
from app.features.imports import people
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import Permission
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

AnyRow = Row[*tuple[Any, ...]]
_IS_THERE: Final = Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED))
_Entered, _Decided = aliased(Member), aliased(Member)
_OF_MEMBERS: Final = (
    select(Appraisal, Review)
    .join(Review, Review.id == Appraisal.id)
    .where(
        Appraisal.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)),
        Appraisal.year.in_(bindparam("years", type_=Integer(), expanding=True)),
    )
    .order_by(Appraisal.id)
)
_HELD: Final = locked(_OF_MEMBERS)
_SHOWN: Final = (
    select(
        Appraisal.id,
        Appraisal.member_id,
        Appraisal.grade,
        Appraisal.note,
        Review.status,
        Review.recorded_by_id,
        _Entered.name.label("entered_by"),
        _Decided.name.label("decided_by"),
    )
    .join(Review, Review.id == Appraisal.id)
    .join(_Entered, _Entered.id == Review.recorded_by_id)
    .outerjoin(_Decided, _Decided.id == Review.decided_by_id)
    .where(
        Appraisal.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)),
        Appraisal.year == bindparam("year"),
        Appraisal.quarter == bindparam("quarter"),
        _IS_THERE,
    )
    .order_by(Appraisal.version)
)
_MINE: Final = (
    select(Appraisal.id, Appraisal.grade, Member.name)
    .join(Review, Review.id == Appraisal.id)
    .join(Member, Member.id == Appraisal.member_id)
    .where(
        Appraisal.entered_by_id == bindparam("me"),
        Review.status == ReviewStatus.PENDING,
        Appraisal.year == bindparam("year"),
        Appraisal.quarter == bindparam("quarter"),
    )
    .order_by(Member.pinyin, Member.id)
)
_WHICH: Final = select(Appraisal).where(Appraisal.id.in_(IDS)).order_by(Appraisal.id)


class Versions(NamedTuple):
    """What was entered for one member's quarter, by version."""

    entered: tuple[tuple[Appraisal, Review], ...] = ()

    @property
    def last(self) -> int:
        """The number of the last one; 0 where there is none."""
        return self.entered[-1][0].version if self.entered else 0

    @property
    def waits(self) -> Appraisal | None:
        """The one that waits."""
        return next((one for one, review in self.entered if review.status is ReviewStatus.PENDING), None)

    def stands(self, before: int | None = None) -> tuple[Appraisal, Review] | None:
        """The last confirmed one, of those before version ``before``."""
        confirmed = [
            (one, review)
            for one, review in self.entered
            if review.status is ReviewStatus.APPROVED and (before is None or one.version < before)
        ]
        return confirmed[-1] if confirmed else None

    def is_superseded(self, version: int) -> bool:
        """Whether a later one than ``version`` stands or waits."""
        here = (ReviewStatus.APPROVED, ReviewStatus.PENDING)
        return any(one.version > version and review.status in here for one, review in self.entered)


Key = tuple[UUID, Quarter]
Known = Mapping[Key, Versions]


def versions(session: Session, members: Collection[UUID], years: Collection[int], *, hold: bool = False) -> Known:
    """What was entered for these members' quarters; ``hold`` keeps it as it is until the unit of work ends."""
    asked = {"members": sorted(members), "years": sorted(years)}
    found: dict[Key, Versions] = {}
    rows = session.execute(_HELD if hold else _OF_MEMBERS, asked).all()
    for one, review in sorted(rows, key=lambda row: row[0].version):
        key = one.member_id, Quarter(one.year, one.quarter)
        found[key] = Versions((*found.get(key, Versions()).entered, (one, review)))
    return found


def with_versions(
    session: Session, reviews: Collection[Review], *, hold: bool = False
) -> list[tuple[Review, Appraisal, Versions]]:
    """The grades that these are about, each with all that was entered for its quarter; in the order of their ids."""
    by_id = {review.id: review for review in reviews}
    these = session.scalars(_WHICH, {"ids": list(by_id)}).all()
    found = versions(session, {one.member_id for one in these}, {one.year for one in these}, hold=hold)
    return [(by_id[one.id], one, found[one.member_id, Quarter(one.year, one.quarter)]) for one in these]


def within_reach(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """Whose grades the actor enters: those of the own branch, of a committee officer all in the branches below."""
    own = actor.branch_id if actor.may(Permission.RECORD_FOR_OTHERS) else None
    return people.within(session, own, actor.leads)


def waiting_of(session: Session, actor: Actor, quarter: Quarter) -> Sequence[AnyRow]:
    """What the actor entered of a quarter and nobody has decided on: rows ``id, grade, name``."""
    asked = {"me": actor.member_id, "year": quarter.year, "quarter": quarter.number}
    return session.execute(_MINE, asked).all()


def shown(session: Session, members: Collection[UUID], quarter: Quarter) -> Mapping[UUID, list[AnyRow]]:
    """The confirmed and the waiting grades of a quarter, by member."""
    asked = {"members": sorted(members), "year": quarter.year, "quarter": quarter.number}
    found: dict[UUID, list[AnyRow]] = {}
    for row in session.execute(_SHOWN, asked):
        found.setdefault(row.member_id, []).append(row)
    return {
        member: [row for row in rows if row.status is ReviewStatus.PENDING]
        + [row for row in rows if row.status is ReviewStatus.APPROVED][-1:]
        for member, rows in found.items()
    }
