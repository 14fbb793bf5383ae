"""What the committee says of each: grades by people, confirmed by another, told in person. The facts follow on that."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import AppError, NotFoundError
from app.core.i18n import lazy_gettext as _
from app.features.ballots import life, queries
from app.features.ballots.marks import fingerprint
from app.features.ballots.models import DemocraticReview, ReviewOpinion
from app.features.ballots.rules import Grade
from app.features.ledger import closings
from app.features.ledger import service as ledger
from app.features.ledger.fact_sources import FactSource
from app.features.ledger.new_facts import NewFact
from app.features.ledger.rules import FactType
from app.features.meetings.events import expected
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.members.two_people import Stands, check_second

MENDED_WITHIN: Final = timedelta(days=366)
"""The longest time to mend; longer only by another decision. Source: §7.6."""
RESULT: Final = FactSource("reviews.democratic", _("Democratic review"), "/ballots/{id}", (FactType.REVIEW_RESULT,))


def seats(session: Session, found: DemocraticReview) -> frozenset[UUID]:
    """Who sits in the committee on the day; where there is none, the full members: their meeting decides."""
    committee = expected.committee_of(session, found.branch_id, queries.day_of(session, found))
    return committee or frozenset(one.id for one in queries.roll(session, found).subjects)


def may_grade(session: Session, actor: Actor, found: DemocraticReview) -> frozenset[UUID]:
    """Whose grade the actor enters: an officer everybody else's; who stands in, that of an only officer, who leaves."""
    full = frozenset(one.id for one in queries.roll(session, found).subjects) - {actor.member_id}
    if queries.is_officer(actor, found):
        return full
    if not queries.stands_in(session, actor, found.branch_id):
        return frozenset()
    officers = queries.officers(session, found.branch_id)
    return frozenset(one for one in full & officers if not officers - {one})


def enter_grades(
    session: Session,
    actor: Actor,
    *,
    review_id: UUID,
    graded_on: date,
    sat: Collection[UUID],
    consent: str | None,
    grades: Mapping[UUID, Grade],
    reasons: Mapping[UUID, str],
) -> None:
    """Enter what a meeting of the committee decided; what another has confirmed stays.

    Raises:
        TooFewSatError: less than half of the committee was there.
        YearClosedError: the sheet of somebody takes nothing of that year any more.
    """
    found = queries.review(session, actor, review_id, held=True)
    if not (asked_of := may_grade(session, actor, found)):
        raise NotFoundError
    if found.state is not life.State.CLOSED:
        raise life.ReviewStepError(state=found.state.label)
    sitting = seats(session, found) & set(sat)
    life.check_sat(len(sitting), len(seats(session, found)))
    if not queries.day_of(session, found) <= graded_on <= clock.today():
        raise life.ToldLaterError(at="graded_on")
    if actor.member_id in grades:
        raise life.OwnGradeError
    if not (queries.is_officer(actor, found) or grades.keys() <= asked_of):
        raise NotFoundError
    roll, marks, there = (
        queries.roll(session, found),
        queries.tallies(session, review_id),
        queries.opinions(session, review_id),
    )
    fixed = {member: one for member, one in there.items() if one.stands is Stands.CONFIRMED}
    asked = {
        member: grade
        for member, grade in grades.items()
        if member not in fixed and not _says_so(there.get(member), grade, reasons.get(member))
    }
    closings.check_open(session, asked.keys(), found.year)
    standing = {member: one.grade for member, one in there.items() if one.stands is not Stands.DECLINED}
    life.check_grades(standing | asked, [one.id for one in roll.subjects], full=roll.full, consent=consent)
    for member, grade in asked.items():
        if life.wants_reason(grade, marks[member]) and not reasons.get(member):
            person = roll.of(member)
            raise life.ReasonWantedError(name=person.name if person else "")
    for member, grade in asked.items():
        opinion = there.get(member) or ReviewOpinion(review_id=review_id, member_id=member)
        opinion.grade, opinion.reason, opinion.stands = grade, reasons.get(member) or None, Stands.WAITING
        opinion.entered_by_id, opinion.decided_by_id, opinion.decided_at = actor.member_id, None, None
        session.add(opinion)
    found.graded_on, found.sat, found.consent = graded_on, sorted(map(str, sitting)), consent
    session.flush()


def waiting_for(session: Session, actor: Actor, found: DemocraticReview) -> tuple[list[ReviewOpinion], AppError | None]:
    """What waits for the actor's second word, and otherwise why it is somebody else's.

    An officer of the branch confirms all but the own one and what the same hand entered; who stands in, only those for
    which no other officer of the branch is left.
    """
    waiting = [one for one in queries.opinions(session, found.id).values() if one.stands is Stands.WAITING]
    if not queries.is_officer(actor, found):
        officers = queries.officers(session, found.branch_id)
        waiting = [one for one in waiting if not officers - {one.member_id, one.entered_by_id}]
    mine, refusal = [], None
    for one in waiting:
        try:
            check_second(session, actor, entered_by_id=one.entered_by_id, about=one.member_id)
        except AppError as error:
            refusal = error
        else:
            mine.append(one)
    return sorted(mine, key=lambda one: one.member_id), refusal


def shown_of(found: DemocraticReview, waiting: Sequence[ReviewOpinion]) -> str:
    """What a page that shows what waits shows."""
    return fingerprint(
        found.graded_on, found.sat, found.consent, [(one.member_id, one.grade, one.reason) for one in waiting]
    )


def decide(session: Session, actor: Actor, *, review_id: UUID, confirm: bool, seen: str | None = None) -> int:
    """Confirm what waits for the actor, which brings the facts of the year, or give it back; gives how many.

    ``seen`` is what the page showed. Of whom the year was closed meanwhile, it waits until the sheet is re-opened, or
    is given back.

    Raises:
        AboutOneselfError, SamePersonError, BoundError: what waits is somebody else's to confirm.
        YearClosedError: it would count in another year; giving it back stays possible.
    """
    found = queries.review(session, actor, review_id, held=True)
    if not (queries.is_officer(actor, found) or queries.stands_in(session, actor, found.branch_id)):
        raise NotFoundError
    waiting, refusal = waiting_for(session, actor, found)
    if not waiting:
        raise refusal or life.NoOpinionError
    if seen not in (None, shown_of(found, waiting)):
        raise life.OtherThanShownError
    if confirm:
        ledger.hold(session, [found.branch_id])  # so that a letter or an archive confirmed at this moment is seen
        waiting = _in_time(session, found, waiting)
    for one in waiting:
        one.stands = Stands.CONFIRMED if confirm else Stands.DECLINED
        one.decided_by_id, one.decided_at = actor.member_id, clock.now()
    session.flush()
    if confirm:
        ledger.append(session, _facts(session, found, waiting, actor.member_id))
        _settle(session, found)
        said = audit.changed({}, {"year": found.year, "members": len(waiting)})
        about = audit.Subject(str(found.year), found.id, found.branch_id)
        audit.record(session, actor.member_id, AuditAction.REVIEW_CONFIRMED, about, said)
    return len(waiting)


def tell(
    session: Session,
    actor: Actor,
    *,
    review_id: UUID,
    member_id: UUID,
    told_on: date,
    measure: life.Measure | None = None,
    mend_by: date | None = None,
) -> None:
    """Note that somebody was told the result in person, and what people decided to follow on it.

    Raises:
        ToldLaterError: a day before the grade, or to come.
        MeasureError: a measure that does not go with the grade, or an end more than a year away.
    """
    found = queries.review(session, actor, review_id, held=True)
    opinion = queries.opinions(session, review_id).get(member_id)
    if member_id not in may_grade(session, actor, found):
        raise NotFoundError
    if opinion is None or opinion.stands is not Stands.CONFIRMED:
        raise life.NoOpinionError
    if not (found.graded_on or told_on) <= told_on <= clock.today():
        raise life.ToldLaterError(at="told_on")
    goes_with = {
        None: opinion.grade,
        life.Measure.TALK: Grade.BASICALLY_QUALIFIED,
        life.Measure.DEADLINE: Grade.NOT_QUALIFIED,
    }
    ends_well = mend_by is not None and told_on < mend_by <= told_on + MENDED_WITHIN
    if goes_with[measure] is not opinion.grade or (measure is life.Measure.DEADLINE) != ends_well:
        raise life.MeasureError
    opinion.told_on, opinion.told_by_id, opinion.measure, opinion.mend_by = told_on, actor.member_id, measure, mend_by
    session.flush()


def _in_time(session: Session, found: DemocraticReview, waiting: Sequence[ReviewOpinion]) -> list[ReviewOpinion]:
    """Those of these whose year still takes them; where there are none, the refusal."""
    late = closings.closed(session, [one.member_id for one in waiting], [found.year])
    if len(late) == len(waiting):
        raise closings.YearClosedError
    return [one for one in waiting if (one.member_id, found.year) not in late]


def _says_so(there: ReviewOpinion | None, grade: Grade, reason: str | None) -> bool:
    """Whether this waits already: it stays with the hand that entered it, also if another one sends the whole form."""
    said = (Stands.WAITING, grade, reason or None)
    return there is not None and (there.stands, there.grade, there.reason) == said


def _facts(
    session: Session, found: DemocraticReview, opinions: Collection[ReviewOpinion], confirmed_by: UUID
) -> list[NewFact]:
    """One a person who has a result and none yet from elsewhere. Source: §1, §7.4."""
    marks = queries.tallies(session, found.id)
    there = queries.with_result(session, [one.member_id for one in opinions], found.year)
    results = {
        one: queries.result_of(marks[one.member_id], one).points for one in opinions if one.member_id not in there
    }
    return [
        NewFact(
            branch_id=found.branch_id,
            member_id=one.member_id,
            fact_type=FactType.REVIEW_RESULT,
            occurred_on=date(found.year, 12, 31),
            of_period=True,
            source=RESULT.name,
            source_id=f"{found.id}:{one.member_id}",
            recorded_by_id=one.entered_by_id,
            confirmed_by_id=confirmed_by,
            quantity=points,
        )
        for one, points in results.items()
        if points is not None
    ]


def _settle(session: Session, found: DemocraticReview) -> None:
    there = queries.opinions(session, found.id)
    confirmed = {member for member, one in there.items() if one.stands is Stands.CONFIRMED}
    if confirmed >= {one.id for one in queries.roll(session, found).subjects}:
        found.state = life.LIFE.after(found.state, life.Step.SETTLE)
        session.flush()
