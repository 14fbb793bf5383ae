"""What can be drawn from, what was drawn, and how far the looking is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Date, bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.core.rows import IDS, is_empty, locked, one
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission
from app.features.reviews import deciders
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.study.quiz.rules import Next, SpotCheck, drawn, spot_check
from app.features.study.record import RECORD
from app.features.study.spot.models import SpotDraw

SHOWN: Final = 20
"""Draws that the page lists."""
_WAITING: Final = (
    select(Review)
    .where(
        deciders.IN_BRANCH,
        Review.kind == RECORD.name,
        Review.status == ReviewStatus.PENDING,
        Review.member_id != bindparam("me"),
        Review.recorded_by_id != bindparam("me"),
        Review.occurred_on.between(bindparam("first", type_=Date()), bindparam("last", type_=Date())),
    )
    .order_by(Review.id)
)
_MINE: Final = select(SpotDraw).where(
    SpotDraw.id == bindparam("draw"),
    SpotDraw.branch_id == bindparam("branch"),
    SpotDraw.drawn_by_id == bindparam("me"),
)
_HELD: Final = locked(_MINE)
_LAID_OPEN: Final = select(SpotDraw).where(
    SpotDraw.id == bindparam("draw"), SpotDraw.branch_id == bindparam("branch"), is_empty(SpotDraw.follows_id)
)
_OWN: Final = select(Review.id).where(Review.id.in_(IDS), Review.member_id == bindparam("me"))
_SECOND: Final = select(SpotDraw).where(SpotDraw.follows_id == bindparam("draw"))
_OF_BRANCH: Final = (
    select(SpotDraw, Member.name)
    .join(Member, Member.id == SpotDraw.drawn_by_id)
    .where(SpotDraw.branch_id == bindparam("branch"), is_empty(SpotDraw.follows_id))
    .order_by(SpotDraw.id.desc())
    .limit(SHOWN)
)
_RECORDS: Final = (
    select(Review.id, Review.title, Review.detail, Review.occurred_on, Review.status, Member.name)
    .join(Member, Member.id == Review.member_id)
    .where(Review.id.in_(IDS))
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What one draw drew, in the order of the draw, and what became of it."""

    draw: SpotDraw
    rows: Sequence[AnyRow]

    @property
    def returned(self) -> int:
        """How many were given back."""
        return sum(row.status is ReviewStatus.RETURNED for row in self.rows)

    @property
    def is_looked_at(self) -> bool:
        """Whether each of them is decided, or was taken back by its member."""
        return all(row.status is not ReviewStatus.PENDING for row in self.rows)


@dataclass(frozen=True, slots=True)
class Checked:
    """A spot check: the first draw, the second one where there is one, and how it goes on."""

    draw: SpotDraw
    samples: Sequence[Sample]
    rest: Sequence[UUID]
    """What was not drawn and still waits."""
    next: Next | None
    """How it goes on; ``None`` as long as some of a sample are not decided, or a seed is not revealed."""
    waits_for: SpotDraw | None
    """The draw whose seed is not revealed yet."""


def pool(session: Session, actor: Actor, first: date, last: date) -> list[Review]:
    """What the actor may decide of the study records of these days that wait and are not flagged. Source: study §4.

    Raises:
        NotFoundError: the actor decides nothing.
    """
    if not actor.may(Permission.APPROVE):
        raise NotFoundError
    asked = {"officer_of": actor.branch_id, "me": actor.member_id, "first": first, "last": last}
    found = [review for review in session.scalars(_WAITING, asked) if not review.flags]
    barred = deciders.barred(session, actor, found)
    return [review for review in found if review.id not in barred]


def of_branch(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """The last draws of the actor's branch and who drew, the newest first: also those that were drawn again."""
    return session.execute(_OF_BRANCH, {"branch": actor.branch_id}).all()


def laid_open(session: Session, actor: Actor, draw_id: UUID) -> list[SpotDraw]:
    """A first draw of the actor's branch with its second one, for whoever of the branch computes it again.

    Raises:
        NotFoundError: there is none.
    """
    first = one(session, _LAID_OPEN, {"draw": draw_id, "branch": actor.branch_id})
    return [first, *session.scalars(_SECOND, {"draw": first.id})]


def own_ids(session: Session, actor: Actor, pool: Sequence[str]) -> frozenset[str]:
    """Those of a pool that are about the actor."""
    rows = session.scalars(_OWN, {"ids": [UUID(name) for name in pool], "me": actor.member_id})
    return frozenset(map(str, rows))


def held(session: Session, actor: Actor, draw_id: UUID) -> SpotDraw:
    """A draw of the actor, until the unit of work ends.

    Raises:
        NotFoundError: it is not the actor's.
    """
    return one(session, _HELD, {"draw": draw_id, "branch": actor.branch_id, "me": actor.member_id})


def checked(session: Session, actor: Actor, draw_id: UUID) -> Checked:
    """How far the check stands that begins with this draw.

    Raises:
        NotFoundError: it is not the actor's, or a second draw.
    """
    first = one(session, _MINE, {"draw": draw_id, "branch": actor.branch_id, "me": actor.member_id})
    if first.follows_id:
        raise NotFoundError
    second = session.scalars(_SECOND, {"draw": first.id}).one_or_none()
    draws = [draw for draw in (first, second) if draw]
    rows = {str(row.id): row for row in session.execute(_RECORDS, {"ids": [UUID(name) for name in first.pool]})}
    samples = [Sample(draw, [rows[name] for name in names]) for draw in draws if (names := drawn_by(draw))]
    looked_at = {str(row.id) for sample in samples for row in sample.rows}
    rest = [UUID(n) for n in first.pool if n not in looked_at and rows[n].status is ReviewStatus.PENDING]
    waits_for = next((draw for draw in draws if draw.revealed_at is None), None)
    returned = [sample.returned for sample in samples]
    if second:  # one had been returned, whatever has become of it since
        returned[0] = max(1, returned[0])
    stands = spot_check(len(first.pool), first.percent, returned)
    done = waits_for is None and all(sample.is_looked_at for sample in samples)
    return Checked(first, samples, rest, _next(stands, rest) if done else None, waits_for)


def drawn_by(draw: SpotDraw) -> list[str]:
    """The ids that a draw drew, in its order; none before its seed is revealed."""
    return drawn(draw.seed, draw.pool, draw.take) if draw.revealed_at else []


def _next(stands: SpotCheck, rest: Sequence[UUID]) -> Next:
    return stands.next if rest else Next.NOTHING


def record_of(found: Checked) -> Mapping[str, object]:
    """What the audit log keeps of a check whose rest is approved together."""
    drawn_in_all = sum(sample.draw.take for sample in found.samples)
    return {
        "drawn": f"{drawn_in_all}/{len(found.draw.pool)}",
        "seed": ", ".join(sample.draw.seed for sample in found.samples),
        "rest": len(found.rest),
    }
