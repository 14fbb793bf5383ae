"""Entering grades of quarters: one officer enters, another confirms; a changed one takes the place of the old."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import ConflictError, NotFoundError
from app.features.entries.appraisals import queries, rules
from app.features.entries.appraisals.models import Appraisal
from app.features.entries.appraisals.queries import Versions
from app.features.ledger import closings
from app.features.ledger import service as ledger
from app.features.ledger.rules import AppraisalGrade
from app.features.members.actor import Actor
from app.features.reviews import posting
from app.features.reviews import service as reviews
from app.features.reviews.kinds import source_id
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import ReviewStatus

KIND = "appraisal.quarter"


@dataclass(frozen=True, slots=True)
class Given:
    """A grade that the unit gave somebody for a quarter."""

    member_id: UUID
    quarter: rules.Quarter
    grade: AppraisalGrade
    note: str | None = None


def enter(session: Session, actor: Actor, given: Sequence[Given]) -> int:
    """Let grades wait for another officer; one that stands or waits already changes nothing. Gives how many are new."""
    branch_of = {row.id: row.branch_id for row in queries.within_reach(session, actor)}
    members, years = {one.member_id for one in given}, {one.quarter.year for one in given}
    known, closed = queries.versions(session, members, years, hold=True), closings.closed(session, members, years)
    new = []
    for one in {(one.member_id, one.quarter): one for one in given}.values():
        if one.member_id not in branch_of:
            raise NotFoundError
        before = known.get((one.member_id, one.quarter), Versions())
        if check(actor, one, before, closed):
            new.append((one, before))
    with refusing(
        session, {"uq_appraisals_version": rules.GradeWaitsError}
    ):  # another officer enters it at this moment
        _put_down(session, actor, new, branch_of)
    return len(new)


def check(actor: Actor, one: Given, before: Versions, closed: AbstractSet[tuple[UUID, int]]) -> bool:
    """Whether a grade is to be entered: not if it is what stands, or waits, already. ``closed``: see ``closings``.

    Raises:
        QuarterNotOverError: it is of a quarter whose grades are not entered now.
        YearClosedError: the year of the quarter takes no grade of this member any more.
        ReasonWantedError: another grade is confirmed, and nothing says why it changes.
    """
    if one.member_id == actor.member_id:
        raise rules.OwnAppraisalError
    rules.check_quarter(one.quarter, clock.today())
    if before.waits:
        if before.waits.grade is not one.grade:
            raise rules.GradeWaitsError
        return False
    stands = before.stands()
    if stands and stands[0].grade is one.grade:
        return False
    if (one.member_id, one.quarter.year) in closed:
        raise closings.YearClosedError
    if stands and not one.note:
        raise rules.ReasonWantedError
    return True


def _put_down(
    session: Session, actor: Actor, new: Sequence[tuple[Given, Versions]], branch_of: Mapping[UUID, UUID]
) -> None:
    rows = []
    for one, before in new:
        version, stands = before.last + 1, before.stands()
        row = Appraisal(
            id=uuid5(one.member_id, f"appraisal {one.quarter.key} {version}"),
            member_id=one.member_id,
            year=one.quarter.year,
            quarter=one.quarter.number,
            version=version,
            grade=one.grade,
            note=one.note,
            entered_by_id=actor.member_id,
        )
        rows.append((row, one, stands[0].grade.value if stands else None))
    submitted = reviews.submit(
        session,
        [
            NewReview(
                id=row.id,
                kind=KIND,
                branch_id=branch_of[row.member_id],
                member_id=row.member_id,
                recorded_by_id=actor.member_id,
                title=one.quarter.words,
                detail={"quarter": list(one.quarter), "grade": row.grade.value, "was": was, "note": row.note},
                occurred_on=one.quarter.last_day,
                submitted_at=clock.now(),
            )
            for row, one, was in rows
        ],
    )
    if not all(is_new for _review, is_new in submitted):
        raise rules.GradeWaitsError
    session.add_all(row for row, _one, _was in rows)
    session.flush()


def withdraw(session: Session, actor: Actor, *, appraisal_id: UUID) -> rules.Quarter:
    """Take back a grade that waits; gives its quarter. Twice is once."""
    one = session.get(Appraisal, appraisal_id)
    if one is None:
        raise NotFoundError
    for refused in reviews.withdraw(session, [appraisal_id], by_id=actor.member_id):
        raise refused.error
    return rules.Quarter(one.year, one.quarter)


def barred(session: Session, reviews_: Sequence[Review], status: ReviewStatus) -> dict[UUID, ConflictError]:
    """Those of these that are decided no more, for a later grade of the quarter; the earlier ones are held.

    Nor is one confirmed whose year was closed while it waited: it would count in another year.
    """
    found: dict[UUID, ConflictError] = {
        review.id: rules.LaterGradeError()
        for review, one, entered in queries.with_versions(session, reviews_, hold=True)
        if entered.is_superseded(one.version)
    }
    if status is ReviewStatus.APPROVED:
        whose = {review.member_id for review in reviews_}
        closed = closings.closed(session, whose, {review.occurred_on.year for review in reviews_})
        late = (review.id for review in reviews_ if (review.member_id, review.occurred_on.year) in closed)
        found |= {review_id: closings.YearClosedError() for review_id in late}
    return found


def replace_earlier(session: Session, confirmed: Collection[Review]) -> None:
    """Take the facts of earlier grades of the same quarters back: these took their place."""
    for review, one, entered in queries.with_versions(session, confirmed):
        if stands := entered.stands(before=one.version):
            earlier = stands[1]
            posted = [fact.id for fact in ledger.facts_of(session, KIND, [source_id(earlier)])]
            ledger.reverse(session, posted, recorded_by_id=review.recorded_by_id, note=one.note or "")
            earlier.round += 1  # should it stand again, that is a fact of its own
    session.flush()


def let_earlier_stand(session: Session, undone: Collection[Review]) -> None:
    """Let the earlier grades count again whose place these had taken.

    Raises:
        LaterGradeError: a later grade than one of these stands or waits.
    """
    found = queries.with_versions(session, undone)
    if any(entered.is_superseded(one.version) for _review, one, entered in found):
        raise rules.LaterGradeError
    posting.post(session, [stands[1] for _review, one, entered in found if (stands := entered.stands(one.version))])
