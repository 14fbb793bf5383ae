"""Entering what the committee decided, and what an officer sees of it who confirms it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row, Table, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.core import clock, formats
from app.core.errors import NotFoundError
from app.core.i18n import LazyText, lazy_gettext, ngettext
from app.core.i18n import gettext as _
from app.core.rows import IDS, check_same
from app.features.entries.decided.models import DecidedEntry
from app.features.entries.decided.rules import EnteredAlreadyError, OwnEntryError, What, check_said
from app.features.ledger.periods import open_from
from app.features.ledger.rules import ONE, CommendationLevel, FactType
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.reviews import service as reviews
from app.features.reviews.kinds import FactDraft, ReviewKind
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import Flag, ReviewStatus, plain

KIND: Final = "committee.entry"
SHOWN: Final = 60
"""The last entries of a branch that its page shows."""
AnyRow = Row[*tuple[Any, ...]]
_TABLE: Final = cast(Table, DecidedEntry.__table__)
_SAID: Final = ("member_id", "what", "title", "day", "points", "level", "decided_on", "document")
_Entered, _Decided = aliased(Member), aliased(Member)
_OF_IDS: Final = select(DecidedEntry).where(DecidedEntry.id.in_(IDS))
_OF_MEMBER: Final = (
    select(DecidedEntry)
    .join(Review, Review.id == DecidedEntry.id)
    .where(
        DecidedEntry.member_id == bindparam("member"),
        DecidedEntry.what == bindparam("what", type_=DecidedEntry.what.type),
        Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
    )
    .order_by(DecidedEntry.id)
)
_OF_BRANCH: Final = (
    select(
        DecidedEntry.id,
        DecidedEntry.what,
        DecidedEntry.title,
        DecidedEntry.day,
        DecidedEntry.level,
        DecidedEntry.decided_on,
        DecidedEntry.document,
        Member.name,
        Review.status,
        Review.reason,
        Review.recorded_by_id,
        _Entered.name.label("entered_by"),
        _Decided.name.label("decided_by"),
    )
    .join(Review, Review.id == DecidedEntry.id)
    .join(Member, Member.id == DecidedEntry.member_id)
    .join(_Entered, _Entered.id == Review.recorded_by_id)
    .outerjoin(_Decided, _Decided.id == Review.decided_by_id)
    .where(DecidedEntry.branch_id == bindparam("branch"), Review.status != ReviewStatus.WITHDRAWN)
    .order_by(DecidedEntry.id.desc())
    .limit(SHOWN)
)


def of_branch(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """The last entries of the actor's branch, the newest first."""
    return session.execute(_OF_BRANCH, {"branch": actor.branch_id}).all()


def enter(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    member_id: UUID,
    what: What,
    title: str,
    day: date,
    points: int | None = None,
    level: CommendationLevel | None = None,
    decided_on: date | None = None,
    document: str | None = None,
) -> Review:
    """Let an entry wait for another officer; a form that is sent twice enters once.

    Raises:
        EnteredAlreadyError: the same is entered of that day.
    """
    if member_id not in {row.id for row in members.branch_members(session, actor.branch_id)}:
        raise NotFoundError
    if member_id == actor.member_id:
        raise OwnEntryError
    points, level = points if what is What.TASK else None, level if what is What.COMMENDATION else None
    said = {"day": day, "decided_on": decided_on, "points": points, "level": level, "document": document}
    check_said(what, **said, today=clock.today())  # type: ignore[arg-type]
    members.lock(session, member_id)  # two officers who enter the same at one moment see each other's entry
    alike = [
        one
        for one in session.scalars(_OF_MEMBER, {"member": member_id, "what": what})
        if one.id != id and plain(one.title) == plain(title)
    ]
    if any((one.day, one.level) == (day, level) for one in alike):
        raise EnteredAlreadyError
    title = alike[0].title if alike else title  # one matter is written in one way, so that its highest level counts
    row = {"id": id, "branch_id": actor.branch_id, "member_id": member_id, "what": what, "title": title, **said}
    new = NewReview(
        id=id,
        kind=KIND,
        branch_id=actor.branch_id,
        member_id=member_id,
        recorded_by_id=actor.member_id,
        title=title,
        detail={"what": what.value, "level": level and level.value},
        occurred_on=day,
        submitted_at=clock.now(),
        flags=frozenset({Flag.PERIOD_CLOSED} if day < open_from(clock.today()) else ()),
    )
    review, is_new = reviews.submit(session, [new])[0]
    if is_new:
        session.execute(_TABLE.insert(), [{**row, "entered_by_id": actor.member_id}])
    else:
        check_same(session, _TABLE, [row], said=_SAID)
    return review


def withdraw(session: Session, actor: Actor, *, entry_id: UUID) -> None:
    """Take back an entry that waits. Twice is once."""
    if session.get(DecidedEntry, entry_id) is None:
        raise NotFoundError
    for refused in reviews.withdraw(session, [entry_id], by_id=actor.member_id):
        raise refused.error


def _facts(session: Session, approved: Sequence[Review]) -> dict[UUID, FactDraft]:
    return {one.id: _fact_of(one) for one in session.scalars(_OF_IDS, {"ids": [review.id for review in approved]})}


def _fact_of(one: DecidedEntry) -> FactDraft:
    """The fact that its confirmation brings; commendations of one matter are weighed together."""
    match one.what:
        case What.TASK:
            return FactDraft(FactType.TASK_URGENT, one.day, quantity=(one.points or 1) * ONE, note=one.title)
        case What.SUGGESTION:
            return FactDraft(FactType.BONUS_SUGGESTION, one.day, note=one.title)
        case What.COMMENDATION:
            return FactDraft(FactType.BONUS_COMMENDATION, one.day, grade=one.level or "", matter=one.title)


def _describe(detail: Mapping[str, Any]) -> str:
    said = str(What(detail["what"]).label)
    return f"{said} · {CommendationLevel(detail['level']).label}" if detail["level"] else said


def _particulars(session: Session, review_id: UUID) -> list[tuple[LazyText | str, str]]:
    one = session.get_one(DecidedEntry, review_id)
    points = one.points and ngettext("%(n)s point", "%(n)s points", one.points) % {"n": one.points}
    told: tuple[tuple[LazyText | str, object], ...] = (
        (_("What"), str(one.what.label)),
        (_("Matter"), one.title),
        (_("Day"), formats.day(one.day)),
        (_("As the committee decided"), points or None),
        (_("Level"), one.level and str(one.level.label)),
        (_("The committee's meeting"), one.decided_on and formats.day(one.decided_on)),
        (_("Number of the document"), one.document),
    )
    return [(label, str(said)) for label, said in told if said]


DECIDED: Final = ReviewKind(
    name=KIND,
    label=lazy_gettext("By decision of the committee"),
    facts=_facts,
    fact_types=(FactType.TASK_URGENT, FactType.BONUS_SUGGESTION, FactType.BONUS_COMMENDATION),
    describe=_describe,
    advise=lambda detail: [_("Compare it with the committee's minutes or the document")],
    particulars=_particulars,
    listed_at="/sheet",
    is_own_doing=False,
    one_by_one=True,
)
