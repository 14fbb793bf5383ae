"""Who may decide on which record: the officers of the branch, and who stands in where no other officer may.

A record of somebody who decides in the branch is decided by an officer who held the post before it arrived and whose
account is not the work of that person. Where the branch has no such officer, a committee officer above it decides, or
the member whom the members' meeting has named for it (docs/domain.md §1).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy import CTE, Uuid, and_, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.errors import AppError
from app.core.local_days import LocalDay
from app.core.rows import IDS
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.queries import AnyRow
from app.features.members.rules import OrganisationKind, Permission, Role
from app.features.members.standing import DECIDING, STANDING_IN, VOUCHED_AFTER
from app.features.reviews.errors import BoundToThemError, LaterThanRecordError
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

_DAY: Final = bindparam("today", type_=RoleTerm.starts_on.type)
_Other, _Held, _Post = aliased(Member), aliased(RoleTerm), aliased(RoleTerm)
_WHO: Final = (Review.member_id, Review.recorded_by_id)


def _below() -> CTE:
    """The organisations on which the actor is committee officer, and everything below them but groups."""
    start = select(Organisation.id).where(Organisation.id.in_(bindparam("leads", type_=Uuid(), expanding=True)))
    below = start.cte("led", recursive=True)
    unit = aliased(Organisation)
    return below.union_all(select(unit.id).where(unit.parent_id == below.c.id, unit.kind != OrganisationKind.GROUP))


_LED: Final = _below()
_DECIDES: Final = aliased(RoleTerm)
_HANDS: Final = powers.hands(
    select(_DECIDES.member_id).where(
        or_(
            _DECIDES.organisation_id == bindparam("supervises", type_=Uuid()),
            _DECIDES.organisation_id.in_(select(_LED.c.id)),
        ),
        _DECIDES.role.in_(sorted(DECIDING)),
        _DECIDES.in_force(_DAY),
    )
)
"""By whose hand the accounts of those came about who decide where the actor may stand in: few people."""
OF_AN_OFFICER: Final = exists().where(
    _Held.member_id.in_(_WHO),
    _Held.organisation_id == Review.branch_id,
    _Held.role.in_(sorted(DECIDING)),
    or_(_Held.ends_on.is_(None), _Held.ends_on >= LocalDay(Review.submitted_at)),
)
"""Whether somebody who decides in the branch did or entered the record, in the post when it arrived, by the branch's
day. The trigger that refuses such a decision says the same."""
_OTHER_MAY: Final = exists().where(
    _Post.member_id == _Other.id,
    _Post.organisation_id == Review.branch_id,
    _Post.role.in_(sorted(DECIDING)),
    _Post.in_force(_DAY),
    or_(_Post.given_at.is_(None), _Post.given_at <= Review.submitted_at),
    _Other.branch_id == Review.branch_id,
    _Other.is_here(_DAY),
    _Other.id.not_in(_WHO),
    *(
        ~exists().where(_HANDS.c.member_id == _Other.id, _HANDS.c.hand_id == who).correlate_except(_HANDS)
        for who in _WHO
    ),
)
STANDS_IN: Final = and_(
    or_(Review.branch_id == bindparam("supervises", type_=Uuid()), Review.branch_id.in_(select(_LED.c.id))),
    OF_AN_OFFICER,
    ~_OTHER_MAY,
)
"""Whether the actor stands in for a record on which no officer of its branch may decide. Give it ``scope(actor)``."""
IN_SCOPE: Final = or_(Review.branch_id == bindparam("officer_of", type_=Uuid()), STANDS_IN)
"""Whether a record is the actor's to see among what is decided. Give it ``scope(actor)``."""
IN_BRANCH: Final = Review.branch_id == bindparam("officer_of", type_=Uuid())
"""The same for those who stand in nowhere: their queue asks nothing about others' posts."""

_Steady, _Term, _Near, _Stander = aliased(Member), aliased(RoleTerm), aliased(Review), aliased(RoleTerm)
_NEAR: Final = or_(
    _Near.branch_id == bindparam("officer_of", type_=Uuid()), _Near.branch_id == bindparam("supervises", type_=Uuid())
)
_WAITS: Final = and_(_Near.status == ReviewStatus.PENDING, _Near.decided_at.is_(None))
"""Both, for what waits has no time: SQLite, which counts no rows, then takes the index that ends with it."""
_OLDEST: Final = (
    select(func.min(_Near.submitted_at))
    .where(_WAITS, _Near.branch_id == _Term.organisation_id)
    .correlate(_Term)
    .scalar_subquery()
)
_STEADY: Final = (
    select(_Term.organisation_id.label("branch_id"), _Term.member_id)
    .join(_Steady, _Steady.id == _Term.member_id)
    .where(
        _Term.organisation_id.in_(select(_LED.c.id)),
        _Term.role.in_(sorted(DECIDING)),
        _Term.in_force(_DAY),
        _Steady.branch_id == _Term.organisation_id,
        _Steady.is_here(_DAY),
        powers.hand(_Steady).is_(None),
        or_(_Term.given_at.is_(None), _Term.given_at <= _OLDEST),
    )
    .cte("steady")
)
"""Who may decide in a branch below on all that waits there but what they did or entered themselves."""
_BY_TWO: Final = (
    select(_STEADY.c.branch_id).group_by(_STEADY.c.branch_id).having(func.count(_STEADY.c.member_id.distinct()) > 1)
)
WAITS_NEAR: Final = Review.id.in_(
    union_all(
        select(_Near.id).where(_WAITS, _NEAR),
        select(_Near.id).where(_WAITS, _Near.branch_id.in_(select(_LED.c.id).where(_LED.c.id.not_in(_BY_TWO)))),
        select(_Near.id)
        .join(_STEADY, _STEADY.c.member_id == _Near.member_id)
        .where(_WAITS, _Near.recorded_by_id != _Near.member_id, _Near.recorded_by_id.in_(select(_STEADY.c.member_id))),
    )
)
"""What waits and may be ``IN_SCOPE``: found branch by branch and not record by record, for nearly none of it is.

Where two or more of a branch are steady, what waits goes above only if it has no third: one of them entered it for
another. Of all other branches everything is looked at.
"""
_OVER: Final = powers.everything_over(
    select(Organisation.id).where(
        or_(
            Organisation.id == bindparam("supervises", type_=Uuid()),
            Organisation.id.in_(bindparam("leads", type_=Uuid(), expanding=True)),
        )
    )
)
_STANDERS: Final = select(_Stander.member_id).where(
    _Stander.role.in_(sorted(STANDING_IN)),
    _Stander.organisation_id.in_(union_all(select(_LED.c.id), select(_OVER.c.over_id))),
)
_LATELY: Final = _Near.decided_at >= bindparam("since", type_=Review.decided_at.type)
DECIDED_NEAR: Final = Review.id.in_(
    union_all(
        select(_Near.id).where(_LATELY, _NEAR),
        select(_Near.id).where(_LATELY, _Near.decided_by_id.in_(_STANDERS)),
    )
)
"""What was decided since ``since`` in the actor's own branch, or by somebody who stands in.

This is less than ``IN_SCOPE``: what a branch's own officer decided who is gone since stays the branch's own.
"""

_MY_POSTS: Final = (
    select(RoleTerm.role, RoleTerm.organisation_id, RoleTerm.given_at)
    .join(Member, Member.id == RoleTerm.member_id)
    .where(
        Member.id == bindparam("me"),
        RoleTerm.in_force(_DAY),
        RoleTerm.counts_at_home(),
        RoleTerm.role.in_(sorted(DECIDING | STANDING_IN)),
    )
)
_OF_OFFICERS: Final = select(Review.id).where(Review.id.in_(IDS), OF_AN_OFFICER)
_STOOD_IN: Final = select(Review.id).where(Review.id.in_(IDS), STANDS_IN)


def scope(actor: Actor) -> dict[str, object]:
    """The values that the conditions above ask for."""
    if not actor.may(Permission.STAND_IN):
        return {"officer_of": actor.branch_id if actor.may(Permission.APPROVE) else None}
    return {
        "officer_of": actor.branch_id if actor.may(Permission.APPROVE) else None,
        "supervises": actor.branch_id if Role.SUPERVISOR in actor.roles else None,
        "leads": sorted(actor.leads),
        "today": clock.today(),
        "fresh_since": powers.fresh_since(),
    }


def barred(session: Session, actor: Actor, reviews: Sequence[Review]) -> dict[UUID, AppError]:
    """Of these records, which are in the actor's scope, those that somebody else decides on, with the refusal.

    The post by which the actor decides on an officer's record began before it arrived; another post does not count.
    """
    bound = powers.bound_to(session, [actor.member_id])[actor.member_id]
    posts = session.execute(_MY_POSTS, {"me": actor.member_id, "today": clock.today()}).all()
    later = {
        review.id: review
        for review in reviews
        if not any(
            post.role in DECIDING and post.organisation_id == review.branch_id for post in _before(posts, review)
        )
    }
    of_officers = set(session.scalars(_OF_OFFICERS, {"ids": sorted(later)})) if later else set()
    of_officers -= _stood_in(session, actor, posts, [later[name] for name in sorted(of_officers)])
    refusals: dict[UUID, AppError] = {name: LaterThanRecordError() for name in of_officers}
    for review in reviews:
        if {review.member_id, review.recorded_by_id} & bound:
            refusals[review.id] = BoundToThemError(days=VOUCHED_AFTER.days)
    return refusals


def _before(posts: Collection[AnyRow], review: Review) -> list[AnyRow]:
    return [post for post in posts if post.given_at is None or post.given_at <= review.submitted_at]


def _stood_in(session: Session, actor: Actor, posts: Collection[AnyRow], reviews: Collection[Review]) -> set[UUID]:
    """Those of these for which the actor stands in by posts that began before they arrived."""
    by_posts = defaultdict[frozenset[tuple[Role, UUID]], list[UUID]](list)
    for review in reviews:
        early = frozenset((post.role, post.organisation_id) for post in _before(posts, review))
        by_posts[early].append(review.id)
    found: set[UUID] = set()
    for early, ids in by_posts.items():
        roles = frozenset(role for role, _place in early)
        if not roles.isdisjoint(STANDING_IN):
            leads = frozenset(place for role, place in early if role is Role.COMMITTEE_OFFICER)
            found.update(session.scalars(_STOOD_IN, {"ids": ids, **scope(replace(actor, roles=roles, leads=leads))}))
    return found
